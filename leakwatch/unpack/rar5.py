"""Which entries of a RAR 5 archive are locked, read from its headers: libarchive 3.6 takes them for damaged.

A header is a checksum (4 bytes), its size, type and flags as numbers of 7 bits a byte, then the size of its
extra area and of the data behind it where the flags say so. Type 4: all that follows is encrypted; type 2: a
file, whose extra area holds a record of type 1 if it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

SIGNATURE = b"Rar!\x1a\x07\x01\x00"

_MOST_HEADER_BYTES = 2 << 20
_MOST_HEADERS = 1_000_000
_FILE, _ENCRYPTION = 2, 4
_HAS_EXTRA, _HAS_DATA, _CONTINUES = 1, 2, 8
_LOCK_RECORD = 1


@dataclass(slots=True)
class _Numbers:
    """A header, read number by number; what is cut off reads as 0."""

    data: bytes
    place: int = 0

    def next(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self.data[self.place] if self.place < len(self.data) else 0
            self.place += 1
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        return value


def locked_entries(path: Path) -> frozenset[int] | None:
    """Places of the locked ones among all entries; None if the headers themselves are encrypted."""
    found: set[int] = set()
    number = 0
    with path.open("rb") as opened:
        for kind, is_continued, extra in islice(_headers(opened), _MOST_HEADERS):
            if kind == _ENCRYPTION:
                return None
            if kind == _FILE and not is_continued:
                if _LOCK_RECORD in _records(extra):
                    found.add(number)
                number += 1
    return frozenset(found)


def _headers(opened: BinaryIO) -> Iterator[tuple[int, bool, bytes]]:
    """Type, whether it continues a file of the volume before, and extra area, as far as they make sense."""
    place = 0
    while len(start := _at(opened, place, 8)) == 8:
        if start == SIGNATURE:
            place += len(SIGNATURE)
            continue
        size = _Numbers(start, 4)
        header_bytes = size.next()
        if not 0 < header_bytes <= _MOST_HEADER_BYTES:
            return
        body = _at(opened, place + size.place, header_bytes)
        numbers = _Numbers(body)
        kind, flags = numbers.next(), numbers.next()
        extra_bytes = numbers.next() if flags & _HAS_EXTRA else 0
        data_bytes = numbers.next() if flags & _HAS_DATA else 0
        yield kind, bool(flags & _CONTINUES), body[max(0, len(body) - extra_bytes) :]
        place += size.place + header_bytes + data_bytes


def _at(opened: BinaryIO, place: int, size_bytes: int) -> bytes:
    """Nothing where a forged size points beyond what any file holds."""
    if place >= 1 << 62:
        return b""
    opened.seek(place)
    return opened.read(size_bytes)


def _records(extra: bytes) -> Iterator[int]:
    numbers = _Numbers(extra)
    while numbers.place < len(extra):
        size = numbers.next()
        end = numbers.place + size
        yield numbers.next()
        numbers.place = max(end, numbers.place)
