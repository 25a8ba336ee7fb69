"""Inks → round seals: a hollow red ring with something in it, as high as wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakwatch.redhead.inks import Mask, Plane

_CELLS = 70
"""Of the long side: points within a cell of one another belong together."""
_SECTORS = 36


@dataclass(frozen=True, slots=True)
class Seal:
    """Where a round seal stands, in px from the upper left corner."""

    y: float
    x: float
    width: float


def seals_of(red: Plane, least: float) -> list[Seal]:
    """The rings of points that are redder than `least`."""
    y, x = np.nonzero(red > least)
    cell = max(2, max(red.shape) // _CELLS)
    rows, columns = (side // cell + 1 for side in red.shape)
    filled = np.bincount(y // cell * columns + x // cell, minlength=rows * columns).reshape(rows, columns) > 0
    names = _names(filled)
    of_point = names[y // cell, x // cell]
    found = []
    for name in range(1, int(names.max()) + 1):
        own = of_point == name
        if own.sum() >= 40:
            found.append(_ring(y[own], x[own]))
    return [seal for seal in found if seal]


def _names(filled: Mask) -> NDArray[np.int32]:
    """Each group of touching cells by a number from 1."""
    names = np.zeros(filled.shape, np.int32)
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(filled), strict=True)}
    count = 0
    while left:
        count += 1
        border = [left.pop()]
        while border:
            y, x = border.pop()
            names[y, x] = count
            beside = {(y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= beside
            border += beside
    return names


def _ring(y: NDArray[np.intp], x: NDArray[np.intp]) -> Seal | None:
    """The seal whose rim these points go round, if they do: a ring of red with little outside and not full."""
    low_y, high_y = np.percentile(y, (0.5, 99.5))
    low_x, high_x = np.percentile(x, (0.5, 99.5))
    height, width = high_y - low_y + 1, high_x - low_x + 1
    if min(height, width) < 14 or not 0.75 < width / height < 1.33:
        return None
    v = (y - (low_y + high_y) / 2) / (height / 2)
    u = (x - (low_x + high_x) / 2) / (width / 2)
    radius = np.hypot(u, v)
    reach = 3.0 / min(height, width)
    rim = (radius > 0.86 - reach) & (radius < 1.04 + reach)
    sectors = np.unique(
        ((np.arctan2(v[rim], u[rim]) + np.pi) / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    )
    if len(sectors) < 0.55 * _SECTORS or (radius > 1.1 + reach).mean() > 0.06:
        return None
    inner = (radius < 0.8).sum() / (np.pi * (0.4 * height) * (0.4 * width))
    if not 0.004 < inner < 0.6:
        return None
    return Seal(float(low_y + high_y) / 2, float(low_x + high_x) / 2, float(max(width, height)))
