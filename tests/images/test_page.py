"""The sheet of paper on a photo, told from its ground and laid flat."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw, ImageFilter

from leakwatch.errors import Unreadable
from leakwatch.images.page import Pixels, Quad, find_page, find_pages, rectify
from leakwatch.model import Reason

pytest.importorskip("cv2")
Corners = tuple[tuple[int, int], ...]
SLANTED: Corners = ((150, 90), (640, 140), (600, 860), (90, 800))


def photo(corners: Corners, size: tuple[int, int] = (720, 960), desk: int = 100) -> Image.Image:
    """A sheet with lines of print on a grainy desk."""
    random = np.random.default_rng(5)
    grain = random.normal(0, 5, (size[1], size[0], 1)) + np.array([desk, desk * 0.9, desk * 0.75])
    image = Image.fromarray(np.uint8(np.clip(grain, 0, 255)))
    draw = ImageDraw.Draw(image)
    draw.polygon(corners, (236, 234, 228))
    quad = np.array(corners, float)
    for row in np.linspace(0.12, 0.9, 16):
        left, right = (quad[a] + (quad[b] - quad[a]) * row for a, b in ((0, 3), (1, 2)))
        ends = [tuple(left + (right - left) * share) for share in (0.15, 0.85)]
        draw.line(ends, (40, 40, 40), 5)
    return image.filter(ImageFilter.GaussianBlur(1))


def pixels(image: Image.Image) -> Pixels:
    return np.asarray(image, np.uint8)


def distance_px(found: Quad | None, corners: Corners) -> float:
    assert found is not None
    return float(np.abs(found - np.array(corners)).max())


@pytest.mark.parametrize(
    "corners",
    [
        SLANTED,
        ((60, 40), (660, 40), (660, 900), (60, 900)),
        ((120, 330), (620, 180), (690, 620), (180, 790)),
        ((250, 300), (480, 310), (490, 640), (240, 630)),
    ],
)
def test_a_sheet_on_a_desk_is_found_by_its_corners(corners: Corners) -> None:
    assert distance_px(find_page(pixels(photo(corners))), corners) < 10


def test_sheets_beside_one_another_are_found_one_by_one() -> None:
    left: Corners = ((60, 120), (460, 130), (450, 760), (50, 750))
    right: Corners = ((560, 140), (960, 150), (970, 770), (570, 780))
    image = photo(left, (1040, 900))
    image.paste(photo(right, (1040, 900)).crop((510, 0, 1040, 900)), (510, 0))
    found = sorted(find_pages(pixels(image)), key=lambda quad: float(quad[0, 0]))
    assert [distance_px(quad, corners) < 12 for quad, corners in zip(found, (left, right), strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("desk", [30, 170, 205])
def test_dark_and_pale_desks_are_told_from_the_sheet(desk: int) -> None:
    assert distance_px(find_page(pixels(photo(SLANTED, desk=desk))), SLANTED) < 10


def test_half_a_sheet_in_shadow_still_belongs_to_it() -> None:
    lit = pixels(photo(SLANTED)).astype(float)
    lit[:, 360:] *= 0.6
    assert distance_px(find_page(np.uint8(lit)), SLANTED) < 12  # type: ignore[arg-type]


def test_a_thumb_over_a_corner_does_not_bend_the_sheet() -> None:
    image = photo(SLANTED)
    ImageDraw.Draw(image).ellipse((560, 800, 700, 960), (190, 140, 110))
    assert distance_px(find_page(pixels(image)), SLANTED) < 12


def test_the_edge_of_the_picture_stands_for_a_side_outside_of_it() -> None:
    found = find_page(pixels(photo(((120, 100), (600, 110), (640, 1100), (80, 1090)))))
    assert distance_px(found, ((120, 100), (600, 110), (635, 959), (87, 959))) < 12


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (600, 800), "white"),
        photo(((-40, -40), (800, -40), (800, 1000), (-40, 1000))),
        photo(((300, 400), (400, 400), (400, 540), (300, 540))),
        photo(((300, 20), (420, 20), (420, 940), (300, 940))),
        photo(((360, 60), (660, 860), (660, 861), (60, 860))),
    ],
    ids=["blank", "scan", "far too small", "strip", "triangle"],
)
def test_what_is_no_sheet_before_a_ground_gives_none(image: Image.Image) -> None:
    assert find_page(pixels(image)) is None


def test_a_rectified_sheet_is_upright_with_its_print_level() -> None:
    quad = np.array(SLANTED, np.float32)
    laid = rectify(pixels(photo(SLANTED)), quad).astype(float)
    dark = laid.mean(axis=2) < 120
    rows = dark[:, int(dark.shape[1] * 0.2) : int(dark.shape[1] * 0.8)].mean(axis=1)
    assert laid.shape == (721, 514, 3)
    assert ((rows > 0.9).sum() >= 16, (rows < 0.1).sum() > 500) == (True, True)


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_any_pixels_are_looked_at_without_a_fault(image: Pixels) -> None:
    quad = find_page(image)
    assert quad is None or rectify(image, quad).ndim == 3


def test_without_opencv_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(Unreadable) as refused:
        find_page(pixels(Image.new("RGB", (100, 100))))
    assert (refused.value.reason, "photos" in refused.value.detail) == (Reason.NO_ENGINE, True)
