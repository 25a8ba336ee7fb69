"""Which lines are looked at again because of a stamp."""

from __future__ import annotations

import numpy as np
import pytest

from leakwatch.ocr.stamps import stamped

pytest.importorskip("cv2")
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

    assert [quad.tolist() for quad in stamped(page(), QUADS, texts)] == [QUADS[n].tolist() for n in places]


def test_no_more_than_a_few_lines_of_a_picture_are_looked_at() -> None:
    assert len(stamped(page(), np.repeat(QUADS[:1], 9, axis=0), [("2031.08.14", 0.99)] * 9)) == 6
