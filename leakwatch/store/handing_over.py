"""The hand-over package of a lead: forms, originals, evidence list and its rows of the log (`vault.handover`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import transaction

from leakwatch.chain import Json
from leakwatch.errors import Refused
from leakwatch.forms.remaking import Outcome, Remade
from leakwatch.store import log, papers, writing
from leakwatch.store.models import Holder, Lead
from leakwatch.store.review import unmerged
from leakwatch.store.sealing import Sealer
from leakwatch.vault.files import chunks_of
from leakwatch.vault.handover import Case, Package, pack
from leakwatch.vault.passphrases import check_passphrase
from leakwatch.vault.suites import Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a package is made with."""

    sealer: Sealer
    open: Callable[[str], IO[bytes]]
    """The original with that sha256."""
    drafts: Path
    """Where the forms lie, with what people wrote in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What was packed; the check values are those of the package's file."""

    sha256: str
    sm3: str
    size: int
    forms: int
    originals: int
    absent: int
    """Originals of the lead that were never kept sealed, and are not in the package."""


def hand_over(lead_id: str, package: Package, means: Means, actor: str) -> HandedOver:
    """The package lies at its path and is logged, or there is none.

    UsageError for a weak passphrase, EvidenceDamaged for a damaged original.
    """
    check_passphrase(package.passphrase)  # before the forms are written
    lead = unmerged(lead_id)
    forms = tuple(
        path for made in writing.write_drafts(lead, means.drafts, means.sealer) for path in _paths(made)
    )
    items = papers.annexes(lead, means.sealer).evidence
    subjects = [lead.id, *Lead.objects.filter(merged_into=lead).order_by("id").values_list("id", flat=True)]
    case = Case(
        number=lead.id,
        forms=forms,
        items=tuple(items),
        open=lambda item: means.open(item.sha256),
        log=tuple(log.links(subjects)),
    )
    pack(case, package)
    try:
        held = Holder.objects.filter(place__finding__lead=lead).values_list("sha256", flat=True)
        packed = _packed(package.path, case, len(set(held) - {item.sha256 for item in items}))
        _note(lead, package, packed, actor)
    except BaseException:
        package.path.unlink(missing_ok=True)
        raise
    return packed


def _paths(made: Remade) -> tuple[Path, ...]:
    """What a person has written comes with what the machine would write now."""
    return (made.kept, made.path) if made.kept and made.outcome is Outcome.BESIDE else (made.path,)


def _packed(path: Path, case: Case, absent: int) -> HandedOver:
    digests = Digests()
    for chunk in chunks_of(path):
        digests.update(chunk)
    sha256, sm3 = (value.hex() for value in digests.values())
    return HandedOver(
        sha256=sha256,
        sm3=sm3,
        size=digests.size,
        forms=len(case.forms),
        originals=len(case.items),
        absent=absent,
    )


def _note(lead: Lead, package: Package, packed: HandedOver, actor: str) -> None:
    """Refused if new facts came while it was packed: it does not hold them."""
    details: dict[str, Json] = {
        "sha256": packed.sha256,
        "sm3": packed.sm3,
        "bytes": packed.size,
        "forms": packed.forms,
        "originals": packed.originals,
        "absent": packed.absent,
    }
    act = log.Act(
        at=package.made_at, actor=actor, action="lead.handed_over", subject=lead.id, details=details
    )
    with transaction.atomic():
        log.lock()
        same = Lead.objects.filter(pk=lead.pk, changed_at=lead.changed_at, merged_into=None, purged_at=None)
        if not same.update(handed_over_at=package.made_at):
            raise Refused(f"{lead.id}：制作交接包时线索有了变化，没有移交；请重新制作")
        log.append(act)
