"""《微信工作群报备表》 as a unit filled it in with Word or WPS → rows of plain texts, as of a sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from docx import Document
from docx.table import _Row
from docx.text.paragraph import Paragraph

from leakwatch.register.grid import Row, check, text, told

_BODY = "word/document.xml"


def is_mine(path: Path) -> bool:
    """Whether the file is a .docx, whatever it is called."""
    try:
        with zipfile.ZipFile(path) as package:
            return _BODY in package.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def tables(path: Path) -> list[tuple[str, list[Row]]]:
    """The document as one sheet: what to call it (Chinese), its lines and the rows of its tables.

    Rows are counted over all tables, lines of text have the number of the row above them. Unreadable if the
    file is locked, damaged or too big.
    """
    check(path)
    with told(path), path.open("rb") as file:
        return [("文档表格", list(_rows(file)))]


def _rows(file: IO[bytes]) -> Iterator[Row]:
    number = 0
    for block in Document(file).iter_inner_content():
        if isinstance(block, Paragraph):
            if line := text(block.text):
                yield Row(number=number, texts=(line,))
            continue
        for row in block.rows:
            number += 1
            texts = tuple(_texts(row))
            if any(texts):
                yield Row(number=number, texts=texts)


def _texts(row: _Row) -> Iterator[str]:
    """A cell merged downwards says the same in each row; one that spans columns stands in the first."""
    yield from ("",) * row.grid_cols_before
    before = None
    for cell in row.cells:
        yield "" if cell is before else text(cell.text)
        before = cell
