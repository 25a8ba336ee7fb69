"""Uploads that were read: their files lie sealed in the vault, and are laid open again to be read anew.

They are originals like those that hold findings: verified, backed up and purged as these are. An upload of which
everything was purged has nothing left to be read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from django.db import transaction
from django.db.models import Q, QuerySet
from msgspec import Struct

from leakwatch.store import arrivals, log, originals
from leakwatch.store.contents import pack, unpack
from leakwatch.store.models import Arrival, ArrivalState, Original, ScanKind
from leakwatch.store.originals import Keeper, Kept
from leakwatch.store.sealing import Sealer
from leakwatch.vault.files import remove, sync_folder

_AT_ONCE = 8
"""Sealed side by side: what waits for the disk is most of the time of small files."""
_BATCH = 500
_COPIED = 1 << 20


class DepositedFile(Struct, frozen=True, kw_only=True):
    """One file of an upload."""

    path: str
    """Below the upload, parts joined with /; empty where it is a file itself."""
    sha256: str
    mtime_ns: int


class Deposit(Struct, frozen=True, kw_only=True):
    """What an upload was made of."""

    files: tuple[DepositedFile, ...]


class Strongroom(Keeper, Protocol):
    """The sealed vault."""

    def open(self, sha256: str, key_id: str) -> IO[bytes]:
        """Its bytes; EvidenceDamaged where they are not as sealed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What uploads are put away with."""

    sealer: Sealer
    strongroom: Strongroom


def open_ones(root: str) -> QuerySet[Arrival]:
    """The uploads that were read, or given up, and still lie open in that folder."""
    ended = Arrival.objects.filter(root=root).exclude(kind=ScanKind.CANARY)
    ended = ended.exclude(state__in=(*arrivals.OPEN, ArrivalState.GONE))
    return ended.filter(Q(is_settled=False) | Q(sealed_files=b"")).order_by("ended_at", "pk")


def put_away(row: Arrival, place: Path, means: Means, now: datetime) -> None:
    """The upload that lies there is sealed, and no plain copy of it is left; may be run again after a break.

    What was purged stays purged: brought again, it is not kept.
    """
    found = {path: _sha256(path) for path in _files(place)}
    known = _rows(found.values())
    fresh = {sha256: path for path, sha256 in found.items() if sha256 not in known}
    sealed = _sealed(fresh, means.strongroom, now)
    files = tuple(
        DepositedFile(path=_below(path, place), sha256=sha256, mtime_ns=path.stat().st_mtime_ns)
        for path, sha256 in found.items()
    )
    with transaction.atomic():
        log.lock()  # a purge of one of them has ended, or finds it in the tables
        taken = _rows(sealed)  # meanwhile, by a scan; or purged
        for sha256 in sealed.keys() - taken.keys():
            originals.enter(sha256, sealed[sha256], now)
        content = pack(Deposit(files=files), means.sealer, _context(row))
        Arrival.objects.filter(pk=row.pk).update(sealed_files=content)
        log.append(
            log.Act(
                at=now,
                actor="daemon",
                action="upload.sealed",
                subject=f"arrival:{row.pk}",
                details={"files": len(files), "sealed": len(sealed) - len(taken)},
            )
        )
    _remove(place)


def lay_open(row: Arrival, means: Means, folder: Path) -> Path | None:
    """Where the upload lies in that folder as it did when it came; None if all of it was purged.

    LeakwatchError if something else of it is missing or damaged.
    """
    deposit = unpack(row.sealed_files, Deposit, means.sealer, _context(row))
    known = _rows(file.sha256 for file in deposit.files)
    place = folder / arrivals.name_of(row)
    for file in deposit.files:
        if key_id := known.get(file.sha256, ""):
            path = place / file.path if file.path else place
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with means.strongroom.open(file.sha256, key_id) as sealed, path.open("xb") as plain:
                shutil.copyfileobj(sealed, plain, _COPIED)
            os.utime(path, ns=(file.mtime_ns, file.mtime_ns))
    return place if place.exists() else None


def _sealed(files: Mapping[str, Path], strongroom: Strongroom, now: datetime) -> dict[str, Kept]:
    """All of them by their sha256; what a full disk or a kill breaks off goes on with those that are there."""
    rows = (Original(pk=sha256, size=path.stat().st_size, taken_at=now) for sha256, path in files.items())
    batches = originals.name_batches(rows, strongroom)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        tasks = {key: pool.submit(strongroom.keep, path, batches[key]) for key, path in files.items()}
    return {sha256: task.result() for sha256, task in tasks.items()}


def _rows(shas: Iterable[str]) -> dict[str, str]:
    """sha256 → the batch it is kept in; empty where it was purged."""
    wanted = sorted(set(shas))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = Original.objects.filter(pk__in=wanted[start : start + _BATCH])
        rows = rows.filter(Q(is_kept=True) | Q(purged_at__isnull=False))
        for sha256, key_id, purged_at in rows.values_list("pk", "key_id", "purged_at"):
            found[sha256] = "" if purged_at else key_id
    return found


def _files(place: Path) -> Iterator[Path]:
    """Every regular file, hidden ones too; a link holds nothing itself."""
    if place.is_file() and not place.is_symlink():
        yield place
    for folder, _, names in os.walk(place):
        paths = (Path(folder, name) for name in sorted(names))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _below(path: Path, place: Path) -> str:
    return "" if path == place else path.relative_to(place).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        remove(place)
    sync_folder(place.parent)


def _context(row: Arrival) -> str:
    return f"deposit:{row.pk}"
