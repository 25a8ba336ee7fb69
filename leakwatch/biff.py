"""The records of an Excel 97 workbook, and its cells one by one where a sheet is too large to be held.

Field map (MS-XLS): type, length, content; what is longer than 8,224 bytes goes on in CONTINUE. SST is the table of
texts; one that is cut by a record goes on behind a new byte that says how wide its characters are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

Row = tuple[int, list[tuple[int, str]]]
"""Row number from 1, and (column number from 0, text) of its cells that are not empty."""

_CONTINUE, _STRINGS, _END, _SHEET = 0x3C, 0xFC, 0x0A, 0x85
_SHARED, _LABEL, _NUMBER, _RK, _RKS, _RESULT, _RICH = 0xFD, 0x204, 0x203, 0x27E, 0xBD, 0x207, 0xD6
_FORMULA, _BOOLEAN = 0x06, 0x205
CELLS = frozenset({_SHARED, _LABEL, _NUMBER, _RK, _RKS, _RICH, _FORMULA, _BOOLEAN})
_WIDE, _PHONETIC, _RUNS = 1, 4, 8


def records(stream: bytes, at: int = 0) -> Iterator[tuple[int, int, list[bytes]]]:
    """(offset, type, its content and that of the CONTINUE records behind it)."""
    begun, kind = at, -1
    parts: list[bytes] = []
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        content = stream[at + 4 : at + 4 + size]
        if code == _CONTINUE and parts:
            parts.append(content)
        else:
            if parts:
                yield begun, kind, parts
            begun, kind, parts = at, code, [content]
        at += 4 + size
    if parts:
        yield begun, kind, parts


def sheets(stream: bytes) -> dict[str, int]:
    """The name of every sheet, and where its records begin."""
    found: dict[str, int] = {}
    for _, kind, parts in records(stream):
        data = parts[0]
        if kind == _SHEET and len(data) > 8:
            width = 2 if data[7] & _WIDE else 1
            name = data[8 : 8 + data[6] * width].decode("utf-16-le" if width == 2 else "latin-1", "replace")
            found[name] = int.from_bytes(data[:4], "little")
        elif kind == _END:
            break
    return found


def shared_texts(stream: bytes) -> list[str]:
    """The table of texts as far as it goes."""
    texts: list[str] = []
    for _, kind, parts in records(stream):
        if kind == _STRINGS:
            cursor = _Cursor(parts)
            cursor.take(8)
            while len(head := cursor.take(3)) == 3:
                texts.append(cursor.text(int.from_bytes(head[:2], "little"), head[2]))
    return texts


class _Cursor:
    """Walks over content that is cut into records."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts
        self._number = self._at = 0

    def take(self, size: int) -> bytes:
        """The next bytes, out of as many records as it takes; fewer at the end."""
        found = b""
        while len(found) < size and self._number < len(self._parts):
            chunk = self._parts[self._number][self._at : self._at + size - len(found)]
            found += chunk
            self._at += len(chunk)
            if self._at >= len(self._parts[self._number]):
                self._number, self._at = self._number + 1, 0
        return found

    def text(self, length: int, flags: int) -> str:
        """The characters behind their head; formatting and pinyin are passed over."""
        runs = int.from_bytes(self.take(2), "little") if flags & _RUNS else 0
        phonetic = int.from_bytes(self.take(4), "little") if flags & _PHONETIC else 0
        found: list[str] = []
        while length > 0 and self._number < len(self._parts):
            width = 2 if flags & _WIDE else 1
            room = (len(self._parts[self._number]) - self._at) // width
            number = self._number
            raw = self.take(min(length, max(room, 1)) * width)
            found.append(raw.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            length -= max(len(raw) // width, 1)
            if length > 0 and self._number > number:
                flags = flags & ~_WIDE | (self.take(1) or b"\0")[0] & _WIDE
        self.take(runs * 4 + phonetic)
        return "".join(found)


def streamed(stream: bytes, start: int, texts: list[str]) -> Iterator[Row]:
    """The rows of the sheet that begins there; dates come out as serial numbers."""
    row: Row | None = None
    depth = 0
    for _, kind, parts in records(stream, start):
        if kind & 0xFF == 0x09 and kind >= 0x09:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                break
        elif kind in CELLS and len(parts[0]) >= 6 and depth == 1:
            number = int.from_bytes(parts[0][:2], "little") + 1
            if row is None or row[0] != number:
                if row and row[1]:
                    yield row
                row = number, []
            row[1].extend(_values(kind, parts[0], texts))
        elif kind == _RESULT and row and len(parts[0]) > 3:
            row[1].append((row[1][-1][0] + 1 if row[1] else 0, _text(parts[0])))
    if row and row[1]:
        yield row


def _values(kind: int, data: bytes, texts: list[str]) -> Iterator[tuple[int, str]]:
    column = int.from_bytes(data[2:4], "little")
    if kind == _SHARED and len(data) >= 10:
        place = int.from_bytes(data[6:10], "little")
        if place < len(texts) and texts[place]:
            yield column, texts[place]
    elif kind in (_LABEL, _RICH) and len(data) > 8:
        yield column, _text(data[6:])
    elif kind in (_NUMBER, _FORMULA) and len(data) >= 14 and data[12:14] != b"\xff\xff":
        yield column, _shown(struct.unpack_from("<d", data, 6)[0])
    elif kind == _RK and len(data) >= 10:
        yield column, _shown(_packed(data[6:10]))
    elif kind == _RKS:
        for place in range((len(data) - 6) // 6):
            yield column + place, _shown(_packed(data[6 + place * 6 : 10 + place * 6]))


def _text(data: bytes) -> str:
    length = int.from_bytes(data[:2], "little")
    if data[2] & _WIDE:
        return data[3 : 3 + length * 2].decode("utf-16-le", "replace")
    return data[3 : 3 + length].decode("latin-1")


def _packed(data: bytes) -> float:
    """An RK number: 30 bits of an integer or of a double, perhaps in hundredths."""
    (raw,) = struct.unpack("<I", data)
    if raw & 2:
        value = float(struct.unpack("<i", data)[0] >> 2)
    else:
        (value,) = struct.unpack("<d", bytes(4) + struct.pack("<I", raw & 0xFFFFFFFC))
    return value / 100 if raw & 1 else value


def _shown(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"
