"""One received file: what may still be unpacked of it, and the vault that it goes to."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from leakwatch.config import Limits
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.vault import Vault

Opener = Callable[[Evidence, "Drop"], Iterator[Evidence | Skipped]]
"""What takes one container apart."""

MIB = 1 << 20
_MOST_ROWS = 50


class Content(Protocol):
    """The bytes of one member, once."""

    @property
    def problem(self) -> str:
        """What was wrong with them, once they are spent (Chinese); empty if they are whole."""

    def __iter__(self) -> Iterator[bytes]:
        """Unreadable if nothing of it can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file inside an archive, before it is taken out."""

    name: str
    """For eyes only, and cleaned."""
    content: Content
    packed_bytes: int = 0
    """What its ratio is taken of; 0 = nothing packed."""
    size_bytes: int = 0
    """As declared; 0 where nothing is."""


@dataclass(slots=True, kw_only=True)
class Drop:
    """The running account of everything unpacked from one received file, nested archives included."""

    vault: Vault
    limits: Limits
    clock: Callable[[], float] = time.monotonic
    """Seconds."""
    entries: int = 0
    unpacked_bytes: int = 0
    spent_s: float = 0.0
    started_s: float | None = None
    """What the clock said when the row that is being made was asked for."""

    @property
    def seconds_left(self) -> float:
        running_s = 0.0 if self.started_s is None else self.clock() - self.started_s
        return max(0.0, self.limits.archive_seconds - self.spent_s - running_s)

    @property
    def entries_left(self) -> int:
        return max(0, self.limits.archive_entries - self.entries)

    @property
    def is_full(self) -> bool:
        return self.unpacked_bytes >= self.limits.archive_total_mib * MIB

    def exhausted(self) -> Unreadable | None:
        """The limit that lets no other entry be read, if there is one."""
        if not self.seconds_left:
            return Unreadable(Reason.TIMED_OUT, self.time_sentence())
        if not self.is_full and self.entries_left:
            return None
        return Unreadable(Reason.TOO_BIG, self.total_sentence() if self.is_full else self.entries_sentence())

    def take(self, member: Member, file: Evidence) -> Iterator[Evidence | Skipped]:
        """The member as evidence; if it is damaged, what could be read of it and a row that says so."""
        self.entries += 1
        try:
            self.announce(member.size_bytes)
            chunks = self.metered(member.content, member.packed_bytes)
            kept = self.keep(chunks, f"{file.inner_path}!{member.name}", file)
        except Unreadable as why:
            yield Skipped(evidence=file, name=member.name, reason=why.reason, detail=why.detail)
            return
        if problem := member.content.problem:
            detail = f"{problem}，读出 {kept.size} 字节，内容可能不全，请重新导出或传送"
            yield Skipped(evidence=file, name=member.name, reason=Reason.DAMAGED, detail=detail)
        if kept.size or not problem:
            yield kept

    def timed(self, rows: Iterable[Evidence | Skipped]) -> Iterator[Evidence | Skipped]:
        """The same rows, and every second that it takes to make them is counted, but none in between."""
        source = iter(rows)
        while True:
            self.started_s = self.clock()
            row = next(source, None)
            self.spent_s += self.clock() - self.started_s
            self.started_s = None
            if row is None:
                return
            yield row

    def keep(self, chunks: Iterable[bytes], inner_path: str, parent: Evidence) -> Evidence:
        """One leaf as evidence; its own name may hold `!`, which the vault takes for a way inside."""
        kept = self.vault.keep_stream(chunks, inner_path, parent)
        return replace(kept, name=inner_path.removeprefix(f"{parent.inner_path}!").rsplit("/", 1)[-1])

    def announce(self, size_bytes: int) -> None:
        """Unreadable if an entry by its own account would break a limit: nothing is written for it."""
        if size_bytes > self.limits.file_mib * MIB:
            raise Unreadable(Reason.TOO_BIG, self._file_sentence())
        if size_bytes > self.limits.archive_total_mib * MIB - self.unpacked_bytes:
            raise Unreadable(Reason.TOO_BIG, self.total_sentence())

    def metered(self, chunks: Iterable[bytes], packed_bytes: int) -> Iterator[bytes]:
        """The same chunks until a limit is broken, then Unreadable; `packed_bytes` 0 = nothing packed."""
        size = 0
        for chunk in chunks:
            size += len(chunk)
            self.unpacked_bytes += len(chunk)
            if packed_bytes and size > max(MIB, packed_bytes * self.limits.archive_ratio):
                raise Unreadable(Reason.TOO_BIG, self._ratio_sentence())
            if size > self.limits.file_mib * MIB:
                raise Unreadable(Reason.TOO_BIG, self._file_sentence())
            if self.unpacked_bytes > self.limits.archive_total_mib * MIB:
                raise Unreadable(Reason.TOO_BIG, self.total_sentence())
            if not self.seconds_left:
                raise Unreadable(Reason.TIMED_OUT, self.time_sentence())
            yield chunk

    def total_sentence(self) -> str:
        return (
            f"解压总量超过上限 {self.limits.archive_total_mib} MiB，请手工解压后放入或调高 archive_total_mib"
        )

    def entries_sentence(self) -> str:
        return f"条目数超过上限 {self.limits.archive_entries} 个，请手工解压后放入或调高 archive_entries"

    def time_sentence(self) -> str:
        return f"解压用时超过上限 {self.limits.archive_seconds} 秒，请手工解压后放入或调高 archive_seconds"

    def locked_sentence(self) -> str:
        """Never the passwords themselves."""
        tried = len(self.limits.archive_passwords)
        found = f"有密码，配置的 {tried} 个密码都打不开" if tried else "有密码，无法检查"
        return (
            f"{found}；请向提供人索取密码，写入 config.toml 的 archive_passwords 后重新扫描，或解压后再放入"
        )

    def _file_sentence(self) -> str:
        return f"单个文件超过上限 {self.limits.file_mib} MiB，未读取，请单独检查或调高 file_mib"

    def _ratio_sentence(self) -> str:
        return (
            f"解压后大小超过压缩大小的 {self.limits.archive_ratio} 倍（压缩炸弹的特征），未读取，"
            "确认来源可靠后请手工解压再放入，或调高 archive_ratio"
        )


class FrugalFile(io.BufferedReader):
    """A file that is never read more than 32 MiB at a time, whatever a forged header asks for.

    A zip directory of 32 MiB holds over 200,000 entries; zipfile and tarfile turn the OSError into their own
    errors or let it pass.
    """

    _MOST_BYTES = 32 * MIB

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self._MOST_BYTES + 1 if size is None or size < 0 else min(size, self._MOST_BYTES + 1)
        data = super().read(wanted)
        if len(data) > self._MOST_BYTES:
            raise OSError("a header asks for too much memory")
        return data


def capped(rows: Iterable[Evidence | Skipped], container: Evidence) -> Iterator[Evidence | Skipped]:
    """The same rows, but at most 50 `Skipped` of one received file and one that sums up the others."""
    count = 0
    for row in rows:
        if isinstance(row, Skipped):
            count += 1
            if count > _MOST_ROWS:
                continue
        yield row
    if count > _MOST_ROWS:
        yield Skipped(
            evidence=container,
            name=container.name,
            reason=Reason.INCOMPLETE,
            detail=f"另有 {count - _MOST_ROWS} 个条目未能读取，原因同上各条，请手工解压后检查",
        )
