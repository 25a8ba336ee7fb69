"""Workbooks (.xlsx, .xlsm, .xlsb, .xls; WPS .et): every sheet, hidden ones too, by calamine.

Tell-tales: a zip with parts under xl/; OLE2 with a Workbook stream. calamine gives the values; comments,
text boxes, page headers and pictures are taken from the package. It holds each sheet as a full rectangle
(32 bytes a cell, measured), so one cell at XFD1048576 would ask for 512 GiB and abort the process: where
the rectangle is too large, the cells are streamed one by one instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from leakwatch.documents.cells import Row, column_letters, extent, sheets, streamed
from leakwatch.documents.legacy import OLE
from leakwatch.documents.outline import Layers, lines
from leakwatch.documents.package import Package, grouped, is_office
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "xlsx"

_MOST_CELLS = 5_000_000
_ROWS_A_PIECE = 20
_TEXT_PARTS = r"xl/(drawings/drawing|charts/chart|diagrams/data)\d*\.xml"
_COMMENT_PARTS = r"xl/(comments|threadedComments/threadedComment|comments/comment)\d*\.xml"

_Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def is_mine(head: bytes, name: str) -> bool:
    """A zip with Excel parts or an OLE2 workbook; the extension counts where the head does not tell."""
    if head.startswith(OLE):
        others = ("EncryptedPackage", "WordDocument", "PowerPoint Document")
        if any(stream.encode("utf-16-le") in head for stream in others):
            return False
        is_book = any(f"{stream}\0".encode("utf-16-le") in head for stream in ("Workbook", "Book"))
        return is_book or name.lower().endswith((".xls", ".et", ".xlt", ".ett"))
    return is_office(head, name, "xl", (".xlsx", ".xlsm", ".xlsb"))


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """Sheet names, the sheets in order, page headers, comments, boxes, properties; then the pictures."""
    with file.path.open("rb") as opened:
        is_package = not opened.read(len(OLE)).startswith(OLE)
    if not is_package:
        yield from _sheets(file, {})
        return
    with Package(file) as package:
        for name in package.names(r"xl/sharedStrings\.(xml|bin)"):
            sum(map(len, package.chunks(name)))  # Unreadable if too big: calamine holds it whole
        too_large: dict[str, str] = {}
        for row in _measured(package):
            if isinstance(row, tuple):
                too_large[row[0]] = row[1]
            else:
                yield row
        yield from _sheets(file, too_large)
        for sheet, part in too_large.items():
            yield from _streamed(package, sheet, part)
        yield from _beside(package)
        yield from package.properties()
        yield from package.embedded(vault)


def _measured(package: Package) -> Iterator[TextPiece | Skipped | tuple[str, str]]:
    """Page headers of every sheet, and (sheet, part) of those too large to be held as a rectangle."""
    for sheet, part in sheets(package).items():
        try:
            reach = extent(package, part)
        except Unreadable as why:
            yield package.skipped(sheet, why)
            continue
        if reach.margins:
            yield package.piece("\n".join(reach.margins), f"{sheet}!页眉页脚")
        if reach.rows * reach.columns > _MOST_CELLS:
            yield sheet, part


def _sheets(file: Evidence, too_large: dict[str, str]) -> Iterator[TextPiece | Skipped]:
    with _calamine("工作簿"), file.path.open("rb") as opened:
        workbook = CalamineWorkbook.from_filelike(opened)
    names = workbook.sheet_names
    yield TextPiece(text="\n".join(names), origin=Origin.DOCUMENT, evidence=file, spot="工作表名")
    for sheet in names:
        if sheet in too_large:
            continue
        try:
            with _calamine(f"工作表“{sheet}”"):
                area = workbook.get_sheet_by_name(sheet)
                left = area.start[1] if area.start else 0
                rows = area.iter_rows()
        except Unreadable as why:
            yield Skipped(evidence=file, name=sheet, reason=why.reason, detail=why.detail)
            continue
        yield from _pieces(file, sheet, _filled(rows, left))


def _streamed(package: Package, sheet: str, part: str) -> Iterator[TextPiece | Skipped]:
    try:
        yield from _pieces(package.file, sheet, streamed(package, part))
    except Unreadable as why:
        yield package.skipped(sheet, why)


def _filled(rows: Iterator[list[_Value]], left: int) -> Iterator[Row]:
    """Rows that hold anything; calamine gives the empty rows above the first, not the columns."""
    for number, row in enumerate(rows, 1):
        cells = [(left + place, _shown(value)) for place, value in enumerate(row) if value != ""]
        if cells:
            yield number, cells


def _pieces(file: Evidence, sheet: str, rows: Iterator[Row]) -> Iterator[TextPiece]:
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


def _beside(package: Package) -> Iterator[TextPiece | Skipped]:
    """Comments, text boxes and charts."""
    for name in package.names(_COMMENT_PARTS):
        try:
            for event, element in package.elements(name, ("comment", "threadedComment")):
                text = "".join(t.text or "" for t in element.iter("{*}t", "{*}text"))
                if event == "end" and text.strip():
                    yield package.piece(text.strip(), f"批注{element.get('ref', '')}")
        except Unreadable as why:
            yield package.skipped(name, why)
    layers = Layers()
    for name in package.names(_TEXT_PARTS):
        try:
            for _, _, text in grouped(lines(package, name, layers)):
                yield package.piece(text, "文本框")
        except Unreadable as why:
            yield package.skipped(name, why)


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
