"""Programs that carry a RAR or 7z archive behind them (自解压文件), and pictures (图种).

Of a zip the directory says where it begins.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from leakwatch.model import Evidence, Skipped
from leakwatch.unpack.drop import MIB, Drop, Member, Opener

PROGRAMS = (b"MZ", b"\x7fELF")

_CHUNK_BYTES = 1 << 18
_WINDOW_BYTES = 2 * MIB
"""The programs that WinRAR and 7-Zip put in front have 0.1 to 0.6 MiB; a picture is searched to its end."""
_LONGEST_HEADER = 1 << 10
_RAR4, _RAR5, _SEVEN_ZIP = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"


def opener(path: Path) -> Opener | None:
    """How to open what the program or picture carries; None if it carries none."""
    with path.open("rb") as opened:
        place = 0
        while data := opened.read(_WINDOW_BYTES):
            if (offset := next(_archives(data), None)) is not None:
                return partial(_payload, place + offset)
            if len(data) < _WINDOW_BYTES or data.startswith(PROGRAMS):
                break
            place += len(data) - _LONGEST_HEADER
            opened.seek(place)
    return None


def _payload(offset: int, file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    member = Member(name="自解压内容", content=_Tail(file.path, offset))
    return drop.take(member, file)


@dataclass(slots=True)
class _Tail:
    """The bytes of a file from one place on."""

    path: Path
    offset: int
    problem: str = field(default="", init=False)

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as opened:
            opened.seek(self.offset)
            while chunk := opened.read(_CHUNK_BYTES):
                yield chunk


def _archives(data: bytes) -> Iterator[int]:
    """Where archives begin; the program itself names the signatures too, but no header follows there."""
    for signature, is_followed in ((_RAR5, _by_rar5), (_RAR4, _by_rar4), (_SEVEN_ZIP, _by_seven_zip)):
        at = data.find(signature)
        while at >= 0:
            if is_followed(data[at + len(signature) : at + len(signature) + 512]):
                yield at
            at = data.find(signature, at + 1)


def _by_rar5(header: bytes) -> bool:
    size = header[4] if len(header) > 4 else 0
    return 0 < size < 0x80 and zlib.crc32(header[4 : 5 + size]) == int.from_bytes(header[:4], "little")


def _by_rar4(header: bytes) -> bool:
    """The archive header: the low half of its checksum, type 0x73, flags, size."""
    size = int.from_bytes(header[5:7], "little")
    checksum = zlib.crc32(header[2:size]) & 0xFFFF
    return size >= 13 and header[2] == 0x73 and checksum == int.from_bytes(header[:2], "little")


def _by_seven_zip(header: bytes) -> bool:
    return len(header) >= 26 and zlib.crc32(header[6:26]) == int.from_bytes(header[2:6], "little")
