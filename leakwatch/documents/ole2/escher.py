"""Drawings of old Office files (OfficeArt): WordArt text, alternative texts, and the pictures.

Field map (MS-ODRAW): a record is version/instance, type, length; F00B holds the properties of a shape, where
0x00C0 is the text of a WordArt (watermarks are such), 0x0381 the alternative text; F01A–F029 hold a picture.
Records are looked for wherever they lie: Word keeps pictures in Data, PowerPoint in Pictures, and all three
wrap drawings in records of their own.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

_WORD_ART, _DESCRIPTION = 0x00C0, 0x0381
_PROPERTIES = re.compile(
    rb"[\x03\x13\x23\x33\x43\x53\x63\x73\x83\x93\xa3\xb3\xc3\xd3\xe3\xf3].\x0b\xf0", re.DOTALL
)
# instance → (name, bytes between the record header and the picture); one with two hashes has 16 more.
_BLIPS = {
    0x3D4: ("emf", 50), 0x3D5: ("emf", 66), 0x216: ("wmf", 50), 0x217: ("wmf", 66),
    0x542: ("pict", 50), 0x543: ("pict", 66),
    0x46A: ("jpg", 17), 0x46B: ("jpg", 33), 0x6E2: ("jpg", 17), 0x6E3: ("jpg", 33),
    0x6E0: ("png", 17), 0x6E1: ("png", 33), 0x7A8: ("bmp", 17), 0x7A9: ("bmp", 33),
    0x6E4: ("tif", 17), 0x6E5: ("tif", 33),
}  # fmt: skip
_BLIP = re.compile(rb"..[\x1a-\x1f\x29\x2a]\xf0", re.DOTALL)
_HEADER = 8
_METAFILES = ("emf", "wmf", "pict")
_MOST_TEXT_BYTES = 1 << 20
_MOST_PICTURE_BYTES = 64 << 20


def texts(data: bytes) -> Iterator[tuple[str, str]]:
    """(text, spot) of WordArt (水印) and alternative texts (替代文字) of all shapes in the data."""
    end = 0
    for found in _PROPERTIES.finditer(data):
        if found.start() < end:
            continue
        head, _, size = struct.unpack_from("<HHI", data.ljust(found.end() + 4, b"\0"), found.start())
        start = found.start() + _HEADER
        if (head >> 4) * 6 <= size <= min(_MOST_TEXT_BYTES, len(data) - start):
            end = start + size
            yield from _shape_texts(data[start:end], head >> 4)


def _shape_texts(options: bytes, count: int) -> Iterator[tuple[str, str]]:
    """The texts stand behind the table of properties, in its order."""
    at = count * 6
    for number in range(count):
        code, size = struct.unpack_from("<HI", options, number * 6)
        if not code & 0x8000:
            continue
        if code & 0x3FFF in (_WORD_ART, _DESCRIPTION):
            text = options[at : at + size].decode("utf-16-le", "replace").split("\0", 1)[0].strip()
            if text:
                yield text, "水印" if code & 0x3FFF == _WORD_ART else "替代文字"
        at += size


def pictures(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(extension, content) of every picture record in the data."""
    end = 0
    for found in _BLIP.finditer(data):
        if found.start() < end or found.end() + 4 > len(data):
            continue
        head, _, size = struct.unpack_from("<HHI", data, found.start())
        kind, before = _BLIPS.get(head >> 4, ("", 0))
        if not kind or head & 0xF or not before < size <= _MOST_PICTURE_BYTES:
            continue
        start = found.start() + _HEADER
        content = _picture(kind, data[start + before : start + size], data[start + before - 2])
        if content:
            end = start + size
            yield kind, content


def _picture(kind: str, content: bytes, compression: int) -> bytes:
    """The picture as a file: metafiles are deflated, bitmaps lack the header of a file."""
    if kind == "bmp":
        return bitmap(content)
    if kind not in _METAFILES or compression != 0:
        return content
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(content, _MOST_PICTURE_BYTES)
    except zlib.error:
        return b""


def bitmap(content: bytes) -> bytes:
    """A device-independent bitmap with the header of a file."""
    if len(content) < 40:
        return content
    size, _, _, _, depth = struct.unpack_from("<IiiHH", content)
    colours = struct.unpack_from("<I", content, 32)[0] or (1 << depth if depth <= 8 else 0)
    return (
        b"BM" + struct.pack("<IHHI", 14 + len(content), 0, 0, 14 + size + colours * 4 & 0xFFFFFFFF) + content
    )
