"""Drawings of old Office files."""

from __future__ import annotations

import struct
import zlib

import pytest

from leakwatch.documents.ole2.escher import bitmap, pictures, texts


def shape(*options: tuple[int, str]) -> bytes:
    values = [text.encode("utf-16-le") + b"\0\0" for _, text in options]
    table = b"".join(
        struct.pack("<HI", code | 0x8000, len(value))
        for (code, _), value in zip(options, values, strict=True)
    )
    content = table + b"".join(values)
    return struct.pack("<HHI", len(options) << 4 | 3, 0xF00B, len(content)) + content


def blip(instance: int, content: bytes, kind: int = 0xF01E) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, len(content)) + content


def test_watermarks_and_alternative_texts_of_shapes_are_read() -> None:
    data = b"junk" + shape((0x0080, "x"), (0x00C0, "机密"), (0x0381, "印章的照片")) + b"junk"
    assert [*texts(data)] == [("机密", "水印"), ("印章的照片", "替代文字")]


@pytest.mark.parametrize(
    "data", [b"", shape((0xC0, "机密"))[:12], b"\xf3\xff\x0b\xf0\xff\xff\xff\xff" + b"\xff" * 90]
)
def test_a_broken_shape_says_nothing(data: bytes) -> None:
    assert [*texts(data)] == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (blip(0x6E0, bytes(17) + b"png"), [("png", b"png")]),
        (blip(0x46B, bytes(33) + b"jpg", 0xF01D), [("jpg", b"jpg")]),
        (blip(0x3D4, bytes(50) + zlib.compress(b"emf"), 0xF01A), [("emf", b"emf")]),
        (blip(0x216, bytes(48) + b"\xfe\xfewmf", 0xF01B), [("wmf", b"wmf")]),
        (blip(0x3D4, bytes(50) + b"broken", 0xF01A), []),
        (blip(0x6E0, b"short"), []),
        (blip(0x123, bytes(17) + b"png"), []),
        (b"", []),
    ],
)
def test_pictures_are_taken_out_as_files(data: bytes, expected: list[tuple[str, bytes]]) -> None:
    assert [*pictures(b"\x01\x02" + data)] == expected


def test_a_bitmap_gets_the_header_of_a_file() -> None:
    content = struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 8, 0, 0, 0, 0, 2, 0) + bytes(8) + b"\0\0\0\0"
    assert bitmap(content) == b"BM" + struct.pack("<IHHI", 66, 0, 0, 62) + content
