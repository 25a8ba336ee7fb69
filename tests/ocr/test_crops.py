"""Lines are cut out of a page, and seen without the stamps across them."""

from __future__ import annotations

import numpy as np
import pytest

from leakwatch.ocr.crops import black_alone, crops, has_red, hides_black, padded, without_red

pytest.importorskip("cv2")
BLACK, RED, WHITE = (20, 20, 20), (40, 30, 210), (240, 244, 246)
"""BGR."""


def line(*inks: tuple[int, int, int]) -> np.ndarray:
    """White, with a stripe of each ink."""
    pixels = np.full((30, 200, 3), WHITE, np.uint8)
    for place, ink in enumerate(inks):
        pixels[:, 20 + 60 * place : 40 + 60 * place] = ink
    return pixels


@pytest.mark.parametrize(
    ("inks", "is_red"),
    [([RED], True), ([BLACK, RED], True), ([BLACK], False), ([(210, 30, 40)], False), ([], False)],
)
def test_red_is_told_from_other_inks(inks: list[tuple[int, int, int]], is_red: bool) -> None:
    assert has_red(line(*inks)) == is_red


def test_the_warm_light_of_a_lamp_is_no_red() -> None:
    assert not has_red(np.full((30, 200, 3), (205, 236, 250), np.uint8))


def stamped(red_px: int, black_px: int, ground: tuple[int, int, int] = WHITE) -> np.ndarray:
    """A line with so many columns of red and of black, of 200."""
    pixels = np.full((30, 200, 3), ground, np.uint8)
    pixels[:, 20 : 20 + red_px] = RED
    pixels[:, 120 : 120 + black_px] = BLACK
    return pixels


@pytest.mark.parametrize(
    ("pixels", "hides"),
    [
        (stamped(50, 10), True),
        (stamped(50, 0), False),
        (stamped(10, 40), False),
        (stamped(0, 40), False),
        (stamped(50, 10, ground=RED), False),
        (np.asarray(stamped(50, 10) * 0.5, np.uint8), True),
        (np.asarray(stamped(50, 0) * 0.5, np.uint8), False),
    ],
)
def test_black_below_red_print_is_told_from_either_alone(pixels: np.ndarray, hides: bool) -> None:
    assert hides_black(pixels) == hides


def test_heavy_red_is_paper_where_black_alone_is_looked_for() -> None:
    seen = black_alone(line(BLACK, RED))
    assert [seen[10, x, 0] for x in (5, 90)] == [255, 255]
    assert seen[10, 30, 0] < 64


def test_a_black_ground_stays_black() -> None:
    assert not black_alone(np.zeros((30, 200, 3), np.uint8)).any()


def test_black_stays_and_red_goes() -> None:
    seen = without_red(line(BLACK, RED))
    assert [seen[10, x].tolist() for x in (5, 30, 90)] == [[246] * 3, [20] * 3, [210] * 3]


@pytest.mark.parametrize(("width", "cut_width"), [(100, 100), (300, 225)])
def test_a_leaning_line_is_laid_flat_and_a_long_one_squeezed(width: int, cut_width: int) -> None:
    corners = np.array([[0, 0], [width, 0], [width, 20], [0, 20]]) @ np.array([[0.96, 0.28], [-0.28, 0.96]])
    (cut,) = crops(
        np.full((300, 400, 3), 255, np.uint8), (corners + np.array([40, 10])).astype(np.float32)[None]
    )
    assert cut.shape == pytest.approx((20, cut_width, 3), abs=1)


def test_a_flat_picture_is_given_room_and_a_page_none() -> None:
    flat, margin = padded(np.zeros((10, 800, 3), np.uint8))
    page, none = padded(np.zeros((800, 600, 3), np.uint8))
    assert (flat.shape, margin.tolist()) == ((100, 800, 3), [0, 45])
    assert (page.shape, none.tolist()) == ((800, 600, 3), [0, 0])
