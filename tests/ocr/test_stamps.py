"""Which lines are looked at again because of a stamp."""

from __future__ import annotations

import numpy as np
import pytest

from leakwatch.ocr.layout import row_around
from leakwatch.ocr.stamps import looks

pytest.importorskip("cv2")
RED, BLACK = (40, 30, 210), (20, 20, 20)
LINES = ((20, "red over black"), (80, "black"), (140, "black under a little red"))


def page() -> np.ndarray:
    """Three lines: a stamp's date over a mark, plain print, print with a seal's rim across it."""
    pixels = np.full((200, 300, 3), 240, np.uint8)
    pixels[20:50, 30:110] = (40, 30, 210)
    pixels[20:50, 150:170] = 20
    pixels[80:110, 30:150] = 20
    pixels[140:170, 30:150] = 20
    pixels[140:170, 160:175] = (40, 30, 210)
    return pixels


QUADS = np.array([[[10, y], [250, y], [250, y + 30], [10, y + 30]] for y, _ in LINES], np.float32)


@pytest.mark.parametrize(
    ("last", "places"),
    [
        (("云委〔2031〕8号", 0.9), [0, 2]),
        (("云委〔2031〕8号", 0.99), [0]),
        (("云岭区委员会", 0.9), [0]),
    ],
)
def test_red_over_black_and_doubtful_numbers_with_red_are_looked_at(
    last: tuple[str, float], places: list[int]
) -> None:
    texts = [("2031.08.14", 0.99), ("关于云委〔2031〕9号", 0.9), last]

    rows = [row_around(QUADS[place], (200, 300)) for place in places]
    assert [look.area for look in looks(page(), QUADS, texts)] == rows


def test_no_more_than_a_few_lines_of_a_picture_are_looked_at() -> None:
    assert len(looks(page(), np.repeat(QUADS[:1], 9, axis=0), [("2031.08.14", 0.99)] * 9)) == 6


def sealed(*inks: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A page with a line of print at its foot and the characters of a seal in these inks; their boxes."""
    pixels = np.full((900, 700, 3), 240, np.uint8)
    boxes = [(50, 850, 450), *((200 + 60 * number, 100, 40) for number in range(len(inks)))]
    for (left, top, width), ink in zip(boxes, ((20, 20, 20), *inks), strict=True):
        pixels[top + 5 : top + 35, left + 5 : left + width - 5 : 3] = ink
    quads = [[[x, y], [x + wide, y], [x + wide, y + 40], [x, y + 40]] for x, y, wide in boxes]
    return pixels, np.array(quads, np.float32)


def test_around_the_characters_of_a_seal_all_is_looked_at_but_what_was_read() -> None:
    pixels, quads = sealed(RED, RED)

    (look,) = looks(pixels, quads, [("请认真组织学习", 1.0), ("牛", 0.76), ("", 0.38)])

    assert (look.area, look.direction, look.known.tolist()) == ((0, 0, 541, 261), 0, quads[:1].tolist())


@pytest.mark.parametrize(
    ("inks", "scores"),
    [
        ((RED,), (0.7,)),
        ((RED, BLACK), (0.7, 0.7)),
        ((BLACK, BLACK), (0.7, 0.7)),
        ((RED, RED), (0.99, 0.99)),
    ],
    ids=["one alone", "one is black", "both are black", "a title that is read"],
)
def test_what_is_no_seal_is_not_looked_at(
    inks: tuple[tuple[int, int, int], ...], scores: tuple[float, ...]
) -> None:
    pixels, quads = sealed(*inks)

    assert looks(pixels, quads, [("请认真组织学习", 1.0), *(("牛", score) for score in scores)]) == []


def test_a_picture_without_lines_has_no_stamp() -> None:
    assert looks(page(), QUADS[:0], []) == []
