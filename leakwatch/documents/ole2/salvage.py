"""Packages whose directory is lost (cut off, overwritten): the parts that their own headers still lead to."""

from __future__ import annotations

import mmap
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_SIGNATURE = b"PK\x03\x04"
_NEXT = b"PK"
_HEADER = struct.Struct("<4s5H3I2H")
_LOCKED, _NAME_IS_UTF_8 = 0x0001, 0x0800
_STORED, _DEFLATED = 0, 8
_STEP_BYTES = 1 << 16
_MOST_BYTES = 512 << 20
_MOST_PARTS = 10_000
_MOST_RATIO = 100


def salvaged(path: Path, into: IO[bytes]) -> int:
    """Writes a zip with every part that can be found, the last one as far as it goes; how many there are."""
    names: set[str] = set()
    left_bytes = _MOST_BYTES
    with (
        path.open("rb") as opened,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as found,
    ):
        try:
            data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        except (ValueError, OSError):  # empty
            return 0
        with data:
            at = data.find(_SIGNATURE)
            while at >= 0 and len(names) < _MOST_PARTS and left_bytes > 0:
                name, start, chunks = _part(data, at)
                at = data.find(_SIGNATURE, start)
                if not name or name in names:
                    continue
                names.add(name)
                with found.open(name, "w") as part:
                    for chunk in chunks:
                        left_bytes -= part.write(chunk)
                        if left_bytes <= 0:
                            break
    return len(names)


def _part(data: mmap.mmap, at: int) -> tuple[str, int, Iterator[bytes]]:
    """(name, where to look on, the content); no name if it cannot be read."""
    if at + _HEADER.size > len(data):
        return "", at + 4, iter(())
    _, _, flags, method, _, _, _, packed, _, name_size, extra_size = _HEADER.unpack_from(data, at)
    start = at + _HEADER.size + name_size + extra_size
    raw = data[at + _HEADER.size : at + _HEADER.size + name_size]
    name = raw.decode("utf-8" if flags & _NAME_IS_UTF_8 else "cp437", "replace").replace("\0", "")
    if flags & _LOCKED or method not in (_STORED, _DEFLATED) or start > len(data):
        return "", at + 4, iter(())
    end = start + packed
    behind = end if data[end : end + 2] == _NEXT else start  # a zip inside a stored part is not ours
    return name, behind, _inflated(data, start) if method else _stored(data, start, packed)


def _stored(data: mmap.mmap, start: int, size: int) -> Iterator[bytes]:
    """As long as its header says; up to the next header if it does not."""
    end = start + size if size else data.find(_NEXT, start)
    for at in range(start, min(end, len(data)) if end >= 0 else len(data), _STEP_BYTES):
        yield data[at : min(at + _STEP_BYTES, end) if end >= 0 else at + _STEP_BYTES]


def _inflated(data: mmap.mmap, start: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = unpacked = 0
    for at in range(start, len(data), _STEP_BYTES):
        chunk = data[at : at + _STEP_BYTES]
        try:
            packed += len(chunk)
            while chunk and not unpacker.eof:
                out = unpacker.decompress(chunk, 1 << 20)
                unpacked += len(out)
                yield out
                chunk = unpacker.unconsumed_tail
        except zlib.error:
            return
        if unpacker.eof or unpacked > (1 << 20) + packed * _MOST_RATIO:
            return
