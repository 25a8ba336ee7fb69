"""Agency codes in initials with a year or a serial; houses, contracts and sizes are none."""

from __future__ import annotations

import pytest

from leakwatch.rules.disguised import DisguisedWords
from leakwatch.scanners.disguises.initialled import Initialled
from leakwatch.text import fold


@pytest.fixture(scope="module")
def initialled() -> Initialled:
    """With some codes, and words of papers that bear them out."""
    words = DisguisedWords(
        near=("传阅", "桌上"), within=24, codes=("中办发", "厅字", "委办", "委密办", "纪发")
    )
    return Initialled(words)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ZBF〔2031〕12号到了", "zbf[2031]12号"),
        ("zbf三十号那个文在传阅夹里", "zbf三十号"),
        ("市委B第12号收到", "市委b第12号"),
        ("qwm办今年9号", "qwm办今年9号"),
        ("青JF31年第6号", "青jf31年第6号"),
        ("tz12号在桌上", "tz12号"),
    ],
)
def test_a_code_in_initials_is_found_with_its_number(initialled: Initialled, text: str, written: str) -> None:
    assert [found.group() for found in initialled.find(fold(text).text)] == [written]


@pytest.mark.parametrize(
    "text",
    [
        "tz12号地铁口见",
        "zbf2031号楼",
        "合同编号ZBF2031-12",
        "中办发〔2031〕12号",
        "zbf是谁的网名",
        "wxyzbf12号",
        "市委B12号楼",
    ],
)
def test_other_letters_with_numbers_are_left_alone(initialled: Initialled, text: str) -> None:
    assert list(initialled.find(fold(text).text)) == []


def test_the_sieve_is_told_every_mixture_of_characters_and_initials(initialled: Initialled) -> None:
    assert {"zbf", "中bf", "zb发", "中办f", "tz1", "t字1", "厅z第"} <= set(initialled.triggers)
    assert {"中办发", "tz", "厅字1"}.isdisjoint(initialled.triggers)
