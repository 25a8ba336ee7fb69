"""The evidence that stays: originals sealed, written once, named by their SHA-256.

    <vault>/parts/                   what is being written
    <vault>/<key id>/key             the data key of a batch, wrapped (`keyring`)
    <vault>/<key id>/ab/abcd…        the originals of the batch (0400)

The same bytes are kept once in a batch, not once in the vault: to purge a case must never take the evidence of
another. What should be there is the caller's to know: the vault holds no second list of it.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO

from leakwatch.errors import EvidenceDamaged, LeakwatchError
from leakwatch.model import Sealed
from leakwatch.vault import files
from leakwatch.vault.keyring import KEY_FILE, PARTS, Keyring
from leakwatch.vault.keys import MasterKey
from leakwatch.vault.streams import Lock, Plain, Sealer, read_header, unseal
from leakwatch.vault.suites import Suite

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LEFT = timedelta(days=2)
"""What has not changed for so long is no longer being written."""


class Flaw(StrEnum):
    """How the vault differs from its index."""

    DAMAGED = "damaged"
    MISSING = "missing"
    DIFFERENT = "different"
    EXTRA = "extra"
    OPEN = "open"
    KEY = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is not as it should be."""

    flaw: Flaw
    key_id: str
    """Of the batch; the folder's name where it is none."""
    sha256: str = ""
    detail: str
    """A Chinese sentence: what, why, what to do."""


class SealedVault:
    """A folder (0700) of sealed originals under one master key."""

    def __init__(self, folder: Path, suite: Suite, master: MasterKey, clock: Callable[[], datetime]) -> None:
        files.make_private(folder)
        if files.is_open_to_others(folder.stat()):
            raise LeakwatchError(f"{folder}：其他用户也能打开证据文件夹，没有使用；请运行 chmod 700 {folder}")
        files.make_private(folder / PARTS)
        self.keys = Keyring(folder, master)
        self._folder = folder
        self._suite = suite
        self._clock = clock
        self._sweep()

    def new_batch(self) -> str:
        """The id of a new data key: for one case, or one month's drop; what is purged together."""
        return self.keys.new(self._suite).key_id

    def keep(self, source: Path, key_id: str) -> Sealed:
        """A received file, sealed in a batch; Unreadable if the system does not let us read it."""
        return self.keep_stream(files.chunks_of(source), key_id)

    def keep_stream(self, chunks: Iterable[bytes], key_id: str) -> Sealed:
        """A stream, sealed in a batch; whatever it raises (Unreadable) passes through and leaves nothing behind.

        Bytes that are there already are read to their end and stay: EvidenceDamaged if they were changed.
        """
        lock = self.keys.lock(key_id)
        with files.unnamed(self._folder / PARTS) as file:
            sealer = Sealer(file, lock)
            for chunk in chunks:
                sealer.write(chunk)
            sealed = sealer.finish(self._clock())
            place = self._place(sealed.sha256, key_id)
            if place.exists():
                return self._check(sealed.sha256, lock)
            files.make_private(place.parent)
            files.name_file(file, place, 0o400)
            self.keys.lock(key_id)  # purged meanwhile? then it is not kept
            return sealed

    def open(self, sha256: str, key_id: str) -> IO[bytes]:
        """The original, each part proved before it is given; close it after use.

        Reading raises EvidenceDamaged at the first byte that is not as sealed: who needs the whole reads it all
        before relying on any of it.
        """
        file, chunks, _ = self._opened(sha256, self.keys.lock(key_id))
        return io.BufferedReader(Plain(chunks, file))

    def is_empty(self) -> bool:
        """No original lies here."""
        return not any(self._folder.glob(f"[0-9a-f]*/??/{'[0-9a-f]' * 64}"))

    def purge(self, key_id: str) -> int:
        """How many files are gone for good with their data key; may be run again after a break."""
        place = self.keys.place(key_id)
        if not place.is_dir():
            raise LeakwatchError(f"{key_id}：证据库里没有这一批，可能已经清除")
        self.keys.drop(key_id)  # first: from here on nothing of the batch can be opened
        removed = 0
        try:
            for folder, _, names in os.walk(place):  # unlike glob it follows no link out of the vault
                for name in names:
                    files.remove(Path(folder, name))
                    removed += 1
            shutil.rmtree(place)
            files.sync_folder(self._folder)
        except OSError as why:
            raise LeakwatchError(
                f"{place}：数据密钥已销毁，但封存的文件没有删净（{why.strerror}），请检查权限后再清除一次"
            ) from why
        return removed

    def verify(self, index: Iterable[Sealed]) -> Iterator[Problem]:
        """Everything that differs from the index: each original read to its end, then whatever else lies there.

        index: of all batches; nothing may be kept or purged meanwhile.
        """
        try:
            yield from self._problems(index)
        except OSError as why:
            raise LeakwatchError(
                f"{why.filename}：打不开（{why.strerror}），没有核对完，请检查权限和磁盘后再核对一次"
            ) from why

    def _problems(self, index: Iterable[Sealed]) -> Iterator[Problem]:
        expected: set[Path] = set()
        locks: dict[str, Lock | None] = {}
        for entry in index:
            if entry.key_id not in locks:
                try:
                    locks[entry.key_id] = self.keys.lock(entry.key_id)
                except LeakwatchError as why:
                    locks[entry.key_id] = None
                    yield Problem(flaw=Flaw.KEY, key_id=entry.key_id, detail=str(why))
            place = self._place(entry.sha256, entry.key_id)
            expected.add(place)
            if lock := locks[entry.key_id]:
                yield from self._faults(entry, lock)
        yield from self._around(expected)

    def _faults(self, entry: Sealed, lock: Lock) -> Iterator[Problem]:
        problem = partial(Problem, key_id=entry.key_id, sha256=entry.sha256)
        place = self._place(entry.sha256, entry.key_id)
        if not place.exists():
            yield problem(
                flaw=Flaw.MISSING, detail=f"{entry.sha256}：登记过的原件不见了，请从备份恢复，并向保密办报告"
            )
            return
        try:
            sealed = self._check(entry.sha256, lock)
        except EvidenceDamaged as why:
            yield problem(flaw=Flaw.DAMAGED, detail=str(why))
        except LeakwatchError as why:
            yield problem(flaw=Flaw.MISSING, detail=str(why))
        else:
            if replace(sealed, stored_at=entry.stored_at) != entry:
                yield problem(
                    flaw=Flaw.DIFFERENT,
                    detail=f"{entry.sha256}：登记的大小或校验值与封存时不符，登记可能被改动",
                )
        if files.is_open_to_others(status := place.stat()) or status.st_mode & 0o222:
            yield problem(flaw=Flaw.OPEN, detail=_open_sentence(place, "400"))

    def _around(self, expected: set[Path]) -> Iterator[Problem]:
        """Who may enter, and what lies in the folder although nobody entered it in the index."""

        def give_up(why: OSError) -> None:
            raise why

        for folder, folders, names in os.walk(self._folder, onerror=give_up):
            here = Path(folder)
            key_id = next(iter(here.relative_to(self._folder).parts), "")
            if files.is_open_to_others(here.stat()):
                yield Problem(flaw=Flaw.OPEN, key_id=key_id, detail=_open_sentence(here, "700"))
            key_file = here / KEY_FILE if here.parent == self._folder else None
            links = [name for name in folders if (here / name).is_symlink()]
            for path in sorted(here / name for name in (*names, *links)):
                if path == key_file and files.is_open_to_others(path.lstat()):
                    yield Problem(flaw=Flaw.OPEN, key_id=key_id, detail=_open_sentence(path, "600"))
                elif path not in expected and path != key_file and not self._is_part(path):
                    detail = f"{path}：证据库里没有登记这个文件，可能是存入后登记没有完成，或有人放入；请核实"
                    yield Problem(flaw=Flaw.EXTRA, key_id=key_id, sha256=_sha256_of(path), detail=detail)

    def _check(self, sha256: str, lock: Lock) -> Sealed:
        """What is there, once all of it was read and proved."""
        file, chunks, sealed = self._opened(sha256, lock)
        with file:
            for _ in chunks:
                pass
        return sealed

    def _opened(self, sha256: str, lock: Lock) -> tuple[IO[bytes], Iterator[bytes], Sealed]:
        place = self._place(sha256, lock.key_id)
        try:
            file = place.open("rb")
        except FileNotFoundError as why:
            raise LeakwatchError(f"{sha256}：证据库这一批里没有这个原件") from why
        except OSError as why:
            raise LeakwatchError(f"{place}：打不开（{why.strerror}），请检查权限和磁盘") from why
        try:
            header = read_header(file)
            if (header.sealed.sha256, header.sealed.key_id) != (sha256, lock.key_id):
                raise EvidenceDamaged(f"{sha256}：这里放的是另一个原件，请从备份恢复，并向保密办报告")
        except BaseException:
            file.close()
            raise
        return file, unseal(file, header, lock), header.sealed

    def _place(self, sha256: str, key_id: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise LeakwatchError(f"{sha256!r}：不是 SHA-256 校验值（应为 64 位十六进制）")
        return self.keys.place(key_id) / sha256[:2] / sha256

    def _is_part(self, path: Path) -> bool:
        return path.parent == self._folder / PARTS and path.name.startswith(files.PART)

    def _sweep(self) -> None:
        """Removes what a killed process left half written: it is sealed under a key that nobody has."""
        oldest = (self._clock() - _LEFT).timestamp()
        for part in (self._folder / PARTS).glob(f"{files.PART}*"):
            with suppress(OSError):  # another process sweeps too
                if part.stat().st_mtime < oldest:
                    part.unlink()


def _open_sentence(path: Path, mode: str) -> str:
    return f"{path}：权限过宽，请运行 chmod {mode} {path}，并核实有没有人读过或改过"


def _sha256_of(path: Path) -> str:
    return path.name if _SHA256.fullmatch(path.name) else ""
