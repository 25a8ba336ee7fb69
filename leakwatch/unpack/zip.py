"""Zip archives: directory → entries → evidence, whatever the directory says about itself.

zipfile reads the directory alone. The data are inflated here, because zipfile trusts the declared sizes: an
entry that declares 100 bytes and holds 725 comes out of it as nothing at all (measured), and a cut file
loses even what is whole.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack.drop import Drop, FrugalFile
from leakwatch.unpack.names import RawName, cleaned, decoded, is_junk

_CHUNK_BYTES = 1 << 18
_SIGNATURE = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8
_METHODS = {9: "Deflate64", 12: "BZip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_LOCKED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    name: RawName
    offset: int
    flags: int
    method: int
    packed_bytes: int
    size_bytes: int | None = None
    """None: the header does not say; neither does it give a checksum."""
    crc: int = 0
    mode: int = 0

    @property
    def is_locked(self) -> bool:
        return bool(self.flags & _LOCKED)


def members(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """What lies directly in a zip archive, in the order of its directory."""
    infos = _infos(file.path)
    if infos is None:
        most = drop.limits.archive_entries
        entries = list(_salvaged(file.path, most))
        count = f"{len(entries)} 个文件" + ("（已到上限，之后未再查找）" if len(entries) == most else "")
        detail = f"压缩包不完整或目录损坏，从残余部分找到 {count}，其余可能已丢失，请重新导出或传送"
        yield _row(file, file.name, Reason.DAMAGED, detail)
    else:
        entries = [_entry(info) for info in infos]
    shown = decoded([entry.name for entry in entries])
    wanted = [
        (entry, cleaned(name))
        for entry, name in zip(entries, shown, strict=True)
        if not is_junk(name) and not _is_folder(entry, name)
    ]
    if wanted and all(entry.is_locked for entry, _ in wanted):
        detail = f"压缩包有密码，其中 {len(wanted)} 个文件均无法检查；请向提供人索取密码，解压后再放入"
        yield _row(file, file.name, Reason.PASSWORD, detail)
    elif wanted:
        yield from _read_all(file, wanted, drop)
    elif infos is not None:
        yield _row(file, file.name, Reason.DAMAGED, "压缩包里没有任何文件，可能导出失败，请重新导出")


def names(path: Path) -> list[str]:
    """The names in a zip's directory as zipfile sees them; empty if the directory is damaged."""
    return [info.filename for info in _infos(path) or ()]


def _read_all(
    file: Evidence, wanted: Sequence[tuple[_Entry, str]], drop: Drop
) -> Iterator[Evidence | Skipped]:
    overlapping = _overlapping([entry for entry, _ in wanted])
    if overlapping:
        detail = f"{len(overlapping)} 个条目与其他条目共用同一段数据（压缩炸弹的特征），未读取，请核实来源"
        yield _row(file, file.name, Reason.DAMAGED, detail)
    for number, (entry, name) in enumerate(wanted):
        if number in overlapping:
            continue
        if not drop.entries_left or drop.is_full:
            sentence = drop.total_sentence() if drop.is_full else drop.entries_sentence()
            yield _row(
                file, file.name, Reason.TOO_BIG, f"{sentence}；此压缩包还有 {len(wanted) - number} 个文件未读"
            )
            return
        drop.entries += 1
        yield from _read(file, entry, name, drop)


def _read(file: Evidence, entry: _Entry, name: str, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The entry as evidence; if it is damaged, what could be read of it and a row that says so."""
    try:
        _check(entry)
        drop.announce(entry.size_bytes or 0)
        with file.path.open("rb") as archive:
            content = _Content(archive, entry)
            packed_bytes = max(1, min(entry.packed_bytes, file.size))
            kept = drop.keep(drop.metered(content, packed_bytes), f"{file.inner_path}!{name}", file)
    except Unreadable as why:
        yield _row(file, name, why.reason, why.detail)
        return
    if content.problem:
        detail = f"{content.problem}，读出 {kept.size} 字节，内容可能不全，请重新导出或传送"
        yield _row(file, name, Reason.DAMAGED, detail)
    if kept.size or not content.problem:
        yield kept


def _check(entry: _Entry) -> None:
    """Unreadable if there is no way to the entry's content."""
    if entry.is_locked:
        raise Unreadable(Reason.PASSWORD, "此文件有密码，无法检查；请向提供人索取密码，解压后再放入")
    if stat.S_ISLNK(entry.mode):
        raise Unreadable(Reason.NOT_PERMITTED, "压缩包内的符号链接，不跟随；请放入文件本身")
    if entry.method not in (_STORED, _DEFLATED):
        method = _METHODS.get(entry.method, f"编号 {entry.method}")
        raise Unreadable(
            Reason.UNSUPPORTED, f"压缩方式 {method} 暂不支持，请用解压软件解开后再放入，或按普通 ZIP 重新压缩"
        )


class _Content:
    """The bytes of one entry; once they are spent, `problem` says what was wrong with them (Chinese)."""

    def __init__(self, archive: BufferedReader, entry: _Entry) -> None:
        self.problem = ""
        self._archive = archive
        self._entry = entry

    def __iter__(self) -> Iterator[bytes]:
        head = self._at_header()
        if len(head) < _LOCAL_HEADER.size or not head.startswith(_SIGNATURE):
            self.problem = "压缩包内此处的文件头已损坏"
            return
        name_bytes, extra_bytes = struct.unpack_from("<HH", head, 26)
        self._archive.seek(name_bytes + extra_bytes, 1)
        crc = size = 0
        for chunk in self._inflated() if self._entry.method == _DEFLATED else self._stored():
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            yield chunk
        declared = self._entry.size_bytes
        if declared is not None and not self.problem and (size, crc) != (declared, self._entry.crc):
            self.problem = f"内容与压缩包目录登记的大小（{declared} 字节）或校验值不符"

    def _at_header(self) -> bytes:
        """Offsets from a forged directory may lie before the file or beyond 2⁶³."""
        try:
            self._archive.seek(self._entry.offset)
        except (OSError, ValueError, OverflowError):
            return b""
        return self._archive.read(_LOCAL_HEADER.size)

    def _stored(self) -> Iterator[bytes]:
        left = self._entry.packed_bytes
        while left > 0 and (chunk := self._archive.read(min(left, _CHUNK_BYTES))):
            left -= len(chunk)
            yield chunk
        if left > 0:
            self.problem = "压缩包在此文件中间断掉"

    def _inflated(self) -> Iterator[bytes]:
        """A deflate stream knows its own end, so the declared sizes are not asked."""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            while not inflater.eof:
                data = inflater.unconsumed_tail or self._archive.read(_CHUNK_BYTES)
                if not data:
                    yield inflater.flush()
                    self.problem = "" if inflater.eof else "压缩包在此文件中间断掉"
                    return
                yield inflater.decompress(data, _CHUNK_BYTES)
        except zlib.error:
            self.problem = "压缩数据已损坏"


def _infos(path: Path) -> list[zipfile.ZipInfo] | None:
    """The archive's own directory; None if it is cut off or broken.

    zipfile documents BadZipFile alone; on broken input it also raises NotImplementedError (version),
    ValueError (negative seek, UTF-8 flag on a GBK name) and struct.error.
    """
    try:
        with FrugalFile(path) as opened, zipfile.ZipFile(opened) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError, struct.error):
        return None


def _entry(info: zipfile.ZipInfo) -> _Entry:
    is_utf8 = bool(info.flag_bits & _UTF8)
    raw = info.orig_filename.encode("utf-8" if is_utf8 else "cp437")
    return _Entry(
        name=RawName(data=raw, is_utf8=is_utf8, extra=info.extra),
        offset=info.header_offset,
        flags=info.flag_bits,
        method=info.compress_type,
        packed_bytes=info.compress_size,
        size_bytes=info.file_size,
        crc=info.CRC,
        mode=info.external_attr >> 16,
    )


def _is_folder(entry: _Entry, name: str) -> bool:
    return name.endswith(("/", "\\")) and not entry.size_bytes


def _overlapping(entries: Sequence[_Entry]) -> frozenset[int]:
    """Places of the entries whose data begin inside those of an entry before them in the file."""
    end, found = -1, set()
    for place in sorted(range(len(entries)), key=lambda place: (entries[place].offset, place)):
        entry = entries[place]
        if entry.offset < end:
            found.add(place)
        else:
            end = entry.offset + _LOCAL_HEADER.size + entry.packed_bytes
    return frozenset(found)


def _salvaged(path: Path, most: int) -> Iterator[_Entry]:
    """Entries found by their local headers, for an archive without a usable directory."""
    with path.open("rb") as archive:
        offset = _next_header(archive, 0)
        for _ in range(most):
            if offset is None:
                return
            archive.seek(offset)
            head = archive.read(_LOCAL_HEADER.size)
            if len(head) < _LOCAL_HEADER.size:
                return
            _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(head)
            name, extra = archive.read(name_bytes), archive.read(extra_bytes)
            start = archive.tell()
            is_known = not flags & _SIZES_FOLLOW
            next_offset = _next_header(archive, start + packed if is_known else start)
            yield _Entry(
                name=RawName(data=name, is_utf8=bool(flags & _UTF8), extra=extra),
                offset=offset,
                flags=flags,
                method=method,
                packed_bytes=packed if is_known else (next_offset or path.stat().st_size) - start,
                size_bytes=size if is_known else None,
                crc=crc,
            )
            offset = next_offset


def _next_header(archive: BufferedReader, start: int) -> int | None:
    """Where the next local header begins, at or behind `start`."""
    archive.seek(start)
    tail = b""
    while chunk := archive.read(_CHUNK_BYTES):
        found = (tail + chunk).find(_SIGNATURE)
        if found >= 0:
            return archive.tell() - len(chunk) - len(tail) + found
        tail = chunk[-3:]
    return None


def _row(file: Evidence, name: str, reason: Reason, detail: str) -> Skipped:
    return Skipped(evidence=file, name=name, reason=reason, detail=detail)
