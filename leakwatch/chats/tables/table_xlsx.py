"""Rows of the sheets of an XLSX workbook as text, and whether the workbook is a chat."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from itertools import chain, islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from leakwatch.chats.tables.table_headers import Layout, layout_of, shows_clocks
from leakwatch.chats.tables.table_peek import first_rows, is_to_be_streamed, streamed
from leakwatch.errors import Unreadable
from leakwatch.model import Reason

_HEADER_WITHIN = 10
_ROWS_TO_SNIFF = 30
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_MAX_INFLATED = 1 << 18
_EXPORTED = re.compile(r"聊天记录|群聊|私聊|^(?:group|friend)_", re.IGNORECASE)
_CELL_TEXT = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet that has rows; without a layout it is no chat."""

    name: str
    layout: Layout | None
    preamble: list[list[str]]
    rows: Iterable[list[str]]
    first_row: int = 1
    """The number of the first of the rows, as Excel counts."""


def is_workbook(head: bytes) -> bool:
    """Whether the head is that of an XLSX file, by what it holds and not by its name."""
    return head.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in head and b"xl/" in head


def is_chat(head: bytes, name: str) -> bool:
    """Whether a sheet has the header of a chat; of a file beyond the head, whether its strings say so.

    Some writers put the strings behind the sheets: then only the name that exporters give is left.
    """
    if peeked := first_rows(io.BytesIO(head)):
        return any(map(is_chat_sheet, peeked))
    headers = list(_headers(head))
    return any(map(_is_sure, headers)) if headers else _EXPORTED.search(name) is not None


def is_chat_file(path: Path) -> bool:
    """Whether a sheet has the header of a chat."""
    return any(map(is_chat_sheet, first_rows(path)))


def sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet that has rows, each to be read before the next; Unreadable for a damaged workbook.

    calamine holds a sheet as a full rectangle: a lone cell at XFD1048576 asks for 512 GiB and aborts the
    process. Workbooks with such a sheet are streamed instead.
    """
    loaded = streamed(path) if is_to_be_streamed(path) else _loaded(path)
    for name, rows in loaded:
        sheet = sheet_of(name, rows)
        if sheet is not None:
            yield sheet


def rows_of(path: Path, name: str) -> Iterator[list[str]]:
    """The rows of that sheet, from the first."""
    for sheet_name, rows in streamed(path) if is_to_be_streamed(path) else _loaded(path):
        if sheet_name == name:
            yield from rows
            return


def _loaded(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    with _calamine("电子表格文件已损坏，无法打开"):
        workbook = CalamineWorkbook.from_path(path)
    try:
        for name in workbook.sheet_names:
            with _calamine(f"工作表“{name}”已损坏，无法读取"):
                rows = workbook.get_sheet_by_name(name).iter_rows()
            yield name, ([_text(cell) for cell in row] for row in rows)
    finally:
        workbook.close()


@contextmanager
def _calamine(what: str) -> Iterator[None]:
    """calamine's errors as Unreadable; a panic of its Rust code is a BaseException without a module."""
    try:
        yield
    except BaseException as why:
        is_panic = type(why).__name__ == "PanicException"
        if not is_panic and not isinstance(why, CalamineError | OSError | ValueError):
            raise
        raise Unreadable(Reason.DAMAGED, f"{what}；请重新导出或用 WPS 另存后再检查") from why


def sheet_of(name: str, rows: Iterator[list[str]]) -> Sheet | None:
    first: list[list[str]] = []
    for row in islice(rows, _HEADER_WITHIN):
        if (layout := layout_of(_trimmed(row))) is not None:
            return Sheet(name=name, layout=layout, preamble=first, rows=rows, first_row=len(first) + 2)
        first.append(row)
    return Sheet(name=name, layout=None, preamble=[], rows=chain(first, rows)) if first else None


def is_chat_sheet(rows: Sequence[list[str]]) -> bool:
    for number, row in enumerate(rows[:_HEADER_WITHIN], 1):
        if (layout := layout_of(_trimmed(row))) is not None:
            return layout.is_sure or shows_clocks(layout, rows[number:][:_ROWS_TO_SNIFF])
    return False


def _trimmed(row: list[str]) -> list[str]:
    """The row without the empty cells at its end, which a wide preamble leaves behind."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _text(cell: object) -> str:
    """A cell as a person reads it; Excel's times carry rounding noise below the second."""
    if isinstance(cell, datetime):
        return (cell + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat(" ")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _is_sure(header: Sequence[str]) -> bool:
    layout = layout_of(header)
    return layout is not None and layout.is_sure


def _headers(head: bytes) -> Iterator[list[str]]:
    """Runs of the first strings of a workbook that was cut off; its directory stands at the lost end."""
    for data in _members(head):
        found = [unescape(text) for text in _CELL_TEXT.findall(data.decode("utf-8", "replace"))[:80]]
        for start in range(min(len(found), 40)):
            for width in range(3, 14):
                yield found[start : start + width]


def _members(head: bytes) -> Iterator[bytes]:
    """The beginnings of the shared strings and the sheets, as far as the head holds them."""
    at = 0
    while (at := head.find(b"PK\x03\x04", at)) >= 0 and at + _LOCAL_HEADER.size <= len(head):
        fields = _LOCAL_HEADER.unpack_from(head, at)
        start = at + _LOCAL_HEADER.size
        name = head[start : start + fields[9]]
        body = head[start + fields[9] + fields[10] :]
        at = start
        if name == b"xl/sharedStrings.xml" or name.startswith(b"xl/worksheets/sheet"):
            try:
                yield (
                    zlib.decompressobj(-15).decompress(body, _MAX_INFLATED)
                    if fields[3] == 8
                    else body[:_MAX_INFLATED]
                )
            except zlib.error:
                continue
