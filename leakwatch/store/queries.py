"""What pages and commands show: frozen values, each user's own share of the truth.

Lists say nothing of the words; only `lead` opens what is sealed. The number of queries never depends on how much
there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When

from leakwatch.model import Level, Outcome
from leakwatch.register import PLATFORMS
from leakwatch.store.models import (
    Finding,
    Group,
    JobRun,
    Lead,
    LeadState,
    Role,
    ScanKind,
    Unread,
    User,
)

PAGE = 50
"""Leads on one page."""
SOON = timedelta(hours=4)
OPEN = (LeadState.NEW, LeadState.IN_REVIEW, LeadState.SECOND_LOOK, LeadState.UNCLEAR)
"""States in which the unit's clock runs."""
_READERS = (Role.REVIEWER, Role.OFFICE, Role.AUDITOR)
_SHOWN = (Outcome.LEAD, Outcome.REVIEW)
_GRAVITY = Case(*(When(level=level, then=rank) for rank, level in enumerate(Level)), default=len(Level))
_PRESSING = ("-at_once", "due_at", "-is_draft", _GRAVITY, "id")
"""One scan's leads are all due at the same moment: the gravest of them first."""
_COLUMNS = (
    "id",
    "state",
    "is_draft",
    "level",
    "category",
    "rule_name",
    "at_once",
    "found_at",
    "due_at",
    "office_due_at",
    "reported_at",
    "changed_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; an empty one narrows nothing."""

    states: tuple[str, ...] = ()
    level: str = ""
    category: str = ""
    group: int | None = None
    rule: str = ""
    at_once: bool | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    unreported_only: bool = False
    drafts_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A lead in a list, without a word of what was found."""

    id: str
    state: str
    is_draft: bool
    level: str
    category: str
    rule_name: str
    at_once: bool
    found_at: datetime
    due_at: datetime
    office_due_at: datetime | None
    reported_at: datetime | None
    changed_at: datetime
    claimed_by: str
    """User name; empty if nobody has it in hand."""
    groups: tuple[str, ...]
    findings: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of a list."""

    rows: tuple[Row, ...]
    total: int
    number: int
    """From 1."""
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How many of a rule's decided leads were leaks."""

    rule: str
    rule_name: str
    confirmed: int
    dismissed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """How things stand."""

    new: int
    at_once: int
    """Undecided leads that are to be reported at once."""
    soon: int
    """Undecided, due within four hours."""
    overdue: int
    """Undecided, the others that were due."""
    second_look: int
    unreported: int
    """Confirmed, not reported on yet."""
    office_overdue: int
    """Confirmed, not reported on in time."""
    unread: int
    unregistered_groups: int
    precision: tuple[Precision, ...]
    last_nightly: datetime | None
    """When the last nightly run ended well."""


def visible(user: User) -> QuerySet[Lead]:
    """The leads that the user may know of: all, those of their own groups, or none."""
    leads = Lead.objects.filter(merged_into=None)
    if not user.is_active:
        return leads.none()
    if user.role == Role.OWNER:
        return leads.filter(groups__in=user.own_groups.all()).distinct()
    return leads if user.role in _READERS else leads.none()


def queue(user: User, filters: Filters, page: int) -> Page:
    """What is to be reported at once, then what is due first; a page beyond the last one is the last one."""
    found = _narrowed(visible(user), filters)
    total = found.count()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    start = (number - 1) * PAGE
    leads = found.order_by(*_PRESSING)
    return Page(rows=tuple(_rows(leads[start : start + PAGE], user)), total=total, number=number, pages=pages)


def groups(user: User) -> list[tuple[int, str]]:
    """Id and name of the groups that stand in leads the user may know of, by name."""
    leads = visible(user).filter(groups=OuterRef("pk"))
    own = user.own_groups.all() if user.role == Role.OWNER else Group.objects.all()
    return sorted(own.filter(Exists(leads)).values_list("pk", "name"), key=lambda group: (group[1], group[0]))


def own_groups(user: User) -> tuple[str, ...] | None:
    """Names of the groups whose leads an owner is shown; None for those who are shown all."""
    if user.role != Role.OWNER:
        return None
    return told_apart(user.own_groups.values_list("name", "platform"))


def told_apart(found: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Names of groups, sorted; those of one name with their platforms. found: name, platform."""
    pairs = sorted(found)
    often = Counter(name for name, _ in pairs)
    return tuple(
        f"{name}（{PLATFORMS.get(platform, platform)}）" if often[name] > 1 else name
        for name, platform in pairs
    )


def most_pressing(user: User, but: str) -> str:
    """Id of the first new lead in the queue that is not that one; empty if there is none."""
    leads = visible(user).filter(state=LeadState.NEW).exclude(pk=but).order_by(*_PRESSING)
    return leads.values_list("pk", flat=True).first() or ""


def dashboard(user: User, now: datetime) -> Dashboard:
    """The figures of what the user may know of."""
    undecided = Q(state__in=OPEN)
    counts = Lead.objects.filter(pk__in=visible(user).values("pk")).aggregate(
        new=Count("pk", filter=Q(state=LeadState.NEW)),
        soon=Count("pk", filter=undecided & Q(due_at__gte=now, due_at__lt=now + SOON)),
        overdue=Count("pk", filter=undecided & Q(due_at__lt=now, at_once=False)),
        second_look=Count("pk", filter=Q(state=LeadState.SECOND_LOOK)),
        unreported=Count("pk", filter=Q(state=LeadState.CONFIRMED, reported_at=None)),
        office_overdue=Count(
            "pk", filter=Q(state=LeadState.CONFIRMED, reported_at=None, office_due_at__lt=now)
        ),
        # The last: Django takes the name for the figure from here on.
        at_once=Count("pk", filter=undecided & Q(at_once=True)),
    )
    sees_all = user.is_active and user.role != Role.OWNER
    nightly = JobRun.objects.filter(name=ScanKind.NIGHTLY).values_list("succeeded_at", flat=True).first()
    return Dashboard(
        **counts,
        unread=Unread.objects.filter(settled_at=None).count() if sees_all else 0,
        unregistered_groups=Group.objects.filter(is_registered=False).count() if sees_all else 0,
        precision=precision(user),
        last_nightly=nightly,
    )


def precision(user: User) -> tuple[Precision, ...]:
    """By rule, as far as anything was decided; the user's own leads only."""
    decided = (LeadState.CONFIRMED, LeadState.DISMISSED)
    rows = (
        Finding.objects.filter(lead__in=visible(user).values("pk"), lead__state__in=decided)
        .filter(outcome__in=_SHOWN)
        .values("rule")
        .annotate(
            name=F("rule_name"),
            confirmed=Count("lead", filter=Q(lead__state=LeadState.CONFIRMED), distinct=True),
            dismissed=Count("lead", filter=Q(lead__state=LeadState.DISMISSED), distinct=True),
        )
        .order_by("rule")
    )
    return tuple(
        Precision(
            rule=row["rule"],
            rule_name=row["name"],
            confirmed=row["confirmed"],
            dismissed=row["dismissed"],
        )
        for row in rows
    )


def _narrowed(leads: QuerySet[Lead], filters: Filters) -> QuerySet[Lead]:
    if filters.states:
        leads = leads.filter(state__in=filters.states)
    if filters.level:
        leads = leads.filter(level=filters.level)
    if filters.category:
        leads = leads.filter(category=filters.category)
    if filters.group is not None:
        leads = leads.filter(pk__in=Lead.groups.through.objects.filter(group=filters.group).values("lead"))
    if filters.rule:
        leads = leads.filter(pk__in=Finding.objects.filter(rule=filters.rule).values("lead"))
    if filters.at_once is not None:
        leads = leads.filter(at_once=filters.at_once)
    if filters.due_from is not None:
        leads = leads.filter(due_at__gte=filters.due_from)
    if filters.due_before is not None:
        leads = leads.filter(due_at__lt=filters.due_before)
    if filters.unreported_only:
        leads = leads.filter(reported_at=None)
    return leads.filter(is_draft=True) if filters.drafts_only else leads


def _rows(leads: QuerySet[Lead], user: User) -> Iterable[Row]:
    """Without rows of the model, which take half of the time."""
    listed = list(leads.values(*_COLUMNS, holder=F("claimed_by__username")))
    ids = [lead["id"] for lead in listed]
    counted = _counted(ids)
    groups: dict[str, list[tuple[str, str]]] = {}
    through = Lead.groups.through.objects.filter(lead__in=ids)
    if user.role == Role.OWNER:
        through = through.filter(group__in=user.own_groups.all())
    for lead_id, *group in through.values_list("lead", "group__name", "group__platform"):
        groups.setdefault(lead_id, []).append((group[0], group[1]))
    for lead in listed:
        findings, places = counted.get(lead["id"], (0, 0))
        yield Row(
            **{name: lead[name] for name in _COLUMNS},
            claimed_by=lead["holder"] or "",
            groups=told_apart(groups.get(lead["id"], ())),
            findings=findings,
            places=places,
        )


def _counted(ids: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """Lead → how many findings it has, and at how many places."""
    rows = Finding.objects.filter(lead__in=ids).order_by().values("lead")
    rows = rows.annotate(findings=Count("pk", distinct=True), there=Count("places"))
    return {
        lead: (findings, there) for lead, findings, there in rows.values_list("lead", "findings", "there")
    }
