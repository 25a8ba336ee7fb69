"""Content that opens no lead for a time: what of it is in force, what was never used, what reaches too far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from leakwatch.errors import Refused
from leakwatch.store import reasons, suppressions
from leakwatch.store.models import Finding, Suppression

_PAGE = 100
_LONG = timedelta(days=180)
_OFTEN = 20
_IDLE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One suppression and what is to be said of it."""

    row: Suppression
    reason: str
    rule_name: str
    is_over: bool
    doubts: tuple[str, ...]


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """Those in force first, the one that ends last on top."""
    now = settings.OFFICE.clock()
    rows = Suppression.objects.select_related("owner", "group").order_by("-expires_at", "-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    names = dict(
        Finding.objects.filter(rule__in={row.rule for row in page})
        .values("rule")
        .annotate(name=Max("rule_name"))
        .values_list("rule", "name")
    )
    shown = [
        Shown(
            row=row,
            reason=reasons.of_suppression(row, settings.OFFICE.sealer),
            rule_name=names.get(row.rule, row.rule),
            is_over=row.expires_at <= now,
            doubts=tuple(_doubts(row, now)),
        )
        for row in page
    ]
    return render(request, "suppressions.html", {"page": page, "shown": shown})


@require_POST
def end(request: HttpRequest, id: int) -> HttpResponse:
    """Over from now on."""
    try:
        suppressions.end(id, request.user, settings.OFFICE.clock())
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已结束，同样内容再被扫描到时会重新生成线索")
    return redirect("suppressions")


def _doubts(row: Suppression, now: datetime) -> Iterator[str]:
    """Why it may reach too far, or for nothing."""
    if row.expires_at <= now:
        return
    if row.group_id is None and row.expires_at - row.created_at > _LONG:
        yield "对所有工作群有效，且超过半年"
    if row.uses >= _OFTEN:
        yield f"已挡下 {row.uses} 处，请看是不是应改规则"
    if row.uses == 0 and now - row.created_at > _IDLE:
        yield "一个月来没有用上，可以结束"
