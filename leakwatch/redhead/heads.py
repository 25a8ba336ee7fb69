"""Inks → what stands around each red line: red words in the middle above, black print around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from leakwatch.redhead.bends import Bend, bend_of
from leakwatch.redhead.inks import Inks
from leakwatch.redhead.points import Line, Points, lines_of
from leakwatch.redhead.titles import Title, profile_of, runs_of, titles_of

_LINES = 6
_PALE_INK = 0.08
_STILL_RED = 0.2
"""Of a line's black: lines had 0.4 and more, rows of print 0.08 and less."""
_THIN_PX, _BLURRED_PX = 6, 11
"""How thick a line may seem; JPEG keeps colours at half the size, and a preview is enlarged besides."""
_EVENED = 0.007
"""A third of the room between two rows of print: noise, or the points of a screen, would cut each row in pieces."""
_BESIDE, _FRAMED = 0.05, 0.7
_DOUBLE = 0.03
_PARALLEL = 0.06
_FOOT = 0.9
_EDGE_PX = 3
"""How far red print darkens the paper beside it."""
_ROW = 0.09
"""Higher is no row of print."""
_THINNED = 4
"""Every fourth point is enough to tell where the paper ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands around a red line; lengths are shares of the line's."""

    line: Line
    share: float
    """Of the width of the paper there."""
    lines_below: int
    is_double: bool
    """A second line close below: a letter's."""
    has_foot: bool
    """A second line at the foot of the page: a letter's, too."""
    title_height: float
    """Of its largest row: several bodies stand under one another."""
    title_width: float
    title_off: float
    """How far its middle is from that of the line."""
    title_fill: float
    title_runs: int
    """Strokes that a level cut goes through."""
    gap: float
    """From title to line."""
    number: float
    """How much of the width has black print between title and line."""
    dark_in_title: float
    rows_below: int
    pitch: float
    """From one row of print below to the next."""
    red_below: float
    """Red points below the line for one of the title, as `red_above`."""
    red_above: float
    corner: float
    """Black points to the upper left of the title, per thousand of a square over the line."""
    top: float
    """From the upper edge of the paper to the title."""
    bottom: float
    """From the line to the lower edge of the paper, or of the picture."""
    has_star: bool
    is_framed: bool
    """Red runs up from both ends of the line: the frame of a stamp."""


@dataclass(frozen=True, slots=True)
class _Planes:
    """What is seen along one line; `red` without what is faint."""

    red: Points
    dark: Points
    paper: Points

    def flat(self, bend: Bend) -> _Planes:
        return _Planes(*map(bend.undone, (self.red, self.dark, self.paper)))


def heads_of(inks: Inks, full: float) -> Iterator[Head]:
    """Of the strongest lines with something red above. full: redness of full strokes on this picture."""
    red = Points.of(inks.red, max(0.04, 0.2 * full))
    if not len(red):
        return
    dark = Points.of(inks.dark, float(np.clip(0.45 * np.percentile(inks.dark, 99), 0.1, 0.3)))
    paper = Points.of(inks.paper[::_THINNED, ::_THINNED].astype(np.float32), 0.5)
    paper = Points(paper.y * _THINNED, paper.x * _THINNED, paper.ink)
    lines = lines_of(red, 0.2 * inks.red.shape[1], _BLURRED_PX if inks.is_enlarged else _THIN_PX)
    pale = _pale_lines(inks)
    beside = lines if inks.is_enlarged else pale
    for line in (*lines[:_LINES], *pale[:_LINES]):
        others = beside if line in pale else lines
        seen = (plane.turned(line.turn) for plane in (red.stronger(0.42 * full), dark, paper))
        planes = _Planes(*seen)
        yield from _heads(line, planes, others)
        if bend := bend_of(red.turned(line.turn), line):
            yield from _heads(replace(line, start=bend.start, end=bend.end), planes.flat(bend), others)


def _heads(line: Line, planes: _Planes, others: list[Line]) -> Iterator[Head]:
    for title in titles_of(planes.red, line):
        yield _head(line, title, planes, others)


def _pale_lines(inks: Inks) -> list[Line]:
    """Those of a small picture that have lost their colour: JPEG keeps that of two points at most.

    Of 30 heads on previews of 240 to 320 px 27 are seen with them, 14 without. On larger pictures some red
    is left, which tells them from rows of print.
    """
    if not inks.is_small:
        return []
    inked = Points.of(inks.red + inks.dark, _PALE_INK)
    lines = lines_of(inked, 0.3 * inks.red.shape[1], _BLURRED_PX) if len(inked) else []
    if inks.is_enlarged:
        return lines
    red, dark = Points.of(inks.red, 0), Points.of(inks.dark, 0)
    return [line for line in lines if _ink_along(red, line) > _STILL_RED * _ink_along(dark, line)]


def _ink_along(points: Points, line: Line) -> float:
    on = points.turned(line.turn).rows(line.y - 1.5, line.y + 1.5).columns(line.start, line.end)
    return float(on.ink.sum())


def _is_below(other: Line, line: Line) -> bool:
    is_parallel = abs(other.turn - line.turn) < _PARALLEL
    return is_parallel and other.y > line.y + 3 and other.length > 0.6 * line.length


def _is_foot(other: Line, line: Line) -> bool:
    """As long, and so far below as the foot of a page; seen at an angle, the two are hardly parallel."""
    is_parallel = abs(other.turn - line.turn) < 2 * _PARALLEL
    is_far = other.y - line.y > _FOOT * line.length
    return is_parallel and is_far and 0.8 < other.length / line.length < 1.25


def _head(line: Line, title: Title, planes: _Planes, lines: list[Line]) -> Head:
    size, y = line.length, line.y
    below = [other for other in lines if _is_below(other, line)]
    red, dark = planes.red.columns(line.start - 0.08 * size, line.end + 0.08 * size), planes.dark
    below_title, above_line = max(_EDGE_PX, 0.008 * size), max(_EDGE_PX, 0.01 * size)
    between = dark.rows(title.bottom + below_title, y - above_line).columns(line.start, line.end)
    in_title = dark.rows(title.top, title.bottom).columns(title.left, title.right).stronger(0.45)
    corner = dark.rows(title.top - 0.5 * size, title.top - 0.02 * size)
    corner = corner.columns(line.start - 0.03 * size, line.start + 0.3 * size)
    height = title.row[1] - title.row[0]
    row = title.red.rows(*title.row)
    rows_below, pitch = _print(dark.columns(line.start, line.end), line)
    across = planes.paper.rows(y - 0.03 * size - _THINNED, y + 0.03 * size + _THINNED)
    middle = planes.paper.columns(line.start + 0.3 * size, line.end - 0.3 * size)
    return Head(
        line=line,
        share=size / max(1.0, float(np.ptp(across.x)) if len(across) else size),
        lines_below=len(below),
        is_double=any(other.y - y < _DOUBLE * size for other in below),
        has_foot=any(_is_foot(other, line) for other in lines),
        title_height=height / size,
        title_width=(title.right - title.left) / size,
        title_off=abs(title.left + title.right - line.start - line.end) / 2 / size,
        title_fill=len(row) / max(1.0, height * float(np.subtract(*np.percentile(row.x, (99, 1))))),
        title_runs=_strokes(row, title.row),
        gap=(y - title.bottom) / size,
        number=len(np.unique((between.x // (0.02 * size)).astype(int))) / 50,
        dark_in_title=len(in_title) / len(title.red),
        rows_below=rows_below,
        pitch=pitch,
        red_below=len(red.rows(y + 0.05 * size, y + 1.2 * size)) / len(title.red),
        red_above=len(red.rows(y - 1.2 * size, title.top - 0.01 * size)) / len(title.red),
        corner=len(corner) / (size * size) * 1000,
        top=(title.top - float(middle.y.min())) / size if len(middle) else 0.0,
        bottom=(float(middle.y.max()) - y) / size if len(middle) else 0.0,
        has_star=_has_star(planes.red, line),
        is_framed=_is_framed(planes.red, line, title.bottom),
    )


def _strokes(row: Points, span: tuple[float, float]) -> int:
    """Most strokes that one of three level cuts through the characters meets."""
    most = 0
    for share in (0.3, 0.5, 0.7):
        level = span[0] + share * (span[1] - span[0])
        cut = np.unique(row.rows(level - 1, level + 1).x.astype(int))
        most = max(most, int((np.diff(cut) > 1).sum()) + 1)
    return most


def _print(dark: Points, line: Line) -> tuple[int, float]:
    """How many rows of print stand below, and how far apart."""
    size = line.length
    below = dark.rows(line.y + 0.02 * size, line.y + 0.7 * size)
    evened = np.ones(max(1, round(_EVENED * size)))
    profile = np.convolve(profile_of(below, line.y, 0.7 * size), evened / len(evened), "same")
    profile = _without_shade(profile, max(3, round(_ROW * size)))
    rows = runs_of(profile > 0.25 * float(np.percentile(profile, 95)), 1)
    middles = [(a + b) / 2 for a, b in rows if b - a < _ROW * size]
    return len(middles), float(np.percentile(np.diff(middles), 30)) / size if len(middles) > 2 else 0.0


def _without_shade(profile: NDArray[np.float64], room: int) -> NDArray[np.float64]:
    """What stands out within that room: a hand's shadow is dark over many rows, and between them too."""
    around = sliding_window_view(np.pad(profile, room // 2, mode="edge"), 2 * (room // 2) + 1)
    least = around.min(axis=1)
    ground = sliding_window_view(np.pad(least, room // 2, mode="edge"), 2 * (room // 2) + 1).max(axis=1)
    return np.asarray(profile - ground, np.float64)


def _is_framed(red: Points, line: Line, top: float) -> bool:
    reach, beside = line.y - top, _BESIDE * line.length
    above = red.rows(top, line.y)
    ends = (above.columns(end - beside, end + beside) for end in (line.start, line.end))
    return all(len(np.unique(end.y.astype(int))) > _FRAMED * reach for end in ends)


def _has_star(red: Points, line: Line) -> bool:
    """A blot in the middle of the line, higher than the line beside it."""
    size, middle = line.length, (line.start + line.end) / 2
    near = red.rows(line.y - 0.03 * size, line.y + 0.03 * size)
    blot = len(near.columns(middle - 0.025 * size, middle + 0.025 * size))
    left = near.columns(line.start + 0.2 * size, line.start + 0.25 * size)
    right = near.columns(line.end - 0.25 * size, line.end - 0.2 * size)
    return blot > 0.0008 * size * size and blot > 2 * max(len(left), len(right))
