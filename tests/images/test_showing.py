"""Pictures as browsers are given them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from leakwatch.errors import Unreadable
from leakwatch.images.showing import shown

_ORIENTATION, _MAKER = 0x0112, 0x010F


def _photo(path: Path, orientation: int = 1) -> Path:
    exif = Image.Exif()
    exif[_ORIENTATION], exif[_MAKER] = orientation, "secret maker"
    Image.new("RGB", (60, 40), "white").save(path, "JPEG", exif=exif, comment=b"secret comment")
    return path


def test_nothing_but_pixels_is_left(tmp_path: Path) -> None:
    (page,) = shown(_photo(tmp_path / "1.jpg"), "")
    assert b"secret" not in page.jpeg
    assert not Image.open(BytesIO(page.jpeg)).getexif()


def test_boxes_are_measured_on_the_upright_picture(tmp_path: Path) -> None:
    (page,) = shown(_photo(tmp_path / "1.jpg", orientation=6), "")
    assert (page.width_px, page.height_px) == (40, 60)
    assert Image.open(BytesIO(page.jpeg)).size == (40, 60)


def test_a_huge_picture_is_scaled_down_but_told_at_its_size(tmp_path: Path) -> None:
    path = tmp_path / "1.png"
    Image.new("L", (4_800, 600)).save(path)
    (page,) = shown(path, "")
    assert (page.width_px, page.height_px) == (4_800, 600)
    assert Image.open(BytesIO(page.jpeg)).size == (2_400, 300)


@pytest.mark.parametrize(
    ("spot", "colour"), [("", 0), ("二维码", 0), ("第2页", 255), ("第2页二维码", 255), ("第9页", 0)]
)
def test_the_page_of_the_spot_is_shown(tmp_path: Path, spot: str, colour: int) -> None:
    path = tmp_path / "1.tif"
    first, second = Image.new("L", (50, 50), 0), Image.new("L", (50, 50), 255)
    first.save(path, "TIFF", save_all=True, append_images=[second])
    (page,) = shown(path, spot)
    assert Image.open(BytesIO(page.jpeg)).convert("L").getpixel((25, 25)) == colour


def test_what_is_no_picture_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "1.jpg"
    path.write_bytes(b"<script>alert(1)</script>")
    with pytest.raises(Unreadable):
        list(shown(path, ""))
