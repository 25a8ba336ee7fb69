"""Years and serials are read however they are written."""

from __future__ import annotations

import re

import pytest

from leakwatch.scanners.numbers.numerals import YEAR, digits, integer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45", 45),
        ("045", 45),
        ("4 5", 45),
        ("4S", 45),
        ("2O31", 2031),
        ("二〇三一", 2031),
        ("贰零叁壹", 2031),
        ("2〇31", 2031),
        ("四十五", 45),
        ("十", 10),
        ("一百零二", 102),
        ("壹佰零贰", 102),
        ("伍拾壹", 51),
        ("壹捌陆", 186),
        ("幺四", 14),
        ("两千零三十一", 2031),
        ("二千零廿四", 2024),
        ("两千", 2000),
        ("2.0.3.1", 2031),
        ("xiv", 14),
        ("xx5", 25),
        ("", None),
        ("十五十", None),
        ("千五", None),
        ("文", None),
    ],
)
def test_a_serial_has_one_value(text: str, value: int | None) -> None:
    assert integer(text.lower()) == value


@pytest.mark.parametrize(
    "text",
    [
        "2031",
        "2 0 3 1",
        "2.0.3.1",
        "2o31",
        "二零三一",
        "贰零叁壹",
        "1998",
        "一九九八",
        "两千零三十一",
        "二千零廿四",
    ],
)
def test_a_year_is_written_in_many_ways(text: str) -> None:
    assert re.fullmatch(YEAR, text)


@pytest.mark.parametrize("text", ["3031", "2131", "203", "三〇三一"])
def test_other_numbers_are_no_years(text: str) -> None:
    assert re.fullmatch(YEAR, text) is None


def test_numerals_are_read_one_by_one() -> None:
    assert digits("一三八〇零x") == "13800x"
