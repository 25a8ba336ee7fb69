"""Every page of a picture is read, with the codes on it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import util

import pytest
from PIL import Image

from leakwatch.model import Evidence
from leakwatch.ocr import Line, picture
from leakwatch.ocr.codes import codes, version

Keep = Callable[[str, bytes], Evidence]
LINE = Line(text="值班表", box=((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)), confidence=1.0)
needs_zxing = pytest.mark.skipif(util.find_spec("zxingcpp") is None, reason="zxing-cpp is not installed")


def code(text: str, name: str = "QRCode") -> Image.Image:
    import zxingcpp

    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, name))
    return Image.fromarray(made.to_image(scale=3, add_quiet_zones=True)).convert("RGB")


def tiff(*pages: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    return buffer.getvalue()


def test_every_page_with_room_for_text_is_read(keep: Keep) -> None:
    file = keep("传真.tif", tiff(*(Image.new("RGB", size) for size in [(90, 60), (9, 9), (60, 90)])))
    assert picture.lines(file.path, lambda page: [LINE]) == [LINE, replace(LINE, spot="第3页")]


@needs_zxing
def test_the_codes_of_a_page_follow_its_lines(keep: Keep) -> None:
    file = keep("传真.tif", tiff(code("https://example.invalid/会议"), code("秘密★1年 云环密发〔2031〕7号")))
    found = [(line.spot, line.text) for line in picture.lines(file.path, lambda page: [LINE])]
    assert found == [
        ("", "值班表"),
        ("二维码", "https://example.invalid/会议"),
        ("第2页", "值班表"),
        ("第2页二维码", "秘密★1年 云环密发〔2031〕7号"),
    ]


@needs_zxing
@pytest.mark.parametrize(
    ("name", "text", "spot"),
    [
        ("QRCode", "王明远 13800000000", "二维码"),
        ("PDF417", "GB0626^云岭区生态环境局^机密", "二维码"),
        ("DataMatrix", "000012", "二维码"),
        ("Aztec", "000012", "二维码"),
        ("Code128", "YL-2031-000012", "条形码"),
    ],
)
@pytest.mark.parametrize("degrees", [0, 90, 180])
def test_a_code_is_read_and_placed_on_the_page(name: str, text: str, spot: str, degrees: int) -> None:
    page = Image.new("RGB", (1200, 1200), "white")
    page.paste(code(text, name).rotate(degrees, expand=True, fillcolor="white"), (500, 500))
    (found,) = codes(page)
    assert (found.text, found.spot) == (text, spot)
    assert all(500 <= x <= 1200 and 500 <= y <= 1200 for x, y in found.box)


@needs_zxing
@pytest.mark.parametrize(("name", "text"), [("ITF", "00001234567895"), ("Codabar", "A12345A")])
def test_bars_without_a_checksum_are_not_taken_for_a_code(name: str, text: str) -> None:
    assert list(codes(code(text, name))) == []


def test_a_page_without_codes_has_none() -> None:
    assert list(codes(Image.effect_noise((300, 300), 90).convert("RGB"))) == []


def test_without_zxing_there_are_no_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    assert list(codes(Image.new("RGB", (90, 90)))) == []


@needs_zxing
def test_what_reads_codes_is_part_of_the_key_of_kept_lines() -> None:
    assert version().startswith("zxing-cpp ")
