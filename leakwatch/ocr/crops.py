"""Boxes on a page → pictures of single lines, in BGR as the models were trained."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leakwatch.images.page import Pixels
from leakwatch.ocr.layout import Quads

_LONG_LINE = 6
_SQUEEZE = 0.75
"""Long lines are recognised at this share of their width: 0.85 of the time, the same error rate."""
_RED = 40
"""How much more of it than of the other colours red ink has, of 255."""
_STAMPED = 0.02
"""Share of a line that is red where a stamp crosses it."""
_PRINTED = 0.1
"""Share of a line that is red where all its print is."""
_MOST_RED = 0.5
"""Share of a line: more is a red ground."""
_BLACK = 0.5
"""Of the paper's brightness: in red light black print is darker than that, a red stamp is not. Of its own
brightness red ink in dim light has more than that more red than other colours.
"""
_PALE = 0.7
"""Of the paper's brightness in red light: what is brighter is no black print."""
_MIN_SIDE_PX = 64


def crops(pixels: Pixels, quads: Quads) -> list[Pixels]:
    """Each box cut out and laid flat, its text from left to right; long ones squeezed."""
    import cv2

    found = []
    for quad in quads:
        width = max(1, int(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3]))))
        height = max(1, int(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))))
        flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        crop = cv2.warpPerspective(
            pixels,
            cv2.getPerspectiveTransform(np.ascontiguousarray(quad), flat),
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        if width > _LONG_LINE * height:
            crop = cv2.resize(crop, (int(width * _SQUEEZE), height), interpolation=cv2.INTER_AREA)
        found.append(np.asarray(crop, np.uint8))
    return found


def has_red(crop: Pixels) -> bool:
    """Whether a stamp, or red print, crosses the line."""
    blue_green, red = crop[:, :, :2].max(axis=2), crop[:, :, 2]
    return bool((red > blue_green.clip(max=255 - _RED) + np.uint8(_RED)).mean() > _STAMPED)


def hides_black(crop: Pixels) -> bool:
    """Whether the line is red print, on paper that is not red, and there is some black print below it."""
    red, black = _red_and_black(crop)
    return _STAMPED < black < red < _MOST_RED


def is_red_alone(crop: Pixels) -> bool:
    """Whether it is red print, on paper that is not red, and no black."""
    red, black = _red_and_black(crop)
    return black < _STAMPED < _PRINTED < red < _MOST_RED


def _red_and_black(crop: Pixels) -> tuple[float, float]:
    """Share of a line's points."""
    red = crop[:, :, 2].astype(np.float32)
    redness = red - crop[:, :, :2].max(axis=2)
    is_black = (red < _BLACK * np.percentile(red, 90)) & (redness < _BLACK * red)
    return float((redness > _RED).mean()), float(is_black.mean())


def padded(pixels: Pixels) -> tuple[Pixels, NDArray[np.float32]]:
    """The picture with room around, if it is too flat for the detector; and the room at left and top."""
    height, width = pixels.shape[:2]
    floor = max(_MIN_SIDE_PX, max(height, width) // 8)
    x, y = max(0, floor - width + 1) // 2, max(0, floor - height + 1) // 2
    return np.pad(pixels, ((y, y), (x, x), (0, 0)), mode="edge"), np.array([x, y], np.float32)


def without_red(crop: Pixels) -> Pixels:
    """The line as a red glass shows it: black ink alone."""
    return np.repeat(crop[:, :, 2:], 3, axis=2)


def black_alone(crop: Pixels) -> Pixels:
    """The same where red print is heavy: what is not half dark even in red light counts as paper."""
    red = crop[:, :, 2:].astype(np.float32)
    paper = max(1.0, _PALE * float(np.percentile(red, 90)))
    return np.repeat(np.asarray((255 / paper * red).clip(max=255), np.uint8), 3, axis=2)
