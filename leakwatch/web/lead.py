"""The page of one lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from leakwatch.forms import pdf
from leakwatch.store import reasons
from leakwatch.store.dossier import Dossier
from leakwatch.store.models import Finding, Lead, LeadState, LogEntry, Role, Unread, User, Verdict
from leakwatch.store.queries import OPEN, most_pressing
from leakwatch.store.unread import Part, opened
from leakwatch.vault.passphrases import LEAST_CHARACTERS
from leakwatch.web import access, choices, looking
from leakwatch.web.posts import is_first_sure, posts

_MOST_UNREAD = 20
_BOXES = (
    ("reporting_unit", "报告单位"),
    ("incident_unit", "案件（事件）发生单位"),
    ("conduct", "泄密违规行为"),
    ("documents_and_levels", "涉及文件资料及密级"),
    ("facts", "事实经过（时间、原因、经过等）"),
    ("remedy", "补救及整改措施情况"),
    ("remark", "备注"),
)
"""Of the form, in its order, with its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What this visitor may do with the lead as it stands."""

    claim: bool
    release: bool
    decide: bool
    second_look: bool
    """Decide as the second person."""
    reopen: bool
    report: bool
    hand_over: bool


@require_safe
def show(request: HttpRequest, id: str) -> HttpResponse:
    """All that is known of a lead, words masked until somebody said why they are needed."""
    try:
        return page(request, id)
    except Http404:
        if into := _merged_into(request, id):
            return redirect("lead", id=into)
        raise


def page(request: HttpRequest, id: str, wrong: str = "") -> HttpResponse:
    """The page; wrong: why what was asked of the lead is not done."""
    whole = looking.whole(request, id)
    is_unmasked = looking.is_unmasked(request, id)
    first = _first_look(whole.lead)
    found = posts(whole.places, is_masked=not is_unmasked)
    shown = {
        "whole": whole,
        "lead": whole.lead,
        "is_unmasked": is_unmasked,
        "sees_all": _sees_all(whole),
        "purposes": looking.PURPOSES.items(),
        "posts": found,
        "is_first_sure": bool(found) and is_first_sure(found),
        "unread": _unread(whole),
        "boxes": _boxes(whole) if is_unmasked else (),
        "has_next": access.may(request.user.role, "lead-next"),
        "has_same": _has_same(request.user, whole),
        "has_pdf": is_unmasked and pdf.find_converter() is not None,
        "first_look": first,
        "first_reason": reasons.of_verdict(first, settings.OFFICE.sealer) if first else "",
        "steps": _steps(request.user, whole.lead, first),
        "choices": choices.CHOICES,
        "pauses": choices.PAUSES.items(),
        "exclusions": choices.exclusions(whole.lead),
        "given": choices.given(request),
        "purged": _purged(whole.lead),
        "least": LEAST_CHARACTERS,
        "wrong": wrong,
    }
    return render(request, "lead.html", shown, status=409 if wrong else 200)


@require_POST
def unmask(request: HttpRequest, id: str) -> HttpResponse:
    """The same page with its words, once the purpose is in the log."""
    looking.known(request, id)
    purpose = request.POST.get("purpose", "")
    if purpose in looking.PURPOSES:
        looking.unmask(request, id, purpose)
    return redirect("lead", id=id)


@require_safe
def following(request: HttpRequest, id: str) -> HttpResponse:
    """The most pressing of the other leads that nobody has in hand; sought only when it is asked for."""
    if found := most_pressing(request.user, id):
        return redirect("lead", id=found)
    messages.success(request, "没有别的新线索了")
    return redirect("leads")


def _merged_into(request: HttpRequest, id: str) -> str | None:
    """Where an old number leads, for those who may know of every lead."""
    if request.user.role not in access.JUDGES:
        return None
    into: str | None = Lead.objects.filter(pk=id).values_list("merged_into", flat=True).first()
    return into


def _has_same(user: User, whole: Dossier) -> bool:
    """Whether other open leads hold the same content, so that one verdict may do for all."""
    prints = {finding.fingerprint for finding in whole.findings}
    if user.role not in access.JUDGES or len(prints) != 1:
        return False
    others = Finding.objects.filter(fingerprint__in=prints, lead__state__in=OPEN, lead__merged_into=None)
    return bool(others.exclude(lead=whole.lead).exists())


def _boxes(whole: Dossier) -> Sequence[tuple[str, str]]:
    content = whole.content
    return [(label, getattr(content, name)) for name, label in _BOXES] if content else ()


def _unread(whole: Dossier) -> Sequence[Part]:
    """What could not be read of the exports and files that the lead comes from."""
    files = {place.sha256 for place in whole.places}
    near = (
        Q(sha256__in=files)
        | Q(parent__in=files)
        | Q(group__in={place.group for place in whole.places} - {""})
    )
    if _sees_all(whole):  # the archive that an owner's export came in may hold other groups' too
        above = {place.content.parent for place in whole.places if place.content.parent}
        near |= Q(sha256__in=above) | Q(parent__in=above)
    rows = Unread.objects.filter(near, settled_at=None).order_by("reason", "pk")
    return opened(rows[: _MOST_UNREAD + 1], settings.OFFICE.sealer)


def _purged(lead: Lead) -> LogEntry | None:
    """What the log tells of its purge."""
    entries = LogEntry.objects.filter(subject=lead.pk, action="lead.purged")
    found: LogEntry | None = entries.last() if lead.purged_at else None
    return found


def _sees_all(whole: Dossier) -> bool:
    """Whether the visitor is no mere owner, who is shown the own groups' part."""
    return whole.content is not None


def _first_look(lead: Lead) -> Verdict | None:
    """What the first person decided on a lead that waits for the second."""
    if lead.state != LeadState.SECOND_LOOK:
        return None
    found: Verdict | None = lead.verdicts.select_related("by").order_by("-pk").first()
    return found


def _steps(user: User, lead: Lead, first: Verdict | None) -> Steps:
    is_judge = user.role in access.JUDGES
    is_held = lead.state == LeadState.IN_REVIEW
    is_own = is_held and lead.claimed_by_id == user.pk
    waits = lead.state == LeadState.SECOND_LOOK
    is_free = lead.state in (LeadState.NEW, LeadState.UNCLEAR)
    return Steps(
        claim=is_judge and is_free,
        release=is_own or (is_held and user.role == Role.OFFICE),
        decide=is_judge and (is_own or is_free),
        second_look=is_judge and waits and first is not None and first.by_id != user.pk,
        reopen=is_judge
        and lead.state in (LeadState.CONFIRMED, LeadState.DISMISSED)
        and lead.purged_at is None,
        report=user.role == Role.OFFICE and lead.verified_at is not None and lead.reported_at is None,
        hand_over=user.role == Role.OFFICE and lead.purged_at is None,
    )
