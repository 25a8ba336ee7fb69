"""Boxes are put into reading order, and long pictures are cut without losing or doubling a line."""

from __future__ import annotations

import numpy as np
import pytest

from leakwatch.images.page import Quad
from leakwatch.ocr.layout import (
    by_rows,
    direction,
    from_top_left,
    is_known,
    row_around,
    short_sides,
    turned,
    windows,
)


def box(x: float, y: float, width: float, height: float, degrees: float = 0) -> Quad:
    """A box with its top left corner at x, y, leaning clockwise round the origin."""
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(corners @ turn, np.float32)


@pytest.mark.parametrize("degrees", [-8, 0, 3, 8])
def test_rows_follow_the_slope_of_the_page(degrees: float) -> None:
    page = [
        (900, 102, 300, 30),
        (100, 100, 700, 30),
        (100, 150, 1100, 30),
        (100, 200, 90, 30),
        (400, 200, 800, 30),
    ]
    quads = np.array([box(*place, degrees) for place in page])
    assert by_rows(quads) == [1, 0, 2, 3, 4]


def test_no_boxes_have_no_order() -> None:
    assert by_rows(np.zeros((0, 4, 2), np.float32)) == []


@pytest.mark.parametrize("degrees", [-20, 0, 20])
@pytest.mark.parametrize(("width", "height"), [(400, 30), (30, 400)])
@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_boxes_begin_at_their_top_left(degrees: float, width: int, height: int, first: int) -> None:
    quads = box(500, 500, width, height, degrees)[None]
    assert np.allclose(from_top_left(turned(quads, np.array([first]))), quads)


@pytest.mark.parametrize("degrees", [-20, 0, 20])
def test_a_line_is_as_high_standing_on_end_as_lying(degrees: float) -> None:
    quads = np.array([box(500, 500, 400, 30, degrees), box(500, 500, 30, 400, degrees)])
    assert short_sides(quads) == pytest.approx([30, 30], rel=1e-4)


def test_a_page_is_one_window() -> None:
    (window,) = windows(4000, 3000)
    assert (window.left, window.top, window.right, window.bottom) == (0, 0, 3000, 4000)


@pytest.mark.parametrize(("height", "width"), [(20_000, 1080), (2701, 1080), (300, 9000), (40_000, 90)])
def test_every_line_of_a_long_picture_lies_whole_in_each_window_that_owns_it(height: int, width: int) -> None:
    found = windows(height, width)
    assert len(found) > 1
    for offset in range(0, max(height, width) - 100, 37):
        line = box(0, offset, 90, 100) if height > width else box(offset, 0, 100, 90)
        owners = [window for window in found if window.owns(line)]
        assert len(owners) in (1, 2)
        low, high = line.min(axis=0), line.max(axis=0)
        for owner in owners:
            assert owner.left <= low[0] <= high[0] <= owner.right
            assert owner.top <= low[1] <= high[1] <= owner.bottom


@pytest.mark.parametrize("shift", [-5, 0, 5])
def test_a_line_that_two_windows_see_a_little_apart_is_kept_by_one_at_least(shift: int) -> None:
    first, second, *_ = windows(20_000, 1080)
    for top in range(first.bottom - 256, first.bottom, 3):
        assert first.owns(box(0, top, 90, 30)) or second.owns(box(0, top + shift, 90, 30))


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ((10, 100, 300, 30), True),
        ((12, 104, 280, 34), True),
        ((10, 100, 300, 14), True),
        ((10, 128, 300, 30), False),
        ((400, 100, 300, 30), False),
    ],
)
def test_a_line_is_known_by_the_place_it_takes(
    other: tuple[float, float, float, float], is_same: bool
) -> None:
    assert is_known(box(10, 100, 300, 30), box(*other)[None]) is is_same


@pytest.mark.parametrize("degrees", [-8, 0, 8])
def test_neighbouring_lines_that_lean_are_two(degrees: float) -> None:
    lines = [box(100, 100 + 60 * row, 1000, 34, degrees) for row in range(4)]
    assert not is_known(lines[1], np.array([lines[0], *lines[2:]]))
    assert is_known(lines[1] + np.float32(5), np.array(lines))


def test_where_no_line_is_known_yet_none_is() -> None:
    assert not is_known(box(10, 100, 300, 30), np.zeros((0, 4, 2), np.float32))


@pytest.mark.parametrize("degrees", [-20, 0, 20])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_box_runs_the_way_its_first_side_does(degrees: float, quarters: int) -> None:
    assert direction(turned(box(500, 500, 300, 100, degrees)[None], np.array([quarters]))[0]) == quarters


@pytest.mark.parametrize(
    ("quad", "expected"),
    [
        (box(500, 500, 100, 30), (200, 470, 901, 561)),
        (box(0, 0, 100, 30), (0, 0, 401, 61)),
        (box(1000, 800, 0, 0), (999, 799, 1000, 800)),
        (turned(box(500, 400, 30, 100)[None], np.array([1]))[0], (470, 100, 561, 800)),
    ],
)
def test_the_row_of_a_box_is_a_part_of_the_picture(quad: Quad, expected: tuple[int, int, int, int]) -> None:
    assert row_around(quad, (800, 1000)) == expected
