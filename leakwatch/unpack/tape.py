"""Tar archives and single compressed files (.gz, .bz2), by the standard library."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Protocol

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack.drop import Drop, FrugalFile
from leakwatch.unpack.names import RawName, cleaned, decoded, is_junk

_CHUNK_BYTES = 1 << 18
# tarfile documents TarError; broken numbers, sizes and names also come out as these.
_BROKEN = (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, zlib.error)

_CUT = "tar 归档已损坏或不完整，此后的内容未读，请重新导出或传送"


class _Readable(Protocol):
    def read1(self, size: int, /) -> bytes:
        """What one read gives: `read` loses all it has gathered when the stream breaks off."""


def gzip_content(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The one file inside a .gz; a .tar.gz gives the .tar."""
    with gzip.open(file.path) as stream:
        yield from _single(file, stream, drop)


def bzip2_content(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The one file inside a .bz2."""
    with bz2.open(file.path) as stream:
        yield from _single(file, stream, drop)


def tar_members(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """What lies in a tar archive; the stream is never inflated here (a .tar.gz is opened as .gz first)."""
    try:
        with FrugalFile(file.path) as opened, _opened(opened) as archive:
            for count, member in enumerate(_headers(archive, opened)):
                if not drop.entries_left or drop.is_full:
                    sentence = drop.total_sentence() if drop.is_full else drop.entries_sentence()
                    raise Unreadable(Reason.TOO_BIG, f"{sentence}；此归档已读 {count} 个条目，其余未读")
                name = decoded([RawName(data=member.name.encode("utf-8", "surrogateescape"))])[0]
                if not member.isdir() and not is_junk(name):
                    drop.entries += 1
                    yield from _member(file, (archive, member), cleaned(name), drop)
    except Unreadable as why:
        yield Skipped(evidence=file, name=file.name, reason=why.reason, detail=why.detail)


def _single(file: Evidence, stream: _Readable, drop: Drop) -> Iterator[Evidence | Skipped]:
    drop.entries += 1
    yield from _kept(file, _inner_name(file.name), drop, (_Content(stream), file.size))


def _opened(file: FrugalFile) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=file, mode="r:", encoding="utf-8")
    except _BROKEN as why:
        raise Unreadable(Reason.DAMAGED, "tar 归档已损坏，未能打开，请重新导出或传送") from why


def _headers(archive: tarfile.TarFile, file: FrugalFile) -> Iterator[tarfile.TarInfo]:
    while True:
        try:
            member = archive.next()
        except _BROKEN as why:
            raise Unreadable(Reason.DAMAGED, _CUT) from why
        if member is None:
            break
        archive.members.clear()  # type: ignore[attr-defined]  # tarfile would remember every header it has seen
        yield member
    # tarfile takes a broken header behind the first for the end; a real end is a block of zeros.
    file.seek(archive.offset)
    if any(file.read(tarfile.BLOCKSIZE)):
        raise Unreadable(Reason.DAMAGED, _CUT)


def _member(
    file: Evidence, place: tuple[tarfile.TarFile, tarfile.TarInfo], name: str, drop: Drop
) -> Iterator[Evidence | Skipped]:
    archive, member = place
    stream = archive.extractfile(member) if member.isreg() else None
    try:
        if not isinstance(stream, io.BufferedReader):
            raise Unreadable(Reason.NOT_PERMITTED, "归档内的链接或设备文件，不跟随；请放入文件本身")
        drop.announce(member.size)
    except Unreadable as why:
        yield Skipped(evidence=file, name=name, reason=why.reason, detail=why.detail)
        return
    yield from _kept(file, name, drop, (_Content(stream), 0))


def _kept(
    file: Evidence, name: str, drop: Drop, source: tuple[_Content, int]
) -> Iterator[Evidence | Skipped]:
    """The content as evidence, and a row if it is broken; `source` is the content and its packed bytes."""
    content, packed_bytes = source
    try:
        kept = drop.keep(drop.metered(content, packed_bytes), f"{file.inner_path}!{name}", file)
    except Unreadable as why:
        yield Skipped(evidence=file, name=name, reason=why.reason, detail=why.detail)
        return
    if content.is_broken:
        detail = f"压缩数据已损坏或不完整，读出 {kept.size} 字节，请重新导出或传送"
        yield Skipped(evidence=file, name=name, reason=Reason.DAMAGED, detail=detail)
    if kept.size or not content.is_broken:
        yield kept


class _Content:
    """The bytes of a stream as far as it can be read; `is_broken` afterwards."""

    def __init__(self, stream: _Readable) -> None:
        self.is_broken = False
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            while chunk := self._stream.read1(_CHUNK_BYTES):
                yield chunk
        except _BROKEN:
            self.is_broken = True


def _inner_name(name: str) -> str:
    path = PurePosixPath(name)
    return path.stem + ".tar" if path.suffix.lower() in (".tgz", ".tbz", ".tbz2") else path.stem or "未命名"
