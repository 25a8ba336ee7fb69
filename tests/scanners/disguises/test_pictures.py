"""Pictographs within a sentence are read as words; those that decorate are left."""

from __future__ import annotations

import pytest

from leakwatch.scanners.disguises.pictures import pictures, spelled_out
from leakwatch.text import fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("八点从🏨出，到🏥十分钟", "八点从宾馆出,到医院十分钟"),
        ("底💰是两千", "底价是两千"),
        ("先翻3️⃣楼💰柜", "先翻3楼钱柜"),
        ("开心🎉🎉", "开心🎉🎉"),
        ("🚗 🚗", "🚗 🚗"),
    ],
)
def test_what_stands_for_a_word_is_spelled_out(text: str, plain: str) -> None:
    assert spelled_out(fold(text))[0].text == plain


def test_the_place_of_each_word_is_told() -> None:
    folded, words = spelled_out(fold("一号🚗到🏥后"))
    assert words == ((2, "车"), (4, "医院"))
    assert folded.span(4, 6) == (4, 5)


def test_all_pictographs_are_single_characters() -> None:
    assert len(pictures()) == len(set(pictures()))
