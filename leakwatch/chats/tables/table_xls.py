"""Rows of the sheets of an Excel 97 workbook (.xls, .et), streamed: no sheet is ever held as a rectangle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from leakwatch import biff
from leakwatch.chats.tables.table_xlsx import Sheet, is_chat_sheet, sheet_of
from leakwatch.compound import Compound
from leakwatch.errors import Unreadable

_STREAM = "Workbook"
_ROWS_TO_SNIFF = 40
_COLUMNS = 256


def is_chat_file(path: Path) -> bool:
    """Whether a sheet has the header of a chat."""
    try:
        return any(is_chat_sheet(list(islice(rows, _ROWS_TO_SNIFF))) for _, rows in _loaded(path))
    except Unreadable:
        return False


def sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet that has rows, each to be read before the next; Unreadable for a damaged file."""
    for name, rows in _loaded(path):
        if (sheet := sheet_of(name, rows)) is not None:
            yield sheet


def _loaded(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    with Compound(path) as compound:
        if not compound.has(_STREAM):
            return
        stream = compound.stream(_STREAM)
    texts = biff.shared_texts(stream)
    for name, start in biff.sheets(stream).items():
        yield name, map(_placed, biff.streamed(stream, start, texts))


def _placed(row: biff.Row) -> list[str]:
    """The cells in their columns; an Excel 97 sheet has 256, what a broken one has beyond closes up."""
    cells = dict(row[1])
    last = max((column for column in cells if column < _COLUMNS), default=-1)
    beyond = [text for column, text in row[1] if column >= _COLUMNS]
    return [cells.get(column, "") for column in range(last + 1)] + beyond
