"""The first page after logging in: how things stand, and what waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from leakwatch.store import queries
from leakwatch.store.models import Role, Scan
from leakwatch.store.queries import Dashboard
from leakwatch.web import access


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that leads to what it counts."""

    number: int
    title: str
    address: str = ""
    tone: str = ""
    """Its colour where it is not nought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How often people agreed with a rule."""

    rule: str
    name: str
    confirmed: int
    decided: int

    @property
    def percent(self) -> int:
        """Whole percent."""
        return round(100 * self.confirmed / self.decided)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What waits for this visitor."""
    if request.user.role == Role.ADMIN:
        return render(request, "home.html")
    board = queries.dashboard(request.user, settings.OFFICE.clock())
    shown = {
        "figures": _figures(request, board),
        "bars": _bars(board),
        "board": board,
        "scan": Scan.objects.order_by("-ended_at").annotate(found=F("new") + F("reactivated")).first(),
        # What was scanned in all groups is no business of the owner of one.
        "own": queries.own_groups(request.user),
        "sees_leads": access.may(request.user.role, "leads"),
        "can_upload": access.may(request.user.role, "upload"),
    }
    return render(request, "home.html", shown)


def _figures(request: HttpRequest, board: Dashboard) -> list[Figure]:
    sees_leads = access.may(request.user.role, "leads")

    def leading(page: str) -> str:
        return reverse(page) if access.may(request.user.role, page) else ""

    def of(number: int, title: str, query: str, tone: str = "") -> Figure:
        address = f"{reverse('leads')}?{query}" if sees_leads else ""
        return Figure(number=number, title=title, address=address, tone=tone)

    figures = [
        of(board.at_once, "须立即报告", "due=at_once", "red"),
        of(board.overdue, "已超期", "due=overdue", "red"),
        of(board.soon, "4 小时内到期", "due=soon", "amber"),
        of(board.new, "新线索", "state=new"),
        of(board.second_look, "待复核", "state=second_look"),
        of(
            board.unreported,
            "已确认，还没有上报",
            "state=confirmed&due=unreported",
            "red" if board.office_overdue else "amber",
        ),
    ]
    if request.user.role == Role.OWNER:
        return figures[:4]
    return [
        *figures,
        Figure(number=board.unread, title="没能读出的内容", address=leading("unread"), tone="amber"),
        Figure(
            number=board.unregistered_groups, title="未登记的工作群", address=leading("groups"), tone="amber"
        ),
    ]


def _bars(board: Dashboard) -> list[Bar]:
    bars = [
        Bar(rule=one.rule, name=one.rule_name, confirmed=one.confirmed, decided=one.confirmed + one.dismissed)
        for one in board.precision
    ]
    return sorted((bar for bar in bars if bar.decided), key=lambda bar: (-bar.decided, bar.rule))
