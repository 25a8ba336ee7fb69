"""The list of leads; its filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from leakwatch.model import Level
from leakwatch.reports.words import CATEGORIES
from leakwatch.store import queries
from leakwatch.store.models import LeadState, Scan, Unread, User
from leakwatch.store.queries import Filters, Page, Row
from leakwatch.web import access

_DUE = {
    "at_once": "须立即报告",
    "overdue": "已超期",
    "soon": "4 小时内到期",
    "unreported": "已确认，还没有上报",
}
_ALL = "all"
_STATES = (("", "未办结"), *LeadState.choices, (_ALL, "全部"))
_MOST_FOUND = 20
_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list is narrowed to, as it stands in the address; without a state to what is still open."""

    state: str = ""
    level: str = ""
    category: str = ""
    group: str = ""
    due: str = ""
    mine: str = ""

    @property
    def address(self) -> str:
        """Without what is empty."""
        return urlencode({name: value for name in _NAMES if (value := getattr(self, name))})

    def filters(self, now: datetime) -> Filters:
        """For the store; what is none of the choices narrows nothing."""
        return Filters(
            states=self._states(),
            level=self.level,
            category=self.category,
            group=_figure(self.group),
            at_once={"at_once": True, "overdue": False}.get(self.due),
            due_from=now if self.due == "soon" else None,
            due_before={"soon": now + queries.SOON, "overdue": now}.get(self.due),
            unreported_only=self.due == "unreported",
        )

    def _states(self) -> tuple[str, ...]:
        if self.due == "unreported":
            return ("confirmed",)
        if self.mine:
            return ("in_review",)
        if self.state in LeadState.values:
            return (self.state,)
        return () if self.state == _ALL else tuple(map(str, queries.OPEN))


_NAMES = tuple(Asked.__dataclass_fields__)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The leads that are due first."""
    if wanted := _given(request, "q"):
        return _search(request, wanted)
    now = settings.OFFICE.clock()
    asked = Asked(**{name: _given(request, name) for name in _NAMES})
    filters, number = asked.filters(now), _figure(_given(request, "page")) or 1
    page = _own(request.user, filters) if asked.mine else queries.queue(request.user, filters, number)
    shown = {
        "asked": asked,
        "page": page,
        "choices": _choices(request.user),
        "free": (LeadState.NEW, LeadState.UNCLEAR),
        "can_claim": access.may(request.user.role, "lead-claim"),
        "own": queries.own_groups(request.user),
        "scan": None if page.rows else Scan.objects.order_by("-ended_at").first(),
        "unread": Unread.objects.filter(settled_at=None).count() if request.user.role in access.JUDGES else 0,
    }
    return render(request, "leads.html", shown)


def _given(request: HttpRequest, name: str) -> str:
    """Without NUL, which PostgreSQL does not take."""
    return str(request.GET.get(name, "")).replace("\0", "").strip()


def _figure(text: str) -> int | None:
    """A number that fits a column of the database."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def _own(user: User, filters: Filters) -> Page:
    """What this visitor has in hand, on one page: nobody holds many leads at a time."""
    rows: list[Row] = []
    number = pages = 1
    while number <= pages:
        page = queries.queue(user, filters, number)
        rows += [row for row in page.rows if row.claimed_by == user.username]
        number, pages = number + 1, page.pages
    return Page(rows=tuple(rows), total=len(rows), number=1, pages=1)


def _search(request: HttpRequest, wanted: str) -> HttpResponse:
    """The lead of that number, or those whose number holds it."""
    found = list(
        queries.visible(request.user)
        .filter(pk__icontains=wanted)
        .order_by("pk")
        .values_list("pk", flat=True)[: _MOST_FOUND + 1]
    )
    if len(found) == 1:
        return redirect("lead", id=found[0])
    shown = {"found": found[:_MOST_FOUND], "has_more": len(found) > _MOST_FOUND}
    return render(request, "leads_found.html", shown)


def _choices(user: User) -> Mapping[str, object]:
    """What can be chosen for each filter: value and words."""
    groups = queries.groups(user)
    return {
        "state": _STATES,
        "level": [(level.value, level.value) for level in Level],
        "category": CATEGORIES.items(),
        "group": [(str(pk), name) for pk, name in groups],
        "due": _DUE.items(),
    }
