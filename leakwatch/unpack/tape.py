"""Tar archives and single compressed files (.gz, .bz2, .xz), by the standard library."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack.drop import MIB, Drop, FrugalFile, Member
from leakwatch.unpack.names import RawName, cleaned, decoded, inner_name, is_junk

_CHUNK_BYTES = 1 << 18
_MOST_XZ_BYTES = 256 * MIB
"""Memory; xz -9 takes 65 MiB, a forged header asks for 4 GiB."""
# tarfile documents TarError; broken numbers, sizes and names also come out as these.
_BROKEN = (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, zlib.error, lzma.LZMAError)

_CUT = "tar 归档已损坏或不完整，此后的内容未读，请重新导出或传送"


class _Readable(Protocol):
    def read1(self, size: int, /) -> bytes:
        """What one read gives: `read` loses all it has gathered when the stream breaks off."""


def gzip_content(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The one file inside a .gz; a .tar.gz gives the .tar."""
    with gzip.open(file.path) as stream:
        yield from _single(file, _read(stream), drop)


def bzip2_content(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The one file inside a .bz2."""
    with bz2.open(file.path) as stream:
        yield from _single(file, _read(stream), drop)


def xz_content(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The one file inside a .xz."""
    with file.path.open("rb") as source:
        yield from _single(file, _inflated(source), drop)


def tar_members(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """What lies in a tar archive; the stream is never inflated here (a .tar.gz is opened as .gz first)."""
    try:
        with FrugalFile(file.path) as opened, _opened(opened) as archive:
            for count, member in enumerate(_headers(archive, opened)):
                if (limit := drop.exhausted()) is not None:
                    raise Unreadable(limit.reason, f"{limit.detail}；此归档已读 {count} 个条目，其余未读")
                name = decoded([RawName(data=member.name.encode("utf-8", "surrogateescape"))])[0]
                if not member.isdir() and not is_junk(name):
                    yield from _member(file, (archive, member), cleaned(name), drop)
    except Unreadable as why:
        yield Skipped(evidence=file, name=file.name, reason=why.reason, detail=why.detail)


def _single(file: Evidence, chunks: Iterator[bytes], drop: Drop) -> Iterator[Evidence | Skipped]:
    name = cleaned(inner_name(file.name))
    yield from drop.take(Member(name=name, content=_Content(chunks), packed_bytes=file.size), file)


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
    if isinstance(stream, io.BufferedReader):
        yield from drop.take(Member(name=name, content=_Content(_read(stream)), size_bytes=member.size), file)
    else:
        drop.entries += 1
        detail = "归档内的链接或设备文件，不跟随；请放入文件本身"
        yield Skipped(evidence=file, name=name, reason=Reason.NOT_PERMITTED, detail=detail)


class _Content:
    """The bytes of a stream as far as it can be read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.problem = ""
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._chunks
        except _BROKEN as why:
            is_greedy = "emory" in str(why)
            self.problem = "解压要用的内存过大" if is_greedy else "压缩数据已损坏或不完整"


def _read(stream: _Readable) -> Iterator[bytes]:
    return iter(lambda: stream.read1(_CHUNK_BYTES), b"")


def _inflated(source: BinaryIO) -> Iterator[bytes]:
    """Xz with a limit on memory, which lzma.open does not know; streams may follow each other."""
    data = source.read(_CHUNK_BYTES)
    while data:
        inflater = lzma.LZMADecompressor(memlimit=_MOST_XZ_BYTES)
        while not inflater.eof:
            if inflater.needs_input and not data and not (data := source.read(_CHUNK_BYTES)):
                raise EOFError
            yield inflater.decompress(data, _CHUNK_BYTES)
            data = b""
        data = (inflater.unused_data or source.read(_CHUNK_BYTES)).lstrip(b"\0")
