"""The first rows of the sheets of an XLSX workbook of any size, without loading its sheets."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from lxml import etree

_ROWS = 10
_MOST_CELLS = 200
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)
"""What a damaged or locked archive raises: RuntimeError is a password or an unknown compression."""


def holds_workbook(path: Path) -> bool:
    """Whether the archive holds a workbook; some writers put the list of its parts at the end."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _UNREADABLE:
        return False


def first_rows(path: Path) -> list[list[list[str]]]:
    """The first ten rows of each sheet as text; empty if the workbook cannot be looked into."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
            sheets = [_rows(archive, name) for name in names]
            wanted = [int(text) for rows in sheets for row in rows for is_shared, text in row if is_shared]
            strings = _shared_strings(archive, max(wanted)) if wanted else []
    except _UNREADABLE:
        return []
    return [[[_text(cell, strings) for cell in row] for row in rows] for rows in sheets]


_Cell = tuple[bool, str]
"""Whether it is the number of a shared string, and what it says."""


def _rows(archive: zipfile.ZipFile, name: str) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = []
    with archive.open(name) as part:
        for row in _elements(part, "row"):
            rows.append([_cell(cell) for cell in row.iterfind("{*}c")][:_MOST_CELLS])
            if len(rows) == _ROWS:
                break
    return rows


def _cell(cell: etree._Element) -> _Cell:
    value = (cell.findtext("{*}v") or "").strip()
    if cell.get("t") == "s" and value.isascii() and value.isdigit():
        return True, value[:9]
    return False, value or _words(cell)


def _shared_strings(archive: zipfile.ZipFile, last: int) -> list[str]:
    found: list[str] = []
    if "xl/sharedStrings.xml" not in archive.namelist():
        return found
    with archive.open("xl/sharedStrings.xml") as part:
        for item in _elements(part, "si"):
            found.append(_words(item))
            if len(found) > last:
                break
    return found


def _elements(part: IO[bytes], tag: str) -> Iterator[etree._Element]:
    """The elements of that name in any namespace, each forgotten once it was seen."""
    for _, element in etree.iterparse(part, tag=f"{{*}}{tag}", resolve_entities=False, no_network=True):
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and (seen := element.getprevious()) is not None:
            parent.remove(seen)


def _words(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter("{*}t"))


def _text(cell: _Cell, strings: Sequence[str]) -> str:
    is_shared, text = cell
    if not is_shared:
        return text
    return strings[int(text)] if int(text) < len(strings) else ""
