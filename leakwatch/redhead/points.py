"""The inked points of a plane, and the thin red lines that some of them make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakwatch.redhead.inks import Plane

Places = NDArray[np.float32]

_TURNS = np.radians(np.arange(-15, 15.1, 0.5))
_LINES = 12
BIN_PX = 4
_BESIDE_PX = 14
"""How far above and below a line is looked whether it is thin."""


@dataclass(frozen=True, slots=True)
class Points:
    """Counted from the middle of the picture, and how strong they are."""

    y: Places
    x: Places
    ink: Places

    @classmethod
    def of(cls, plane: Plane, least: float) -> Points:
        """Those above that strength."""
        y, x = np.nonzero(plane > least)
        middle_y, middle_x = (side / 2 for side in plane.shape)
        return cls((y - middle_y).astype(np.float32), (x - middle_x).astype(np.float32), plane[y, x])

    def turned(self, turn: float) -> Points:
        """As seen along a line of that slope: y across it, x along it."""
        cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        return Points(self.y * cos - self.x * sin, self.x * cos + self.y * sin, self.ink)

    def rows(self, top: float, bottom: float) -> Points:
        """Those in a strip."""
        return self._only((self.y >= top) & (self.y < bottom))

    def columns(self, left: float, right: float) -> Points:
        """Those between two places along the line."""
        return self._only((self.x >= left) & (self.x < right))

    def stronger(self, least: float) -> Points:
        """Those above that strength."""
        return self._only(self.ink > least)

    def _only(self, chosen: NDArray[np.bool_]) -> Points:
        return Points(self.y[chosen], self.x[chosen], self.ink[chosen])

    def __len__(self) -> int:
        return len(self.ink)


@dataclass(frozen=True, slots=True)
class Line:
    """A thin red line in px from the middle of the picture, its slope in radians."""

    turn: float
    y: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """In px."""
        return self.end - self.start


def lines_of(red: Points, least_px: float, thin_px: int) -> list[Line]:
    """The lines of at least that length and at most that thickness, strongest first."""
    found: list[Line] = []
    tried: list[tuple[float, float, float]] = []
    for turn, y in _peaks(red):
        if len(found) >= _LINES or len(tried) >= 5 * _LINES:
            break
        if any(abs(y - other_y) < 5 and abs(turn - other) < reach for other, other_y, reach in tried):
            continue
        rough = _traced(red, turn, y, thin_px)
        # On a small picture the rows of a heavy title would be all that is tried, at one slope after the other.
        tried.append((turn, y, 0.04 if rough else 0.1))
        if rough is None:
            continue
        line = _traced(red, *_fitted(red, rough), thin_px) or rough
        if line.length > least_px and not any(_is_same(line, other) for other in found):
            found.append(line)
    return found


def _peaks(red: Points) -> list[tuple[float, float]]:
    """(slope, height) of the strips that hold more points than those above and below, strongest first."""
    peaks: list[tuple[float, float, float]] = []
    for turn in _TURNS:
        y = red.turned(float(turn)).y
        low = int(y.min()) - 16
        profile = np.bincount((y - low + 0.5).astype(int), minlength=64).astype(float)
        three = np.convolve(np.concatenate([profile, np.zeros(16)]), np.ones(3), "same")
        # Both sides, half each: of the two lines of a letter head one has the title beside it.
        sharp = three - 0.65 * (np.roll(three, -7) + np.roll(three, 7))
        strongest = np.argsort(sharp)[-_LINES:]
        peaks += [(float(sharp[place]), float(turn), float(place + low)) for place in strongest]
    return [(turn, y) for _, turn, y in sorted(peaks, reverse=True)]


def _traced(red: Points, turn: float, y: float, thin_px: int) -> Line | None:
    """The longest unbroken part of it; None if it is no thin line."""
    near = red.turned(turn).rows(y - _BESIDE_PX, y + _BESIDE_PX + 1)
    on = near.rows(y - 2, y + 2.5)
    if len(on) < 20:
        return None
    bins = np.unique((on.x // BIN_PX).astype(int))
    breaks = np.flatnonzero(np.diff(bins) > max(4, 0.03 * (bins[-1] - bins[0]))) + 1
    run = max(np.split(bins, breaks), key=lambda part: int(part[-1] - part[0]))
    start, end = float(run[0] * BIN_PX), float((run[-1] + 1) * BIN_PX)
    span = int(run[-1] - run[0]) + 1
    if len(run) < 0.72 * span:
        return None
    beside = near.columns(start, end).stronger(0.4 * float(np.median(on.ink)))
    row = (beside.y - y + _BESIDE_PX).astype(int)
    cells = np.unique(row * 4096 + ((beside.x - start) // BIN_PX).astype(int))
    filled = np.bincount(cells // 4096) / span
    is_thin = int((filled > 0.6).sum()) <= max(thin_px, 0.022 * span * BIN_PX)
    return Line(turn, y, start, end) if is_thin else None


def _fitted(red: Points, line: Line) -> tuple[float, float]:
    """Slope and height of the points that the line was traced along."""
    on = red.turned(line.turn).rows(line.y - 2, line.y + 2.5).columns(line.start, line.end)
    middle = float(on.x.mean())
    slope = float(((on.x - middle) * on.y).sum() / max(1.0, float(((on.x - middle) ** 2).sum())))
    turn = line.turn + float(np.arctan(slope))
    level = float(on.y.mean()) - slope * middle
    near = red.turned(turn).rows(level - 3, level + 3.5)
    return turn, float(np.median(near.y)) if len(near) else level


def _is_same(line: Line, other: Line) -> bool:
    """A fainter reading of a line that was found: they cross, or all but touch, where both are seen."""
    apart = abs(line.y - other.y + (line.start + line.end) / 2 * (line.turn - other.turn))
    return apart < 2.5 or (abs(line.turn - other.turn) > 0.03 and apart < 0.08 * other.length)
