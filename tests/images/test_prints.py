"""Pictures are known again by their prints, and others are not taken for them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from leakwatch.images.prints import NEAR, PicturePrint, distance, print_of


def page(seed: int) -> Image.Image:
    """Red head and rules are the same for all; the lines of print below them are not."""
    random = np.random.default_rng(seed)
    sheet = Image.new("RGB", (700, 990), (250, 249, 245))
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((120, 110, 580, 160), (210, 30, 40))
    draw.rectangle((90, 230, 610, 234), (210, 30, 40))
    for y in range(280, 900, 30):
        left = 90 + 40 * int(random.integers(0, 2))
        while left < 590 and random.random() < 0.93:
            width = int(random.integers(10, 60))
            draw.rectangle((left, y, min(left + width, 610), y + 15), (40, 38, 44))
            left += width + int(random.integers(4, 40))
    return sheet


def on_desk(sheet: Image.Image) -> Image.Image:
    """Slanted on a dark ground."""
    desk = Image.new("RGB", (1000, 1300), (70, 55, 40))
    turned = sheet.convert("RGBA").rotate(7, Image.Resampling.BICUBIC, expand=True)
    desk.paste(turned, (80, 120), turned)
    return desk


def known(picture: Image.Image) -> PicturePrint:
    found = print_of(picture)
    assert found is not None
    return found


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


SHEET = page(1)
CHANGES = {
    "compressed": jpeg(SHEET, 25),
    "shrunk": SHEET.resize((170, 240)),
    "darker": ImageEnhance.Brightness(SHEET).enhance(0.6),
    "a quarter turned": SHEET.transpose(Image.Transpose.ROTATE_90),
    "on its head": SHEET.transpose(Image.Transpose.ROTATE_180),
    "three quarters turned": SHEET.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_picture_is_known_again(change: str) -> None:
    assert distance(known(SHEET), known(CHANGES[change])) <= NEAR


def test_a_sheet_is_known_again_on_a_photo_of_it() -> None:
    photo = known(on_desk(SHEET))
    assert photo.page is not None
    assert distance(known(SHEET), photo) <= NEAR
    assert distance(known(SHEET), PicturePrint(photo.whole)) > NEAR


def test_pages_under_the_same_head_are_not_taken_for_one_another() -> None:
    prints = [known(page(seed)) for seed in range(12)]
    assert min(distance(one, other) for one in prints for other in prints if one != other) > NEAR


def test_a_mirrored_picture_is_another() -> None:
    assert distance(known(SHEET), known(SHEET.transpose(Image.Transpose.FLIP_LEFT_RIGHT))) > NEAR


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (800, 600), "white"),
        Image.new("RGB", (1, 1), "red"),
        Image.fromarray(np.uint8(np.random.default_rng(1).normal(230, 6, (600, 800, 3)).clip(0, 255))),
    ],
    ids=["blank", "one pixel", "noise of a dark room"],
)
def test_what_shows_next_to_nothing_has_no_print(picture: Image.Image) -> None:
    assert print_of(picture) is None


@pytest.mark.parametrize("size", [(1, 900), (900, 1), (2, 2), (40, 3000), (63, 65)], ids=str)
def test_a_picture_of_any_shape_has_a_print_or_none(size: tuple[int, int]) -> None:
    speckled = np.random.default_rng(2).integers(0, 255, (*size, 3)).astype(np.uint8)
    found = print_of(Image.fromarray(speckled))
    assert found is None or distance(found, found) == 0


@pytest.mark.parametrize("one", [PicturePrint(0), PicturePrint(5, 1 << 255), PicturePrint((1 << 256) - 1)])
def test_a_print_is_kept_as_text(one: PicturePrint) -> None:
    assert PicturePrint.parse(str(one)) == one
