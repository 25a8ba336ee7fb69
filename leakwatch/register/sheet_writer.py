"""Register → .xlsx in the layout of 《微信工作群报备表》, our own columns behind the official four."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from leakwatch.register.columns import Column
from leakwatch.register.values import PLATFORMS, Group, Register, Unit
from leakwatch.text import printable

TITLE = "微信工作群报备表"
FOOTNOTE = "备注：本表每年 6 月 15 日前，经单位（部门）主要领导审核同意，报送局保密办。"
_WIDTHS = (6, 28, 10, 20, 9, 10, 16, 20, 16, 16, 13, 13)
"""In characters."""
_MOST_OF_A_CELL = 32_000
_SHEET = "报备表"
_LINE = Side(style="thin")


def workbook(register: Register, bureau: str) -> bytes:
    """An .xlsx of one sheet; the lines above the table name the unit if there is but one.

    Every cell is text and stays text when someone edits it: a name may begin with = + - @.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = _SHEET
    _write_head(sheet, register, bureau)
    for texts in (tuple(Column), *_rows(register)):
        row = sheet.max_row + 1
        for number, text in enumerate(texts, 1):
            _write(sheet, row, number, text).border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
    _write(sheet, sheet.max_row + 1, 1, FOOTNOTE).alignment = Alignment(wrap_text=False)
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_head(sheet: Worksheet, register: Register, bureau: str) -> None:
    """Title over all columns, then the three lines of the form."""
    title = _write(sheet, 1, 1, f"{bureau}{TITLE}")
    title.font = Font(name="黑体", size=18)
    title.alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(Column))
    unit = register.units[0] if len(register.units) == 1 else Unit(name="")
    lines = (f"单位（部门）：{unit.name}", f"联系人：{unit.contact}", f"联系电话：{unit.telephone}")
    for row, line in enumerate(lines, 2):
        _write(sheet, row, 1, line).alignment = Alignment(wrap_text=False)


def _rows(register: Register) -> Iterator[tuple[str, ...]]:
    """A row a group, then one for each unit that has none."""
    units = {unit.name: unit for unit in register.units}
    for number, group in enumerate(register.groups, 1):
        yield _row(str(number), group, units)
    empty = units.keys() - {group.unit for group in register.groups}
    for unit in register.units:
        if unit.name in empty:
            yield _row("", Group(name="", unit=unit.name), units)


def _row(number: str, group: Group, units: Mapping[str, Unit]) -> tuple[str, ...]:
    unit = units.get(group.unit, Unit(name=group.unit))
    return (
        number,
        group.name,
        group.owner,
        group.remarks,
        PLATFORMS.get(group.platform, group.platform),
        unit.contact,
        unit.telephone,
        unit.name,
        unit.parent,
        "；".join(group.aliases),
        _day(group.filed_at),
        _day(group.dissolved_at),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - nothing is merged below the title
    cell.value = printable(text)[:_MOST_OF_A_CELL]
    # openpyxl takes =… for a formula and #N/A for an error.
    cell.data_type = "s"
    cell.quotePrefix = True
    cell.number_format = "@"
    cell.font = Font(name="仿宋", size=12)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell
