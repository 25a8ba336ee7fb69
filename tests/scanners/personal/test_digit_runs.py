"""Digits in any style stand in runs; only blanks and signs may part them."""

from __future__ import annotations

import pytest

from leakwatch.scanners.personal.digit_runs import parted, pieces, runs, windows
from leakwatch.text import fold


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("138 1234-5678", [["138", "1234", "5678"]]),
        ("①③八，二", [["138"], ["2"]]),
        ("l38 O579", [["138", "0579"]]),
        ("三13812345678", [["3"], ["13812345678"]]),
        ("slj66778899", []),
        ("壹贰叁x", [["123x"]]),
        ("1/3/8 / 0/5", [["1", "3", "8", "0", "5"]]),
        ("1、2、3", [["1", "2", "3"]]),
        ("12/30，45", [["12"], ["30"], ["45"]]),
        ("yi san ba。liu", [["1", "3", "8"], ["6"]]),
        ("yisan", []),
        ("13812345678一", [["13812345678"]]),
        ("幺洞两拐勾", [["10279"]]),
        ("没有", []),
    ],
)
def test_runs_hold_the_groups_as_written(text: str, values: list[list[str]]) -> None:
    assert [[group.value for group in run] for run in runs(fold(text).text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [("110105/1990、0307.8713", ["110105199003078713"]), ("12；34", ["12", "34"]), ("", [""])],
)
def test_a_slash_or_a_comma_parts_no_run_for_long(text: str, values: list[str]) -> None:
    folded = fold(text).text

    joined = [run for run in parted(list(runs(folded)), folded) if run or not folded]

    assert ["".join(group.value for group in run) for run in joined] == values


def test_windows_are_groups_that_together_have_the_size() -> None:
    (run,) = runs("12 345 67")

    assert [(found.value, found.start, found.end) for found in windows(run, frozenset({5}))] == [
        ("12345", 0, 6),
        ("34567", 3, 9),
    ]


def test_halves_bridge_words_but_not_paragraphs() -> None:
    found = list(runs("前面12345，后一半 6789"))

    assert [number.value for number in pieces(found, {9}, 24)] == ["123456789"]
    assert list(pieces(found, {8}, 24)) == []
    assert list(pieces(found, {9}, 2)) == []


def test_three_parts_are_joined_where_they_are_those_of_a_residence_number() -> None:
    told = list(runs("前六 110105，生日一九九零零三零七，后四 8713"))
    rooms = list(runs("房号 110105，会议 9003078，第 8713 次"))

    assert "110105199003078713" in [number.value for number in pieces(told, {18}, 24)]
    assert [number.value for number in pieces(rooms, {17}, 24)] == []
