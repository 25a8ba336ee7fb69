"""A photo → the sheet of paper seen on it, and the sheet laid flat.

Needs OpenCV, which comes with leakwatch[photos]; Unreadable(NO_ENGINE) without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakwatch.errors import Unreadable
from leakwatch.model import Reason

Pixels = NDArray[np.uint8]
"""Height × width × 3."""
Quad = NDArray[np.float32]
"""4 × 2: four corners in px, clockwise as seen, the first one at the upper left."""

_SIDE_PX = 480
"""Long side that is looked at."""
_SHADES = (0.35, 0.5, 0.65, 0.8)
"""Of the brightest paper: a sheet half in shadow is whole at one of them, a pale desk apart at another."""
_LEAST_AREA, _MOST_AREA = 0.12, 0.97
"""Of the picture: a smaller sheet bears no legible print, a larger one is a scan."""
_FILLED = 0.88
"""Of the quad: a sheet under fingers or a pen still is."""
_SIMPLER = 0.012
_LEAST_ANGLE_COS = 0.6
"""Of a corner: 53 degrees from square is more than any sheet is seen at."""
_MOST_OBLONG = 2.4
_EDGE_PX = 3
_SAMPLES = 32
_CONTRAST = 9
"""Of 255, between the sheet and what lies beside it."""
_SEEN = 0.7
"""Of a side that must stand out."""
_LEAST_SIDES = 3
"""The fourth may lie outside of the picture."""


def find_page(image: Pixels) -> Quad | None:
    """The corners of the largest sheet that stands out from its ground; None where none does.

    A page that fills the picture, as a scan or a screenshot, is none. Where one side of the sheet lies
    outside of the picture, the picture's edge stands for it.
    """
    return next(find_pages(image), None)


def find_pages(image: Pixels, least_area: float = _LEAST_AREA) -> Iterator[Quad]:
    """The sheets that lie beside one another, the one that stands out best first.

    least_area: of the smallest one, as a share of the picture.
    """
    cv2 = opencv()
    scale = min(1.0, _SIDE_PX / max(image.shape[:2]))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.GaussianBlur(cv2.resize(image, size, interpolation=cv2.INTER_AREA), (5, 5), 0)
    quads = [quad for mask in _masks(cv2, small) for quad in _quads(cv2, mask, least_area)]
    found = [
        (seen, _area(quad), quad) for quad in quads if (seen := _sides_seen(small, quad)) >= _LEAST_SIDES
    ]
    shrunk = np.array([size[0] / image.shape[1], size[1] / image.shape[0]])
    taken: list[Quad] = []
    for *_, quad in sorted(found, key=lambda one: one[:2], reverse=True):
        if not any(_share_ground(quad, other) for other in taken):
            taken.append(quad)
            yield np.asarray(quad / shrunk, np.float32)


def rectify(image: Pixels, quad: Quad) -> Pixels:
    """What the quad holds, seen from straight above, at the scale of its longest sides."""
    cv2 = opencv()
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    width, height = max(1, round(max(top, bottom))), max(1, round(max(left, right)))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(np.ascontiguousarray(quad, np.float32), flat)
    laid = cv2.warpPerspective(
        image, transform, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(laid, np.uint8)


def opencv() -> Any:
    """The module; Unreadable(NO_ENGINE) on a machine without it."""
    try:
        import cv2
    except ImportError as why:
        detail = "本机没有安装 OpenCV，图片上的纸张未定位；请安装：pip install 'leakwatch[photos]'"
        raise Unreadable(Reason.NO_ENGINE, detail) from why
    return cv2


def _masks(cv2: Any, small: Pixels) -> Iterator[Pixels]:
    """What may be paper: bright and pale at several shades, and what strong edges enclose."""
    pale = small.min(axis=2)
    brightest = float(np.percentile(pale, 97))
    kernel = np.ones((5, 5), np.uint8)
    for shade in _SHADES:
        paper = np.asarray(pale >= shade * brightest, np.uint8)
        # Closed first: print is no hole in a sheet; then opened: a glare beside it is no part of it.
        yield cv2.morphologyEx(cv2.morphologyEx(paper, cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel)
    for least in (20, 60):
        edges = cv2.dilate(cv2.Canny(small, least, 2 * least), np.ones((3, 3), np.uint8))
        yield np.asarray(edges > 0, np.uint8)


def _quads(cv2: Any, mask: Pixels, least_area: float) -> Iterator[Quad]:
    """The outlines of the mask's large parts that are four-sided."""
    height, width = mask.shape
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        hull = cv2.convexHull(outline)
        if cv2.contourArea(hull) < least_area * height * width:
            continue
        quad = _four_sides(cv2, hull)
        if quad is None or not _is_sheet(quad, (height, width)):
            continue
        if cv2.contourArea(outline) >= _FILLED * _area(quad):
            yield quad


def _four_sides(cv2: Any, hull: NDArray[np.int32]) -> Quad | None:
    """The hull's four longest sides, prolonged until they meet: a thumb cuts a corner off."""
    points = cv2.approxPolyDP(hull, _SIMPLER * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(float)
    if len(points) < 4:
        return None
    sides = np.roll(points, -1, axis=0) - points
    longest = np.sort(np.argsort(-np.linalg.norm(sides, axis=1))[:4])
    corners = []
    for first, second in zip(np.roll(longest, 1), longest, strict=True):
        meets = np.array([sides[first], -sides[second]]).T
        if abs(np.linalg.det(meets)) < 1e-6:
            return None
        corners.append(
            points[first] + sides[first] * np.linalg.solve(meets, points[second] - points[first])[0]
        )
    return _from_upper_left(np.asarray(corners, np.float32))


def _from_upper_left(quad: Quad) -> Quad:
    """The same corners, clockwise as seen from the one at the upper left."""
    ways = quad - quad.mean(axis=0)
    ordered = quad[np.argsort(np.arctan2(ways[:, 1], ways[:, 0]))]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)


def _is_sheet(quad: Quad, shape: tuple[int, int]) -> bool:
    """Corners within the picture and nearly square, sides as those of paper, not the whole picture."""
    height, width = shape
    is_inside = (quad >= -0.02 * max(shape)).all() and (quad <= np.array([width, height]) * 1.02).all()
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.linalg.norm(sides, axis=1)
    if not is_inside or lengths.min() < 1:
        return False
    ways = sides / lengths[:, None]
    angles = np.abs((ways * np.roll(ways, 1, axis=0)).sum(axis=1))
    wide, high = lengths[::2].mean(), lengths[1::2].mean()
    is_oblong = max(wide, high) > _MOST_OBLONG * min(wide, high)
    return (
        bool(angles.max() < _LEAST_ANGLE_COS) and not is_oblong and _area(quad) < _MOST_AREA * height * width
    )


def _area(quad: Quad) -> float:
    following = np.roll(quad, -1, axis=0)
    return abs(float((quad[:, 0] * following[:, 1] - following[:, 0] * quad[:, 1]).sum())) / 2


def _share_ground(quad: Quad, other: Quad) -> bool:
    """The middle of one lies within the other: the same sheet, or a part of it."""
    return _holds(quad, other.mean(axis=0)) or _holds(other, quad.mean(axis=0))


def _holds(quad: Quad, point: NDArray[np.float32]) -> bool:
    edges, ways = np.roll(quad, -1, axis=0) - quad, point - quad
    return bool((edges[:, 0] * ways[:, 1] - edges[:, 1] * ways[:, 0] > 0).all())


def _sides_seen(small: Pixels, quad: Quad) -> int:
    """How many sides are edges of something brighter; 0 if one is not that does not lie on the picture's edge."""
    limit = np.array([small.shape[1] - 1, small.shape[0] - 1], np.float32)
    seen = 0
    for corner, following in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        way = (following - corner) / max(float(np.linalg.norm(following - corner)), 1e-6)
        inward = np.array([-way[1], way[0]])
        places = corner + np.linspace(0.06, 0.94, _SAMPLES)[:, None] * (following - corner)
        outside = places - 2 * _EDGE_PX * inward
        is_within = ((outside >= 0) & (outside <= limit)).all(axis=1)
        if is_within.mean() < 0.5:
            continue
        inner, outer = (
            _at(small, spots[is_within], limit) for spots in (places + _EDGE_PX * inward, outside)
        )
        if ((inner - outer).max(axis=1) > _CONTRAST).mean() < _SEEN:
            return 0
        seen += 1
    return seen


def _at(small: Pixels, places: NDArray[np.float32], limit: NDArray[np.float32]) -> NDArray[np.float32]:
    x, y = np.clip(np.rint(places), 0, limit).astype(int).T
    return np.asarray(small[y, x], np.float32)
