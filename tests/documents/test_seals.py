"""Electronic seals."""

from __future__ import annotations

import pytest

from leakwatch.documents.seals import names, pictures

NAME = "青石市测试局".encode()
PICTURE = b"\x16\x03png\x04\x03abc"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PICTURE, [("png", b"abc")]),
        (b"\x0c\x04JPEG\x04\x81\x02xy" + PICTURE, [("jpeg", b"xy"), ("png", b"abc")]),
        (b"\x16\x03ofd\x04\x83\0\0\x01z", [("ofd", b"z")]),
        (b"\x16\x03png\x04\x84\xff\xff\xff\xffabc", []),
        (b"\x16\x03png\x05\x03abc", []),
        (PICTURE[:-1], []),
        (b"", []),
    ],
)
def test_pictures_are_found_by_their_type(data: bytes, expected: list[tuple[str, bytes]]) -> None:
    assert [*pictures(data)] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x0c" + bytes([len(NAME)]) + NAME, ["青石市测试局"]),
        (b"\x0c\x05Latin\x0c" + bytes([len(NAME)]) + NAME[:-1], []),
        (b"\x0c\x03\xff\xff\xff", []),
    ],
)
def test_only_chinese_names_are_taken(data: bytes, expected: list[str]) -> None:
    assert names(data) == expected
