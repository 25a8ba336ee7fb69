"""What people do with a lead: take it, give it back, decide, look a second time, report it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leakwatch.errors import Refused
from leakwatch.store import review
from leakwatch.store.models import Finding, Lead, LeadState
from leakwatch.store.queries import OPEN, visible
from leakwatch.store.review import Decision
from leakwatch.store.sealing import Sealer
from leakwatch.web import lead as leads
from leakwatch.web import looking
from leakwatch.web.choices import CHOICES, PAUSES, exclusions, given

_CHECKED = "已逐项核对不得确定为工作秘密的四种情形。"


@require_POST
def claim(request: HttpRequest, id: str) -> HttpResponse:
    """The lead in this visitor's hands."""
    return _done(request, id, "已认领，可以开始审核", lambda: review.claim(id, request.user, _now()))


@require_POST
def release(request: HttpRequest, id: str) -> HttpResponse:
    """The lead back in the queue."""
    return _done(request, id, "已退回待审", lambda: review.release(id, request.user, _now()))


@require_POST
def reopen(request: HttpRequest, id: str) -> HttpResponse:
    """A decided lead in this visitor's hands."""
    decision = Decision(by=request.user, verdict=LeadState.IN_REVIEW, reason=given(request).reason, at=_now())
    return _done(request, id, "已重开，请重新审核", lambda: review.reopen(id, decision, _sealer()))


@require_POST
def report(request: HttpRequest, id: str) -> HttpResponse:
    """The lead as reported on."""
    return _done(request, id, "已登记上报时间", lambda: review.report(id, request.user, _now()))


@require_POST
def decide(request: HttpRequest, id: str) -> HttpResponse:
    """The lead as decided, or waiting for a second person."""
    lead = looking.known(request, id)

    def step() -> Lead:
        decision = _decision(request, id)
        asked = exclusions(lead) if decision.verdict == LeadState.CONFIRMED else ()
        if left := [one for one in asked if one.id not in request.POST]:
            raise Refused(f"{id}：确认工作秘密前，请逐项核对四种排除情形，还有 {len(left)} 项没有勾选")
        if asked:
            decision = _with_note(decision)
        return review.decide(id, decision, _sealer())

    return _done(request, id, "结论已记录", step)


@require_http_methods(["GET", "POST"])
def same(request: HttpRequest, id: str) -> HttpResponse:
    """Other leads that hold nothing but the same content, and one verdict on all of them."""
    lead = looking.known(request, id)
    prints = set(lead.findings.values_list("fingerprint", flat=True))
    if len(prints) != 1:
        raise Http404
    fingerprint = prints.pop()
    if request.method == "POST":
        return _bulk(request, id, fingerprint)
    ids = Finding.objects.filter(fingerprint=fingerprint).values("lead")
    leads = visible(request.user).filter(pk__in=ids, state__in=OPEN).order_by("due_at", "pk")
    shown = {
        "lead": lead,
        "leads": leads.select_related("claimed_by"),
        "choices": CHOICES,
        "pauses": PAUSES.items(),
        "given": given(request),
        "is_unmasked": looking.is_unmasked(request, id),
    }
    return render(request, "same.html", shown)


def _bulk(request: HttpRequest, id: str, fingerprint: str) -> HttpResponse:
    try:
        decision = _decision(request, id)
        if decision.verdict == LeadState.CONFIRMED:
            raise Refused("确认须逐条进行；批量只用于“非泄密”和“待查明”")
        made = review.bulk(fingerprint, decision, _sealer())
    except Refused as why:
        messages.error(request, str(why))
        return redirect("lead-same", id=id)
    left = f"，另有 {len(made.left)} 条含其他内容或在别人手中，未处理" if made.left else ""
    messages.success(request, f"已对 {len(made.decided)} 条记录结论{left}")
    return redirect("leads")


def _done(request: HttpRequest, id: str, words: str, step: Callable[[], Lead]) -> HttpResponse:
    """The page of the lead again, with what came of the step; what was typed stays where it was refused."""
    looking.known(request, id)
    try:
        lead = step()
    except Refused as why:
        return leads.page(request, id, str(why))
    is_waiting = lead.state == LeadState.SECOND_LOOK
    messages.success(request, f"{words}，还须另一人复核" if is_waiting else words)
    return redirect("lead", id=id)


def _decision(request: HttpRequest, id: str) -> Decision:
    """What was sent; nobody waves through what they have not looked at."""
    sent = given(request)
    if sent.verdict not in LeadState.values:
        raise Refused("请先选结论：1 确认、2 非泄密、3 待查明")
    if sent.verdict == LeadState.DISMISSED and not looking.is_unmasked(request, id):
        raise Refused(f"{id}：判为“非泄密”前，请先查看原文")
    now = _now()
    until = now + timedelta(days=int(sent.pause)) if sent.pause in PAUSES else None
    return Decision(
        by=request.user,
        verdict=LeadState(sent.verdict),
        reason=sent.reason,
        at=now,
        suppress_until=until if sent.verdict == LeadState.DISMISSED else None,
    )


def _with_note(decision: Decision) -> Decision:
    return replace(decision, reason=f"{decision.reason}\n{_CHECKED}".strip())


def _sealer() -> Sealer:
    sealer: Sealer = settings.OFFICE.sealer
    return sealer


def _now() -> datetime:
    now: datetime = settings.OFFICE.clock()
    return now
