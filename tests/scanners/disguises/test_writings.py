"""Every way of writing a character, and the literals that follow from it."""

from __future__ import annotations

import re

import pytest

from leakwatch.scanners.disguises.writings import Way, initials, literals, writings


@pytest.mark.parametrize(
    ("character", "written", "way"),
    [
        ("机", "机", Way.PLAIN),
        ("机", "木几", Way.SPLIT),
        ("机", "木 几", Way.SPLIT),
        ("机", "鸡", Way.SOUND),
        ("机", "杌", Way.SHAPE),
        ("机", "🐔", Way.SHAPE),
        ("机", "ji", Way.PINYIN),
        ("机", "jī", Way.PINYIN),
        ("机", "j.i", Way.PINYIN),
        ("机", "j1", Way.PINYIN),
        ("机", "j", Way.INITIAL),
        ("密", "宀必山", Way.SPLIT),
        ("密", "蜜", Way.SOUND),
        ("密", "mi4", Way.PINYIN),
    ],
)
def test_each_way_of_writing_is_known(character: str, written: str, way: Way) -> None:
    known = writings(character)
    assert re.fullmatch(known.pattern, written)
    assert known.way(written) is way


@pytest.mark.parametrize(("character", "written"), [("机", "木"), ("机", "密"), ("密", "必"), ("机", "jia")])
def test_no_other_writing_is_taken(character: str, written: str) -> None:
    assert not re.fullmatch(writings(character).pattern, written)


def test_a_character_without_parts_and_sound_is_only_itself() -> None:
    assert re.findall(writings("㐂").pattern, "㐂喜x") == ["㐂"]


def test_initials_are_the_first_letters() -> None:
    assert initials("中办发") == "zbf"


def test_both_characters_change_their_sound_only_where_asked() -> None:
    once = literals("机密", by_sound=False, by_initials=False)
    twice = literals("机密", by_sound=True, by_initials=True)
    assert {"鸡密", "机蜜", "木几密", "jimi", "jīmi", "机m"} <= once
    assert {"鸡蜜", "jm"} <= twice - once
    assert "机密" not in twice
