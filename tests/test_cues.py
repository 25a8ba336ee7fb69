"""Cues are looked up once a text and asked by raw positions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from leakwatch.cues import Cues, Surroundings
from leakwatch.model import Kind, Rule, Window

HUSH = Window(terms=("别外传", "别"), patterns=("不许[^,]{0,3}讲",), weight=0.2)
PUBLIC = Window(terms=("公示",), weight=-0.3)
RULE = Rule(
    id="ws.hr",
    name="人事",
    kind=Kind.WORKSECRET,
    category="ws.hr",
    score=0.3,
    near=(HUSH,),
    unless=(PUBLIC,),
)
CUES = Cues([RULE])


def _look(text: str, cues: Cues = CUES) -> Surroundings:
    (surroundings,) = cues.look([text])
    return surroundings


@pytest.mark.parametrize(
    ("text", "start", "end", "there"),
    [
        ("名单别外传", 0, 5, True),
        ("名单别 外*传", 0, 8, True),
        ("名单別外傳", 0, 5, True),
        ("名单不许跟他讲", 0, 7, True),
        ("名单别外传", 3, 5, False),
        ("名单公示", 0, 4, False),
        ("", 0, 0, False),
    ],
)
def test_a_cue_counts_where_it_stands_wholly_inside(text: str, start: int, end: int, there: bool) -> None:
    assert _look(text).holds(HUSH, start, end) is there


def test_of_overlapping_words_the_longest_counts() -> None:
    words = _look("别外传，先别急").words(HUSH, 0, 99)

    assert [word for _, word in words] == ["别外传", "别"]


def test_cues_that_share_a_pattern_are_both_found() -> None:
    other = replace(HUSH, terms=("保密",))
    cues = Cues([replace(RULE, near=(HUSH, other))])

    assert [_look("不许讲", cues).holds(window, 0, 3) for window in (HUSH, other)] == [True, True]


def test_rules_without_cues_find_none() -> None:
    assert _look("别外传", Cues([])).length == 3
