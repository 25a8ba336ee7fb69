"""A red line → the title above it: rows of red in the middle, as high as a title's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakwatch.redhead.points import Line, Points

_TITLE_REACH = 0.62
"""How far above the line a title is looked for; all lengths are shares of the line's."""
_CENTRAL = 0.2
_DENSE = 0.35
_HUNG = 0.16
"""How high a title with a seal over it is at least."""


@dataclass(frozen=True, slots=True)
class _Above:
    """The red above a line, and how much of it each row of px from `top` has, as a share of the line."""

    red: Points
    top: float
    profile: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Title:
    red: Points
    top: float
    bottom: float
    left: float
    right: float
    row: tuple[float, float]
    """Top and bottom of the row with most ink."""


def titles_of(red: Points, line: Line) -> Iterator[Title]:
    """The rows of red above the line that are as high as a title's; then without the seal that hangs over them."""
    size = line.length
    top = line.y - _TITLE_REACH * size
    above = red.rows(top, line.y - 0.012 * size).columns(line.start - 0.08 * size, line.end + 0.08 * size)
    profile = profile_of(above, top, _TITLE_REACH * size) / size
    rows = runs_of(profile > 0.02, max(1, round(0.008 * size)))
    cores = [_core(profile, row, _HUNG * size) for row in rows]
    strip = _Above(above, top, profile)
    if title := _title(strip, rows, line):
        yield title
    if cores != rows and (title := _title(strip, cores, line)):
        yield title


def _core(profile: NDArray[np.float64], row: tuple[int, int], least: float) -> tuple[int, int]:
    """The part of a high row that is dense: a seal has less red than a title."""
    if row[1] - row[0] < least:
        return row
    dense = np.flatnonzero(profile[slice(*row)] > _DENSE * profile[slice(*row)].max())
    return row[0] + int(dense[0]), row[0] + int(dense[-1]) + 1


def _title(above: _Above, rows: list[tuple[int, int]], line: Line) -> Title | None:
    size, top, red = line.length, above.top, above.red
    rows = [(a, b) for a, b in rows if 0.04 * size < b - a < 0.24 * size]
    middle = (line.start + line.end) / 2
    rows = [row for row in rows if _is_central(red.rows(top + row[0], top + row[1]), middle, size)]
    if not rows:
        return None
    red_rows = red.rows(top + rows[0][0], top + rows[-1][1])
    left, right = (float(side) for side in np.percentile(red_rows.x, (1, 99)))
    a, b = max(rows, key=lambda row: float(above.profile[row[0] : row[1]].sum()))
    return Title(red_rows, top + rows[0][0], top + rows[-1][1], left, right, (top + a, top + b))


def _is_central(row: Points, middle: float, size: float) -> bool:
    """Of one body in a joint issue as well; the stamp of who received it stands in a corner."""
    left, right = np.percentile(row.x, (1, 99))
    return abs(float(left + right) / 2 - middle) < _CENTRAL * size


def profile_of(points: Points, top: float, height: float) -> NDArray[np.int_]:
    """How many points each row of px has."""
    rows = np.clip((points.y - top).astype(int), 0, int(height))
    return np.bincount(rows, minlength=int(height) + 1)


def runs_of(is_inked: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Where runs begin and end that are further apart than that."""
    inked = np.flatnonzero(is_inked)
    if not len(inked):
        return []
    parts = np.split(inked, np.flatnonzero(np.diff(inked) > gap) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]
