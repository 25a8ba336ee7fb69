"""The queue: what came to rest in the inboxes, who works on it, what came of it.

A claim is a lease: whoever is killed loses it when it runs out, or at once when the daemon sees the worker gone.
Findings are recorded in the transaction that ends the claim, so that a run that is repeated changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from leakwatch.errors import LeakwatchError
from leakwatch.store.models import Arrival, ArrivalState, Scan, ScanKind
from leakwatch.store.plain import column, file_name, named_file
from leakwatch.watch.inbox import Arrival as Rested

LEASE = timedelta(minutes=5)
MOST_TRIES = 3
"""A file that ends its worker so often is given up and told."""

_OPEN = (ArrivalState.WAITING, ArrivalState.WORKING)


class Lost(LeakwatchError):
    """Somebody else has the arrival now: this worker was taken for dead."""


def put(root: str, rested: Rested, kind: str, now: datetime) -> Arrival:
    """The row of what came to rest, waiting unless it is known; an earlier state of it no longer waits."""
    name = file_name(rested.name)
    with transaction.atomic():
        older = Arrival.objects.filter(root=root, name=name, state=ArrivalState.WAITING)
        older.exclude(signature=rested.signature).update(state=ArrivalState.GONE, ended_at=now)
        row, _ = Arrival.objects.get_or_create(
            root=root,
            name=name,
            signature=rested.signature,
            defaults={
                "kind": kind,
                "files": rested.files,
                "size": rested.size,
                "partial": [column(path, 300) for path in rested.partial],
                "state": ArrivalState.WAITING,
                "arrived_at": now,
            },
        )
    return row


def taken(root: str) -> dict[str, str]:
    """Name → signature of what needs no second look, for the inbox of that root at the start."""
    rows = Arrival.objects.filter(root=root).exclude(state=ArrivalState.GONE).order_by("arrived_at")
    return {named_file(name): signature for name, signature in rows.values_list("name", "signature")}


def name_of(row: Arrival) -> str:
    """What the file or folder is called at the top of its inbox."""
    return named_file(row.name)


def claim(owner: str, now: datetime) -> Arrival | None:
    """The oldest arrival that waits, leased to that owner; None if nothing does."""
    with transaction.atomic():
        is_free = Q(state=ArrivalState.WAITING) | Q(state=ArrivalState.WORKING, lease_until__lt=now)
        is_due = Q(not_before=None) | Q(not_before__lte=now)
        row = Arrival.objects.select_for_update().filter(is_free, is_due).order_by("arrived_at", "pk").first()
        if row is None:
            return None
        row.state, row.owner, row.lease_until = ArrivalState.WORKING, owner, now + LEASE
        row.tries += 1
        row.progress = ""
        row.save()
        return row


def is_waiting(now: datetime) -> bool:
    """Whether something could be claimed."""
    is_due = Q(not_before=None) | Q(not_before__lte=now)
    return Arrival.objects.filter(is_due, state=ArrivalState.WAITING).exists()


def is_open() -> bool:
    """Whether something waits, now or for another try, or is in a worker's hand."""
    return Arrival.objects.filter(state__in=_OPEN).exists()


def renew(row: Arrival, progress: str, now: datetime) -> None:
    """The lease goes on; Lost if it has passed to another."""
    mine = Arrival.objects.filter(pk=row.pk, owner=row.owner, tries=row.tries, state=ArrivalState.WORKING)
    if not mine.update(lease_until=now + LEASE, progress=progress):
        raise Lost("这一项已由另一个进程接手，本次结果作废")


def finish(row: Arrival, scan: Scan, now: datetime) -> None:
    """Read and recorded; only inside the transaction that records the scan."""
    _end(row, now, state=ArrivalState.DONE, scan=scan, rules_version=scan.rules_version)


def same_as(row: Arrival, rules_version: str) -> Arrival | None:
    """What was read before and holds the same bytes, under the same rules."""
    return (
        Arrival.objects.filter(content=row.content, state=ArrivalState.DONE, rules_version=rules_version)
        .exclude(content="")
        .order_by("-ended_at")
        .first()
    )


def seen_before(row: Arrival, other: Arrival, now: datetime) -> None:
    """The same bytes as another one that was read: nothing to do, and said so."""
    _end(row, now, state=ArrivalState.SEEN, scan=other.scan, rules_version=other.rules_version)


def gone(row: Arrival, now: datetime) -> None:
    """Taken away before it was read."""
    _end(row, now, state=ArrivalState.GONE)


def give_up(row: Arrival, detail: str, now: datetime) -> None:
    """Not to be tried again; the sentence says why and what to do."""
    _end(row, now, state=ArrivalState.GIVEN_UP, detail=column(detail, 2_000))


def put_back(row: Arrival, detail: str, not_before: datetime) -> None:
    """Waits for another try, which does not count: it was not the fault of what was dropped."""
    _again(row, detail, not_before, max(0, row.tries - 1))


def retry(row: Arrival, detail: str, not_before: datetime) -> None:
    """Waits for another try; this one counts."""
    _again(row, detail, not_before, row.tries)


def free(owner: str, now: datetime) -> int:
    """How many arrivals a dead worker had in hand; they wait again, or are given up after too many tries."""
    with transaction.atomic():
        held = Arrival.objects.filter(owner=owner, state=ArrivalState.WORKING)
        for row in held.filter(tries__gte=MOST_TRIES):
            give_up(row, f"读取时处理进程连续 {row.tries} 次中断，已放弃；请保留原件并告诉管理员", now)
        return held.update(state=ArrivalState.WAITING, owner="", lease_until=None)


def outdated(root: str, rules_version: str) -> int:
    """How many arrivals that newer rules would judge differently now wait to be read again."""
    rows = Arrival.objects.filter(root=root, state__in=(ArrivalState.DONE, ArrivalState.SEEN))
    return rows.exclude(rules_version=rules_version).update(
        state=ArrivalState.WAITING, kind=ScanKind.NIGHTLY, tries=0, is_settled=False
    )


def unsettled(root: str) -> list[Arrival]:
    """Ended arrivals that still have to be put where they belong."""
    rows = Arrival.objects.filter(root=root, is_settled=False).exclude(state__in=_OPEN)
    return list(rows.order_by("ended_at"))


def settle(row: Arrival) -> None:
    """It lies where it belongs."""
    Arrival.objects.filter(pk=row.pk).update(is_settled=True)


def _again(row: Arrival, detail: str, not_before: datetime, tries: int) -> None:
    mine = Arrival.objects.filter(pk=row.pk, owner=row.owner, tries=row.tries, state=ArrivalState.WORKING)
    waits = {"state": ArrivalState.WAITING, "owner": "", "lease_until": None}
    mine.update(**waits, tries=tries, detail=column(detail, 2_000), not_before=not_before)


def _end(row: Arrival, now: datetime, **values: object) -> None:
    mine = Arrival.objects.filter(pk=row.pk, owner=row.owner, tries=row.tries, state=ArrivalState.WORKING)
    ended = {"ended_at": now, "lease_until": None, "not_before": None, "is_settled": False, **values}
    if not mine.update(**ended):
        raise Lost("这一项已由另一个进程接手，本次结果作废")
