"""The sheets of an XLSX workbook of any size, row by row, without loading a sheet; how far they reach."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import IO
from xml.parsers import expat

from lxml import etree

from leakwatch.errors import Unreadable
from leakwatch.model import Reason

_ROWS = 40
_MOST_PLACED = 200
_MOST_CELLS = 5_000_000
MOST_BYTES = 1 << 30
"""Of a part, unpacked."""
_LAST_NUMBER = 1 << 30
_LAST_ROW = 1 << 20
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    etree.XMLSyntaxError,
    expat.ExpatError,
    OSError,
    EOFError,
    LookupError,
    RuntimeError,
    ValueError,
)
"""What a damaged or locked archive raises: RuntimeError is a password or an unknown compression."""
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.IGNORECASE)
_STRINGS = "xl/sharedStrings.xml"

_Cell = tuple[bool, str]
"""Whether it is the number of a shared string, and what it says."""


def holds_workbook(path: Path) -> bool:
    """Whether the archive holds a workbook; some writers put the list of its parts at the end."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except UNREADABLE:
        return False


def first_rows(source: Path | IO[bytes]) -> list[list[list[str]]]:
    """The first forty rows of each sheet as text; empty if the workbook cannot be looked into."""
    try:
        with zipfile.ZipFile(source) as archive:
            sheets = [list(islice(_rows(archive, part), _ROWS)) for _, part in parts(archive)]
            wanted = [int(text) for rows in sheets for row in rows for is_shared, text in row if is_shared]
            strings = _shared_strings(archive, max(wanted)) if wanted else []
    except UNREADABLE:
        return []
    return [[[_text(cell, strings) for cell in row] for row in rows] for rows in sheets]


def is_to_be_streamed(path: Path) -> bool:
    """Whether a sheet's rectangle is too large to be held or cannot be measured, or a cell is a formula.

    A message that begins with = is one for careless exporters; without its result calamine shows nothing.

    Unreadable for parts of more than 1 GiB. Every part is measured, whatever the workbook calls a sheet:
    the declared dimension is wrong in many exports, and 1 million cells take about 3 s.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if any(part.file_size > MOST_BYTES for part in archive.infolist() if _is_xml(part.filename)):
                detail = "电子表格解开后超过 1 GiB，未按聊天记录读取；请分成几个文件导出后再检查"
                raise Unreadable(Reason.TOO_BIG, detail)
            names = set(filter(_is_xml, archive.namelist())) - {_STRINGS}
            is_known = all(part in names for _, part in parts(archive))
            return not is_known or any(_reach(archive, name).is_unfit for name in names)
    except UNREADABLE:
        return True


def streamed(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The name and the rows of each sheet, to be read in this order; dates come out as serial numbers.

    Unreadable, also out of the rows, where the workbook is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            strings = _shared_strings(archive, _LAST_NUMBER)
            for name, part in parts(archive):
                yield name, _texts(archive, part, strings)
    except UNREADABLE as why:
        raise Unreadable(
            Reason.DAMAGED, "电子表格文件已损坏，无法读完；请重新导出或用 WPS 另存后再检查"
        ) from why


def _texts(archive: zipfile.ZipFile, part: str, strings: Sequence[str]) -> Iterator[list[str]]:
    try:
        for row in _rows(archive, part):
            yield [_text(cell, strings) for cell in row]
    except UNREADABLE as why:
        detail = "电子表格中有一个工作表已损坏，无法读完；请重新导出或用 WPS 另存后再检查"
        raise Unreadable(Reason.DAMAGED, detail) from why


def _is_xml(name: str) -> bool:
    return name.lower().endswith(".xml")


def parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name and part of each sheet, in the order of the workbook."""
    with archive.open("xl/_rels/workbook.xml.rels") as opened:
        targets = {each.get("Id", ""): each.get("Target", "") for each in elements(opened, "Relationship")}
    found: list[tuple[str, str]] = []
    with archive.open("xl/workbook.xml") as opened:
        for sheet in elements(opened, "sheet"):
            ids = [value for key, value in sheet.attrib.items() if str(key).endswith("}id")]
            target = targets.get(str(ids[0]), "") if ids else ""
            part = target.removeprefix("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            if part in archive.NameToInfo:
                found.append((sheet.get("name", ""), part))
    return found


def _reach(archive: zipfile.ZipFile, part: str) -> _Reach:
    """Measured by expat: it sees each tag as lxml does, in half the time."""
    reach = _Reach()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reach.enter
    with archive.open(part) as opened:
        parser.ParseFile(opened)
    return reach


class _Reach:
    """How far the cells seen so far reach; a cell without a reference follows the one before it."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row, self._column = 0, 0
        self._has_formula = False

    @property
    def is_unfit(self) -> bool:
        """Whether calamine would hold too much of it, or show too little."""
        return self._has_formula or self.rows * self.columns > _MOST_CELLS

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" or name.endswith(":c"):
            written = attributes.get("r", "")
            reference = _REFERENCE.fullmatch(written)
            if written and reference is None:  # G99999999999: calamine takes it for a row
                self.rows = self.columns = _LAST_ROW
                return
            self._row = int(reference[2]) if reference else self._row
            self._column = _column(reference[1]) + 1 if reference else self._column + 1
            self.rows = max(self.rows, self._row)
            self.columns = max(self.columns, self._column)
        elif name == "row" or name.endswith(":row"):
            if len(attributes.get("r", "")) > len(str(_LAST_ROW)):
                self.rows = self.columns = _LAST_ROW
            self._row, self._column = _number(attributes.get("r", ""), self._row + 1), 0
        elif name == "f" or name.endswith(":f"):
            self._has_formula = True


def _rows(archive: zipfile.ZipFile, part: str) -> Iterator[list[_Cell]]:
    """Every row from the first, up to its last cell that holds anything; beyond column 200 the cells close up."""
    with archive.open(part) as opened:
        last = 0
        for number, cells in groupby(_cells(opened), key=lambda found: found[0]):
            yield from ([] for _ in range(min(number - last - 1, _LAST_ROW)))
            last = number
            placed: dict[int, _Cell] = {}
            beyond: list[_Cell] = []
            for _, column, element in cells:
                cell = _cell(element)
                if cell[1] and column < _MOST_PLACED:
                    placed[column] = cell
                elif cell[1]:
                    beyond.append(cell)
            yield [placed.get(column, (False, "")) for column in range(max(placed, default=-1) + 1)] + beyond


def _cells(part: IO[bytes]) -> Iterator[tuple[int, int, etree._Element]]:
    """Row from 1, column from 0 and element of each cell, forgotten once it was seen."""
    row, column = 0, -1
    tags = ("{*}row", "{*}c")
    for event, element in etree.iterparse(
        part, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True
    ):
        is_row = etree.QName(element).localname == "row"
        if event == "start":
            if is_row:
                row, column = _number(element.get("r", ""), row + 1), -1
            continue
        if not is_row:
            reference = _REFERENCE.fullmatch(element.get("r", ""))
            row = int(reference[2]) if reference else row
            column = _column(reference[1]) if reference else column + 1
            yield row, column, element
        _forget(element)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _column(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: etree._Element) -> _Cell:
    value = (cell.findtext("{*}v") or "").strip()
    if cell.get("t") == "s" and value.isascii() and value.isdigit():
        return True, value[:9]
    formula = cell.findtext("{*}f") or "" if cell.get("t") == "e" or not value else ""
    return False, f"={formula}" if formula else value or _words(cell)


def _shared_strings(archive: zipfile.ZipFile, last: int) -> list[str]:
    found: list[str] = []
    if _STRINGS not in archive.NameToInfo:
        return found
    with archive.open(_STRINGS) as part:
        for item in elements(part, "si"):
            found.append(_words(item))
            if len(found) > last:
                break
    return found


def elements(part: IO[bytes], tag: str) -> Iterator[etree._Element]:
    """The elements of that name in any namespace, each forgotten once it was seen."""
    for _, element in etree.iterparse(part, tag=f"{{*}}{tag}", resolve_entities=False, no_network=True):
        yield element
        _forget(element)


def _forget(element: etree._Element) -> None:
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
