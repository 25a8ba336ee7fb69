"""The cells of a workbook by calamine, which takes xlsx, xlsb and xls alike; pieces of twenty rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from leakwatch.biff import Row
from leakwatch.documents.ooxml.cells import column_letters
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece

MOST_CELLS = 5_000_000
"""The largest rectangle that a sheet is held as: 32 bytes a cell, empty ones too (measured)."""

_ROWS_A_PIECE = 20

_Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def sheet_pieces(
    file: Evidence, opened: IO[bytes], without: Collection[str] = ()
) -> Iterator[TextPiece | Skipped]:
    """The names of all sheets, then their cells, but for the sheets named; Unreadable if it is no workbook."""
    with _calamine("工作簿"):
        workbook = CalamineWorkbook.from_filelike(opened)
    names = workbook.sheet_names
    yield TextPiece(text="\n".join(names), origin=Origin.DOCUMENT, evidence=file, spot="工作表名")
    for sheet in names:
        if sheet in without:
            continue
        try:
            with _calamine(f"工作表“{sheet}”"):
                area = workbook.get_sheet_by_name(sheet)
                left = area.start[1] if area.start else 0
                rows = area.iter_rows()
        except Unreadable as why:
            yield Skipped(evidence=file, name=sheet, reason=why.reason, detail=why.detail)
            continue
        yield from row_pieces(file, sheet, _filled(rows, left))


def _filled(rows: Iterator[list[_Value]], left: int) -> Iterator[Row]:
    """Rows that hold anything; calamine gives the empty rows above the first, not the columns."""
    for number, row in enumerate(rows, 1):
        cells = [(left + place, _shown(value)) for place, value in enumerate(row) if value != ""]
        if cells:
            yield number, cells


def row_pieces(file: Evidence, sheet: str, rows: Iterator[Row]) -> Iterator[TextPiece]:
    """One piece for the rows of every 20 row numbers."""
    group: list[Row] = []
    broken: Unreadable | None = None
    try:
        for row in rows:
            if group and row[0] >= group[0][0] + _ROWS_A_PIECE:
                yield _piece(file, sheet, group)
                group = []
            group.append(row)
    except Unreadable as why:
        broken = why
    if group:
        yield _piece(file, sheet, group)
    if broken:
        raise broken


def _piece(file: Evidence, sheet: str, rows: list[Row]) -> TextPiece:
    left = min(cells[0][0] for _, cells in rows)
    right = max(cells[-1][0] for _, cells in rows)
    spot = f"{sheet}!{column_letters(left)}{rows[0][0]}:{column_letters(right)}{rows[-1][0]}"
    text = "\n".join("\t".join(value for _, value in cells) for _, cells in rows)
    return TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)


def _shown(value: _Value) -> str:
    """As Excel shows it: whole numbers without .0, times in ISO order."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


@contextmanager
def _calamine(what: str) -> Iterator[None]:
    """calamine's errors as Unreadable; a panic of its Rust code is a BaseException without a module."""
    try:
        yield
    except PasswordError as why:
        detail = "表格有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入"
        raise Unreadable(Reason.PASSWORD, detail) from why
    except CalamineError as why:
        raise Unreadable(
            Reason.DAMAGED,
            f"{what}已损坏或格式不受支持，未读取；请用 WPS/Office 打开核对，另存为 xlsx 后再放入",
        ) from why
    except BaseException as why:
        if type(why).__name__ != "PanicException":
            raise
        raise Unreadable(
            Reason.DAMAGED, f"{what}已损坏，未读取；请用 WPS/Office 打开核对，另存为 xlsx 后再放入"
        ) from why
