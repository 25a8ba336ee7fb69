"""Zip archives: directory → entries → evidence, whatever the directory says about itself.

The usual methods are inflated here. The others, what is locked, and what did not come out as the directory
says are given to libarchive as well: a header that lies must not hide what another program would show.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import libarchive, zip_directory
from leakwatch.unpack.drop import Drop, Member
from leakwatch.unpack.names import cleaned, decoded, is_junk
from leakwatch.unpack.zip_content import METHODS, ZipContent
from leakwatch.unpack.zip_directory import Directory, ZipEntry

_LIMITS = (Reason.TOO_BIG, Reason.TIMED_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A file of the archive that is to be read."""

    name: str
    entry: ZipEntry
    place: int
    """Among all entries in the order of the file, which is libarchive's."""

    is_locked: bool
    """By its own account; some are only called so."""

    @property
    def is_foreign(self) -> bool:
        """Whether libarchive alone can read it."""
        return self.is_locked or self.entry.method not in METHODS


def members(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """What lies directly in a zip archive, in the order of its directory; what needs libarchive comes last."""
    directory = zip_directory.read(file.path, drop.limits.archive_entries)
    wanted = _wanted(file, directory)
    if not directory.is_whole:
        found = f"{len(directory.entries)} 个文件"
        if len(directory.entries) == drop.limits.archive_entries:
            found += "（已到上限，之后未再查找）"
        detail = f"压缩包不完整或目录损坏，从残余部分找到 {found}，其余可能已丢失，请重新导出或传送"
        yield _row(file, file.name, Unreadable(Reason.DAMAGED, detail))
    if wanted and all(one.is_locked for one in wanted) and not drop.limits.archive_passwords:
        detail = f"压缩包里的 {len(wanted)} 个文件都{drop.locked_sentence()}"
        yield _row(file, file.name, Unreadable(Reason.PASSWORD, detail))
    elif wanted:
        if count := sum(one.entry.is_locked and not one.is_locked for one in wanted):
            detail = f"{count} 个文件标着有密码，其实没有加密，已照常读取；标志可能被人改过，请核实来源"
            yield _row(file, file.name, Unreadable(Reason.PASSWORD, detail))
        yield from _read_all(file, wanted, drop)
    elif directory.is_whole:
        yield _row(
            file, file.name, Unreadable(Reason.DAMAGED, "压缩包里没有任何文件，可能导出失败，请重新导出")
        )


def _wanted(file: Evidence, directory: Directory) -> list[_Wanted]:
    """All but folders and bookkeeping; libarchive does not see what the directory does not list."""
    offsets = sorted({entry.offset for entry in directory.entries})
    places = {offset: place for place, offset in enumerate(offsets)}
    entries = (*directory.entries, *directory.unlisted)
    shown = decoded([entry.name for entry in entries])
    return [
        _Wanted(
            name=cleaned(name),
            entry=entry,
            place=places.get(entry.offset, -1 - number),
            is_locked=entry.is_locked and not _is_plain(file, entry),
        )
        for number, (entry, name) in enumerate(zip(entries, shown, strict=True))
        if not is_junk(name) and not (name.endswith(("/", "\\")) and not entry.size_bytes)
    ]


def _is_plain(file: Evidence, entry: ZipEntry) -> bool:
    """Whether an entry is not locked after all: the flag alone, set by hand, keeps most programs out."""
    if entry.method not in METHODS or not entry.size_bytes:
        return False
    with file.path.open("rb") as archive:
        content = ZipContent(archive, entry)
        left = entry.size_bytes
        for chunk in content:
            left -= len(chunk)
            if left < 0:
                return False
        return not content.problem


def _read_all(file: Evidence, wanted: Sequence[_Wanted], drop: Drop) -> Iterator[Evidence | Skipped]:
    overlapping = zip_directory.overlapping([one.entry for one in wanted])
    if overlapping:
        detail = f"{len(overlapping)} 个条目与其他条目共用同一段数据（压缩炸弹的特征），未读取，请核实来源"
        yield _row(file, file.name, Unreadable(Reason.DAMAGED, detail))
    foreign: dict[int, _Wanted] = {}
    seen: set[str] = set()
    for number, one in enumerate(wanted):
        if number in overlapping:
            continue
        if (limit := drop.exhausted()) is not None:
            detail = f"{limit.detail}；此压缩包还有 {len(wanted) - number} 个文件未读"
            yield _row(file, file.name, Unreadable(limit.reason, detail))
            break
        if one.is_foreign and not stat.S_ISLNK(one.entry.mode):
            foreign[one.place] = one
            continue
        rows = list(_read(file, one, drop))
        yield from rows
        if any(isinstance(row, Skipped) and row.reason is Reason.DAMAGED for row in rows):
            foreign[one.place] = one
            seen |= {row.sha256 for row in rows if isinstance(row, Evidence)}
    yield from _Second(file=file, drop=drop, waiting=foreign, seen=frozenset(seen)).rows()


def _read(file: Evidence, one: _Wanted, drop: Drop) -> Iterator[Evidence | Skipped]:
    if stat.S_ISLNK(one.entry.mode):
        drop.entries += 1
        detail = "压缩包内的符号链接，不跟随；请放入文件本身"
        yield _row(file, one.name, Unreadable(Reason.NOT_PERMITTED, detail))
        return
    with file.path.open("rb") as archive:
        content = ZipContent(archive, one.entry)
        packed_bytes = max(1, min(one.entry.packed_bytes, file.size))
        size_bytes = one.entry.size_bytes or 0
        member = Member(name=one.name, content=content, packed_bytes=packed_bytes, size_bytes=size_bytes)
        yield from drop.take(member, file)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Second:
    """The second reading, by libarchive: with every password that there is, or with none."""

    file: Evidence
    drop: Drop
    waiting: dict[int, _Wanted]
    """By place; what comes out whole is taken off."""
    seen: frozenset[str]
    """sha256 of what the first reading gave."""
    failed: dict[int, Sequence[Evidence | Skipped]] = field(default_factory=dict)

    def rows(self) -> Iterator[Evidence | Skipped]:
        is_locked = any(one.is_locked for one in self.waiting.values())
        why: Unreadable | None = None
        for password in (is_locked and _encoded(self.drop.limits.archive_passwords)) or (b"",):
            try:
                yield from self._tried(password)
            except Unreadable as caught:
                why = caught
                if why.reason in (Reason.NO_ENGINE, *_LIMITS):
                    break
        for place, one in self.waiting.items():
            yield from self._left(place, one, why)

    def _tried(self, password: bytes) -> Iterator[Evidence | Skipped]:
        """What comes out whole with this password, or breaks a limit."""
        for place, found in enumerate(libarchive.entries(self.file.path, libarchive.Format.ZIP, password)):
            one = self.waiting.get(place)
            if one is None or (one.is_locked and not password):
                continue
            if (limit := self.drop.exhausted()) is not None:
                raise limit
            packed_bytes = max(1, min(one.entry.packed_bytes, self.file.size))
            member = Member(name=one.name, content=found.data, packed_bytes=packed_bytes)
            rows = list(self.drop.take(member, self.file))
            if any(isinstance(row, Skipped) and row.reason not in _LIMITS for row in rows):
                self.failed[place] = rows
                self.drop.entries -= 1
                continue
            del self.waiting[place]
            yield from (row for row in rows if isinstance(row, Skipped) or row.sha256 not in self.seen)
            if not self.waiting:
                return

    def _left(self, place: int, one: _Wanted, why: Unreadable | None) -> Iterator[Evidence | Skipped]:
        """The row for what neither reading gave; the damaged have had theirs at the first."""
        has_tried = bool(self.drop.limits.archive_passwords)
        if (
            why is not None
            and why.reason in (Reason.NO_ENGINE, *_LIMITS)
            and one.is_foreign
            and (has_tried or not one.is_locked)
        ):
            yield _row(self.file, one.name, why)
        elif one.is_locked:
            yield _row(self.file, one.name, Unreadable(Reason.PASSWORD, self.drop.locked_sentence()))
        elif one.is_foreign:
            detail = f"压缩方式编号 {one.entry.method} 读不了，或数据已损坏；请手工解压后放入，或按普通 ZIP 重新压缩"
            unsupported = _row(self.file, one.name, Unreadable(Reason.UNSUPPORTED, detail))
            yield from self.failed.get(place, (unsupported,))


def _encoded(passwords: Sequence[str]) -> list[bytes]:
    """As 7-Zip on Linux and as the programs of a Chinese Windows turn them into bytes."""
    return list(
        dict.fromkeys(one.encode(codec, "replace") for one in passwords for codec in ("utf-8", "gb18030"))
    )


def _row(file: Evidence, name: str, why: Unreadable) -> Skipped:
    return Skipped(evidence=file, name=name, reason=why.reason, detail=why.detail)
