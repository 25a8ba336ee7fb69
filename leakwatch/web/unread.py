"""What was not read: by reason, with what to do; a reviewer may say why a part can stay unread."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from leakwatch.errors import Refused
from leakwatch.model import Reason
from leakwatch.reports.words import REASONS
from leakwatch.store import unread
from leakwatch.store.models import Scan, Unread
from leakwatch.web import looking

_PAGE = 100
_LONGEST = 2_000
_MOST = 1_000


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The parts that wait for a person, or those that are settled."""
    is_settled = request.GET.get("settled") == "1"
    rows = Unread.objects.exclude(settled_at=None) if is_settled else Unread.objects.filter(settled_at=None)
    if reason := request.GET.get("reason", ""):
        rows = rows.filter(reason=reason)
    if scan := request.GET.get("scan", ""):
        rows = rows.filter(scan=int(scan) if scan.isdecimal() else None)
    rows = rows.select_related("scan", "settled_by").order_by(
        *(["-settled_at", "pk"] if is_settled else ["reason", "pk"])
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    is_unmasked = looking.is_unmasked(request, looking.UNREAD)
    shown = {
        "page": page,
        "parts": unread.opened(page.object_list, settings.OFFICE.sealer),
        "is_unmasked": is_unmasked,
        "is_settled": is_settled,
        "reason": reason,
        "reasons": [(id, REASONS.get(Reason(id), id), number) for id, number in unread.by_reason().items()],
        "scan": Scan.objects.order_by("-ended_at").first(),
    }
    return render(request, "unread.html", shown)


@require_POST
def unmask(request: HttpRequest) -> HttpResponse:
    """The same page with the names, which tell what the files hold; that they were looked at is in the log."""
    looking.unmask(request, looking.UNREAD, "review")
    return redirect("unread")


@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """The same page, the chosen parts settled."""
    ids = [int(id) for id in request.POST.getlist("part")[:_MOST] if id.isdecimal()]
    because = request.POST.get("because", "")[:_LONGEST]
    try:
        if not ids:
            raise Refused("请先勾选要说明的内容")
        excuse = unread.Excuse(by=request.user, because=because, at=settings.OFFICE.clock())
        number = unread.settle(ids, excuse, settings.OFFICE.sealer)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"已说明 {number} 处")
    return redirect("unread")
