"""A screenshot → the pictures that are shown in it, by the flat ground around them.

Needs OpenCV, which comes with leakwatch[photos]; Unreadable(NO_ENGINE) without it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leakwatch.images.page import Pixels, opencv

_SIDE_PX = 480
"""Long side that is looked at."""
_SHADES = 32
"""Of each colour: a cell of that size holds the ground, whatever compression did to it."""
_LEAST_GROUND = 0.25
"""Share of the picture that is of one very colour: 0.4 to 0.9 of screenshots, 0.2 of a photo of a plain desk."""
_CONTRAST = 9
"""Of 255: the white of a page on the light grey of a chat has 13."""
_LEAST_AREA, _FILLED = 0.03, 0.7
"""Of the screenshot, and of the picture's own box: a white page on a white ground leaves holes."""
_LEAST_SIDE_PX = 16
_MOST = 4


def insets(image: Pixels) -> Iterator[Pixels]:
    """The largest pictures in the screenshot; none where it has no flat ground."""
    cv2 = opencv()
    scale = min(1.0, _SIDE_PX / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_NEAREST)
    cells = (small // (256 // _SHADES)).astype(np.int32) @ np.array([_SHADES**2, _SHADES, 1], np.int32)
    ground = np.median(small[cells == np.bincount(cells.ravel()).argmax()], axis=0)
    off = np.abs(small - ground).max(axis=2)
    if (off == 0).mean() < _LEAST_GROUND:
        return
    away = np.asarray(off > _CONTRAST, np.uint8)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(away, connectivity=4)
    shown = [box for box in boxes[1:] if _is_picture(box, small.shape[0] * small.shape[1])]
    for box in sorted(shown, key=lambda box: -int(box[4]))[:_MOST]:
        left, top, width, height = (int(value) for value in box[:4])
        # The outermost points are half ground: a bright rim would pass for the edge of a sheet.
        sides = np.array([left + 1, top + 1, left + width - 1, top + height - 1]) / scale
        left, top, right, bottom = (int(side) for side in sides)
        yield image[top:bottom, left:right]


def _is_picture(box: np.ndarray, area: int) -> bool:
    _, _, width, height, filled = (int(value) for value in box)
    is_large = width * height >= _LEAST_AREA * area and min(width, height) >= _LEAST_SIDE_PX
    return is_large and filled >= _FILLED * width * height
