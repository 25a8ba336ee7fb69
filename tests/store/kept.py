"""Scans whose files are real and sealed in a real vault, and leads that people have done with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from msgspec import structs

from leakwatch.keeping import Keeper
from leakwatch.model import SHANGHAI, Evidence, Scan, Sealed, Skipped
from leakwatch.store.handing_over import HandedOver, Means, hand_over
from leakwatch.store.models import LeadState, Original, User
from leakwatch.store.purging import Keeps, Order, Purged, purge
from leakwatch.store.records import Recorded, record
from leakwatch.store.review import Decision, decide
from leakwatch.vault.handover import Package
from leakwatch.vault.keys import MasterKey
from leakwatch.vault.passphrases import Stretching
from leakwatch.vault.sealed import Problem, SealedVault
from leakwatch.vault.suites import INTL
from leakwatch.web.originals import SealedOriginals
from tests.conftest import NOON
from tests.store.scans import ASKED, MEANS, SEALER, Post, scan, user

PASSPHRASE = "青石-云岭-2031-交接口令"  # noqa: S105 - invented
CHEAP = Stretching(passes=1, lanes=1, memory_kib=64, salt=b"s" * 16)
LATER = datetime(2031, 6, 1, 12, 0, tzinfo=SHANGHAI)


def real(found: Scan, folder: Path) -> Scan:
    """The same scan, its files on the disk under their true hashes."""
    folder.mkdir(exist_ok=True)

    def on_disk(file: Evidence) -> Evidence:
        sha256 = hashlib.sha256(file.name.encode()).hexdigest()
        (folder / sha256).write_text(file.name, "utf-8")
        return replace(file, sha256=sha256, path=folder / sha256)

    findings = tuple(
        replace(
            one,
            hits=tuple(
                replace(hit, piece=structs.replace(hit.piece, evidence=on_disk(hit.piece.evidence)))
                for hit in one.hits
            ),
        )
        for one in found.findings
    )
    skipped = tuple(replace(one, evidence=on_disk(one.evidence)) for one in found.skipped)
    received = tuple(map(on_disk, found.received))
    return replace(found, findings=findings, skipped=skipped, received=received)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A vault and what lies around it."""

    folder: Path
    vault: SealedVault

    @property
    def keeps(self) -> Keeps:
        """Where words of leads lie."""
        return Keeps(vault=self.vault, drafts=self.folder / "drafts")

    def put(
        self,
        *posts: Post,
        export: str = "青石群.json",
        at: datetime = NOON,
        skipped: tuple[Skipped, ...] = (),
    ) -> Recorded:
        """The scan of those posts, recorded, its files sealed."""
        found = real(scan(*posts, export=export, at=at, skipped=skipped), self.folder / "copies")
        return record(found, ASKED, replace(MEANS, keeper=Keeper(self.vault)))

    def pack(self, lead: str, name: str = "交接.lwjj", passphrase: str = PASSPHRASE) -> HandedOver:
        """The lead is handed over a day later."""
        package = Package(
            path=self.folder / name, passphrase=passphrase, suite=INTL, stretching=CHEAP, made_at=LATER
        )
        means = Means(sealer=SEALER, open=SealedOriginals(self.vault).open, drafts=self.folder / "drafts")
        return hand_over(lead, package, means, "shell")

    def purge(self, lead: str, because: str = "保存期满") -> Purged:
        """The lead is purged."""
        return purge(Order(lead=lead, because=because, actor="zhou", at=LATER), self.keeps)

    def problems(self) -> list[Problem]:
        """What `evidence verify` would say of the vault."""
        kept = Original.objects.filter(is_kept=True, purged_at=None)
        names = ("sha256", "sm3", "size", "suite", "key_id")
        return list(self.vault.verify(Sealed(**row, stored_at=NOON) for row in kept.values(*names)))

    def files(self) -> set[str]:
        """Names of the sealed files."""
        return {path.name for path in (self.folder / "evidence").rglob("*") if len(path.name) == 64}


def house(folder: Path, clock: Callable[[], datetime] = lambda: NOON) -> House:
    """An empty one."""
    key = MasterKey(bytes(range(32)))
    return House(folder=folder, vault=SealedVault(folder / "evidence", INTL, key, clock))


def decided(lead: str, verdict: LeadState, by: str = "zhao") -> None:
    """The lead with that verdict."""
    person: User = User.objects.filter(username=by).first() or user(by)
    decide(lead, Decision(by=person, verdict=verdict, reason="已核实", at=NOON), SEALER)
