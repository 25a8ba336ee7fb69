"""The log: who did what; whether it is whole. Never what was found."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import chain, islice

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from leakwatch.chain import Anchor
from leakwatch.errors import LeakwatchError
from leakwatch.model import SHANGHAI
from leakwatch.store import agreement, log
from leakwatch.store.models import LogEntry, User
from leakwatch.web import access, trail

_PAGE = 100
_MOST_PROBLEMS = 50
_FILTERS = ("actor", "action", "subject", "since", "until")


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The rows, the newest first."""
    return render(request, "log.html", _listed(request))


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """The same page with what is wrong with the log, checked against a line that was kept elsewhere.

    Without one, against the file in which each night keeps such a line, as `evidence verify` does.
    """
    given, kept = request.POST.get("anchor", "").strip(), settings.OFFICE.config.store.anchor_file
    try:
        if given:
            anchor: Anchor | None = log.anchor_in(given, "填写的校验值")
        else:
            anchor = log.last_anchor(kept) if kept.exists() else None
    except LeakwatchError as why:
        return render(request, "log.html", {**_listed(request), "wrong": str(why)}, status=400)
    broken = (problem.detail for problem in log.verify(anchor))
    problems = list(islice(chain(broken, agreement.faults(settings.OFFICE.sealer)), _MOST_PROBLEMS))
    with transaction.atomic():
        trail.note(
            request, "log.verified", "log", {"problems": len(problems), "anchored": anchor is not None}
        )
    checked = {
        "problems": problems,
        "rows": log.head().seq - 1,
        "anchor": anchor,
        "file": "" if given or not anchor else kept,
    }
    return render(request, "log.html", {**_listed(request), "checked": checked})


@require_safe
def anchor(request: HttpRequest) -> HttpResponse:
    """The line to be kept elsewhere, as a file; that it was taken is in the log behind it."""
    now = settings.OFFICE.clock()
    with transaction.atomic():
        line = log.anchor_line(log.head(), now)
        trail.note(request, "log.anchored", "log")
    name = f"leakwatch-log-{now.astimezone(SHANGHAI):%Y%m%d-%H%M}.txt"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(line, content_type="text/plain", headers={"Content-Disposition": disposition})


def _listed(request: HttpRequest) -> dict[str, object]:
    asked = {name: request.GET.get(name, "").strip() for name in _FILTERS}
    rows = _narrowed(LogEntry.objects.order_by("-seq"), asked)
    return {
        "asked": asked,
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "accounts": {str(pk): name for pk, name in User.objects.values_list("pk", "username")},
        "sees_leads": access.may(request.user.role, "lead"),
        "anchor_file": settings.OFFICE.config.store.anchor_file,
    }


def _narrowed(rows: QuerySet[LogEntry], asked: dict[str, str]) -> QuerySet[LogEntry]:
    exact = {name: asked[name] for name in ("actor", "action", "subject") if asked[name]}
    rows = rows.filter(**exact)
    if (since := _midnight(asked["since"])) is not None:
        rows = rows.filter(at__gte=since)
    if (until := _midnight(asked["until"])) is not None:
        rows = rows.filter(at__lt=until + timedelta(days=1))
    return rows


def _midnight(day: str) -> datetime | None:
    """Where that day begins; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(day), time(), SHANGHAI)
    except ValueError:
        return None
