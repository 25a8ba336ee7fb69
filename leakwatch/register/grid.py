"""An .xlsx from outside → rows of plain texts, whatever its cells are; what it takes to open one safely."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

from docx.opc.exceptions import OpcError
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.text import printable

_MOST_BYTES = 64 << 20
_MOST_ROWS = 1 << 20
_MOST_CELLS = 500_000
_BROKEN = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, RuntimeError, TypeError),
    *(ValueError, InvalidFileException, OpcError, ParseError),
    *(etree.LxmlError, zipfile.BadZipFile, zlib.error),
)
"""They check little: they trip over what is missing or of another kind."""
_MERGE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"
_BROKEN_FILE = (
    "不是可以打开的 .xlsx 或 .docx 文件，请用 Excel、Word 或 WPS 打开后另存为 .xlsx 或 .docx 再导入"
)
_LOCKED = "是旧格式（.xls、.doc、.et、.wps）或设有打开密码，请用 Excel、Word 或 WPS 去掉密码，另存为 .xlsx 或 .docx 再导入"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a sheet."""

    number: int
    """As Excel shows it."""
    texts: tuple[str, ...]
    """From column A on; empty cells are empty texts. A cell merged downwards says the same in each row."""


def sheets(path: Path) -> list[tuple[str, list[Row]]]:
    """Each sheet, hidden ones too: what to call it (Chinese), and its rows without the blank ones.

    Unreadable if the file is no workbook, is locked, damaged or too big.
    """
    check(path)
    with told(path), path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True)
        return [
            (f"工作表“{sheet.title}”", list(_rows(path, sheet)))
            for sheet in book.worksheets
            if isinstance(sheet, ReadOnlyWorksheet)
        ]


def _rows(path: Path, sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    cells = 0
    held: dict[int, tuple[int, str]] = {}
    # Many writers give a wrong one, and a false one of a million columns costs as many blanks a row.
    sheet.reset_dimensions()
    last_rows = _merged_downwards(sheet)
    for number, values in enumerate(sheet.values, 1):
        cells += len(values)
        if cells > _MOST_CELLS or number > _MOST_ROWS:
            raise Unreadable(Reason.TOO_BIG, f"{path.name} 的表格过大，请只保留报备表的内容后再导入")
        texts = list(map(text, values))
        for place, said in enumerate(texts):
            if (number, place) in last_rows:
                held[place] = last_rows[number, place], said
        held = {place: kept for place, kept in held.items() if number <= kept[0]}
        texts += [""] * (max(held, default=-1) + 1 - len(texts))
        for place, (_, said) in held.items():
            texts[place] = texts[place] or said
        if any(texts):
            yield Row(number=number, texts=tuple(texts))


def _merged_downwards(sheet: ReadOnlyWorksheet) -> Mapping[tuple[int, int], int]:
    """Row and place of the first cell of each block of cells merged over several rows → its last row.

    openpyxl tells merged cells only of sheets that it holds whole, and then makes a cell for each of a
    block: one over a whole sheet would take all memory.
    """
    last_rows = {}
    with sheet._get_source() as source:  # type: ignore[attr-defined] # the stub lacks it
        for _, element in etree.iterparse(source, tag=_MERGE, resolve_entities=False):
            left, top, _, bottom = range_boundaries(element.get("ref", ""))
            if top and bottom and left and bottom > top:
                last_rows[top, left - 1] = bottom
    return last_rows


def text(value: object) -> str:
    """A cell on one line; numbers as Excel shows telephone numbers, days without their midnight."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return re.sub(r"\s+", " ", printable(str(value))).strip()


def check(path: Path) -> None:
    """Unreadable if the file is no zip archive, or its parts are too big."""
    with told(path), path.open("rb") as file:
        if file.read(8) == _OLE2:
            raise Unreadable(Reason.UNSUPPORTED, f"{path.name} {_LOCKED}")
    with told(path), zipfile.ZipFile(path) as package:
        if sum(part.file_size for part in package.infolist()) > _MOST_BYTES:
            raise Unreadable(Reason.TOO_BIG, f"{path.name} 解开后过大，请只保留报备表的内容后再导入")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Whatever openpyxl and python-docx make of a broken file as Unreadable."""
    try:
        with warnings.catch_warnings():
            # What openpyxl drops (validation, slicers) is nothing of ours.
            warnings.simplefilter("ignore")
            yield
    except OSError as why:
        if isinstance(why, FileNotFoundError | PermissionError):
            raise Unreadable(Reason.NOT_PERMITTED, f"{path.name} 读不出来（{why.strerror}）") from why
        raise Unreadable(Reason.DAMAGED, f"{path.name} {_BROKEN_FILE}") from why
    except _BROKEN as why:
        raise Unreadable(Reason.DAMAGED, f"{path.name} {_BROKEN_FILE}") from why
