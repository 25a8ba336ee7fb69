"""Names inside archives: bytes → what a person saw, and never a path that anything acts on."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from leakwatch.text import printable

_JUNK = re.compile(r"(^|/)(__MACOSX(/|$)|(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$)", re.IGNORECASE)
_SHORT_TAR = {".tgz", ".tbz", ".tbz2", ".txz", ".tzst", ".taz"}
_UNICODE_PATH = 0x7075
_DRIVE = re.compile(r"^[A-Za-z]:(?=/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawName:
    """A name as it stands in the archive."""

    data: bytes
    is_utf8: bool = False
    """The archive says so; some say so of GBK names."""
    extra: bytes = b""


def decoded(names: Sequence[RawName]) -> list[str]:
    """All names of one archive, by one codec for all that do not name their own.

    Order: unicode path field (0x7075), UTF-8 flag, then the first of UTF-8 and GB18030 that fits every
    other name; if none does, each name by the first of UTF-8, GB18030 and cp437 that fits it.
    """
    own = [_own_name(name) for name in names]
    rest = [name.data for name, text in zip(names, own, strict=True) if text is None]
    codec = next((c for c in ("utf-8", "gb18030") if all(_fits(data, c) for data in rest)), "")
    return [
        text if text is not None else (name.data.decode(codec) if codec else text_of(name.data))
        for name, text in zip(names, own, strict=True)
    ]


def text_of(name: bytes) -> str:
    """One name alone: UTF-8, GB18030, and cp437, which fits everything."""
    return name.decode(next(c for c in ("utf-8", "gb18030", "cp437") if _fits(name, c)))


def cleaned(name: str) -> str:
    """A name for eyes: forward slashes, no root, no drive, no `.` and `..`; 未命名 if nothing is left."""
    plain = _DRIVE.sub("", printable(name.split("\0", 1)[0]).replace("\\", "/"))
    return "/".join(part for part in plain.split("/") if part.strip() not in ("", ".", "..")) or "未命名"


def inner_name(name: str) -> str:
    """What a file that holds only one other is called inside: a.txt.gz → a.txt, a.tgz → a.tar."""
    path = PurePosixPath(name)
    return path.stem + ".tar" if path.suffix.lower() in _SHORT_TAR else path.stem or "未命名"


def is_junk(name: str) -> bool:
    """Bookkeeping of file managers, which no user put there."""
    return _JUNK.search(name.replace("\\", "/")) is not None


def _own_name(name: RawName) -> str | None:
    if (path := _unicode_path(name)) is not None:
        return path
    return name.data.decode() if name.is_utf8 and _fits(name.data, "utf-8") else None


def _unicode_path(name: RawName) -> str | None:
    """The Info-ZIP field, if its checksum says that it belongs to this name."""
    at = 0
    while at + 4 <= len(name.extra):
        kind, size = struct.unpack_from("<HH", name.extra, at)
        field = name.extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(field) > 5 and _fits(field[5:], "utf-8"):
            return (
                field[5:].decode() if int.from_bytes(field[1:5], "little") == zlib.crc32(name.data) else None
            )
        at += 4 + size
    return None


def _fits(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
