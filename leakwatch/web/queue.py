"""The list of leads; its filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from leakwatch.model import Level
from leakwatch.reports.words import CATEGORIES
from leakwatch.store import queries
from leakwatch.store.models import Group, LeadState, Scan, Unread, User
from leakwatch.store.queries import Filters, Page, Row
from leakwatch.web import access

_DUE = {"overdue": "已超期", "soon": "4 小时内到期或已超期"}
_ALL = "all"
_STATES = (("", "未办结"), *LeadState.choices, (_ALL, "全部"))
_MOST_FOUND = 20


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
            group=int(self.group) if self.group.isdecimal() else None,
            due_before=now + queries.SOON if self.due == "soon" else now if self.due else None,
        )

    def _states(self) -> tuple[str, ...]:
        if self.mine:
            return ("in_review",)
        if self.state in LeadState.values:
            return (self.state,)
        return () if self.state == _ALL else tuple(map(str, queries.OPEN))


_NAMES = tuple(Asked.__dataclass_fields__)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The leads that are due first."""
    if wanted := request.GET.get("q", "").strip():
        return _search(request, wanted)
    now = settings.OFFICE.clock()
    asked = Asked(**{name: request.GET.get(name, "") for name in _NAMES})
    page = _page(request, asked.filters(now)) if not asked.mine else _own(request.user, asked.filters(now))
    shown = {
        "asked": asked,
        "page": page,
        "choices": _choices(request.user),
        "free": (LeadState.NEW, LeadState.UNCLEAR),
        "can_claim": access.may(request.user.role, "lead-claim"),
        "scan": Scan.objects.order_by("-ended_at").first(),
        "unread": Unread.objects.filter(settled_at=None).count() if request.user.role in access.JUDGES else 0,
    }
    return render(request, "leads.html", shown)


def _page(request: HttpRequest, filters: Filters) -> Page:
    number = request.GET.get("page", "1")
    return queries.queue(request.user, filters, int(number) if number.isdecimal() else 1)


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
        .filter(Q(pk__icontains=wanted))
        .order_by("pk")
        .values_list("pk", flat=True)[: _MOST_FOUND + 1]
    )
    if len(found) == 1:
        return redirect("lead", id=found[0])
    shown = {"found": found[:_MOST_FOUND], "has_more": len(found) > _MOST_FOUND}
    return render(request, "leads_found.html", shown)


def _choices(user: User) -> Mapping[str, object]:
    """What can be chosen for each filter: value and words."""
    groups = Group.objects.filter(leads__in=queries.visible(user)).distinct().order_by("name")
    return {
        "state": _STATES,
        "level": [(level.value, level.value) for level in Level],
        "category": CATEGORIES.items(),
        "group": [(str(pk), name) for pk, name in groups.values_list("pk", "name")],
        "due": _DUE.items(),
    }
