"""What libarchive reads of an archive: entry after entry, each as a stream; it never writes a file.

libarchive is C and found by ctypes, so it may be missing. One format is opened at a time: `all` would take in
mtree, whose entries name files of this machine. The functions are called without libarchive-c's checks, which
take a warning (a name that fits no locale) for data and log its words.
"""

from __future__ import annotations

import ctypes
import importlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.unpack.names import text_of

ADVICE = (
    "没有安装 libarchive，这种压缩格式打不开；请运行 apt install libarchive13 后重新扫描，或手工解压后放入"
)
"""Why nothing can be read without it, and the remedy."""

LOCKED = "有密码，无法检查"

_CHUNK_BYTES = 1 << 18
_BLOCK_BYTES = 1 << 16
_EOF, _OK, _RETRY, _WARN, _FATAL = 1, 0, -10, -20, -30
_MOST_IDLE = 10_000
"""Calls on end that give nothing."""
_MOST_BAD_HEADERS = 100


class Format(Enum):
    """libarchive's names of the format and of the filter around it."""

    ZIP = ("zip", "none")
    SEVEN_ZIP = ("7zip", "none")
    RAR4 = ("rar", "none")
    RAR5 = ("rar5", "none")
    CAB = ("cab", "none")
    ISO = ("iso9660", "none")
    ZSTD = ("raw", "zstd")
    LZ4 = ("raw", "lz4")
    COMPRESS = ("raw", "compress")
    LZIP = ("raw", "lzip")


@dataclass(frozen=True, slots=True)
class _Pointer:
    """An archive or entry of libarchive's, and the functions that take it first."""

    library: ctypes.CDLL
    address: int

    def call(self, name: str, *arguments: Any, result: Any = ctypes.c_int) -> Any:
        """`library[…]` makes a function of its own each time: libarchive-c has put checks on the shared ones."""
        function = self.library[f"archive_{name}"]
        function.restype = result
        return function(ctypes.c_void_p(self.address), *arguments)

    def text(self, name: str) -> bytes:
        words: bytes | None = self.call(name, result=ctypes.c_char_p)
        return words or b""


@dataclass(slots=True, kw_only=True)
class Data:
    """The bytes of the entry that libarchive stands at; they cannot be had once it has moved on."""

    archive: _Pointer
    is_locked: bool
    is_past: bool = field(default=False, init=False)
    """Libarchive has moved on, or is closed: its memory must not be touched."""
    problem: str = field(default="", init=False)

    def __iter__(self) -> Iterator[bytes]:
        """Unreadable(password) where one is wanted; holes of sparse files come as zeros."""
        block, size, place = ctypes.c_void_p(), ctypes.c_size_t(), ctypes.c_int64()
        found = (ctypes.byref(block), ctypes.byref(size), ctypes.byref(place))
        end = idle = 0
        while (code := self._next_block(*found)) != _EOF and idle < _MOST_IDLE:
            if code not in (_OK, _WARN, _RETRY):
                break
            if code == _WARN:  # a wrong checksum; the bytes are there
                self.problem = "内容与登记的校验值不符"
            if code == _RETRY or not size.value or not block.value:
                idle += 1
                continue
            yield from _zeros(place.value - end)
            for offset in range(0, size.value, _CHUNK_BYTES):
                yield ctypes.string_at(block.value + offset, min(_CHUNK_BYTES, size.value - offset))
            end, idle = place.value + size.value, 0
        if code != _EOF:
            if self.is_locked or _wants_password(self.archive):
                raise Unreadable(Reason.PASSWORD, LOCKED)
            self.problem = "压缩数据已损坏、不完整，或用了不支持的压缩方式"

    def _next_block(self, *found: Any) -> int:
        if self.is_past:
            raise ValueError("an entry is read before the next one is asked for, or not at all")
        code: int = self.archive.call("read_data_block", *found)
        return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, as far as its header goes."""

    name: str
    """As it stands in the archive: hostile until cleaned."""
    mode: int
    """File type bits, as in `stat`."""
    size_bytes: int | None
    """As declared; None where nothing is."""
    link: str
    """The entry of the same archive whose content this one shares; empty for most."""
    data: Data

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)

    @property
    def is_file(self) -> bool:
        """A pipe or device that holds bytes is one too: 7-Zip calls a pipe what it read from one."""
        return stat.S_ISREG(self.mode) or (bool(self.size_bytes) and not stat.S_ISLNK(self.mode))


def entries(path: Path, kind: Format, password: bytes = b"") -> Iterator[Entry]:
    """The entries in libarchive's order; Unreadable where it can go no further, or is missing."""
    with _opened(load(), path, kind, password) as archive:
        entry = ctypes.c_void_p()
        bad = 0
        while (code := archive.call("read_next_header", ctypes.byref(entry))) != _EOF:
            if code >= _WARN and code != _RETRY and entry.value:
                yield from _lent(_entry(archive, _Pointer(archive.library, entry.value)))
                continue
            bad += 1
            if code <= _FATAL or bad > _MOST_BAD_HEADERS:
                raise _refusal(archive)
        if bad:
            raise Unreadable(Reason.DAMAGED, f"压缩包有 {bad} 处条目信息损坏，这些文件未读，请重新导出或传送")


def _lent(entry: Entry) -> Iterator[Entry]:
    try:
        yield entry
    finally:
        entry.data.is_past = True


def load() -> ctypes.CDLL:
    """The library; Unreadable(no engine) if this machine has none."""
    try:
        # Without the C library ctypes hands out the program itself, in which no function is found.
        library: ctypes.CDLL = importlib.import_module("libarchive.ffi").libarchive
    except (ImportError, OSError, AttributeError, TypeError) as why:
        raise Unreadable(Reason.NO_ENGINE, ADVICE) from why
    return library


@contextmanager
def _opened(library: ctypes.CDLL, path: Path, kind: Format, password: bytes) -> Iterator[_Pointer]:
    function = library["archive_read_new"]
    function.restype = ctypes.c_void_p
    format_name, filter_name = kind.value
    with path.open("rb") as opened:
        archive = _Pointer(library, function())
        try:
            archive.call(f"read_support_filter_{filter_name}")
            archive.call(f"read_support_format_{format_name}")
            if password:
                archive.call("read_add_passphrase", ctypes.c_char_p(password))
            if archive.call("read_open_fd", opened.fileno(), ctypes.c_size_t(_BLOCK_BYTES)) < _WARN:
                raise _refusal(archive)
            yield archive
        finally:
            archive.call("read_free")


def _zeros(count: int) -> Iterator[bytes]:
    for left in range(count, 0, -_CHUNK_BYTES):
        yield bytes(min(left, _CHUNK_BYTES))


def _entry(archive: _Pointer, entry: _Pointer) -> Entry:
    has_size = entry.call("entry_size_is_set")
    is_locked = entry.call("entry_is_encrypted") == 1
    return Entry(
        name=_name(entry, "pathname"),
        mode=entry.call("entry_filetype"),
        size_bytes=entry.call("entry_size", result=ctypes.c_int64) if has_size else None,
        link=_name(entry, "hardlink"),
        data=Data(archive=archive, is_locked=is_locked),
    )


def _name(entry: _Pointer, kind: str) -> str:
    """libarchive knows the charset of the names in RAR and 7z; of others it hands out the bytes."""
    return text_of(entry.text(f"entry_{kind}_utf8") or entry.text(f"entry_{kind}"))


def _refusal(archive: _Pointer) -> Unreadable:
    if _wants_password(archive):
        return Unreadable(Reason.PASSWORD, LOCKED)
    if b"solid" in archive.text("error_string"):
        return Unreadable(Reason.UNSUPPORTED, "RAR 4 固实压缩，libarchive 读不了，此后的内容未读")
    return Unreadable(Reason.DAMAGED, "压缩包损坏、不完整，或用了不支持的压缩方式，此后的内容未读")


def _wants_password(archive: _Pointer) -> bool:
    why = archive.text("error_string")
    return b"ncrypt" in why or b"assphrase" in why
