"""How things stand, in counts: for `status`, the metrics and the morning report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, Sum

from leakwatch.reports.morning import Covered, Day
from leakwatch.store import jobs, letters
from leakwatch.store.models import Arrival, ArrivalState, Conversation, JobRun, Lead, Scan, ScanKind, Unread
from leakwatch.store.queries import OPEN

_SHOWN = 100
_READ = (ArrivalState.DONE, ArrivalState.SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One job of the daemon."""

    name: str
    tried_at: datetime | None
    succeeded_at: datetime | None
    detail: str

    @property
    def has_failed(self) -> bool:
        """Its last try has ended, and not well."""
        if self.tried_at is None or self.detail.startswith(jobs.GOING):
            return False
        return self.succeeded_at is None or self.succeeded_at < self.tried_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The whole, without a name or a word of anything."""

    arrivals: Mapping[str, int]
    """ArrivalState → how many; our own exports not among them."""
    oldest_waits_since: datetime | None
    progress: tuple[str, ...]
    """Of what is being read."""
    waits_because: tuple[str, ...]
    """Sentences on what waits for another try, through no fault of its own."""
    unread: int
    """Parts that nobody has read or excused."""
    leads: int
    """Undecided."""
    at_once: int
    overdue: int
    undelivered: int
    """Notices."""
    undelivered_because: tuple[str, ...]
    forms_unwritten: int
    last_scan_at: datetime | None
    runs: tuple[Run, ...]

    @property
    def waiting(self) -> int:
        """What is in the queue, or in a worker's hand."""
        return self.arrivals.get("waiting", 0) + self.arrivals.get("working", 0)


def now_standing(now: datetime) -> Standing:
    """As of now."""
    real = Arrival.objects.exclude(kind=ScanKind.CANARY)
    by_state = real.values("state").order_by("state").annotate(number=Count("pk"))
    # One that counts as a try may quote a name.
    put_off = real.filter(state=ArrivalState.WAITING, tries=0).exclude(not_before=None).order_by("pk")
    leads = Lead.objects.filter(state__in=OPEN, merged_into=None).aggregate(
        leads=Count("pk"),
        at_once=Count("pk", filter=Q(at_once=True)),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
    )
    return Standing(
        arrivals=dict(by_state.values_list("state", "number")),
        oldest_waits_since=real.filter(state=ArrivalState.WAITING).aggregate(at=Min("arrived_at"))["at"],
        progress=tuple(real.filter(state=ArrivalState.WORKING).values_list("progress", flat=True)),
        waits_because=tuple(dict.fromkeys(row.detail for row in put_off[:_SHOWN] if row.detail)),
        unread=Unread.objects.filter(settled_at=None).count(),
        undelivered=letters.undelivered(),
        undelivered_because=letters.faults(),
        forms_unwritten=Lead.objects.filter(
            is_draft=True, has_form=False, merged_into=None, purged_at=None
        ).count(),
        last_scan_at=Scan.objects.aggregate(at=Max("ended_at"))["at"],
        runs=tuple(
            Run(name=row.name, tried_at=row.tried_at, succeeded_at=row.succeeded_at, detail=row.detail)
            for row in JobRun.objects.order_by("name")
        ),
        **leads,
    )


def day(since: datetime, until: datetime) -> Day:
    """What came between two moments, and what is due after them."""
    scans = Scan.objects.filter(ended_at__gte=since, ended_at__lt=until)
    names = ("files", "messages", "pieces", "unread")
    figures = {key: value or 0 for key, value in scans.aggregate(**{n: Sum(n) for n in names}).items()}
    real = Arrival.objects.exclude(kind=ScanKind.CANARY)
    ended = real.filter(ended_at__gte=since, ended_at__lt=until)
    leads = Lead.objects.filter(merged_into=None)
    undecided = leads.filter(state__in=OPEN).order_by("due_at", "id")
    return Day(
        since=since,
        until=until,
        arrived=real.filter(arrived_at__gte=since, arrived_at__lt=until).count(),
        read=ended.filter(state__in=_READ).count(),
        given_up=ended.filter(state=ArrivalState.GIVEN_UP).count(),
        opened=tuple(
            leads.filter(found_at__gte=since, found_at__lt=until).order_by("id").values_list("id", flat=True)
        ),
        overdue=tuple(undecided.filter(due_at__lt=until).values_list("id", "due_at")),
        due=tuple(undecided.filter(due_at__gte=until).values_list("id", "due_at")),
        covered=_covered(since, until),
        **figures,
    )


def _covered(since: datetime, until: datetime) -> tuple[Covered, ...]:
    """By name; names are sealed, and the database cannot count by them."""
    read = Conversation.objects.filter(scan__ended_at__gte=since, scan__ended_at__lt=until)
    rows: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for name, parsed, is_incomplete in read.values_list("name", "messages", "is_incomplete").iterator():
        rows[name].append((parsed, is_incomplete))
    return tuple(
        Covered(
            group=name,
            conversations=len(chats),
            messages=sum(parsed for parsed, _ in chats),
            incomplete=sum(is_incomplete for _, is_incomplete in chats),
        )
        for name, chats in sorted(rows.items())
    )
