"""OLE2 compound files (old Office, WPS, Outlook, embedded objects): their streams, and storages cut out of them.

olefile finds the sectors. It raises nearly anything on a broken file, and recurses over the directory; here
all of that is Unreadable. Of a truncated stream it gives what there is.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from types import TracebackType

import olefile

from leakwatch.errors import Unreadable
from leakwatch.model import Reason

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Place = tuple[str, ...]
"""The way to a stream or storage, root first; () is the root."""

_MOST_BYTES = 256 << 20
_MOST_ENTRIES = 20_000
_BROKEN = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    struct.error,
    RecursionError,
    MemoryError,
)
_SECTOR = 512
_MINI_SECTOR = 64
_MINI_CUTOFF = 4096
_FREE, _END_OF_CHAIN, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LEAST_MARK = 0xFFFFFFFA
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_HEADER_FATS = 109


class Compound:
    """An open compound file; Unreadable if its structure is broken."""

    def __init__(self, path: Path) -> None:
        try:
            self._ole = olefile.OleFileIO(path)
            self._streams = [tuple(place) for place in self._ole.listdir()]
            self._storages = [tuple(place) for place in self._ole.listdir(streams=False, storages=True)]
            self.is_cut = _is_cut(self._ole, path.stat().st_size)
            """Sectors in use lie behind the end of the file."""
        except _BROKEN as why:
            raise _damaged() from why

    def __enter__(self) -> Compound:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ole.close()

    def streams(self, storage: Place = ()) -> list[str]:
        """Names of the streams that lie directly in a storage."""
        return [place[-1] for place in self._streams if place[:-1] == storage]

    def storages(self, storage: Place = ()) -> list[str]:
        """Names of the storages that lie directly in a storage."""
        return [place[-1] for place in self._storages if place[:-1] == storage]

    def has(self, *place: str) -> bool:
        """Whether there is such a stream; as everywhere in OLE2, case does not count."""
        wanted = [name.lower() for name in place]
        return any([name.lower() for name in stream] == wanted for stream in self._streams)

    def stream(self, *place: str) -> bytes:
        """The bytes of a stream; Unreadable if it is missing, broken or larger than 256 MiB."""
        try:
            size_bytes = self._ole.get_size(list(place))
            if size_bytes > _MOST_BYTES:
                detail = f"文档内的数据流超过 {_MOST_BYTES >> 20} MiB，未读，请人工检查"
                raise Unreadable(Reason.TOO_BIG, detail)
            with self._ole.openstream(list(place)) as opened:
                return bytes(opened.read())
        except _BROKEN as why:
            raise _damaged() from why

    def carved(self, storage: Place) -> bytes:
        """A compound file whose root is that storage: an embedded document as a file of its own."""
        inside = [place for place in (*self._storages, *self._streams) if place[: len(storage)] == storage]
        if len(inside) > _MOST_ENTRIES:
            raise _damaged()
        parts = {
            place[len(storage) :]: self.stream(*place) if place in self._streams else None
            for place in inside
            if place != storage
        }
        return written(parts)


def _is_cut(ole: olefile.OleFileIO, size_bytes: int) -> bool:
    """olefile drops what its table says of sectors behind the end; chains and streams still lead there."""
    sectors = math.ceil((size_bytes - _SECTOR) / ole.sectorsize)
    large = (entry for entry in ole.direntries if entry and entry.size and not entry.is_minifat)
    ways = chain(ole.fat, (entry.isectStart for entry in large))
    return any(sectors <= sector < _LEAST_MARK for sector in ways)


def _damaged() -> Unreadable:
    return Unreadable(
        Reason.DAMAGED, "文档已损坏或不完整（复合文档结构无法读取），请用 WPS/Office 打开修复，另存后再放入"
    )


class _Entry:
    """One line of the directory that is being written."""

    def __init__(self, name: str, data: bytes | None, kind: int) -> None:
        self.name, self.data, self.kind = name, data or b"", kind
        self.left = self.right = self.child = _FREE
        self.start = _END_OF_CHAIN

    def packed(self) -> bytes:
        name = self.name[:31].encode("utf-16-le", "surrogatepass")[:62]
        size_bytes = len(self.data) if self.kind != _STORAGE else 0
        return struct.pack(
            "<64sHBBIII16sIQQIII",
            name, len(name) + 2, self.kind, 1, self.left, self.right, self.child, b"", 0, 0, 0,
            self.start, size_bytes, 0,
        )  # fmt: skip


def written(parts: dict[Place, bytes | None]) -> bytes:
    """A compound file with these streams; None is a storage, and those that a way needs are made."""
    entries = [_Entry("Root Entry", None, _ROOT)]
    places: dict[Place, int] = {(): 0}
    ways = {way[:end] for way in parts for end in range(1, len(way) + 1)}
    for place in sorted(ways, key=len):
        data = parts.get(place)
        places[place] = len(entries)
        entries.append(_Entry(place[-1], data, _STORAGE if data is None else _STREAM))
    for storage, number in places.items():
        inside = [other for other in places if other and other[:-1] == storage]
        inside.sort(key=lambda way: (len(way[-1]), way[-1].upper()))
        entries[number].child = _tree([places[way] for way in inside], entries)
    return _laid_out(entries)


def _tree(numbers: list[int], entries: list[_Entry]) -> int:
    """The middle one of the sorted siblings, the others balanced below it."""
    if not numbers:
        return _FREE
    middle = len(numbers) // 2
    entry = entries[numbers[middle]]
    entry.left, entry.right = _tree(numbers[:middle], entries), _tree(numbers[middle + 1 :], entries)
    return numbers[middle]


def _laid_out(entries: list[_Entry]) -> bytes:
    mini, mini_fat = bytearray(), list[int]()
    for entry in entries:
        if entry.kind == _STREAM and 0 < len(entry.data) < _MINI_CUTOFF:
            entry.start = _append(mini, mini_fat, entry.data, _MINI_SECTOR)
    body, fat = bytearray(), list[int]()
    entries[0].data = bytes(mini)
    for entry in entries:
        if entry.kind == _ROOT or len(entry.data) >= _MINI_CUTOFF:
            entry.start = _append(body, fat, entry.data, _SECTOR)
    mini_fat_sectors = math.ceil(len(mini_fat) * 4 / _SECTOR)
    mini_fat_start = _append(body, fat, _numbers(mini_fat, mini_fat_sectors * _SECTOR // 4), _SECTOR)
    directory = b"".join(entry.packed() for entry in entries)
    directory_start = _append(body, fat, directory, _SECTOR)
    return _with_header(body, fat, (directory_start, mini_fat_start, mini_fat_sectors))


def _append(body: bytearray, fat: list[int], data: bytes, sector: int) -> int:
    """Appends data in whole sectors with their chain; the number of the first sector."""
    count = math.ceil(len(data) / sector)
    if not count:
        return _END_OF_CHAIN
    start = len(fat)
    body += data + bytes(count * sector - len(data))
    fat += [*range(start + 1, start + count), _END_OF_CHAIN]
    return start


def _with_header(body: bytearray, fat: list[int], starts: tuple[int, int, int]) -> bytes:
    directory, mini_fat, mini_fat_sectors = starts
    in_sector = _SECTOR // 4
    fats = chain_sectors = 0
    while fats * in_sector < len(fat) + fats + chain_sectors:
        fats += 1
        chain_sectors = math.ceil(max(0, fats - _HEADER_FATS) / (in_sector - 1))
    first_fat = len(fat)
    numbers = [*range(first_fat, first_fat + fats)]
    fat = [*fat, *[_FAT_SECTOR] * fats, *[0xFFFFFFFC] * chain_sectors]
    fat += [_FREE] * (fats * in_sector - len(fat))
    first_chain = first_fat + fats if chain_sectors else _END_OF_CHAIN
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        MAGIC, b"", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, directory, 0, _MINI_CUTOFF, mini_fat, mini_fat_sectors,
        first_chain, chain_sectors,
    )  # fmt: skip
    head += _numbers(numbers[:_HEADER_FATS], _HEADER_FATS)
    rest = numbers[_HEADER_FATS:]
    links = b""
    step = in_sector - 1
    for number in range(chain_sectors):
        after = first_chain + number + 1 if number + 1 < chain_sectors else _END_OF_CHAIN
        links += _numbers(rest[number * step : (number + 1) * step], step) + struct.pack("<I", after)
    return head + bytes(body) + struct.pack(f"<{len(fat)}I", *fat) + links


def _numbers(values: Iterable[int], length: int) -> bytes:
    """That many numbers, the missing ones free."""
    found = list(values)
    return struct.pack(f"<{length}I", *found, *[_FREE] * (length - len(found)))
