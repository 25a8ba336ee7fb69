"""A cue lowers a hit where it tells what the hit is, not where it is said by the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from leakwatch.cues import Cues
from leakwatch.lowering import lowering
from leakwatch.model import SHANGHAI, Evidence, Hit, Kind, Origin, Rule, TextPiece, Window

GAME = Window(terms=("剧本杀", "奶茶", "火锅"), loose=frozenset({"奶茶", "火锅"}), weight=-0.3, why="是游戏")
HOME = Window(terms=("业委会", "奶茶", "我妈"), loose=frozenset({"奶茶", "我妈"}), weight=-0.2, why="是私事")
DAILY = Window(terms=("食堂", "停车"), weight=-0.1, why="是日常", least=2)
SAID = Rule(
    id="mk.said.paper",
    name="谈到机密件",
    kind=Kind.MARKING,
    category="mk.said",
    score=0.5,
    unless=(HOME, GAME, DAILY),
)
NUMBER = replace(SAID, id="dn.jiyao", kind=Kind.DOCNUMBER, category="dn.jiyao")
EVIDENCE = Evidence(
    sha256="0" * 64,
    size=0,
    name="群.txt",
    inner_path="群.txt",
    path=Path("群.txt"),
    taken_at=datetime(2031, 5, 6, tzinfo=SHANGHAI),
)


def _why(text: str, rule: Rule = SAID, **changes: bool) -> list[str]:
    """What lowers a hit on 机密件."""
    start = text.index("机密件")
    piece = TextPiece(text=text, origin=Origin.MESSAGE, evidence=EVIDENCE)
    hit = replace(
        Hit(rule=rule, piece=piece, start=start, end=start + 3, reason="命中"),
        is_formal=changes.get("is_formal", False),
        is_doubtful=changes.get("is_doubtful", False),
    )
    (here,) = Cues([rule]).look([text])
    return [window.why for window in lowering(hit, here.among(rule.unless), here)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("剧本杀里的机密件", ["是游戏"]),
        ("剧本杀散场了，机密件拍给你", ["是游戏"]),
        ("火锅店的机密件", ["是游戏"]),
        ("火锅吃完了，机密件拍给你", []),
        ("火锅吃完了，机密件拍给你，我妈催我", ["是游戏", "是私事"]),
        ("火锅吃完了，剧本杀散场了，机密件拍给你", ["是游戏"]),
        ("机密件拍给你。火锅吃完了", []),
        ("机密件拍给你", []),
    ],
)
def test_a_loose_word_alone_lowers_only_in_the_clause_of_the_hit(text: str, why: list[str]) -> None:
    assert _why(text) == why


@pytest.mark.parametrize("text", ["火锅店的机密件放桌上了吧", "机密件放我妈那儿了呢"])
def test_a_loose_word_alone_never_lowers_a_formal_mark_or_a_number(text: str) -> None:
    assert _why(text) != []
    assert _why(text, is_formal=True) == []
    assert _why(text, NUMBER) == []
    assert _why(text, NUMBER, is_doubtful=True) != []


def test_a_word_of_two_cues_speaks_for_the_heavier() -> None:
    assert _why("奶茶店的机密件") == ["是游戏"]


def test_a_cue_that_needs_two_words_needs_one_that_no_other_has_taken() -> None:
    canteen = replace(GAME, terms=("食堂", "停车"), loose=frozenset())
    rule = replace(SAID, unless=(DAILY, canteen))

    assert _why("食堂停车的机密件", rule) == ["是游戏"]
    assert _why("食堂的机密件", replace(SAID, unless=(DAILY,))) == []
