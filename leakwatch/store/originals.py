"""Originals: every file of a scan is listed with its hash; those that hold something are kept sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from leakwatch.model import Evidence, Outcome, Scan
from leakwatch.store.models import Original, Received
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.plain import column

_BATCH = 500


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

    def keep(self, source: Path) -> Kept:
        """The file is sealed, the same bytes once; LeakwatchError if it cannot be."""
        ...


def keep(scan: Scan, keeper: Keeper | None) -> dict[str, Kept]:
    """The files that hold findings, and the exports and archives they came in, sealed; by sha256.

    To be called while the scan's own copies are there, and before the transaction: it may take long, and what is
    kept twice is kept once. A part of a document that is no file of its own lies in the document.
    """
    if keeper is None:
        return {}
    return {sha256: keeper.keep(path) for sha256, path in _holding(scan) if path.is_file()}


def list_received(scan: Scan, row: ScanRow, kept: Mapping[str, Kept]) -> None:
    """A row for every file that the scan met, and where it lay."""
    files = {file.sha256: file for file in scan.received}
    Original.objects.bulk_create([_listed(file) for file in files.values()], _BATCH, ignore_conflicts=True)
    for sha256, sealed in kept.items():
        taken_at = files[sha256].taken_at if sha256 in files else scan.ended_at
        about = {
            "sm3": sealed.sm3,
            "size": sealed.size,
            "suite": sealed.suite,
            "key_id": sealed.key_id,
            "is_kept": True,
        }
        original, is_new = Original.objects.get_or_create(
            sha256=sha256, defaults={**about, "taken_at": taken_at}
        )
        if not is_new and not original.is_kept:
            Original.objects.filter(sha256=sha256).update(**about)
    Received.objects.bulk_create(
        [
            Received(scan=row, sha256=file.sha256, inner_path=column(file.inner_path, 4_000))
            for file in scan.received
        ],
        _BATCH,
    )


def _listed(file: Evidence) -> Original:
    return Original(sha256=file.sha256, size=file.size, parent=file.parent or "", taken_at=file.taken_at)


def _holding(scan: Scan) -> Iterator[tuple[str, Path]]:
    """Each file once; copies lie side by side, named by their sha256."""
    seen: set[str] = set()
    for finding in scan.findings:
        for hit in finding.hits if finding.outcome is not Outcome.NOTE else ():
            file = hit.piece.evidence
            for sha256 in (file.sha256, file.parent, hit.piece.whole, hit.piece.export):
                if sha256 and sha256 not in seen:
                    seen.add(sha256)
                    yield sha256, file.path.parent / sha256
