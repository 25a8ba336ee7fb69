"""Inks → what stands around each red line: red words in the middle above, black print around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leakwatch.redhead.bends import Bend, bend_of
from leakwatch.redhead.inks import Inks
from leakwatch.redhead.points import Line, Points, lines_of

_LINES = 6
_PALE_INK = 0.08
_STILL_RED = 0.2
"""Of a line's black: lines had 0.4 and more, rows of print 0.08 and less."""
_THIN_PX, _BLURRED_PX = 6, 11
"""How thick a line may seem; JPEG keeps colours at half the size, and a preview is enlarged besides."""
_TITLE_REACH = 0.62
"""How far above the line a title is looked for; all lengths are shares of the line's."""
_EVENED = 0.007
"""A third of the room between two rows of print: noise, or the points of a screen, would cut each row in pieces."""
_CENTRAL = 0.2
_DENSE = 0.35
_HUNG = 0.16
"""How high a title with a seal over it is at least."""
_DOUBLE = 0.03
_PARALLEL = 0.06
_FOOT = 0.9
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


@dataclass(frozen=True, slots=True)
class _Planes:
    """What is seen along one line; `red` without what is faint."""

    red: Points
    dark: Points
    paper: Points

    def flat(self, bend: Bend) -> _Planes:
        return _Planes(*map(bend.undone, (self.red, self.dark, self.paper)))


@dataclass(frozen=True, slots=True)
class _Above:
    """The red above a line, and how much of it each row of px from `top` has, as a share of the line."""

    red: Points
    top: float
    profile: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Title:
    red: Points
    top: float
    bottom: float
    left: float
    right: float
    row: tuple[float, float]
    """Top and bottom of the row with most ink."""


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
    for title in _titles(planes.red, line):
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


def _titles(red: Points, line: Line) -> Iterator[_Title]:
    """The rows of red above the line that are as high as a title's; then without the seal that hangs over them."""
    size = line.length
    top = line.y - _TITLE_REACH * size
    above = red.rows(top, line.y - 0.012 * size).columns(line.start - 0.08 * size, line.end + 0.08 * size)
    profile = _profile(above, top, _TITLE_REACH * size) / size
    rows = _runs(profile > 0.02, max(1, round(0.008 * size)))
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


def _title(above: _Above, rows: list[tuple[int, int]], line: Line) -> _Title | None:
    size, top, red = line.length, above.top, above.red
    rows = [(a, b) for a, b in rows if 0.04 * size < b - a < 0.24 * size]
    middle = (line.start + line.end) / 2
    rows = [row for row in rows if _is_central(red.rows(top + row[0], top + row[1]), middle, size)]
    if not rows:
        return None
    red_rows = red.rows(top + rows[0][0], top + rows[-1][1])
    left, right = (float(side) for side in np.percentile(red_rows.x, (1, 99)))
    a, b = max(rows, key=lambda row: float(above.profile[row[0] : row[1]].sum()))
    return _Title(red_rows, top + rows[0][0], top + rows[-1][1], left, right, (top + a, top + b))


def _is_central(row: Points, middle: float, size: float) -> bool:
    """Of one body in a joint issue as well; the stamp of who received it stands in a corner."""
    left, right = np.percentile(row.x, (1, 99))
    return abs(float(left + right) / 2 - middle) < _CENTRAL * size


def _head(line: Line, title: _Title, planes: _Planes, lines: list[Line]) -> Head:
    size, y = line.length, line.y
    below = [other for other in lines if _is_below(other, line)]
    red, dark = planes.red.columns(line.start - 0.08 * size, line.end + 0.08 * size), planes.dark
    between = dark.rows(title.bottom + 0.008 * size, y - 0.01 * size).columns(line.start, line.end)
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
    )


def _profile(points: Points, top: float, height: float) -> NDArray[np.int_]:
    """How many points each row of px has."""
    rows = np.clip((points.y - top).astype(int), 0, int(height))
    return np.bincount(rows, minlength=int(height) + 1)


def _runs(is_inked: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """Where runs begin and end that are further apart than that."""
    inked = np.flatnonzero(is_inked)
    if not len(inked):
        return []
    parts = np.split(inked, np.flatnonzero(np.diff(inked) > gap) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


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
    profile = np.convolve(_profile(below, line.y, 0.7 * size), evened / len(evened), "same")
    rows = _runs(profile > 0.25 * float(np.percentile(profile, 95)), 1)
    middles = [(a + b) / 2 for a, b in rows if b - a < 0.09 * size]
    return len(middles), float(np.median(np.diff(middles))) / size if len(middles) > 2 else 0.0


def _has_star(red: Points, line: Line) -> bool:
    """A blot in the middle of the line, higher than the line beside it."""
    size, middle = line.length, (line.start + line.end) / 2
    near = red.rows(line.y - 0.03 * size, line.y + 0.03 * size)
    blot = len(near.columns(middle - 0.025 * size, middle + 0.025 * size))
    left = near.columns(line.start + 0.2 * size, line.start + 0.25 * size)
    right = near.columns(line.end - 0.25 * size, line.end - 0.2 * size)
    return blot > 0.0008 * size * size and blot > 2 * max(len(left), len(right))
