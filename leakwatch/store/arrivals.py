"""The arrivals: what came to rest in the inboxes, who works on it (`queue`), what came of it.

What is claimed is leased: whoever is killed loses it when that runs out, or at once when the daemon sees the worker gone.
Findings are recorded in the transaction that ends the claim, so that a run that is repeated changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet

from leakwatch.errors import LeakwatchError
from leakwatch.store.connection import unhurried
from leakwatch.store.models import Arrival, ArrivalState, Original, Received, Scan, ScanKind
from leakwatch.store.plain import column, file_name, named_file
from leakwatch.watch.inbox import Arrival as Rested

LEASE = timedelta(minutes=5)
_AT_ONCE = 500
_STRANDED = timedelta(hours=1)
MOST_TRIES = 3
"""A file that ends its worker so often is given up and told."""

_LOST = "这一项已由另一个进程接手，本次结果作废"
OPEN = (ArrivalState.WAITING, ArrivalState.WORKING)
_AWAY = Q(state=ArrivalState.DONE, rules_version="") & ~Q(kind=ScanKind.CANARY)
"""Read once, and not there when newer rules were to read it again."""


class Lost(LeakwatchError):
    """Somebody else has the arrival now: this worker was taken for dead."""


def put(root: str, rested: Rested, kind: str, now: datetime) -> Arrival:
    """The row of what came to rest, waiting unless it is known; an earlier state of it no longer waits."""
    put_all(root, [(rested, kind)], now)
    row: Arrival = Arrival.objects.get(root=root, name=file_name(rested.name), signature=rested.signature)
    return row


def put_all(root: str, arrived: Sequence[tuple[Rested, str]], now: datetime) -> None:
    """The same of many, each with its kind: one by one, twenty thousand keep all others from writing for minutes."""
    wanted = {(file_name(rested.name), rested.signature): (rested, kind) for rested, kind in arrived}
    with transaction.atomic():
        known = list(Arrival.objects.filter(root=root, name__in={name for name, _ in wanted}))
        older = [row.pk for row in known if (row.name, row.signature) not in wanted]
        Arrival.objects.filter(pk__in=older, state=ArrivalState.WAITING).update(
            state=ArrivalState.GONE, ended_at=now
        )
        for row in known:
            if wanted.pop((row.name, row.signature), None):
                _put_again(row, now)
        fresh = [_new(root, *given, now) for given in wanted.values()]
        Arrival.objects.bulk_create(fresh, ignore_conflicts=True)  # the page may have put it meanwhile


def _new(root: str, rested: Rested, kind: str, now: datetime) -> Arrival:
    return Arrival(
        root=root,
        name=file_name(rested.name),
        signature=rested.signature,
        kind=kind,
        files=rested.files,
        size=rested.size,
        partial=[column(path, 300) for path in rested.partial],
        state=ArrivalState.WAITING,
        arrived_at=now,
    )


def taken(root: str) -> dict[str, str]:
    """Name → signature of what needs no second look, for the inbox of that root at the start."""
    rows = (
        Arrival.objects.filter(root=root).exclude(_AWAY | Q(state=ArrivalState.GONE)).order_by("arrived_at")
    )
    return {named_file(name): signature for name, signature in rows.values_list("name", "signature")}


def _put_again(row: Arrival, now: datetime) -> None:
    """What was taken away unread, or given up, is read after all; what was read is put away again."""
    if row.state in OPEN:
        return
    is_away = row.state == ArrivalState.DONE and not row.rules_version and row.kind != ScanKind.CANARY
    if is_away or row.state in (ArrivalState.GONE, ArrivalState.GIVEN_UP):
        row.state, row.tries, row.not_before, row.arrived_at = ArrivalState.WAITING, 0, None, now
        row.ended_at = None
    row.is_settled = False
    row.save()


def gone_of(root: str, since: datetime) -> set[tuple[str, str]]:
    """Name and signature of what was found gone since then; a share that is back has it again."""
    rows = Arrival.objects.filter(root=root, state=ArrivalState.GONE, ended_at__gte=since)
    return {(named_file(name), signature) for name, signature in rows.values_list("name", "signature")}


def name_of(row: Arrival) -> str:
    """What the file or folder is called at the top of its inbox."""
    return named_file(row.name)


def is_waiting(now: datetime) -> bool:
    """Whether something could be claimed."""
    return Arrival.objects.filter(is_due(now), state=ArrivalState.WAITING).exists()


def is_open(now: datetime) -> bool:
    """Whether something waits, now or for another try, or is in a worker's hand; not what waits for its night."""
    return Arrival.objects.filter(is_due(now) | is_due(now + LEASE), state__in=OPEN).exists()


def is_overdue(owner: str, now: datetime) -> bool:
    """Whether that worker should have given a sign of life on what it has in hand."""
    held = Arrival.objects.filter(owner=owner, state=ArrivalState.WORKING, lease_until__lt=now)
    return bool(held.exists())


def renew(row: Arrival, progress: str, now: datetime) -> bool:
    """The lease goes on; Lost if it has passed to another. False: its night is over, the rest is put off."""
    mine = Arrival.objects.filter(pk=row.pk, owner=row.owner, tries=row.tries, state=ArrivalState.WORKING)
    if not mine.update(lease_until=now + LEASE, progress=progress):
        raise Lost(_LOST)
    return not mine.filter(not_before__gt=now).exists()


def finish(row: Arrival, scan: Scan, now: datetime) -> None:
    """Read and recorded; only inside the transaction that records the scan."""
    _end(row, now, state=ArrivalState.DONE, scan=scan, rules_version=scan.rules_version, detail="")


def same_as(row: Arrival, rules_version: str) -> Arrival | None:
    """What was read before and holds the same bytes, under the same rules."""
    if not row.content:
        return None
    same = Arrival.objects.filter(content=row.content, state=ArrivalState.DONE, rules_version=rules_version)
    return same.order_by("-ended_at").first()


def seen_before(row: Arrival, other: Arrival, now: datetime) -> None:
    """The same bytes as another one that was read: nothing to do, and said so."""
    _end(row, now, state=ArrivalState.SEEN, scan=other.scan, rules_version=other.rules_version)


def emptied(row: Arrival, rules_version: str, now: datetime) -> None:
    """Read before; all of it was purged since then."""
    _end(row, now, state=ArrivalState.DONE, rules_version=rules_version, detail="")


def proved(row: Arrival, now: datetime) -> None:
    """Our own export came back as it should; nothing is recorded of it."""
    _end(row, now, state=ArrivalState.DONE)


def gone(row: Arrival, now: datetime) -> None:
    """Taken away before it was read; what was read once stays so, and is read again when it is back."""
    if row.rules_version:
        _end(row, now, state=ArrivalState.DONE, rules_version="", detail="已不在原处，没有按新规则重读")
    else:
        _end(row, now, state=ArrivalState.GONE)


def away_since(at: datetime) -> int:
    """How many were not there to be read again."""
    return Arrival.objects.filter(_AWAY, ended_at__gte=at).count()


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


def release(owners: str, now: datetime) -> int:
    """How many arrivals are freed that workers of that kind had in hand; only while none of them lives."""
    held = Arrival.objects.filter(owner__startswith=owners, state=ArrivalState.WORKING)
    return sum(free(owner, now) for owner in set(held.values_list("owner", flat=True)))


def outdated(rules_version: str) -> int:
    """How many arrivals wait to be read again, for newer rules would judge them differently."""
    read = Arrival.objects.filter(state__in=(ArrivalState.DONE, ArrivalState.SEEN))
    read.exclude(rules_version__in=(rules_version, "")).exclude(kind=ScanKind.CANARY).update(
        state=ArrivalState.WAITING, kind=ScanKind.NIGHTLY, tries=0, is_settled=False, not_before=None
    )
    _again_waiting().update(not_before=None)
    return _again_waiting().count()


def postpone(until: datetime) -> int:
    """How many of those are left until then; what is in hand is finished."""
    return _again_waiting().update(not_before=until)


def again_left() -> int:
    """How many of those are not read yet, without what was left until another night."""
    return _again_waiting().filter(not_before=None).count()


def is_due(now: datetime) -> Q:
    """Another try waits a minute: a much later one was put off by a clock that has been set back since then."""
    is_stranded = Q(not_before__gt=now + _STRANDED) & ~Q(kind=ScanKind.NIGHTLY)
    return Q(not_before=None) | Q(not_before__lte=now) | is_stranded


def _again_waiting() -> QuerySet[Arrival]:
    return Arrival.objects.filter(state__in=OPEN, kind=ScanKind.NIGHTLY)


def holding(originals: Iterable[str]) -> list[Path]:
    """Where what was dropped or uploaded still lies and holds one of those, or what was taken from it."""
    shas = set(originals)
    parts = Original.objects.filter(parent__in=shas).values("pk")
    met = Received.objects.filter(Q(sha256__in=shas) | Q(sha256__in=parts)).values("scan")
    rows = Arrival.objects.filter(scan__in=met).order_by("arrived_at", "pk")
    paths = (Path(row.root) / (place_of(row) or name_of(row)) for row in rows)
    return [path for path in dict.fromkeys(paths) if path.exists()]


def unsettled(root: str) -> list[Arrival]:
    """Ended arrivals that still have to be put where they belong."""
    rows = Arrival.objects.filter(root=root, is_settled=False).exclude(state__in=OPEN)
    return list(rows.select_related("scan").order_by("ended_at"))


def settle(row: Arrival, place: str) -> None:
    """It lies where it belongs; place: below its inbox, empty where it was left as it lay."""
    Arrival.objects.filter(pk=row.pk).update(is_settled=True, place=file_name(place))


def settle_where_they_lay(ids: Sequence[int]) -> None:
    """The same of many that were left as they lay; after a power cut they are looked at again."""
    for start in range(0, len(ids), _AT_ONCE):
        with unhurried():
            rows = Arrival.objects.filter(pk__in=ids[start : start + _AT_ONCE])
            rows.update(is_settled=True, place=file_name(""))


def place_of(row: Arrival) -> str:
    """Where it lies below its inbox since it was moved; empty if it was not."""
    return named_file(row.place)


def set_down(row: Arrival, detail: str, scan: Scan | None = None) -> None:
    """Stopped before all of it was read: it waits, for its night if it was put off. It counts as no try.

    scan: what was read by then, recorded in the same transaction.
    """
    mine = Arrival.objects.filter(pk=row.pk, owner=row.owner, tries=row.tries, state=ArrivalState.WORKING)
    waits = {"state": ArrivalState.WAITING, "owner": "", "lease_until": None, "scan": scan or row.scan}
    if not mine.update(**waits, tries=max(0, row.tries - 1), detail=column(detail, 2_000)):
        raise Lost(_LOST)


def _again(row: Arrival, detail: str, not_before: datetime, tries: int) -> None:
    mine = Arrival.objects.filter(pk=row.pk, owner=row.owner, tries=row.tries, state=ArrivalState.WORKING)
    waits = {"state": ArrivalState.WAITING, "owner": "", "lease_until": None}
    mine.update(**waits, tries=tries, detail=column(detail, 2_000), not_before=not_before)


def _end(row: Arrival, now: datetime, **values: object) -> None:
    mine = Arrival.objects.filter(pk=row.pk, owner=row.owner, tries=row.tries, state=ArrivalState.WORKING)
    ended = {
        "ended_at": now,
        "lease_until": None,
        "not_before": None,
        "is_settled": False,
        "content": row.content,
    }
    if not mine.update(**ended, **values):
        raise Lost(_LOST)
