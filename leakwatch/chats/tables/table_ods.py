"""Rows of the sheets of an OpenDocument workbook (.ods, .ots, .sxc), streamed: no sheet is ever held as a rectangle.

LibreOffice and WPS write the empty rest of a sheet as one cell or row with a count: repeated blanks are nothing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from lxml import etree

from leakwatch.chats.tables.table_peek import MOST_BYTES, UNREADABLE
from leakwatch.chats.tables.table_xlsx import Sheet, is_chat_sheet, sheet_of
from leakwatch.errors import Unreadable
from leakwatch.model import Reason

_MIMETYPES = (b"opendocument.spreadsheet", b"vnd.sun.xml.calc")
_MIMETYPE_WITHIN = 128
_CONTENT = "content.xml"
_ROWS_TO_SNIFF = 40
_MOST_COLUMNS = 200
_MOST_REPEATED = 1000
"""Copies of a row or cell with words in it: a count alone must not make a million messages."""
_BLANKS = {"tab": "\t", "s": " ", "line-break": "\n"}
_FAILED = ("Err:", "#")
_NOT_SHOWN = frozenset({"annotation", "ruby-text"})


def is_workbook(head: bytes) -> bool:
    """Whether the head says so in its first part, as the standard asks."""
    start = head[:_MIMETYPE_WITHIN]
    return start.startswith(b"PK\x03\x04") and any(name in start for name in _MIMETYPES)


def is_chat(source: Path | bytes) -> bool:
    """Whether a sheet of a file, or of a head that may hold all of it, has the header of a chat."""
    opened = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        return any(is_chat_sheet(list(islice(rows, _ROWS_TO_SNIFF))) for _, rows in _loaded(opened))
    except Unreadable:
        return False


def sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet that has rows, each to be read before the next; Unreadable for a damaged file."""
    for name, rows in _loaded(path):
        if (sheet := sheet_of(name, rows)) is not None:
            yield sheet


def _loaded(source: Path | IO[bytes]) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Name and rows of each sheet; rows that nobody took are passed over."""
    with _damage_told(), zipfile.ZipFile(source) as archive, archive.open(_CONTENT) as opened:
        if archive.getinfo(_CONTENT).file_size > MOST_BYTES:
            detail = "电子表格解开后超过 1 GiB，未按聊天记录读取；请分成几个文件导出后再检查"
            raise Unreadable(Reason.TOO_BIG, detail)
        steps = _steps(opened)
        for event, element in steps:
            if event == "start" and _local(element) == "table":
                rows = _rows(steps)
                yield _attribute(element, "name"), rows
                for _ in rows:
                    pass


def _steps(opened: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    """Sheets as they open, rows and sheets as they close.

    A generator of its own: whoever takes a row meets the damage in it, not the loop over the sheets.
    """
    with _damage_told():
        yield from etree.iterparse(
            opened,
            events=("start", "end"),
            tag=("{*}table", "{*}table-row"),
            resolve_entities=False,
            no_network=True,
        )


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except UNREADABLE as why:
        detail = "电子表格文件已损坏，无法读完；请重新导出或用 WPS 另存后再检查"
        raise Unreadable(Reason.DAMAGED, detail) from why


def _rows(steps: Iterator[tuple[str, etree._Element]]) -> Iterator[list[str]]:
    """The rows up to the end of the sheet that hold any words."""
    for event, element in steps:
        if event == "start":
            continue
        if _local(element) == "table":
            return
        cells = _cells(element)
        for _ in range(_count(element, "number-rows-repeated") if cells else 0):
            yield list(cells)
        element.clear()
        while (before := element.getprevious()) is not None:
            before.getparent().remove(before)  # type: ignore[union-attr]  # what stands before it has a parent


def _cells(row: etree._Element) -> list[str]:
    """What each cell shows, without the empty ones at the end; times as exact as they are stored."""
    cells: list[str] = []
    blanks = 0
    for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        if shown := _attribute(cell, "date-value") or _shown(cell):
            cells += [""] * min(blanks, _MOST_COLUMNS)
            cells += [shown] * _count(cell, "number-columns-repeated")
            blanks = 0
        else:
            blanks += _count(cell, "number-columns-repeated")
    return cells


def _shown(cell: etree._Element) -> str:
    """What stands in it; of a failed formula the formula: a message that begins with = was taken for one."""
    said = "\n".join("".join(_words(each)) for each in cell.iterchildren("{*}p")).strip()
    formula = _attribute(cell, "formula") if not said or said.startswith(_FAILED) else ""
    return formula.removeprefix("of:") or said or _attribute(cell, "value")


def _words(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element.iterchildren("*"):
        name = _local(child)
        if name in _BLANKS:
            yield _BLANKS[name] * _count(child, "c")
        elif name not in _NOT_SHOWN:
            yield from _words(child)
        yield child.tail or ""


def _count(element: etree._Element, name: str) -> int:
    digits = _attribute(element, name)
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 9
    return min(int(digits), _MOST_REPEATED) if is_number else 1


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
