"""Chats in Excel 97 workbooks, built record by record."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import datetime

from leakwatch import readings
from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.tables import table
from leakwatch.compound import Place, written
from leakwatch.model import SHANGHAI, Evidence, Message, Precision, TextPiece
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]

HEADER = ["发送时间", "发送人", "会话名称", "消息内容"]
ROWS = [
    ["2031-05-06 08:01:02", "王明远", "值班群", "机密★10年"],
    ["2031-05-06 08:02:02", "李青", "值班群", "收到"],
]


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def begin(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))


def label(row: int, column: int, text: str) -> bytes:
    words = struct.pack("<H", len(text)) + b"\x01" + text.encode("utf-16-le")
    return record(0x204, struct.pack("<HHH", row, column, 0) + words)


def book(*cells: bytes) -> bytes:
    name = bytes([2, 1]) + "聊天".encode("utf-16-le")
    start = len(begin(5)) + 4 + 6 + len(name) + 4
    whole = begin(5) + record(0x85, struct.pack("<IH", start, 0) + name) + record(0x0A)
    margin = "&C内部资料"
    header = record(0x14, struct.pack("<H", len(margin)) + b"\x01" + margin.encode("utf-16-le"))
    parts: dict[Place, bytes | None] = {
        ("Workbook",): whole + begin(0x10) + header + b"".join(cells) + record(0x0A)
    }
    return written(parts)


def export() -> bytes:
    table_rows = [HEADER, *ROWS]
    return book(
        *(label(at, place, cell) for at, row in enumerate(table_rows) for place, cell in enumerate(row))
    )


def test_a_row_is_a_message(keep: Keep) -> None:
    file = keep("消息审计.xls", export())
    assert reader_for(file) is table
    found = [item for item in table.read(file, Alone()) if isinstance(item, Message)]
    assert [(m.chat.name, m.sender, m.text, m.sent_at) for m in found] == [
        ("值班群", "王明远", "机密★10年", datetime(2031, 5, 6, 8, 1, 2, tzinfo=SHANGHAI)),
        ("值班群", "李青", "收到", datetime(2031, 5, 6, 8, 2, 2, tzinfo=SHANGHAI)),
    ]


def test_excel_dates_are_serial_numbers(keep: Keep) -> None:
    cells = [label(0, place, name) for place, name in enumerate(HEADER)]
    cells.append(record(0x203, struct.pack("<HHHd", 1, 0, 0, 45413.708391203704)))
    cells += [label(1, place, text) for place, text in ((1, "王明远"), (2, "值班群"), (3, "收到"))]
    (message,) = (
        item for item in table.read(keep("a.xls", book(*cells)), Alone()) if isinstance(item, Message)
    )
    assert (message.sent_at, message.precision) == (
        datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
        Precision.SECOND,
    )


def test_what_stands_outside_the_cells_is_read_beside(keep: Keep, vault: Vault) -> None:
    rows = readings.around(keep("a.xls", export()), table.NAME, vault)
    assert [(row.spot, row.text) for row in rows if isinstance(row, TextPiece)] == [
        ("工作表名", "聊天"),
        ("聊天!页眉页脚", "内部资料"),
    ]


def test_a_roster_is_no_chat(keep: Keep) -> None:
    rows = [["姓名", "日期", "内容"], ["王明远", "2031-05-06", "值班"]]
    cells = (label(at, place, cell) for at, row in enumerate(rows) for place, cell in enumerate(row))
    assert reader_for(keep("值班表.xls", book(*cells))) is None
