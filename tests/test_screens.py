"""A screen never hides a match: whatever an expression finds, one of its possible alternatives finds too."""

from __future__ import annotations

import re
from string import ascii_lowercase

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.scanners.marks.marks import Marks
from leakwatch.scanners.numbers.numbers import Numbers
from leakwatch.scanners.personal.personal import Personal
from leakwatch.screens import Screens, needs
from leakwatch.text import fold, tight
from tests.conftest import shipped

BOOK = shipped()
PATTERNS = [
    *(re.compile(rule.pattern) for rule in BOOK.rules if rule.pattern),
    *(grammar for scanner in (Marks, Numbers, Personal) for grammar in scanner.grammars),
]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("机密", ["机密"]),
        ("(?:别|不要)[^。]{0,4}(?:说|讲)", ["别 不要", "说 讲"]),
        ("(?<!特)[机秘]x*密?件+", ["机 秘", "件"]),
        ("[0-3](?!x)(级)别", ["0级别 1级别 2级别 3级别"]),
        ("不(?:太)?称职$", ["不称职 不太称职"]),
        ("(?:测评|推荐)[得票]", ["测评得 测评票 推荐得 推荐票"]),
        ("(?:不[^。]称职|反对)的", ["称职 反对", "的"]),
        ("第?[^号]+(?:期|次)?", []),
        (r"\d几[一-鿿].", ["0几 1几 2几 3几 4几 5几 6几 7几 8几 9几"]),
        (r"[甲乙几]{2,}", ["甲甲 甲乙 甲几 乙甲 乙乙 乙几 几甲 几乙 几几"]),
        (r"[\da-z]{2}", [" ".join([*"0123456789", *ascii_lowercase])]),
        (r"\d[a-z]甲", ["0 1 2 3 4 5 6 7 8 9", " ".join(f"{letter}甲" for letter in ascii_lowercase)]),
        ("(?i)A4纸", ["a4纸"]),
        (r"机\s*[x★].密", ["x ★", "机 机x", "密"]),
        (r"机[^\w\n]{0,3}?密[\s|]?[件,]", ["机密 机密件"]),
        ("🤫|(?:不许|🚫){2}", ["🤫 不许 🚫"]),
        ("(?:不许|🚫){2}", ["不许 🚫"]),
        ("机[^密]密", ["机", "密"]),
        ("(?:甲|)乙", ["甲乙 乙"]),
    ],
)
def test_what_every_match_must_hold_is_read_off_the_expression(pattern: str, told: list[str]) -> None:
    assert needs(pattern) == tuple(frozenset(one.split()) for one in told)


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("这是机密", ["机密"]),
        ("别往外说", ["别[^。]{0,4}说"]),
        ("机密，莫讲，别说", ["机密", "别[^。]{0,4}说", "莫讲"]),
        ("说别的", ["别[^。]{0,4}说"]),
        ("机 密", ["机密"]),
        ("密机", []),
        ("今天食堂有鱼", []),
    ],
)
def test_only_what_could_match_is_possible(text: str, possible: list[str]) -> None:
    screens = Screens([re.compile("机密"), re.compile("别[^。]{0,4}说|莫讲")])

    assert [one.pattern for one in _possible(screens, text)] == possible


def test_an_expression_of_which_nothing_is_certain_is_always_possible() -> None:
    assert _possible(Screens([re.compile(".+")]), "") == [re.compile(".+")]


def test_bars_in_groups_classes_and_escapes_part_nothing() -> None:
    screens = Screens([re.compile(r"a(?:b|c)[|)(]d\|e|f")])

    assert [one.pattern for one in _possible(screens, "ab|d|ef")] == [r"a(?:b|c)[|)(]d\|e", "f"]


@pytest.mark.parametrize("odd", ["\u0903", "\ufdd0", "\U000323b0"])
def test_what_is_neither_letter_nor_dropped_from_tight_text_hides_no_match(odd: str) -> None:
    screens = Screens([re.compile(r"机[^\w\n]{0,3}密")])

    assert [bool(_possible(screens, text)) for text in (f"机{odd}密", "机x密")] == [True, False]


def test_a_sign_that_a_grammar_asks_for_must_stand_in_the_text() -> None:
    screens = Screens([re.compile("机密★|🤫")])

    assert [bool(_possible(screens, text)) for text in ("机密★", "机密", "🤫")] == [True, False, True]


@settings(suppress_health_check=[HealthCheck.too_slow])  # some patterns are a page long
@given(st.data())
def test_no_match_of_a_shipped_pattern_is_lost(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = fold(data.draw(st.from_regex(pattern))).text
    match = pattern.search(text)

    possible = _possible(Screens([pattern]), text)
    found = [one.start() for part in possible if (one := part.search(text))]

    assert min(found, default=None) == (match.start() if match else None)


def _possible(screens: Screens, text: str) -> list[re.Pattern[str]]:
    """All alternatives of all grammars that are left."""
    every, _ = screens.look([text], [tight(text).text])
    return [one for met in every for parts in screens.possible(met).values() for one in parts]
