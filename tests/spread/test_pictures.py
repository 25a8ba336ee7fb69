"""Near prints are found without comparing all, and none of them is missed."""

from __future__ import annotations

import random

import pytest

from leakwatch.images.prints import BITS, NEAR, PicturePrint, distance
from leakwatch.spread.pictures import PictureIndex

SOURCE = random.Random(5)  # noqa: S311
KNOWN = [PicturePrint(SOURCE.getrandbits(BITS), SOURCE.getrandbits(BITS)) for _ in range(300)]
INDEX = PictureIndex(KNOWN)


def changed(bits: int, count: int, source: random.Random) -> int:
    for place in source.sample(range(BITS), count):
        bits ^= 1 << place
    return bits


@pytest.mark.parametrize("count", [0, 1, 16, 30, NEAR])
def test_whatever_differs_in_few_bits_is_found_wherever_they_lie(count: int) -> None:
    source = random.Random(count)  # noqa: S311
    for place in range(0, 300, 10):
        near = PicturePrint(changed(KNOWN[place].whole, count, source))
        assert INDEX.near(near) == {place: count}


def test_two_wrong_bits_in_all_bands_but_one_are_still_found() -> None:
    bits = KNOWN[0].whole ^ sum(3 << 16 * band for band in range(15)) ^ 1 << 255
    assert INDEX.near(PicturePrint(bits)) == {0: NEAR}


def test_what_differs_in_one_bit_more_is_not() -> None:
    source = random.Random(1)  # noqa: S311
    assert INDEX.near(PicturePrint(changed(KNOWN[3].whole, NEAR + 1, source))) == {}


def test_a_page_is_found_as_a_whole_picture_and_the_other_way_round() -> None:
    assert INDEX.near(PicturePrint(KNOWN[7].page or 0)) == {7: 0}
    assert PictureIndex([PicturePrint(KNOWN[7].page or 0)]).near(KNOWN[7]) == {0: 0}


def test_the_index_agrees_with_comparing_all() -> None:
    source = random.Random(2)  # noqa: S311
    crowd = [PicturePrint(changed(KNOWN[0].whole, source.randrange(50), source)) for _ in range(200)]
    asked = crowd[0]
    wanted = {place: bits for place, one in enumerate(crowd) if (bits := distance(one, asked)) <= NEAR}
    assert PictureIndex(crowd).near(asked) == wanted


def test_an_empty_index_knows_nothing() -> None:
    assert PictureIndex([]).near(KNOWN[0]) == {}
