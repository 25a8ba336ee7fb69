"""A short look at a small copy of a picture → how soon it is to be read; it decides the order, never whether."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from leakwatch.errors import Unreadable
from leakwatch.images.opening import explained, opened, upright

_SIDE_PX = 320
"""A phone's JPEG is decoded at an eighth of its size: 15 ms for 12 MP."""
_PALE, _GREY = 0.7, 0.72
"""Brightness of paper as a share of the brightest, and its weakest channel as a share of its strongest."""
_LEAST_PAPER = 0.04
"""Share of the picture."""
_RED, _LEAST_RED, _MOST_RED = 0.15, 0.0008, 0.15
"""Of the brightest: how much more red than other colours; and shares of the paper that bear it."""
_STROKES_PX = 3
"""Half of the way from one stroke of a title over the paper beside it to the next."""
_SLOW_PX = 20_000_000
"""A picture that cannot be decoded small, a long screenshot or a scan: a look would cost as much as reading it."""


class Urgency(IntEnum):
    """Most urgent first."""

    RED_PAGE = 0
    """Red print on white paper."""
    PAGE = 1
    """Paper, or a bright screen."""
    SCENE = 2


def urgency_of(path: Path) -> Urgency:
    """Of the first page; a picture that cannot be opened is the least urgent: its reader says why."""
    try:
        with opened(path) as image, explained():
            image.draft("RGB", (_SIDE_PX, _SIDE_PX))
            if image.width * image.height > _SLOW_PX:
                return Urgency.PAGE
            image.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX)
            return _seen(upright(image))
    except (EOFError, Unreadable):
        return Urgency.SCENE


def _seen(small: Image.Image) -> Urgency:
    r, g, b = np.moveaxis(np.asarray(small, np.float32), -1, 0)
    cool = np.maximum(g, b)
    light, weakest = np.maximum(r, cool), np.minimum(r, np.minimum(g, b))
    brightest = max(1.0, float(np.percentile(light, 97)))
    paper = (light > _PALE * brightest) & (weakest > _GREY * light)
    share = float(paper.mean())
    if share < _LEAST_PAPER:
        return Urgency.SCENE
    # A red desk is as red as a title, but for its edge it has no paper beside it.
    beside = np.asarray(Image.fromarray(np.uint8(255 * paper)).filter(ImageFilter.BoxBlur(_STROKES_PX))) > 0
    red = beside & (r - cool > _RED * brightest)
    is_red = _LEAST_RED < float(red.mean()) / share < _MOST_RED
    return Urgency.RED_PAGE if is_red else Urgency.PAGE
