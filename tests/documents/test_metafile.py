"""Windows metafiles."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from leakwatch.documents import metafile, reader_for
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def emf(*records: bytes) -> bytes:
    return struct.pack("<II", 1, 88) + bytes(32) + b" EMF" + bytes(44) + b"".join(records)


def run(text: str, height: int) -> bytes:
    raw = text.encode("utf-16-le")
    content = bytes(32) + struct.pack("<iII", height, len(raw) // 2, 76) + bytes(24) + raw
    return struct.pack("<II", 84, 8 + len(content)) + content


def wmf(*records: bytes) -> bytes:
    return b"\xd7\xcd\xc6\x9a" + bytes(18) + b"\x01\0\x09\0\0\x03" + bytes(12) + b"".join(records)


def meta(kind: int, content: bytes) -> bytes:
    content += bytes(len(content) % 2)
    return struct.pack("<IH", 3 + len(content) // 2, kind) + content


GBK = "机密".encode("gbk")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (emf(run("机", 5), run("密", 5), run("下行", 9)), "机密\n下行"),
        (
            wmf(
                meta(0x0A32, struct.pack("<4H", 7, 1, 4, 0) + GBK),
                meta(0x0521, b"\x04\0" + GBK + b"\x09\0\x01\0"),
            ),
            "机密\n机密",
        ),
        (wmf(meta(0x0A32, struct.pack("<4H", 7, 1, 4, 2) + bytes(8) + GBK))[22:], "机密"),
    ],
)
def test_text_is_read_line_by_line(data: bytes, expected: str, keep: Keep, vault: Vault) -> None:
    reader = reader_for(data, "image1.emf")
    assert reader is not None
    assert reader.NAME == "metafile"
    assert [
        row.text for row in reader.read(keep("image1.emf", data), vault) if isinstance(row, TextPiece)
    ] == [expected]


def test_a_bitmap_inside_becomes_evidence(keep: Keep, vault: Vault) -> None:
    head = struct.pack("<IiiHHIIiiII", 40, 100, 70, 1, 24, 0, 0, 0, 0, 0, 0)
    bits = bytes(21_000)
    content = bytes(40) + struct.pack("<4I", 80, 40, 120, len(bits)) + bytes(16) + head + bits
    data = emf(struct.pack("<II", 81, 8 + len(content)) + content)
    (row,) = metafile.read(keep("a.emf", data), vault)
    assert isinstance(row, Evidence)
    assert (row.name, row.path.read_bytes()[14:54]) == ("图1.bmp", head)


@pytest.mark.parametrize("data", [emf(), emf(struct.pack("<II", 84, 0)), wmf(b"\0\0\0\0\0\0")])
def test_a_drawing_without_text_is_not_silent(data: bytes, keep: Keep, vault: Vault) -> None:
    (row,) = metafile.read(keep("a.emf", data), vault)
    assert isinstance(row, Skipped)
    assert row.reason == Reason.INCOMPLETE
