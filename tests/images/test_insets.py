"""The pictures that a screenshot shows are found by the flat ground around them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from leakwatch.images.insets import insets
from leakwatch.images.page import Pixels

LIGHT, DARK = (237, 237, 237), (25, 25, 25)
Box = tuple[int, int, int, int]


def photo(width: int, height: int) -> Image.Image:
    """Something of many colours."""
    spots = np.random.default_rng(7).uniform(30, 220, (9, 12, 3))
    return Image.fromarray(np.uint8(spots)).resize((width, height), Image.Resampling.BICUBIC)


def screen(ground: tuple[int, int, int], *boxes: Box) -> Pixels:
    """A chat with lines of text and photos at those places."""
    image = Image.new("RGB", (1080, 2160), ground)
    draw = ImageDraw.Draw(image)
    for row in range(8):
        draw.text((20, 60 + 260 * row), f"09:{row:02d}", "gray", font_size=40)
    for left, top, right, bottom in boxes:
        image.paste(photo(right - left, bottom - top), (left, top))
    return np.asarray(image)


@pytest.mark.parametrize("ground", [LIGHT, DARK])
@pytest.mark.parametrize(
    "boxes", [[(160, 300, 760, 750)], [(160, 200, 500, 900), (300, 1300, 900, 1800)], []]
)
def test_each_photo_is_cut_out_without_its_rim(ground: tuple[int, int, int], boxes: list[Box]) -> None:
    shown = sorted(inset.shape[:2] for inset in insets(screen(ground, *boxes)))
    sizes = sorted((bottom - top, right - left) for left, top, right, bottom in boxes)
    assert len(shown) == len(sizes)
    for seen, size in zip(shown, sizes, strict=True):
        assert all(0 <= whole - side < 20 for side, whole in zip(seen, size, strict=True))


def test_a_photo_has_no_flat_ground() -> None:
    assert list(insets(np.asarray(photo(1200, 900)))) == []


def test_an_icon_is_no_picture() -> None:
    assert list(insets(screen(LIGHT, (20, 60, 120, 160)))) == []


@given(
    size=st.tuples(st.integers(1, 90), st.integers(1, 900)),
    ground=st.integers(0, 255),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60)
def test_no_picture_breaks_it(size: tuple[int, int], ground: int, share: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    pixels = np.full((*size, 3), ground, np.uint8)
    pixels[: round(size[0] * share)] = random.integers(0, 256, (round(size[0] * share), size[1], 3))
    assert all(min(inset.shape[:2]) > 0 for inset in insets(pixels))
