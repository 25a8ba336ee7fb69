"""The sieve keeps what an automaton over all folded text would keep, however the pieces are dealt out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import ahocorasick
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.model import SHANGHAI, Evidence, Hit, Kind, Origin, Rule, TextPiece
from leakwatch.rules.disguised import DisguisedWords
from leakwatch.scanners import Matcher
from leakwatch.scanners.disguises.disguise import Disguises
from leakwatch.scanners.sieving.sieve import Means, Sieve
from leakwatch.text import fold_each, tight
from tests.conftest import shipped

TEXTS = (
    "机密★10年",
    "今天食堂有鱼",
    "机(jī)密★5年",
    "请按中办发〔二〇三一〕四十五号执行",
    "",
    "王明远 110105199003078713",
    "一一〇一〇五一九九〇〇三〇七八七一三",
    "标底是420万，别往外说",
    "手机密码是多少",
    "内部资料\n注意保存",
    "这份是机密件，看完删",
)


BOOK = shipped()
DISGUISES = Disguises(BOOK.disguised)
TRIGGERS = ("密级", "2019", "挪")
RULES = tuple(replace(rule, pattern="") for rule in BOOK.rules)
SIEVE = Sieve(RULES, Means(triggers=TRIGGERS), DISGUISES)
LOOSE = re.compile(
    r"[0-9]{11}|[〇零一二三四五六七八九]{15}|[绝机秘](?:[a-zà-ǜ]{1,5}|[㐀-鿿]{1,4})密"
    r"|(?:(?:19|20|2o)[0-9oli]{2}|[一二][九〇零][〇零一二三四五六七八九]{2})"
    r"[年丁]?第?[0-9oliszb一二三四五六七八九十百]{1,5}[号期呈亏弓次]"
)
TERMS = (*TRIGGERS, *(term for rule in BOOK.rules for term in (*rule.terms, *rule.loose)))
WORDS = sorted({tight(term).text for term in TERMS} | DISGUISES.literals)
AUTOMATON = ahocorasick.Automaton()
for word in WORDS:
    AUTOMATON.add_word(word, word)
AUTOMATON.make_automaton()
PART = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(list("绝机秘密級级文件年第号期〇一二九十2019o３5，。 \n\u200b❤")),
    st.sampled_from(["(jī)", "[捂脸]", "２０３１", "二〇三一", "138 1234 5678", "1990", "\ufdd0"]),
    st.characters(exclude_characters=DISGUISES.pictures),
)
SAID = st.lists(PART, max_size=10).map("".join)


def _piece(text: str) -> TextPiece:
    never = datetime.min.replace(tzinfo=SHANGHAI)
    file = Evidence(sha256="", size=0, name="", inner_path="", path=Path(), taken_at=never)
    return TextPiece(text=text, origin=Origin.MESSAGE, evidence=file)


def _told(hits: list[Hit]) -> list[tuple[str, str, str, float]]:
    return sorted((hit.piece.text, hit.rule.id, hit.quote, hit.score) for hit in hits)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("step", [1, -1])
def test_batch_size_and_order_change_no_hit(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence], size: int, step: int
) -> None:
    pieces = [TextPiece(text=text, origin=Origin.MESSAGE, evidence=keep("a", b"a")) for text in TEXTS]
    dealt = pieces[::step]
    batches = [dealt[start : start + size] for start in range(0, len(dealt), size)]

    assert _told([hit for batch in batches for hit in matcher.match(batch)]) == _told(matcher.match(pieces))


def test_an_empty_batch_has_no_hit(matcher: Matcher) -> None:
    assert matcher.match([]) == []


def test_hits_point_into_the_raw_text(matcher: Matcher, keep: Callable[[str, bytes], Evidence]) -> None:
    text = "看看机(jī)密\u200b★５年的件"
    (mark,) = (
        hit
        for hit in matcher.match([TextPiece(text=text, origin=Origin.MESSAGE, evidence=keep("a", b"a"))])
        if hit.rule.id == "mk.state.term"
    )

    assert mark.quote == "机(jī)密\u200b★５年"


@given(st.lists(SAID, max_size=12), st.integers(1, 5))
def test_the_sieve_keeps_what_an_automaton_over_folded_text_keeps(texts: list[str], size: int) -> None:
    worth = [
        text
        for text, (_, dense) in zip(texts, fold_each(texts), strict=True)
        if any(AUTOMATON.iter(dense.text)) or LOOSE.search(dense.text)
    ]

    batches = [[_piece(text) for text in texts[start : start + size]] for start in range(0, len(texts), size)]
    kept = [candidate.piece.text for batch in batches for candidate in SIEVE.candidates(batch)]

    assert kept == worth


def test_hardly_any_other_text_passes_the_sieve() -> None:
    texts = ["今天食堂有鱼", "2031年5月6日", "20:31到", "手[捂脸]机", "机会实在很多很多，密不透风", "6543210"]

    assert SIEVE.suspects(texts) == []


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("他叫老樊", True),
        ("叫他来", False),
        ("叫他来，13812345678", True),
        ("叫他来，外地的机械秘书密谈", True),
        ("叫他来看台办的信", True),
        ("看完叫他删", True),
    ],
)
def test_a_word_of_a_rule_with_a_pattern_needs_the_pattern_or_company(text: str, is_kept: bool) -> None:
    plain, patterned, marking = _rule(Kind.WORKSECRET), _rule(Kind.WORKSECRET), _rule(Kind.MARKING)
    rules = (
        replace(plain, id="a", terms=("台办",), pattern=""),
        replace(patterned, id="b", terms=("叫",), pattern="叫老[㐀-鿿]"),
        replace(marking, id="c", terms=("阅毕",), pattern="看完.{0,3}删"),
    )

    kept = list(Sieve(rules, Means(), Disguises(DisguisedWords())).candidates([_piece(text)]))

    assert bool(kept) is is_kept


def _rule(kind: Kind) -> Rule:
    """Any rule of the kind, found by its words alone."""
    return replace(next(rule for rule in BOOK.rules if rule.kind is kind), terms=(), loose=())
