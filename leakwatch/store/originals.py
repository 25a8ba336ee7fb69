"""Originals: every file of a scan is listed with its hash; those that hold something are kept sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.db.models import Min

from leakwatch.errors import LeakwatchError
from leakwatch.model import Evidence, Outcome, Scan
from leakwatch.store.contents import ReceivedContent, pack, unpack
from leakwatch.store.models import Original, Received
from leakwatch.store.places import holding
from leakwatch.store.sealing import Sealer
from leakwatch.store.shelf import Shelf

_BATCH = 500
_AT_ONCE = 8
"""Data keys made side by side: what waits for the disk is most of the time."""


class Kept(Protocol):
    """What is known of a file once it lies sealed."""

    @property
    def sm3(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def suite(self) -> str: ...
    @property
    def key_id(self) -> str: ...


class Keeper(Protocol):
    """The sealed vault."""

    def batch(self, known: str) -> str:
        """The id of a data key for one original: the one that is known already, if it is there."""
        ...

    def keep(self, source: Path, key_id: str) -> Kept:
        """The file is sealed in that batch, the same bytes once; LeakwatchError if it cannot be."""
        ...


def keep(scan: Scan, keeper: Keeper | None) -> dict[str, Kept]:
    """The files that hold findings, and the exports and archives they came in, sealed; by sha256.

    To be called while the scan's own copies are there, and before the transaction: it may take long, and what is
    kept twice is kept once. A part of a document that is no file of its own lies in the document.
    """
    if keeper is None:
        return {}
    listed = {file.sha256: _listed(file) for file in scan.received}
    kept = {}
    for sha256, path in _holding(scan):
        if path.is_file():
            row = listed.get(sha256) or _unlisted(sha256, path, scan.ended_at)
            kept[sha256] = _kept(row, path, keeper)
    return kept


def _kept(listed: Original, path: Path, keeper: Keeper) -> Kept:
    known = Original.objects.filter(pk=listed.pk).first()
    if known and known.is_kept and not known.purged_at:
        return known
    key_id = keeper.batch("") if known and known.purged_at else name_batches([listed], keeper)[listed.pk]
    return keeper.keep(path, key_id)


def name_batches(listed: Iterable[Original], keeper: Keeper) -> dict[str, str]:
    """sha256 → the batch that its row names before it is sealed there.

    Whoever is killed in between goes on with it, else would leave a second copy for ever; of two who name one at
    the same time the first one's holds.
    """
    fresh = {row.pk: row for row in listed}
    named: dict[str, str] = {}
    for start in range(0, len(fresh), _BATCH):
        named |= _named({pk: fresh[pk] for pk in [*fresh][start : start + _BATCH]}, keeper)
    return named


def _named(fresh: Mapping[str, Original], keeper: Keeper) -> dict[str, str]:
    rows = Original.objects.filter(pk__in=fresh)
    before = dict.fromkeys(fresh, "") | dict(rows.values_list("pk", "key_id"))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        batches = dict(zip(before, pool.map(keeper.batch, before.values()), strict=True))
    with transaction.atomic():
        Original.objects.bulk_create(fresh.values(), ignore_conflicts=True)
        for pk, key_id in batches.items():
            if key_id != before[pk]:
                free = Original.objects.filter(pk=pk, key_id=before[pk], is_kept=False, purged_at=None)
                free.update(key_id=key_id)
    return dict(rows.values_list("pk", "key_id"))


def list_received(shelf: Shelf, kept: Mapping[str, Kept]) -> None:
    """A row for every file that the scan met, and where it lay.

    LeakwatchError if one that was kept before is purged just now.
    """
    scan = shelf.scan
    files = {file.sha256: file for file in scan.received}
    Original.objects.bulk_create([_listed(file) for file in files.values()], _BATCH, ignore_conflicts=True)
    for sha256, sealed in kept.items():
        enter(sha256, sealed, files[sha256].taken_at if sha256 in files else scan.ended_at)
    Received.objects.bulk_create([_received(file, shelf) for file in scan.received], _BATCH)


def enter(sha256: str, sealed: Kept, taken_at: datetime) -> None:
    """Its row says where it lies sealed; LeakwatchError if it was kept before and is purged just now."""
    about = {
        "sm3": sealed.sm3,
        "size": sealed.size,
        "suite": sealed.suite,
        "key_id": sealed.key_id,
        "is_kept": True,
    }
    original, is_new = Original.objects.get_or_create(sha256=sha256, defaults={**about, "taken_at": taken_at})
    if original.purged_at and original.key_id == sealed.key_id:
        raise LeakwatchError(f"{sha256}：这份原件在扫描时被清除，本次扫描没有记入；请重新扫描")
    if not is_new and (original.purged_at or not original.is_kept):
        Original.objects.filter(sha256=sha256).update(**about, purged_at=None)


def paths(shas: Iterable[str], sealer: Sealer) -> dict[str, str]:
    """sha256 → where the file lay when it was last met, as far as that is known.

    An archive is not received itself: what was taken from it tells where it lay.
    """
    wanted = set(shas)
    found = _received_paths(wanted, sealer)
    received = Received.objects.exclude(sealed=b"").values("sha256")
    parts = Original.objects.filter(parent__in=wanted - set(found), pk__in=received)
    inside = dict(parts.order_by().values("parent").annotate(part=Min("pk")).values_list("part", "parent"))
    taken = _received_paths(inside, sealer)
    return found | {inside[part]: path.rpartition("!")[0] for part, path in taken.items() if "!" in path}


def _received_paths(shas: Iterable[str], sealer: Sealer) -> dict[str, str]:
    rows = Received.objects.filter(sha256__in=list(shas)).exclude(sealed=b"").order_by("pk")
    last = {sha256: (scan, sealed) for sha256, scan, sealed in rows.values_list("sha256", "scan", "sealed")}
    return {
        sha256: unpack(sealed, ReceivedContent, sealer, _context(scan, sha256)).inner_path
        for sha256, (scan, sealed) in last.items()
    }


def _received(file: Evidence, shelf: Shelf) -> Received:
    content = ReceivedContent(inner_path=file.inner_path)
    sealed = pack(content, shelf.sealer, _context(shelf.row.pk, file.sha256))
    return Received(scan=shelf.row, sha256=file.sha256, sealed=sealed)


def _context(scan: int, sha256: str) -> str:
    return f"received:{scan}:{sha256}"


def _listed(file: Evidence) -> Original:
    return Original(sha256=file.sha256, size=file.size, parent=file.parent or "", taken_at=file.taken_at)


def _unlisted(sha256: str, path: Path, at: datetime) -> Original:
    """An archive or a document that others were taken from; it is no file of the scan itself."""
    return Original(sha256=sha256, size=path.stat().st_size, taken_at=at)


def _holding(scan: Scan) -> Iterator[tuple[str, Path]]:
    """Each file once; copies lie side by side, named by their sha256."""
    seen: set[str] = set()
    for finding in scan.findings:
        for hit in finding.hits if finding.outcome is not Outcome.NOTE else ():
            for sha256 in holding(hit.piece) - seen:
                seen.add(sha256)
                yield sha256, hit.piece.evidence.path.parent / sha256
