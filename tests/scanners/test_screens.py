"""A screen never hides a match: whatever an expression finds, one of its possible alternatives finds too."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.rules import RuleBook
from leakwatch.scanners.screens import Screens, needs
from leakwatch.text import tight


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("机密", ["机", "密"]),
        ("(?:别|不要)[^。]{0,4}(?:说|讲)", ["别要", "说讲"]),
        ("(?<!特)[机秘]x*密?件+", ["机秘", "件"]),
        ("[0-3]级", ["0123", "级"]),
        ("第?[^号]+(?:期|次)?", []),
        (r"\d[\d几][一-鿿].", []),
        (r"机\s*[(★].密", ["机", "密"]),
        ("(?:甲|)乙", ["乙"]),
    ],
)
def test_what_every_match_must_hold_is_read_off_the_expression(pattern: str, told: list[str]) -> None:
    assert needs(pattern) == tuple(map(frozenset, told))


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("这是机密", {0: ["机密"]}),
        ("别往外说", {1: ["别[^。]{0,4}说"]}),
        ("机密，莫讲，别说", {0: ["机密"], 1: ["别[^。]{0,4}说", "莫讲"]}),
        ("说别的", {1: ["别[^。]{0,4}说"]}),
        ("今天食堂有鱼", {}),
    ],
)
def test_only_what_could_match_is_possible(text: str, possible: dict[int, list[str]]) -> None:
    screens = Screens([re.compile("机密"), re.compile("别[^。]{0,4}说|莫讲")])

    found = screens.possible(frozenset(text))

    assert {number: [one.pattern for one in every] for number, every in found.items()} == possible


def test_an_expression_of_which_nothing_is_certain_is_always_possible() -> None:
    assert list(Screens([re.compile(r"\d+")]).possible(frozenset())) == [0]


def test_bars_in_groups_classes_and_escapes_part_nothing() -> None:
    screens = Screens([re.compile(r"a(?:b|c)[|)(]d\|e|f")])

    (alternatives,) = screens.possible(frozenset("abcdef")).values()

    assert [one.pattern for one in alternatives] == [r"a(?:b|c)[|)(]d\|e", "f"]


@settings(suppress_health_check=[HealthCheck.too_slow])  # some patterns are a page long
@given(st.data())
def test_no_match_of_a_shipped_pattern_is_lost(book: RuleBook, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from([rule for rule in book.rules if rule.pattern]))
    text = data.draw(st.from_regex(rule.pattern)).casefold()
    pattern = re.compile(rule.pattern)
    match = pattern.search(text)

    possible = Screens([pattern]).possible(frozenset(tight(text).text)).get(0, [])
    found = [one.start() for part in possible if (one := part.search(text))]

    assert min(found, default=None) == (match.start() if match else None)
