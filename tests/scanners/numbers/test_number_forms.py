"""Year and serial behind a code: how much of the norm is there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.scanners.numbers.number_forms import TAIL, WIRE, tail_matches, tails

PARTS = "2031 1987 25 l9 二〇三一 贰零 十二 两千 2.0.3.1 年 [ ] ( ) 第 号 期 - 之 , 、 . t l c | 字 委 7 3 0 o x".split()


@pytest.mark.parametrize(
    ("text", "year", "serials"),
    [
        ("[2031]45号", 2031, ["45"]),
        ("(2031)第 7 期", 2031, ["7"]),
        ("[2031]3、5、7号", 2031, ["3", "5", "7"]),
        ("[2031]3号、5号", 2031, ["3", "5"]),
        ("[2031]12号之二", 2031, ["12之2"]),
        ("[22]9", 2022, ["9"]),
        ("25年 三十六", 2025, ["36"]),
        ("第2031-17期", 2031, ["17"]),
        ("2031-45.pdf", 2031, ["45"]),
        ("[2031]\n0\n7\n号", 2031, ["7"]),
        ("[2o31]l4号", 2031, ["14"]),
    ],
)
def test_year_and_serials_are_read(text: str, year: int, serials: list[str]) -> None:
    assert [(tail.year, [serial for serial, _, _ in tail.serials]) for tail in tails(text)] == [
        (year, serials)
    ]


@pytest.mark.parametrize(
    "text", ["2031年5月6日", "2031-05-06", "2031年12个人", "45号", "12031 45号", "[2031]", "2031年二季度"]
)
def test_dates_and_sums_are_none(text: str) -> None:
    assert list(tails(text)) == []


@given(st.lists(st.sampled_from([*PARTS, " ", "  ", "\n"]), max_size=14).map("".join))
def test_going_from_year_to_year_finds_what_the_expression_finds(text: str) -> None:
    assert [found.span() for found in tail_matches(text)] == [found.span() for found in TAIL.finditer(text)]


def test_what_is_missing_from_the_norm_is_told() -> None:
    full, bare = list(tails("中办发[2031]45号 中办发2031~45"))

    assert (full.is_bracketed, full.is_closed, full.mark, full.is_linked) == (True, True, "号", False)
    assert (bare.is_bracketed, bare.is_closed, bare.mark, bare.is_linked) == (False, False, "", True)


@pytest.mark.parametrize(
    ("text", "is_wire"), [("青机发 2038号", True), ("手机发1234", False), ("打印机发2031", False)]
)
def test_the_second_number_of_a_telegram_is_no_machine(text: str, is_wire: bool) -> None:
    assert (WIRE.search(text) is not None) is is_wire
