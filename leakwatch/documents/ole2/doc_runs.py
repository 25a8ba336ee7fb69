"""Word 97–2007 binary text: the piece table, and what the formatting pages say of single characters.

Field map (MS-DOC): Clx in the table stream → pieces (character positions → bytes of WordDocument);
PlcfBteChpx/Papx → 512-byte pages of runs → sprms. Text is kept as UTF-16 units, because Word counts those:
U+20BB7 is two positions.
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_PAGE = 512
_COMPRESSED = 0x40000000
_MOST_PIECES = 200_000
_MOST_POSITIONS = 1 << 26
_OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_DELETED, _SYMBOL = 0x0800, 0x6A09
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_CELL, _PARAGRAPH = b"\x07\0", b"\r\0"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: its first character position, where its bytes lie, and how wide a character is."""

    start: int
    end: int
    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class Text:
    """All text of a file, footnotes and margins too, in the order of its character positions."""

    units: bytes
    """UTF-16-LE, two bytes a position; rows of tables end with U+000A, symbols are what they show."""
    deleted: tuple[tuple[int, int], ...]
    """Positions (start, end) of deleted revisions, in order."""


def read_text(document: bytes, table: bytes, places: dict[str, tuple[int, int]]) -> Text:
    """The text by its pieces; `places` are (offset, length) of clx, chpx and papx in the table stream."""
    pieces = _pieces(_part(table, places["clx"]), len(document))
    units = bytearray()
    for piece in pieces:
        data = document[piece.offset : piece.offset + (piece.end - piece.start) * piece.width]
        if piece.width == 1:
            data = data.decode("cp1252", "replace").encode("utf-16-le")
        units += data.ljust((piece.end - piece.start) * 2, b"\0")
    positions = _Positions(pieces)
    deleted: list[tuple[int, int]] = []
    for start, end, sprms in _runs(document, _part(table, places["chpx"]), is_paragraph=False):
        for first, last in positions.of(start, end):
            if sprms.get(_DELETED) == b"\x01":
                deleted.append((first, last))
            if symbol := _shown(sprms.get(_SYMBOL, b"")):
                units[first * 2 : last * 2] = symbol * (last - first)
    for start, end, sprms in _runs(document, _part(table, places["papx"]), is_paragraph=True):
        for _, last in positions.of(start, end):
            _mark_table(units, last * 2, sprms)
    return Text(bytes(units), _joined(deleted))


def _joined(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order, those that touch each other as one: 机 and 密 may be deleted in two runs."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def _part(table: bytes, place: tuple[int, int]) -> bytes:
    offset, length = place
    return table[offset : offset + length]


def _pieces(clx: bytes, size_bytes: int) -> list[Piece]:
    """The piece table as far as it stays within the document of that size; empty if there is none."""
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + int.from_bytes(clx[at + 1 : at + 3], "little")
    if at + 5 > len(clx) or clx[at] != 2:
        return []
    data = clx[at + 5 : at + 5 + int.from_bytes(clx[at + 1 : at + 5], "little")]
    count = min((len(data) - 4) // 12, _MOST_PIECES)
    found: list[Piece] = []
    for number in range(count):
        start, end = struct.unpack_from("<II", data, number * 4)
        (place,) = struct.unpack_from("<I", data, (count + 1) * 4 + number * 8 + 2)
        if end <= start or start != (found[-1].end if found else 0):
            break
        is_narrow = bool(place & _COMPRESSED)
        place &= ~_COMPRESSED & 0x7FFFFFFF
        offset, width = (place // 2, 1) if is_narrow else (place, 2)
        last = min(end, start + max(0, size_bytes - offset) // width, _MOST_POSITIONS)
        if start < last:
            found.append(Piece(start, last, offset, width))
        if last < end:
            break
    return found


class _Positions:
    """Bytes of the WordDocument stream → character positions."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = sorted(pieces, key=lambda piece: piece.offset)
        self._offsets = [piece.offset for piece in self._pieces]

    def of(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """(first, last) of every piece that the bytes touch."""
        index = max(0, bisect_right(self._offsets, start) - 1)
        for piece in self._pieces[index : bisect_left(self._offsets, end)]:
            length = (piece.end - piece.start) * piece.width
            first = max(0, start - piece.offset) // piece.width
            last = min(length, end - piece.offset) // piece.width
            if first < last:
                yield piece.start + first, piece.start + last


def _runs(document: bytes, plc: bytes, *, is_paragraph: bool) -> Iterator[tuple[int, int, dict[int, bytes]]]:
    """(start, end, sprms) of every run that any formatting page names, in bytes of the document stream."""
    count = (len(plc) - 4) // 8
    for number in dict.fromkeys(struct.unpack_from(f"<{count}I", plc, (count + 1) * 4) if count > 0 else ()):
        page = document[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(page) < _PAGE:
            continue
        size = page[-1]
        step = 13 if is_paragraph else 1
        if (size + 1) * 4 + size * step > _PAGE - 1:
            continue
        for index in range(size):
            start, end = struct.unpack_from("<II", page, index * 4)
            at = page[(size + 1) * 4 + index * step] * 2
            if at and start < end:
                yield start, end, dict(_sprms(_grpprl(page, at, is_paragraph=is_paragraph)))


def _grpprl(page: bytes, at: int, *, is_paragraph: bool) -> bytes:
    """The list of properties at a place of a page; that of a paragraph stands behind its style."""
    size = page[at]
    if not is_paragraph:
        return page[at + 1 : at + 1 + size]
    if size:
        return page[at + 3 : at + 2 * size]
    return page[at + 4 : at + 2 + 2 * page[min(at + 1, _PAGE - 1)]]


def _sprms(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 < len(data):
        code = int.from_bytes(data[at : at + 2], "little")
        at += 2
        size = _OPERAND_BYTES.get(code >> 13)
        if size is None:
            size = data[at] + 1
            if code == 0xD608:  # the only one whose length takes two bytes
                size = int.from_bytes(data[at : at + 2], "little") + 1
        yield code, data[at : at + size]
        at += size


def _shown(symbol: bytes) -> bytes:
    """The character that a symbol run stands for, of which the text holds only `(`."""
    return symbol[2:4] if len(symbol) == 4 and symbol[3] >= 0xF0 else b""


def _mark_table(units: bytearray, end: int, sprms: dict[int, bytes]) -> None:
    """Ends a row with a line end, and keeps the paragraphs of a cell on its line."""
    mark = slice(end - 2, end)
    if sprms.get(_ROW_END) == b"\x01" and units[mark] == _CELL:
        units[mark] = b"\n\0"
    elif sprms.get(_IN_TABLE) == b"\x01" and units[mark] == _PARAGRAPH:
        units[mark] = b" \0"
