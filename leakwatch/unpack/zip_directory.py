"""What a zip archive says of itself: its directory, or the local headers where that is lost."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from leakwatch.unpack.drop import FrugalFile
from leakwatch.unpack.names import RawName

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
SIGNATURE = b"PK\x03\x04"

_CHUNK_BYTES = 1 << 18
_END = 1 << 62
"""Behind every file."""
_END_RECORD_BYTES = 22 + 0xFFFF
"""With the longest comment."""
_LOCKED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """One file of the archive, as its header describes it."""

    name: RawName
    offset: int
    flags: int
    method: int
    packed_bytes: int
    size_bytes: int | None = None
    """None: the header does not say; neither does it give a checksum."""
    crc: int = 0
    mode: int = 0
    """File type bits, as in `stat`."""

    @property
    def is_locked(self) -> bool:
        return bool(self.flags & _LOCKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Every file of the archive that can be found."""

    entries: tuple[ZipEntry, ...]
    unlisted: tuple[ZipEntry, ...] = ()
    """What lies in the gaps between them."""
    is_whole: bool = True
    """False if the archive's own directory is lost, and the entries were found without it."""


def read(path: Path, most: int) -> Directory:
    """By the archive's own directory and what that passes over, else by the local headers, at most `most`."""
    found = _listed(path)
    if found is None:
        return Directory(entries=tuple(_salvaged(path, most, (0, _END))), is_whole=False)
    infos, directory_offset = found
    if _is_split(path):  # its directory counts by the parts, which lie joined here
        entries = tuple(_salvaged(path, most, (0, _END)))
        return Directory(entries=entries, is_whole=len(entries) >= len(infos))
    listed = [_entry(info) for info in infos]
    return Directory(entries=tuple(listed), unlisted=tuple(_unlisted(path, most, (listed, directory_offset))))


def names(path: Path) -> list[str]:
    """The names in a zip's directory as zipfile sees them; empty if the directory is damaged."""
    infos, _ = _listed(path) or ((), 0)
    return [info.filename for info in infos]


def overlapping(entries: Sequence[ZipEntry]) -> frozenset[int]:
    """Places of the entries whose data begin inside those of an entry before them in the file."""
    end, found = -1, set()
    for place in sorted(range(len(entries)), key=lambda place: (entries[place].offset, place)):
        entry = entries[place]
        if entry.offset < end:
            found.add(place)
        else:
            end = entry.offset + LOCAL_HEADER.size + entry.packed_bytes
    return frozenset(found)


def _listed(path: Path) -> tuple[list[zipfile.ZipInfo], int] | None:
    """The archive's own directory and where it begins; None if it is cut off or broken.

    zipfile documents BadZipFile alone; on broken input it also raises NotImplementedError (version),
    ValueError (negative seek, UTF-8 flag on a GBK name) and struct.error.
    """
    try:
        with FrugalFile(path) as opened, zipfile.ZipFile(opened) as archive:
            return archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError, struct.error):
        return None


def _entry(info: zipfile.ZipInfo) -> ZipEntry:
    is_utf8 = bool(info.flag_bits & _UTF8)
    raw = info.orig_filename.encode("utf-8" if is_utf8 else "cp437")
    return ZipEntry(
        name=RawName(data=raw, is_utf8=is_utf8, extra=info.extra),
        offset=info.header_offset,
        flags=info.flag_bits,
        method=info.compress_type,
        packed_bytes=info.compress_size,
        size_bytes=info.file_size,
        crc=info.CRC,
        mode=info.external_attr >> 16,
    )


def _is_split(path: Path) -> bool:
    """Whether the end record says that it stands in another part than the first."""
    with path.open("rb") as archive:
        archive.seek(max(0, path.stat().st_size - _END_RECORD_BYTES))
        tail = archive.read()
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and tail[at + 4 : at + 6] not in (b"", b"\0\0", b"\xff\xff")


def _unlisted(path: Path, most: int, listed: tuple[Sequence[ZipEntry], int]) -> Iterator[ZipEntry]:
    """Entries in the gaps of the directory: of an archive that another was put behind, or left out on purpose."""
    entries, directory_offset = listed
    end = 0
    with path.open("rb") as archive:
        is_program = archive.read(2) == b"MZ"
        for entry in sorted(entries, key=lambda entry: entry.offset):
            if entry.offset - end >= LOCAL_HEADER.size and not (is_program and not end):
                yield from _salvaged(path, most, (end, entry.offset))
            end = max(end, _end_of(archive, entry))
    if entries and directory_offset - end >= LOCAL_HEADER.size:
        yield from _salvaged(path, most, (end, directory_offset))


def _end_of(archive: BufferedReader, entry: ZipEntry) -> int:
    """Behind the entry's data; nowhere if there is no such entry."""
    if not 0 <= entry.offset < _END:
        return 0
    archive.seek(entry.offset)
    head = archive.read(LOCAL_HEADER.size)
    if len(head) < LOCAL_HEADER.size or not head.startswith(SIGNATURE):
        return 0
    name_bytes, extra_bytes = struct.unpack_from("<2H", head, 26)
    return entry.offset + LOCAL_HEADER.size + int(name_bytes + extra_bytes) + entry.packed_bytes


def _salvaged(path: Path, most: int, between: tuple[int, int]) -> Iterator[ZipEntry]:
    """Entries found by the local headers that begin in one stretch of the file."""
    start, end = between
    with path.open("rb") as archive:
        offset = _next_header(archive, start, end)
        for _ in range(most):
            if offset is None:
                return
            archive.seek(offset)
            head = archive.read(LOCAL_HEADER.size)
            if len(head) < LOCAL_HEADER.size:
                return
            _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = LOCAL_HEADER.unpack(head)
            name, extra = archive.read(name_bytes), archive.read(extra_bytes)
            start = archive.tell()
            is_known = not flags & _SIZES_FOLLOW
            next_offset = _next_header(archive, start + packed if is_known else start, end)
            yield ZipEntry(
                name=RawName(data=name, is_utf8=bool(flags & _UTF8), extra=extra),
                offset=offset,
                flags=flags,
                method=method,
                packed_bytes=packed if is_known else min(next_offset or end, path.stat().st_size) - start,
                size_bytes=size if is_known else None,
                crc=crc,
            )
            offset = next_offset


def _next_header(archive: BufferedReader, start: int, end: int) -> int | None:
    """Where the next local header begins, from `start` on and before `end`."""
    archive.seek(start)
    tail = b""
    while (place := archive.tell()) < end and (chunk := archive.read(_CHUNK_BYTES)):
        found = (tail + chunk).find(SIGNATURE)
        if found >= 0:
            offset = place - len(tail) + found
            return offset if offset < end else None
        tail = chunk[-3:]
    return None
