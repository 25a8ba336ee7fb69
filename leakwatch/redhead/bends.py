"""A line that leaves the straight → the page laid flat: one that is held in a hand, or bound in a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakwatch.redhead.points import BIN_PX, Line, Places, Points

_BENT_SHARE = 0.25
"""Of the line's length: how far a bent one leaves the straight."""
_STRAYS_PX = 2.5
_RECENT = 10
"""Bins from which the way of a bent line goes on."""
_MOST_MISSING = 6
"""Bins: a star in the middle, a pen across."""
_LONGER = 1.15
_LEAST_BEND_PX = 2.0
_DEGREE = 3


@dataclass(frozen=True, slots=True)
class Bend:
    """How far a line leaves the straight at each place along it: on a page that is held, or bound in a file."""

    factors: NDArray[np.float64]
    start: float
    end: float

    def at(self, x: Places) -> Places:
        """In px; beyond its ends as at them."""
        return np.asarray(np.polyval(self.factors, np.clip(x, self.start, self.end)), np.float32)

    def undone(self, points: Points) -> Points:
        """As they stand on the page laid flat, all of which is bent as the line is."""
        return Points(points.y - self.at(points.x), points.x, points.ink)


def bend_of(red: Points, line: Line) -> Bend | None:
    """That of a line of which a straight part was found; None for one that is straight.

    red: as seen along the line.
    """
    reach = _BENT_SHARE * line.length
    near = red.rows(line.y - reach, line.y + reach)
    order = np.argsort(near.x, kind="stable")
    strip = _Strip((near.x[order] // BIN_PX).astype(int), near.y[order])
    first, last = int(line.start // BIN_PX), int(line.end // BIN_PX) - 1
    path = dict.fromkeys(range(first, last + 1), line.y)
    for step in range(first, last + 1):
        if (height := strip.near(step, line.y)) is not None:
            path[step] = height
    if len(path) < _RECENT:
        return None
    strip.follow(path, last, 1)
    strip.follow(path, first, -1)
    start, end = float(min(path) * BIN_PX), float((max(path) + 1) * BIN_PX)
    if end - start < _LONGER * line.length:
        return None
    x = (np.array(list(path)) + 0.5) * BIN_PX
    bend = Bend(np.polyfit(x, np.array(list(path.values())) - line.y, _DEGREE), start, end)
    is_bent = float(np.abs(bend.at(x.astype(np.float32))).max()) > _LEAST_BEND_PX
    return bend if is_bent else None


@dataclass(frozen=True, slots=True)
class _Strip:
    """Points around a line, in the order of their bins along it."""

    bins: NDArray[np.int_]
    heights: Places

    def near(self, step: int, height: float) -> float | None:
        """The middle of a bin's points about that height."""
        low, high = np.searchsorted(self.bins, (step, step + 1))
        seen = self.heights[low:high]
        seen = seen[np.abs(seen - height) < _STRAYS_PX]
        return float(seen.mean()) if len(seen) > 1 else None

    def follow(self, path: dict[int, float], step: int, way: int) -> None:
        """Adds to the path what goes on from that bin in that way."""
        missing = 0
        while missing <= _MOST_MISSING:
            step += way
            known = sorted(path, key=lambda other: way * other)[-_RECENT:]
            slope, level = np.polyfit(known, [path[other] for other in known], 1)
            height = self.near(step, float(slope * step + level))
            missing = missing + 1 if height is None else 0
            if height is not None:
                path[step] = height
