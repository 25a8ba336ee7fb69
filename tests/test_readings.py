"""What is done with the inside of a file comes back as values."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from leakwatch.images.prints import PicturePrint, distance
from leakwatch.model import Evidence
from leakwatch.readings import layouts, picture_print
from leakwatch.redhead import layout_of

PICTURES = Path(__file__).parent / "redhead" / "pictures"
Keep = Callable[[str, bytes], Evidence]


def page(format: str, quality: int = 90) -> bytes:
    sheet = Image.new("RGB", (420, 594), "white")
    draw = ImageDraw.Draw(sheet)
    for row in range(20):
        draw.rectangle((40, 40 + 26 * row, 60 + 37 * (row * 7 % 10), 54 + 26 * row), "black")
    opened = io.BytesIO()
    sheet.save(opened, format, quality=quality)
    return opened.getvalue()


@pytest.mark.parametrize("name", ["远拍", "两页"])
def test_a_red_head_is_seen_on_a_sheet_that_takes_a_part_of_the_photo(keep: Keep, name: str) -> None:
    file = keep("1.jpg", (PICTURES / f"{name}.jpg").read_bytes())
    with Image.open(file.path) as photo:
        assert not layout_of(photo.convert("RGB")).has_head
    assert [layout.has_head for layout in layouts(file)] == [True]


@pytest.mark.parametrize("top", [40, 5200, 15_300])
@pytest.mark.parametrize(("name", "has_head"), [("文件", True), ("联合发文", True), ("菜单", False)])
def test_a_red_head_is_seen_in_a_long_screenshot(keep: Keep, name: str, has_head: bool, top: int) -> None:
    screen = Image.new("RGB", (1080, 16_000), (237, 237, 237))
    with Image.open(PICTURES / f"{name}.jpg") as photo:
        screen.paste(photo, (160, top))
    opened = io.BytesIO()
    screen.save(opened, "JPEG", quality=80)
    assert [layout.has_head for layout in layouts(keep("1.jpg", opened.getvalue()))] == [has_head]


def test_without_opencv_the_whole_picture_is_looked_at(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    file = keep("1.jpg", (PICTURES / "末页.jpg").read_bytes())
    assert [layout.has_seal for layout in layouts(file)] == [True]


@pytest.mark.parametrize("name", ["菜单", "晚报", "红漆桌", "证书"])
def test_a_sheet_without_a_red_head_has_none_from_nearby(keep: Keep, name: str) -> None:
    file = keep("1.jpg", (PICTURES / f"{name}.jpg").read_bytes())
    assert [layout.has_head for layout in layouts(file)] == [False]


def test_a_picture_is_known_again_whatever_format_it_was_saved_in(keep: Keep) -> None:
    files = [keep("1.png", page("PNG")), keep("2.jpg", page("JPEG", 30))]
    one, other = (PicturePrint.parse(made) for file in files for made in picture_print(file))
    assert distance(one, other) <= 8


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xe0", page("JPEG")[:30], b"GIF89a", b"text"])
def test_what_cannot_be_opened_has_no_print(keep: Keep, data: bytes) -> None:
    assert list(picture_print(keep("1.jpg", data))) == []


def test_a_blank_picture_has_none(keep: Keep) -> None:
    opened = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(opened, "PNG")
    assert list(picture_print(keep("1.png", opened.getvalue()))) == []
