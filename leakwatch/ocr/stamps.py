"""Lines that were read → where a red stamp crosses the page, to be looked at through a red glass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from leakwatch.images.page import Pixels
from leakwatch.ocr.crops import crops, has_red, hides_black, is_red_alone
from leakwatch.ocr.layout import Quads, direction, elongation, row_around

SURE_SCORE = 0.98
_NUMBER = re.compile(r"[〔〕\[\]【】]|\d号")
"""Part of one: with every doubtful line that has red in it, snapshots took half as long again."""
_MOST = 6
_SQUARE = 1.8
"""Width over height at most, or the other way round, of a box with one or two characters of a seal."""
_APART = 7.0
"""Times its height: how far the characters of a seal stand from one another at most."""
_BESIDE, _ABOVE = 6.0, 3.0
"""Times their height: how far around them the rim and the lines that it crosses are."""

Area = tuple[int, int, int, int]
"""Left, top, right and bottom in px."""


@dataclass(frozen=True, slots=True)
class Look:
    """A part of the picture that is to be looked at once more."""

    area: Area
    direction: int
    """Which way its lines run."""
    known: Quads
    """Boxes that the stamp hides nothing of."""


def looks(pixels: Pixels, quads: Quads, texts: Sequence[tuple[str, float]]) -> list[Look]:
    """A few: around doubtful numbers with red in them, around red print over black, and over seals.

    Where a stamp lies across a mark, the engine reads the stamp's date, surely, and nothing else; where a seal
    does, it finds some of the seal's characters, and no box for the mark.
    """
    return list(islice(chain(_rows(pixels, quads, texts), _seals(pixels, quads, texts)), _MOST))


def _rows(pixels: Pixels, quads: Quads, texts: Sequence[tuple[str, float]]) -> Iterator[Look]:
    for quad, (text, score) in zip(quads, texts, strict=True):
        line = crops(pixels, quad[None])[0]
        if not has_red(line):
            continue
        if (score < SURE_SCORE and _NUMBER.search(text)) or hides_black(line):
            yield Look(row_around(quad, pixels.shape[:2]), direction(quad), quads[:0])


def _seals(pixels: Pixels, quads: Quads, texts: Sequence[tuple[str, float]]) -> Iterator[Look]:
    """Around each group of red characters that were hardly read."""
    is_square = np.abs(np.log(elongation(quads))) < np.log(_SQUARE)
    is_weak = np.array([score < SURE_SCORE for _, score in texts], bool)
    of_seal = np.array(
        [
            is_it and is_red_alone(crops(pixels, quad[None])[0])
            for is_it, quad in zip(is_square & is_weak, quads, strict=True)
        ],
        bool,
    )
    left = quads[of_seal]
    while len(left):
        middles, height = left.mean(axis=1), float(np.linalg.norm(left[0, 3] - left[0, 0]))
        is_near = np.abs(middles - middles[0]).max(axis=1) < _APART * height
        if is_near.sum() > 1:
            yield Look(_around(left[is_near], height, pixels), _way(quads), quads[~of_seal])
        left = left[~is_near]


def _around(quads: Quads, height: float, pixels: Pixels) -> Area:
    reach = np.array([_BESIDE, _ABOVE]) * height
    limit = np.array([pixels.shape[1], pixels.shape[0]])
    left, top = np.clip(quads.min(axis=(0, 1)) - reach, 0, limit - 1).astype(int).tolist()
    right, bottom = np.clip(quads.max(axis=(0, 1)) + reach + 1, 1, limit).astype(int).tolist()
    return left, top, right, bottom


def _way(quads: Quads) -> int:
    """That of the longest line: the characters of a seal stand every way."""
    return direction(quads[int(np.argmax(np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)))])
