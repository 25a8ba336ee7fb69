"""Excel 5 to 2007 workbooks (.xls, .xlt, .et of WPS Office): cells by calamine, and what lies around them.

Tell-tales: OLE2 with a Workbook or Book stream. Field map (MS-XLS): records of type, length, content, long ones
go on in CONTINUE; BOF opens a sheet, NOTE and TXO are comments and text boxes, HEADER and FOOTER what is printed,
SERIESTEXT the words of charts, LBL the names of ranges. Texts before Excel 97 are 8-bit.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from leakwatch.biff import CELLS, records, shared_texts, streamed
from leakwatch.compound import Compound
from leakwatch.documents.embedded import Inlays
from leakwatch.documents.ole2 import escher
from leakwatch.documents.ooxml.cells import column_letters, margin_text
from leakwatch.documents.ooxml.sheets import MOST_CELLS, row_pieces, sheet_pieces
from leakwatch.documents.properties import properties
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.text import decode

STREAMS = ("Workbook", "Book")

_BOF, _EOF, _SHEET, _LOCK = (0x0809, 0x0409, 0x0209), 0x0A, 0x85, 0x2F
_NOTE, _OBJECT, _TEXT_BOX = 0x1C, 0x5D, 0x1B6
_HEADER, _FOOTER, _NAME, _CHART_TEXT = 0x14, 0x15, 0x18, 0x100D
_DRAWING, _DRAWING_GROUP = 0xEC, 0xEB
_EXCEL_97 = 0x0600


def read(file: Evidence, compound: Compound, inlays: Inlays) -> Iterator[TextPiece | Skipped | Evidence]:
    """The sheets in order, comments and boxes, page headers, properties; then pictures and objects."""
    name = next(name for name in STREAMS if compound.has(name))
    stream = compound.stream(name)
    around = _Around(stream)
    if around.is_locked:
        raise Unreadable(Reason.PASSWORD, "表格有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入")
    broken: Unreadable | None = None
    try:
        yield from _cells(file, stream, around)
    except Unreadable as why:
        broken = why
    for spot, text in (*around.pieces(), ("文档属性", properties(compound))):
        if text.strip():
            yield TextPiece(text=text.strip(), origin=Origin.DOCUMENT, evidence=file, spot=spot)
    for kind, picture in escher.pictures(around.drawing_group):
        yield from inlays.numbered(kind, picture)
    for number, storage in enumerate(compound.storages(), 1):
        if storage.upper().startswith("MBD"):
            yield from inlays.object(compound, (storage,), f"嵌入对象{number}")
    yield from inlays.rest()
    if broken:
        raise broken


def _cells(file: Evidence, stream: bytes, around: _Around) -> Iterator[TextPiece | Skipped]:
    """By calamine, which holds all sheets at once as rectangles; row by row where one reaches too far."""
    if around.is_too_large:
        yield from _streamed(file, stream, around)
        return
    try:
        with file.path.open("rb") as opened:
            yield from sheet_pieces(file, opened)
    except Unreadable:
        yield from _streamed(file, stream, around)
        raise


def _streamed(file: Evidence, stream: bytes, around: _Around) -> Iterator[TextPiece]:
    texts = shared_texts(stream)
    if around.sheets:
        names = "\n".join(around.sheets)
        yield TextPiece(text=names, origin=Origin.DOCUMENT, evidence=file, spot="工作表名")
    for sheet, start in around.sheets.items():
        yield from row_pieces(file, sheet, streamed(stream, start, texts))


@dataclass(slots=True)
class _Sheet:
    name: str
    start: int
    """Where its records begin."""
    rows: int = 0
    columns: int = 0
    boxes: dict[int, str] = field(default_factory=dict)
    """Object id → text of a box; comments are boxes too."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    drawing: bytearray = field(default_factory=bytearray)


class _Around:
    """What the records of a workbook say besides its cells."""

    def __init__(self, stream: bytes) -> None:
        self._is_wide = True
        self._names: dict[int, str] = {}
        """Where a sheet begins → what it is called."""
        self._sheets = [_Sheet("工作簿", 0)]
        self._ranges: list[str] = []
        self._object = -1
        self.is_locked = False
        group = bytearray()
        depth = 0
        for offset, kind, parts in records(stream):
            if kind in _BOF:
                depth += 1
                if len(parts[0]) >= 2 and depth == 1:
                    self._is_wide = struct.unpack_from("<H", parts[0])[0] >= _EXCEL_97
                    self._sheets.append(_Sheet(self._names.get(offset, self._sheets[-1].name), offset))
            elif kind == _EOF:
                depth = max(0, depth - 1)
            elif kind == _LOCK:
                self.is_locked = True
            elif kind == _DRAWING_GROUP:
                group += b"".join(parts)
            else:
                self._take(kind, parts)
        self.drawing_group = bytes(group)

    @property
    def is_too_large(self) -> bool:
        """Some sheet's cells reach too far to be held as a rectangle."""
        return self._is_wide and any(sheet.rows * sheet.columns > MOST_CELLS for sheet in self._sheets)

    @property
    def sheets(self) -> dict[str, int]:
        """The name of every sheet, and where its records begin."""
        return {name: start for start, name in self._names.items()}

    def pieces(self) -> Iterator[tuple[str, str]]:
        """(spot, text)"""
        if self._ranges:
            yield "定义名称", "\n".join(self._ranges)
        for sheet in self._sheets:
            if sheet.margins:
                yield f"{sheet.name}!页眉页脚", "\n".join(sheet.margins)
            for place, text in sheet.notes:
                yield f"{sheet.name}!{place}批注", text
            for text in sheet.boxes.values():
                yield f"{sheet.name}!文本框", text
            if sheet.charts:
                yield f"{sheet.name}!图表", "\n".join(dict.fromkeys(sheet.charts))
            for text, spot in dict.fromkeys(escher.texts(bytes(sheet.drawing))):
                yield f"{sheet.name}!{spot}", text

    def _take(self, kind: int, parts: list[bytes]) -> None:
        data, sheet = parts[0], self._sheets[-1]
        if kind in CELLS and len(data) >= 4:
            row, column = struct.unpack_from("<HH", data)
            sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + 1)
        elif kind == _SHEET and len(data) > 6:
            place, size = struct.unpack_from("<I2xB", data)
            self._names[place] = self._text(data[7:], size)
        elif kind in (_HEADER, _FOOTER) and len(data) > 1:
            size = struct.unpack_from("<H", data)[0] if self._is_wide else data[0]
            sheet.margins.append(margin_text(self._text(data[2 if self._is_wide else 1 :], size)))
        elif kind == _NAME and len(data) > 14 and not data[0] & 0x20:
            self._ranges.append(self._text(data[14:], data[3]))
        elif kind == _CHART_TEXT and len(data) > 3:
            sheet.charts.append(self._text(data[3:], data[2]))
        elif kind == _DRAWING:
            sheet.drawing += b"".join(parts)
        else:
            self._take_box(kind, parts)

    def _take_box(self, kind: int, parts: list[bytes]) -> None:
        data, sheet = parts[0], self._sheets[-1]
        if kind == _OBJECT and len(data) >= 8:
            self._object = struct.unpack_from("<6xH", data)[0]
        elif kind == _TEXT_BOX and len(data) >= 12 and len(parts) > 1:
            (size,) = struct.unpack_from("<10xH", data)
            text = "".join(self._text(part, size) for part in parts[1:] if part)[:size]
            if text.strip():
                sheet.boxes[self._object] = text
        elif kind == _NOTE and len(data) >= 8:
            row, column, length, number = struct.unpack_from("<HHHH", data)
            place = f"{column_letters(column)}{row + 1}"
            if not self._is_wide:  # the third number is the length of the text behind it
                sheet.notes.append((place, decode(data[6 : 6 + length])[0]))
            elif number in sheet.boxes:
                sheet.notes.append((place, sheet.boxes.pop(number)))

    def _text(self, data: bytes, size: int) -> str:
        """A text whose first byte says how wide it is; one byte a character before Excel 97."""
        if not self._is_wide:
            return decode(data[:size])[0]
        if data and data[0] & 1:
            return data[1 : 1 + size * 2].decode("utf-16-le", "replace")
        return data[1 : 1 + size].decode("latin-1")
