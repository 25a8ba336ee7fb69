"""For the machine that watches the machine: is it alive, and how many of what; counts alone, on loopback alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leakwatch.store import standing
from leakwatch.store.models import ArrivalState
from leakwatch.store.standing import Standing

_SILENT = timedelta(minutes=10)
"""Without a round for so long, the watch is taken for dead."""
_HERE = frozenset({"127.0.0.1", "::1"})
_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def _here_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A page that others do not even find; through a proxy on this machine they come under another name."""

    def guarded(request: HttpRequest) -> HttpResponse:
        name = request.get_host().rpartition(":")[0] or request.get_host()
        if request.META.get("REMOTE_ADDR") not in _HERE or name not in _NAMES:
            raise Http404
        return view(request)

    return require_safe(guarded)


@_here_only
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while rounds are made, else 503."""
    now = settings.OFFICE.clock()
    last = next((run.succeeded_at for run in standing.now_standing(now).runs if run.name == "watch"), None)
    is_alive = last is not None and abs(now - last) < _SILENT
    return HttpResponse(
        "ok\n" if is_alive else "no rounds\n", content_type="text/plain", status=200 if is_alive else 503
    )


@_here_only
def metrics(_request: HttpRequest) -> HttpResponse:
    """Prometheus' text format."""
    now = settings.OFFICE.clock()
    lines = "".join(f"{line}\n" for line in _lines(standing.now_standing(now)))
    return HttpResponse(lines, content_type="text/plain; version=0.0.4; charset=utf-8")


def _lines(shown: Standing) -> Iterator[str]:
    yield "# TYPE leakwatch_arrivals gauge"
    for state in ArrivalState:
        yield f'leakwatch_arrivals{{state="{state}"}} {shown.arrivals.get(state, 0)}'
    figures = {
        "unread_parts": shown.unread,
        "leads_undecided": shown.leads,
        "leads_at_once": shown.at_once,
        "leads_overdue": shown.overdue,
        "notices_undelivered": shown.undelivered,
        "forms_unwritten": shown.forms_unwritten,
    }
    for name, number in figures.items():
        yield f"# TYPE leakwatch_{name} gauge"
        yield f"leakwatch_{name} {number}"
    yield "# TYPE leakwatch_job_success_timestamp_seconds gauge"
    for run in shown.runs:
        if run.succeeded_at is not None:
            at = run.succeeded_at.timestamp()
            yield f'leakwatch_job_success_timestamp_seconds{{job="{run.name}"}} {at:.0f}'
