"""Document properties of OLE2 files."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from leakwatch.compound import Compound, Place, written
from leakwatch.documents.properties import properties

CUSTOM = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")


def value(text: bytes, kind: int = 0x1E) -> bytes:
    return struct.pack("<II", kind, len(text) // (2 if kind == 0x1F else 1)) + text


def section(kind: bytes, values: dict[int, bytes]) -> bytes:
    table, content = b"", b""
    for key, data in values.items():
        table += struct.pack("<II", key, 8 + 8 * len(values) + len(content))
        content += data.ljust(len(data) + -len(data) % 4, b"\0")
    body = struct.pack("<II", 8 + len(table) + len(content), len(values)) + table + content
    return b"\xfe\xff" + bytes(22) + struct.pack("<I16sI", 1, kind, 48) + body


def said(parts: dict[Place, bytes | None], folder: Path) -> str:
    path = folder / "a.doc"
    path.write_bytes(written(parts))
    with Compound(path) as compound:
        return properties(compound)


@pytest.mark.parametrize(
    ("page", "text", "kind"),
    [
        (936, "机密方案".encode("gbk"), 0x1E),
        (1252, "机密方案".encode("gbk"), 0x1E),
        (65001, "机密方案".encode(), 0x1E),
        (1200, "机密方案".encode("utf-16-le"), 0x1E),
        (936, "机密方案".encode("utf-16-le"), 0x1F),
    ],
)
def test_the_title_is_read_in_the_page_that_fits(page: int, text: bytes, kind: int, tmp_path: Path) -> None:
    data = section(
        bytes(16), {1: struct.pack("<IH", 2, page), 2: value(text + b"\0\0", kind), 9: value(b"unread")}
    )
    assert said({("\x05SummaryInformation",): data}, tmp_path) == "机密方案"


def test_custom_properties_come_with_their_names(tmp_path: Path) -> None:
    name = "密级".encode("gbk") + b"\0"
    names = struct.pack("<III", 1, 2, len(name)) + name
    data = section(CUSTOM, {1: struct.pack("<IH", 2, 936), 0: names, 2: value("秘密".encode("gbk"))})
    assert said({("\x05DocumentSummaryInformation",): data}, tmp_path) == "密级：秘密"


@pytest.mark.parametrize("data", [b"", b"\xff" * 200, bytes(200)])
def test_broken_properties_say_nothing(data: bytes, tmp_path: Path) -> None:
    assert said({("\x05SummaryInformation",): data}, tmp_path) == ""
