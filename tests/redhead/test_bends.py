"""Lines that are bent, and what stands along them."""

from __future__ import annotations

import numpy as np
import pytest

from leakwatch.redhead.bends import bend_of
from leakwatch.redhead.points import Line, Points


def arch(height: float, missing: slice = slice(0)) -> Points:
    """Points along a bow of that height, 400 px long and 3 px thick, some left out."""
    x = np.delete(np.arange(-200, 200), missing).repeat(3)
    y = height * (x / 200) ** 2 + np.tile([-1, 0, 1], len(x) // 3)
    return Points(y.astype(np.float32), x.astype(np.float32), np.ones(len(x), np.float32))


MIDDLE = Line(0.0, 0.0, -60.0, 60.0)


@pytest.mark.parametrize("height", [12.0, 30.0, -30.0])
def test_a_bent_line_is_followed_to_its_ends_and_laid_flat(height: float) -> None:
    points = arch(height)
    bend = bend_of(points, MIDDLE)

    assert bend is not None
    assert (bend.start, bend.end) == (-200, 200)
    assert float(np.abs(bend.undone(points).y).max()) < 3


def test_a_gap_as_wide_as_a_star_is_crossed() -> None:
    bend = bend_of(arch(20.0, slice(300, 320)), MIDDLE)

    assert bend is not None
    assert (bend.start, bend.end) == (-200, 200)


@pytest.mark.parametrize(
    ("points", "line"),
    [
        (arch(0.0), MIDDLE),
        (arch(12.0), Line(0.0, 0.0, -190.0, 190.0)),
        (arch(20.0, slice(0, 400)), MIDDLE),
        (arch(20.0), Line(0.0, 0.0, -10.0, 10.0)),
    ],
    ids=["straight", "seen whole", "nothing there", "too short to tell its way"],
)
def test_other_lines_are_not_bent(points: Points, line: Line) -> None:
    assert bend_of(points, line) is None
