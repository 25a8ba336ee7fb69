"""Boxes on a page: which way they read, in which order, and how a long screenshot is cut for detection.

A quad is four corners in px, clockwise as seen; its first corner is where its text begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakwatch.images.page import Quad
from leakwatch.ocr import Point

Quads = NDArray[np.float32]
"""n × 4 × 2."""

_LONG_PX = 2400
_LONG_SHARE = 2.5
_WINDOW_SHARE = 2
_MIN_WINDOW_PX = 1600
_LINE = 4.0
_BESIDE = 10.0
"""Times its height: a number is that long."""
_MAX_SLOPE = 0.1
"""Against the page's middle slope; more is a seal's rim or the edge of a desk."""
_MIN_LINES = 4
"""Fewer fit any slope."""
_OVERLAP_PX = 256
"""Twice the height of the tallest line that must not be cut in two, and room for `_SLACK_PX`."""
_SLACK_PX = 24
"""The same line is a few px higher or lower in the next window: both may have it, and one is dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a long picture, and the part of it whose boxes count."""

    left: int
    top: int
    right: int
    bottom: int
    owned: tuple[float, float]
    """Half-open range of box centres along the long side; neighbours share a strip."""
    axis: int
    """0: the picture is long from left to right, 1: from top to bottom."""

    def owns(self, quad: Quad) -> bool:
        """The box's centre is not the next window's business alone."""
        centre = float(quad[:, self.axis].mean())
        return self.owned[0] <= centre < self.owned[1]


def windows(height: int, width: int) -> list[Window]:
    """One window, or overlapping ones: shrunk as a whole, a screenshot of 1080 × 20000 is unreadable."""
    long, short, axis = max(height, width), min(height, width), int(height > width)
    step = long
    if long > _LONG_PX and long > _LONG_SHARE * short:
        step = max(_WINDOW_SHARE * short, _MIN_WINDOW_PX) - _OVERLAP_PX
    starts = range(0, max(1, long - _OVERLAP_PX), step)
    found = []
    for start in starts:
        is_last = start == starts[-1]
        end = long if is_last else start + step + _OVERLAP_PX
        owned = (
            start + _OVERLAP_PX / 2 - _SLACK_PX if start else -np.inf,
            np.inf if is_last else end - _OVERLAP_PX / 2 + _SLACK_PX,
        )
        left, right = (0, width) if axis else (start, end)
        top, bottom = (start, end) if axis else (0, height)
        found.append(Window(left=left, top=top, right=right, bottom=bottom, owned=owned, axis=axis))
    return found


def is_known(quad: Quad, others: Quads) -> bool:
    """The middle of the box or of one of the others lies inside the other: a line seen from two windows.

    Not by shared area: the upright hulls of neighbouring lines that lean overlap by more than half.
    """
    return bool((_holds(others, quad.mean(axis=0)) | _holds(quad, others.mean(axis=1))).any())


def _holds(quads: Quads, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether each point lies inside its box; one of either may stand for all."""
    edges, ways = np.roll(quads, -1, axis=-2) - quads, points[..., None, :] - quads
    sides = edges[..., 0] * ways[..., 1] - edges[..., 1] * ways[..., 0]
    return np.asarray((sides > 0).all(axis=-1))


def from_top_left(quads: Quads) -> Quads:
    """Each box from the corner at its top left, whatever corner it came with.

    Rapidocr begins with one of the two leftmost corners: of a tall box that leans, that is its foot.
    """
    edges = np.roll(quads, -1, axis=1) - quads
    rightward = edges[:, :, 0] / np.maximum(np.linalg.norm(edges, axis=2), 1e-6)
    return turned(quads, np.argmax(rightward - np.roll(rightward, -2, axis=1), axis=1))


def turned(quads: Quads, quarters: NDArray[np.int_]) -> Quads:
    """Each box with its first corner moved on clockwise by so many corners."""
    order = (np.arange(4) + quarters[:, None]) % 4
    return np.asarray(quads[np.arange(len(quads))[:, None], order], np.float32)


def direction(quad: Quad) -> int:
    """Which way the box's text runs: 0 to the right, 1 down, 2 to the left, 3 up."""
    x, y = (float(value) for value in quad[1] - quad[0])
    return round(float(np.arctan2(y, x)) / (np.pi / 2)) % 4


def row_around(quad: Quad, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the part of the picture that holds what stands beside the box."""
    height = float(np.linalg.norm(quad[3] - quad[0]))
    reach = np.array([_BESIDE, 1.0] if direction(quad) % 2 == 0 else [1.0, _BESIDE]) * height
    limit = np.array([shape[1], shape[0]])
    left, top = np.clip(quad.min(axis=0) - reach, 0, limit - 1).astype(int).tolist()
    right, bottom = np.clip(quad.max(axis=0) + reach + 1, 1, limit).astype(int).tolist()
    return left, top, right, bottom


def elongation(quads: Quads) -> NDArray[np.float32]:
    """Width over height of each box as seen from its first corner."""
    wide = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    high = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    return np.asarray((wide + 1) / (high + 1), np.float32)


def short_sides(quads: Quads) -> NDArray[np.float32]:
    """Height of each box's line, whichever way it reads."""
    sides = np.linalg.norm(np.roll(quads, -1, axis=1)[:, :2] - quads[:, :2], axis=2)
    return np.asarray(sides.min(axis=1), np.float32)


def by_rows(quads: Quads) -> list[int]:
    """The reading order: rows along the slope of the page, each from its beginning.

    Boxes that reach over each other by half their height share a row; without the slope, a page that
    leans by 3 degrees has the end of each line in the row below.
    """
    if not len(quads):
        return []
    starts, depths = _straightened(quads)
    heights = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    rows: list[list[int]] = []
    for index in np.argsort(depths, kind="stable").tolist():
        if rows:
            row = rows[-1]
            reach = 0.5 * min(heights[index], heights[row].mean())
            if depths[index] - depths[row].mean() < reach:
                row.append(index)
                continue
        rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda index: starts[index])]


def _straightened(quads: Quads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each box's centre along and down the page, as if its lines were level.

    Seen at an angle, a page's slope changes from top to bottom: it is fitted as a line over the depth, to
    long boxes only (the box of a short line is level whatever the page does).
    """
    runs = np.asarray(quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3], np.float64) / 2
    lengths = np.linalg.norm(runs, axis=1)
    along = np.median(runs[lengths >= np.median(lengths)], axis=0)
    along /= max(float(np.linalg.norm(along)), 1e-6)
    down = np.array([-along[1], along[0]])
    centres = quads.mean(axis=1)
    starts, depths = centres @ along, centres @ down
    slopes = (runs @ down) / np.maximum(runs @ along, 1e-6)
    is_line = (elongation(quads) > _LINE) & (np.abs(slopes) < _MAX_SLOPE)
    if is_line.sum() < _MIN_LINES:
        return starts, depths
    fit = np.polyfit(depths[is_line], slopes[is_line], 1, w=lengths[is_line])
    return starts, depths - np.polyval(fit, depths) * (starts - starts[is_line].mean())


def corners(quad: Quad) -> tuple[Point, Point, Point, Point]:
    """The box as plain numbers."""
    first, second, third, fourth = ((float(x), float(y)) for x, y in quad)
    return first, second, third, fourth
