"""The words of a decided lead go for good, with the originals that no other lead needs; that they were there stays.

The tables are emptied first, in one transaction with the row of the log; then the data keys and files of the vault
go, and the forms in the folder of drafts. After a break in between the next purge, of whatever lead, makes up for
what is left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q

from leakwatch.chain import Json
from leakwatch.errors import Refused
from leakwatch.forms.naming import lead_of, lead_spoken_of
from leakwatch.store import log
from leakwatch.store.models import (
    Finding,
    Holder,
    Lead,
    LeadState,
    Original,
    Place,
    Posting,
    Print,
    Received,
    Unread,
)
from leakwatch.store.review import unmerged
from leakwatch.store.terms import Terms, due
from leakwatch.vault.files import remove
from leakwatch.vault.sealed import SealedVault


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who wants what purged, and why."""

    lead: str
    because: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeps:
    """Where words of leads lie besides the tables."""

    vault: SealedVault
    drafts: Path
    """The forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What went of purged leads outside of the tables; what an earlier break had left is among it."""

    files: int = 0
    """Of the vault."""
    forms: tuple[str, ...] = ()
    """Names, sorted."""
    stayed: tuple[str, ...] = ()
    """Forms that could not go, and why (Chinese)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What went."""

    lead: str
    findings: int
    places: int
    originals: tuple[str, ...]
    """sha256, sorted."""
    left: int
    """Originals that other leads need, or that lie in one batch with such."""
    swept: Swept = Swept()


def purge(order: Order, keeps: Keeps) -> Purged:
    """What went of the lead; of one that is purged already only what a break has left.

    Refused while it is undecided, or was not handed over as it stands now.
    """
    with transaction.atomic():
        log.lock()
        lead = _purgeable(order)
        went = (
            Purged(lead=lead.id, findings=0, places=0, originals=(), left=0)
            if lead.purged_at
            else _empty(lead, order)
        )
    _flush()
    return replace(went, swept=sweep(keeps))


def purge_due(now: datetime, terms: Terms, keeps: Keeps) -> tuple[list[Purged], Swept]:
    """What went of the leads whose term is over; then, what earlier breaks left."""
    orders = [
        Order(
            lead=id,
            because=f"移交或认定为非泄密已满 {term.days} 天，按设定自动清除",
            actor="daemon",
            at=now,
        )
        for id, term in due(now, terms).items()
    ]
    return [purge(order, keeps) for order in orders], sweep(keeps)


def sweep(keeps: Keeps) -> Swept:
    """What was still there of purged leads."""
    forms, stayed = _forms_away(keeps.drafts)
    return Swept(files=_files_away(keeps.vault), forms=forms, stayed=stayed)


def _files_away(vault: SealedVault) -> int:
    """How many sealed files of purged originals are gone now."""
    purged = Original.objects.filter(is_kept=True, purged_at__isnull=False).order_by("key_id")
    keys = purged.values_list("key_id", flat=True).distinct()
    return sum(vault.purge(key_id) for key_id in keys if vault.keys.place(key_id).is_dir())


def _forms_away(drafts: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the forms that are gone now; what a person named stays, and is told."""
    there = sorted(drafts.iterdir()) if drafts.is_dir() else []
    named = [(path, lead) for path in there if (lead := lead_spoken_of(path.name))]
    purged = _purged({lead for _, lead in named})
    gone: list[str] = []
    stayed: list[str] = []
    for path in (path for path, lead in named if lead in purged):
        if lead_of(path.name) is None:
            stayed.append(
                f"{path}：文件名不是 leakwatch 起的，没有删除；里面如有这条线索的内容，请按规定处理"
            )
            continue
        try:
            remove(path)
        except OSError as why:
            stayed.append(f"{path}：删不掉（{why.strerror}），可能正被打开；请关闭后再清除一次")
        else:
            gone.append(path.name)
    return tuple(gone), tuple(stayed)


def _purged(leads: set[str]) -> set[str]:
    """Those of them that are."""
    known = Lead.objects.filter(purged_at__isnull=False)
    return {id for id in known.values_list("pk", flat=True).iterator() if id in leads} if leads else set()


def _purgeable(order: Order) -> Lead:
    lead = unmerged(order.lead)
    if not order.because.strip():
        raise Refused(f"{lead.id}：清除须写明理由")
    if lead.state == LeadState.DISMISSED or lead.purged_at is not None:
        return lead
    if lead.state != LeadState.CONFIRMED:
        raise Refused(f"{lead.id}：现在是“{LeadState(lead.state).label}”，还没有结论，不能清除")
    if lead.handed_over_at is None:
        raise Refused(f"{lead.id}：还没有移交，不能清除；请先制作交接包（evidence pack）")
    if lead.handed_over_at < lead.changed_at:
        raise Refused(f"{lead.id}：移交之后又有新的发现，不能清除；请重新制作交接包（evidence pack）")
    return lead


def _empty(lead: Lead, order: Order) -> Purged:
    """The tables without the words."""
    held = set(Holder.objects.filter(place__finding__lead=lead).values_list("sha256", flat=True))
    kept = Original.objects.filter(pk__in=held, is_kept=True, purged_at=None).count()
    originals = tuple(sorted(_unneeded(lead, held)))
    Posting.objects.filter(finding__lead=lead).delete()
    Print.objects.filter(place__finding__lead=lead).delete()
    places = Place.objects.filter(finding__lead=lead).update(sealed=b"")
    findings = Finding.objects.filter(lead=lead).update(sealed=b"")
    Lead.objects.filter(Q(pk=lead.pk) | Q(merged_into=lead)).update(
        sealed=b"", purged_at=order.at, purged_because=order.because.strip()
    )
    _forget(originals, order.at)
    details: dict[str, Json] = {
        "because_sha256": hashlib.sha256(order.because.strip().encode("utf-8", "surrogatepass")).hexdigest(),
        "state": str(lead.state),
        "findings": findings,
        "places": places,
        "originals": originals,
        "left": kept - len(originals),
    }
    log.append(
        log.Act(at=order.at, actor=order.actor, action="lead.purged", subject=lead.id, details=details)
    )
    return Purged(
        lead=lead.id,
        findings=findings,
        places=places,
        originals=originals,
        left=kept - len(originals),
    )


def _flush() -> None:
    """SQLite's own log of changes no longer holds the words either; what is being read keeps it for a while."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _unneeded(lead: Lead, held: set[str]) -> set[str]:
    """Those that no lead but this one needs; one batch goes as a whole or stays."""
    others = Holder.objects.filter(
        sha256__in=held, place__finding__lead__isnull=False, place__finding__lead__purged_at=None
    ).exclude(Q(place__finding__lead=lead) | Q(place__sealed=b""))
    kept = Original.objects.filter(is_kept=True, purged_at=None)
    free = kept.filter(pk__in=held).exclude(pk__in=others.values("sha256"))
    batches = dict(free.values_list("pk", "key_id"))
    shared = kept.filter(key_id__in=set(batches.values())).exclude(pk__in=batches)
    staying = set(shared.values_list("key_id", flat=True))
    return {sha256 for sha256, key_id in batches.items() if key_id not in staying}


def _forget(originals: tuple[str, ...], at: datetime) -> None:
    """Their rows say that they are gone; names of what lay in them go too."""
    Original.objects.filter(pk__in=originals).update(purged_at=at)
    inside = [*originals, *_inside(set(originals))]
    Received.objects.filter(sha256__in=inside).update(sealed=b"")
    parts = Unread.objects.filter(Q(sha256__in=inside) | Q(parent__in=inside))
    parts.update(sealed=b"")
    parts.filter(settled_at=None).update(settled_at=at)


def _inside(holding: set[str]) -> Iterator[str]:
    """What was taken from those, at any depth, and is not kept by itself."""
    seen = set(holding)
    while holding:
        parts = Original.objects.filter(parent__in=holding, is_kept=False).exclude(pk__in=seen)
        holding = set(parts.values_list("pk", flat=True))
        seen |= holding
        yield from holding
