"""A name as a browser sent it → a path below a folder that is safe on every system, and still says what it is."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from leakwatch.unpack.names import cleaned

MOST_BYTES = 200
"""Of one name; file systems take 255, and others put something behind it."""
_MOST_PARTS = 12
_MOST_ENDING = 20
_FORBIDDEN = re.compile(r'[<>:"|?*\t\n]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_HIDDEN = (".", "~$")
"""An inbox passes over names that begin so."""


def path_of(sent: str) -> PurePosixPath:
    """Where the file goes below its folder: never outside of it, never a device, no longer than names can be."""
    parts = [_name(part) for part in cleaned(sent).split("/")]
    return PurePosixPath(*parts[:1], *parts[1:][-_MOST_PARTS:])


def numbered(path: PurePosixPath, number: int) -> PurePosixPath:
    """群-2.zip: another name beside it."""
    return path.with_name(_cut(f"{path.stem[: MOST_BYTES // 4]}-{number}{path.suffix}"))


def _name(part: str) -> str:
    name = _FORBIDDEN.sub("_", part).rstrip(" .").lstrip(" ") or "未命名"
    if name.startswith(_HIDDEN) or _DEVICE.fullmatch(name):
        name = f"_{name}"
    return _cut(name)


def _cut(name: str) -> str:
    """At most so many bytes, the ending kept: readers go by it."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    ending = PurePosixPath(name).suffix
    ending = ending if len(ending.encode()) <= _MOST_ENDING else ""
    stem = name.removesuffix(ending).encode()[: MOST_BYTES - len(ending.encode())]
    return stem.decode(errors="ignore").rstrip(" .") + ending
