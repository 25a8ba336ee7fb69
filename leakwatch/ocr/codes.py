"""QR and bar codes on a page → what they say, as text; nothing they point to is ever opened.

The code on the first page of many an official document holds its number, title and level;
汉信码 is not decoded: no library at hand can.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata

from PIL import Image

from leakwatch.ocr import Line

SPOT_MATRIX, SPOT_BARS = "二维码", "条形码"


def version() -> str:
    """zxing-cpp and its version, or that there is none: part of the key under which lines are kept."""
    try:
        return f"zxing-cpp {metadata.version('zxing-cpp')}"
    except metadata.PackageNotFoundError:
        return "no codes"


def codes(page: Image.Image) -> Iterator[Line]:
    """A line for each code that says something; none where zxing-cpp is not installed."""
    try:
        import zxingcpp
    except ImportError:
        return

    matrix = [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.MicroQRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.PDF417,
    ]
    # Only those with a checksum: ITF and Codabar are seen in the lines of any table.
    bars = [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code93, zxingcpp.BarcodeFormat.EAN13]
    for code in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats([*matrix, *bars])):
        if not (text := code.text.strip()):
            continue
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        first, second, third, fourth = ((float(corner.x), float(corner.y)) for corner in corners)
        yield Line(
            text=text,
            box=(first, second, third, fourth),
            confidence=1.0,
            spot=SPOT_MATRIX if code.format in matrix else SPOT_BARS,
        )
