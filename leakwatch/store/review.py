"""What people decide on leads; every step is a log row of the same transaction.

    new → in_review → confirmed | dismissed | unclear
                    ↘ second_look ↗ (by another person)

The first confirmation starts the office's clock (泄密事件报告和查处工作机制, 一). Whoever writes takes the lock of
the log first: of two who decide at once the second finds the lead decided and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from leakwatch.chain import Json
from leakwatch.errors import Refused
from leakwatch.model import Kind, Level, Outcome
from leakwatch.store import log, reasons
from leakwatch.store.models import Finding, Lead, LeadState, Role, Suppression, User, Verdict
from leakwatch.store.sealing import Sealer

VERDICTS = (LeadState.CONFIRMED, LeadState.UNCLEAR, LeadState.DISMISSED)
"""What can be decided, gravest first."""
_UNDECIDED = (LeadState.NEW, LeadState.IN_REVIEW, LeadState.UNCLEAR)
_DECIDERS = (Role.REVIEWER, Role.OFFICE)
_STATE_LEVELS = (Level.JUEMI, Level.JIMI, Level.MIMI)
_SHOWN = (Outcome.LEAD, Outcome.REVIEW)
_OFFICE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decides, and why."""

    by: User
    verdict: LeadState
    """One of VERDICTS; IN_REVIEW to reopen it."""
    reason: str
    """May stay empty for a confirmation only."""
    at: datetime
    suppress_until: datetime | None = None
    """With a dismissal: the same content opens no lead until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What came of a decision on many leads."""

    decided: tuple[str, ...]
    left: tuple[str, ...]
    """Leads that hold other content too, or that somebody else has in hand."""


def claim(lead_id: str, user: User, now: datetime) -> Lead:
    """The lead in the hands of that person; Refused if it is in another's, or decided."""
    with transaction.atomic():
        lead = _locked(lead_id, user)
        if lead.state == LeadState.IN_REVIEW and lead.claimed_by_id == user.pk:
            return lead
        if lead.state == LeadState.IN_REVIEW:
            raise Refused(f"{lead.id}：{_name(lead.claimed_by)}正在审核，请另选一条，或请对方先退回")
        if lead.state not in _UNDECIDED:
            raise Refused(f"{lead.id}：现在是“{_label(lead)}”，不能认领；请刷新后再看")
        lead.state, lead.claimed_by, lead.claimed_at = LeadState.IN_REVIEW, user, now
        lead.save(update_fields=["state", "claimed_by", "claimed_at"])
        log.append(log.Act(at=now, actor=user.username, action="lead.claimed", subject=lead.id))
        return lead


def release(lead_id: str, user: User, now: datetime) -> Lead:
    """The lead back in the queue; the office may take it out of anybody's hands."""
    with transaction.atomic():
        lead = _locked(lead_id, user)
        if lead.state != LeadState.IN_REVIEW:
            raise Refused(f"{lead.id}：现在是“{_label(lead)}”，没有人认领；请刷新后再看")
        if lead.claimed_by_id != user.pk and user.role != Role.OFFICE:
            raise Refused(f"{lead.id}：由{_name(lead.claimed_by)}认领，只有本人或保密办可以退回")
        lead.state, lead.claimed_by, lead.claimed_at = LeadState.NEW, None, None
        lead.save(update_fields=["state", "claimed_by", "claimed_at"])
        log.append(log.Act(at=now, actor=user.username, action="lead.released", subject=lead.id))
        return lead


def decide(lead_id: str, decision: Decision, sealer: Sealer) -> Lead:
    """The lead as decided, or waiting for a second person's look; Refused if somebody was faster."""
    with transaction.atomic():
        return _decide(_locked(lead_id, decision.by), decision, sealer)


def bulk(fingerprint: str, decision: Decision, sealer: Sealer) -> Bulk:
    """The same decision on every undecided lead that holds nothing but that content."""
    with transaction.atomic():
        log.lock()
        _must_decide(decision.by)
        shown = Finding.objects.filter(outcome__in=_SHOWN)
        ids = shown.filter(fingerprint=fingerprint, lead__isnull=False).values("lead").distinct()
        leads = list(Lead.objects.filter(id__in=ids, merged_into=None).order_by("due_at", "id"))
        mixed = set(
            shown.filter(lead__in=leads).exclude(fingerprint=fingerprint).values_list("lead", flat=True)
        )
        free = [lead for lead in leads if lead.id not in mixed and _is_free(lead, decision.by)]
        for lead in free:
            _decide(lead, decision, sealer)
        decided = tuple(lead.id for lead in free)
        return Bulk(decided=decided, left=tuple(lead.id for lead in leads if lead.id not in decided))


def reopen(lead_id: str, decision: Decision, sealer: Sealer) -> Lead:
    """A decided lead in the hands of that person again; its verdicts and the office's clock stay.

    decision: with IN_REVIEW as its verdict.
    """
    user, now = decision.by, decision.at
    with transaction.atomic():
        lead = _locked(lead_id, user)
        if lead.state not in (LeadState.CONFIRMED, LeadState.DISMISSED):
            raise Refused(f"{lead.id}：现在是“{_label(lead)}”，还没有结论，不用重开")
        if lead.purged_at is not None:
            raise Refused(f"{lead.id}：内容已清除，不能重开")
        if not decision.reason.strip():
            raise Refused(f"{lead.id}：重开须写明理由")
        was = lead.state
        lead.state, lead.claimed_by, lead.claimed_at = LeadState.IN_REVIEW, user, now
        lead.save(update_fields=["state", "claimed_by", "claimed_at"])
        told = _recorded(lead, decision, sealer)
        details: dict[str, Json] = {"was": str(was), **told}
        log.append(
            log.Act(at=now, actor=user.username, action="lead.reopened", subject=lead.id, details=details)
        )
        return lead


def report(lead_id: str, user: User, now: datetime) -> Lead:
    """The lead as reported on by the office, whose clock stops."""
    with transaction.atomic():
        lead = _locked(lead_id, user)
        if user.role != Role.OFFICE:
            raise Refused("只有保密办可以登记已上报")
        if lead.verified_at is None or lead.reported_at is not None:
            raise Refused(f"{lead.id}：还没有确认，或已经登记过上报；请刷新后再看")
        lead.reported_at = now
        lead.save(update_fields=["reported_at"])
        log.append(log.Act(at=now, actor=user.username, action="lead.reported", subject=lead.id))
        return lead


def _decide(lead: Lead, decision: Decision, sealer: Sealer) -> Lead:
    _check(lead, decision)
    is_second = lead.state == LeadState.SECOND_LOOK
    final = decision.verdict
    if is_second:
        final = _graver(_first_look(lead, decision.by).verdict, decision.verdict)
    elif _needs_second_look(lead, decision):
        final = LeadState.SECOND_LOOK
    told = _recorded(lead, decision, sealer)
    if decision.verdict == LeadState.CONFIRMED and lead.verified_at is None:
        lead.verified_at = decision.at
        lead.office_due_at = decision.at if lead.at_once else decision.at + _OFFICE
    lead.state, lead.claimed_by, lead.claimed_at = final, None, None
    lead.save(update_fields=["state", "claimed_by", "claimed_at", "verified_at", "office_due_at"])
    details: dict[str, Json] = {"verdict": str(decision.verdict), **told}
    who = decision.by.username
    log.append(log.Act(at=decision.at, actor=who, action=f"lead.{final}", subject=lead.id, details=details))
    if final == LeadState.DISMISSED and decision.suppress_until is not None:
        _suppress(lead, decision, sealer)
    return lead


def _recorded(lead: Lead, decision: Decision, sealer: Sealer) -> dict[str, Json]:
    """What the log says of the new row: its number, and a hash of the reason that only the key's holder can tell."""
    verdict = Verdict.objects.create(
        lead=lead,
        by=decision.by,
        at=decision.at,
        verdict=decision.verdict,
        is_second_look=lead.state == LeadState.SECOND_LOOK,
        sealed=reasons.sealed(decision.reason, sealer, reasons.verdict_place(lead.id, decision.at)),
    )
    return {
        "verdict_id": verdict.pk,
        "reason_hash": sealer.blind("reason", lead.id, decision.reason.strip()),
    }


def _check(lead: Lead, decision: Decision) -> None:
    if decision.verdict not in VERDICTS:
        raise Refused(f"{lead.id}：结论应为“已确认”“非泄密”“待查明”之一")
    if not decision.reason.strip() and decision.verdict != LeadState.CONFIRMED:
        raise Refused(f"{lead.id}：须写明理由")
    if lead.state in (LeadState.CONFIRMED, LeadState.DISMISSED):
        raise Refused(f"{lead.id}：已有结论“{_label(lead)}”；如要更改，请先重开")
    if lead.state != LeadState.SECOND_LOOK and not _is_free(lead, decision.by):
        raise Refused(f"{lead.id}：{_name(lead.claimed_by)}正在审核，请刷新后再看")


def _is_free(lead: Lead, user: User) -> bool:
    """Whether that person may decide it without taking it from another or looking at their own verdict."""
    if lead.state == LeadState.IN_REVIEW:
        return bool(lead.claimed_by_id == user.pk)
    return lead.state in _UNDECIDED


def _needs_second_look(lead: Lead, decision: Decision) -> bool:
    """绝密, and whatever bears a state mark but is said to be none."""
    if decision.verdict == LeadState.UNCLEAR:
        return False
    if lead.level == Level.JUEMI:
        return True
    marked = lead.findings.filter(kind=Kind.MARKING, outcome=Outcome.LEAD, level__in=_STATE_LEVELS)
    return decision.verdict == LeadState.DISMISSED and bool(marked.exists())


def _first_look(lead: Lead, second: User) -> Verdict:
    first: Verdict = lead.verdicts.order_by("-id")[0]
    if first.by_id == second.pk:
        raise Refused(f"{lead.id}：您已作过结论，须由另一人复核")
    return first


def _graver(first: str, second: str) -> LeadState:
    """Two who differ: the graver verdict counts, so that no single person can wave a leak through."""
    return min(LeadState(first), LeadState(second), key=VERDICTS.index)


def _suppress(lead: Lead, decision: Decision, sealer: Sealer) -> None:
    content = lead.findings.filter(outcome__in=_SHOWN).order_by().values("fingerprint", "rule").distinct()
    for one in content:
        place = reasons.suppression_place(one["fingerprint"], decision.at)
        suppression = Suppression.objects.create(
            **one,
            owner=decision.by,
            sealed=reasons.sealed(decision.reason, sealer, place),
            created_at=decision.at,
            expires_at=decision.suppress_until,
        )
        log.append(
            log.Act(
                at=decision.at,
                actor=decision.by.username,
                action="content.suppressed",
                subject=lead.id,
                details={"suppression": suppression.pk},
            )
        )


def _locked(lead_id: str, user: User) -> Lead:
    """The lead as it stands, with nobody else writing until the transaction ends."""
    log.lock()
    _must_decide(user)
    return unmerged(lead_id)


def unmerged(lead_id: str) -> Lead:
    """The lead; Refused if there is none of that id, or it proved to be another one."""
    lead: Lead | None = Lead.objects.select_related("claimed_by").filter(id=lead_id).first()
    if lead is None:
        raise Refused(f"没有编号为 {lead_id} 的线索，请检查编号")
    if lead.merged_into_id:
        raise Refused(f"{lead.id}：已并入 {lead.merged_into_id}，请打开那一条")
    return lead


def _must_decide(user: User) -> None:
    if not user.is_active or user.role not in _DECIDERS:
        raise Refused(f"{_name(user)}没有审核权限，线索由审核员或保密办处理")


def _name(user: User | None) -> str:
    return "" if user is None else str(user.shown_name or user.username)


def _label(lead: Lead) -> str:
    return str(LeadState(lead.state).label)
