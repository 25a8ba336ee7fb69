"""Archives that only a foreign engine opens (7z, RAR, CAB, ISO, zst, lz4 …) → evidence.

libarchive goes first. What it cannot read of a RAR or 7z (locked, RAR 2, solid RAR 4) is left to unar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import rar5, unar
from leakwatch.unpack.drop import Content, Drop, Member, Opener
from leakwatch.unpack.libarchive import LOCKED, Entry, Format, entries
from leakwatch.unpack.names import cleaned, inner_name, is_junk

_MAGIC = (
    (0, rar5.SIGNATURE, Format.RAR5),
    (0, b"Rar!\x1a\x07\x00", Format.RAR4),
    (0, b"7z\xbc\xaf\x27\x1c", Format.SEVEN_ZIP),
    (0, b"MSCF\0\0\0\0", Format.CAB),
    (0, b"\x28\xb5\x2f\xfd", Format.ZSTD),
    (0, b"\x04\x22\x4d\x18", Format.LZ4),
    (0, b"\x1f\x9d", Format.COMPRESS),
    (0, b"LZIP\x01", Format.LZIP),
    (0x8001, b"CD001", Format.ISO),
)
_ONE_FILE = (Format.ZSTD, Format.LZ4, Format.COMPRESS, Format.LZIP)
_BY_UNAR = (Format.RAR4, Format.RAR5, Format.SEVEN_ZIP)
_LINK = "压缩包内的链接或设备文件，不跟随；请放入文件本身"
_FOR_UNAR = (Reason.PASSWORD, Reason.UNSUPPORTED, Reason.DAMAGED)


def opener(head: bytes) -> Opener | None:
    """How to open what begins so; None if it is no such archive."""
    kind = next((kind for place, magic, kind in _MAGIC if head.startswith(magic, place)), None)
    return partial(members, kind) if kind else None


def members(kind: Format, file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """What lies directly in the archive, in its order; what no engine can read comes last."""
    reading = _Reading(kind=kind, file=file, drop=drop)
    unread: list[Skipped] = []
    at_start = drop.entries
    for row in reading.by_libarchive():
        if isinstance(row, Skipped):
            unread.append(row)
        else:
            reading.whole[row.inner_path] = row
            yield row
    for row in unread:  # half a file is no reason not to try for the whole
        reading.whole.pop(f"{file.inner_path}!{row.name}", None)
    if kind in _BY_UNAR and any(row.reason in _FOR_UNAR for row in unread):
        yield from reading.by_unar(unread)
    elif unread or drop.entries > at_start:
        yield from unread
    else:
        yield reading.row(
            file.name, Unreadable(Reason.DAMAGED, "压缩包里没有任何文件，可能导出失败，请重新导出")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One archive on its way into the vault."""

    kind: Format
    file: Evidence
    drop: Drop
    whole: dict[str, Evidence] = field(default_factory=dict)
    """By inner path, what has been read."""

    def by_libarchive(self) -> Iterator[Evidence | Skipped]:
        locked = rar5.locked_entries(self.file.path) if self.kind is Format.RAR5 else frozenset[int]()
        try:
            if locked is None:
                raise Unreadable(Reason.PASSWORD, LOCKED)
            for number, entry in enumerate(entries(self.file.path, self.kind)):
                self._check_limits()
                name = inner_name(self.file.name) if self.kind in _ONE_FILE else entry.name
                if not entry.is_folder and not is_junk(name):
                    yield from self._taken(cleaned(name), entry, number in locked or entry.data.is_locked)
        except Unreadable as why:
            yield self.row(self.file.name, why)

    def by_unar(self, unread: Sequence[Skipped]) -> Iterator[Evidence | Skipped]:
        """What libarchive could not read; the same rows once more where unar cannot either."""
        if not unar.is_installed():
            yield from map(_with_advice, unread)
            return
        names: set[str] = set()
        try:
            for name, entry in self._unar_entries():
                names.add(name)
                if entry.is_link:
                    yield self.row(name, Unreadable(Reason.NOT_PERMITTED, _LINK))
                else:
                    yield from self._kept(name, entry.data, entry.size_bytes)
        except Unreadable as why:
            yield self.row(self.file.name, why)
        for row in unread:
            if row.name not in names and (row.name != self.file.name or not names):
                yield row

    def _unar_entries(self) -> Iterator[tuple[str, unar.Entry]]:
        """What libarchive has not read, with clean names; nothing if no password fits."""
        password = self._fitting_password()
        if password is None:
            return
        for entry in unar.entries(self.file.path, password, self.drop.seconds_left):
            self._check_limits()
            name = cleaned(entry.name)
            if f"{self.file.inner_path}!{name}" not in self.whole and not is_junk(name):
                yield name, entry

    def _fitting_password(self) -> str | None:
        """None if none fits, or if the archive is broken; empty where none is wanted."""
        passwords = ("", *self.drop.limits.archive_passwords)
        return next(
            (one for one in passwords if unar.fits(self.file.path, one, self.drop.seconds_left)), None
        )

    def _taken(self, name: str, entry: Entry, is_locked: bool) -> Iterator[Evidence | Skipped]:
        inner_path = f"{self.file.inner_path}!{name}"
        if is_locked:
            yield self.row(name, Unreadable(Reason.PASSWORD, LOCKED))
        elif entry.link and (twin := self.whole.get(f"{self.file.inner_path}!{cleaned(entry.link)}")):
            yield replace(twin, name=name.rsplit("/", 1)[-1], inner_path=inner_path)
        elif entry.link or not entry.is_file or (self.kind is Format.RAR5 and entry.size_bytes is None):
            yield self.row(name, Unreadable(Reason.NOT_PERMITTED, _LINK))
        else:
            yield from self._kept(name, entry.data, entry.size_bytes or 0)

    def _kept(self, name: str, content: Content, size_bytes: int) -> Iterator[Evidence | Skipped]:
        member = Member(name=name, content=content, packed_bytes=self.file.size, size_bytes=size_bytes)
        return self.drop.take(member, self.file)

    def _check_limits(self) -> None:
        if (limit := self.drop.exhausted()) is not None:
            raise Unreadable(limit.reason, f"{limit.detail}；此压缩包的其余文件未读")

    def row(self, name: str, why: Unreadable) -> Skipped:
        detail = self.drop.locked_sentence() if why.reason is Reason.PASSWORD else why.detail
        return Skipped(evidence=self.file, name=name, reason=why.reason, detail=detail)


def _with_advice(row: Skipped) -> Skipped:
    """The same row; a missing program is named where it would help."""
    if row.reason is Reason.UNSUPPORTED:
        return replace(row, reason=Reason.NO_ENGINE, detail=f"{row.detail}；{unar.ADVICE}")
    return replace(row, detail=f"{row.detail}；{unar.ADVICE}") if row.reason is Reason.PASSWORD else row
