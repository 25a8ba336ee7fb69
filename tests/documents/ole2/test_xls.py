"""Excel 97 to 2007 workbooks, built record by record."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from leakwatch.compound import Place, written
from leakwatch.documents.ole2 import legacy
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def wide(text: str, length: str = "H") -> bytes:
    return struct.pack(f"<{length}", len(text)) + b"\x01" + text.encode("utf-16-le")


def begin(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))


def box(number: int, text: str) -> bytes:
    half = len(text) // 2
    found = record(0x5D, struct.pack("<HHHH", 0x15, 18, 0x19, number) + bytes(14))
    found += record(0x1B6, struct.pack("<10xHH4x", len(text), 16))
    return (
        found
        + record(0x3C, b"\x01" + text[:half].encode("utf-16-le"))
        + record(0x3C, b"\x01" + text[half:].encode("utf-16-le"))
    )


def book(*inside: bytes, sheet: bytes = b"") -> bytes:
    """A workbook with one very hidden sheet 藏 whose C2 says 机密."""
    label = record(0x204, struct.pack("<HHH", 1, 2, 0) + wide("机密"))
    name = wide("藏", "B")
    size = len(begin(5)) + len(b"".join(inside)) + 4 + 6 + len(name) + 4
    start = begin(5) + b"".join(inside) + record(0x85, struct.pack("<IH", size, 2) + name) + record(0x0A)
    return start + begin(0x10) + label + sheet + record(0x0A)


def pieces(data: bytes, keep: Keep, vault: Vault, name: str = "Workbook") -> list[tuple[str | None, str]]:
    parts: dict[Place, bytes | None] = {(name,): data}
    rows = legacy.read(keep("a.xls", written(parts)), vault)
    return [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)]


def test_cells_of_a_very_hidden_sheet_are_read(keep: Keep, vault: Vault) -> None:
    assert pieces(book(), keep, vault) == [("工作表名", "藏"), ("藏!C2:C2", "机密")]


def test_comments_boxes_margins_names_and_charts_are_read(keep: Keep, vault: Vault) -> None:
    sheet = record(0x14, wide('&C&"宋体"秘密★3年')) + record(0x15, wide("&L页脚"))
    sheet += (
        box(1, "批语两段") + box(2, "框里的字") + record(0x1C, struct.pack("<HHHH", 3, 1, 0, 1) + wide("王"))
    )
    sheet += begin(0x20) + record(0x100D, b"\0\0" + wide("图表标题", "B")) + record(0x0A)
    names = record(
        0x18, struct.pack("<HBBHHHBBBB", 0, 0, 2, 0, 0, 0, 0, 0, 0, 0) + b"\x01" + "密表".encode("utf-16-le")
    )
    assert pieces(book(names, sheet=sheet), keep, vault)[2:] == [
        ("定义名称", "密表"),
        ("藏!页眉页脚", "秘密★3年\n页脚"),
        ("藏!B4批注", "批语两段"),
        ("藏!文本框", "框里的字"),
        ("藏!图表", "图表标题"),
    ]


def test_pictures_and_objects_become_evidence(keep: Keep, vault: Vault) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    blip = struct.pack("<HHI", 0x6E00, 0xF01E, 17 + len(png)) + bytes(17) + png
    data = book(record(0xEB, blip[:30]) + record(0x3C, blip[30:]))
    native = struct.pack("<IH", 0, 2) + b"a.txt\0C\0" + bytes(8) + struct.pack("<I", 3) + b"abc"
    parts: dict[Place, bytes | None] = {("Workbook",): data, ("MBD0001", "\x01Ole10Native"): native}
    rows = [row for row in legacy.read(keep("a.xls", written(parts)), vault) if isinstance(row, Evidence)]
    assert [(row.name, row.path.read_bytes()) for row in rows] == [("图1.png", png), ("a.txt", b"abc")]


def test_a_locked_workbook_is_a_password_case(keep: Keep, vault: Vault) -> None:
    with pytest.raises(Unreadable) as caught:
        pieces(book(record(0x2F, bytes(6))), keep, vault)
    assert caught.value.reason == Reason.PASSWORD


def test_a_cell_in_the_last_corner_is_read_without_the_rectangle(keep: Keep, vault: Vault) -> None:
    cells = record(0x203, struct.pack("<HHHd", 1, 3, 0, 13800000000.0))
    cells += record(0x27E, struct.pack("<HHHI", 2, 0, 0, 7 << 2 | 3))
    cells += record(0xBD, struct.pack("<HHHIHIH", 3, 1, 0, 5 << 2 | 2, 0, 6 << 2 | 2, 2))
    cells += record(0xFD, struct.pack("<HHHI", 4, 0, 0, 1)) + record(
        0x204, struct.pack("<HHH", 65535, 255, 0) + wide("角落")
    )
    second = wide("内部资料" * 3000)
    strings = record(0xFC, struct.pack("<II", 2, 2) + wide("甲") + second[:8003])
    strings += record(0x3C, b"\x01" + second[8003:14003]) + record(0x3C, b"\x01" + second[14003:])
    assert pieces(book(strings, sheet=cells), keep, vault) == [
        ("工作表名", "藏"),
        ("藏!A2:D5", "机密\t13800000000\n0.07\n5\t6\n" + "内部资料" * 3000),
        ("藏!IV65536:IV65536", "角落"),
    ]


def test_a_workbook_that_calamine_gives_up_is_read_row_by_row(keep: Keep, vault: Vault) -> None:
    broken = record(0x27E, b"")  # calamine asks for more than there is
    rows = legacy.read(keep("a.xls", written({("Workbook",): book(sheet=broken)})), vault)
    found: list[tuple[str | None, str]] = []
    with pytest.raises(Unreadable):
        for row in rows:
            assert isinstance(row, TextPiece)
            found.append((row.spot, row.text))
    assert found == [("工作表名", "藏"), ("藏!C2:C2", "机密")]
