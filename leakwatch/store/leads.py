"""Findings of a scan → leads: which of them open one, which join one, and which prove that two are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leakwatch import deadlines
from leakwatch.chain import Json
from leakwatch.leads import matter_key
from leakwatch.model import SHANGHAI, Kind, Level, Outcome
from leakwatch.store import drafting, log
from leakwatch.store.found import Stored
from leakwatch.store.joining import Matter, Tied, matters
from leakwatch.store.likeness import alike
from leakwatch.store.models import Finding as FindingRow
from leakwatch.store.models import Lead, LeadState, Print
from leakwatch.store.overwriting import overwrite
from leakwatch.store.shelf import Shelf

_BATCH = 500
_ORDINARY = timedelta(hours=24)


@dataclass(slots=True)
class Settled:
    """Ids of leads, in the order in which they were dealt with."""

    met: list[str] = field(default_factory=list)
    """All that something of the scan belongs to."""
    opened: list[str] = field(default_factory=list)
    grown: list[str] = field(default_factory=list)
    """Known ones with new facts."""
    reopened: list[str] = field(default_factory=list)
    """Dismissed ones with new facts."""
    escalated: list[str] = field(default_factory=list)
    """Known ones that are to be reported at once since this scan."""
    merged: list[tuple[str, str]] = field(default_factory=list)
    """Which one into which."""


def settle(shown: Sequence[Stored], shelf: Shelf) -> Settled:
    """Every finding shown belongs to a lead, and every lead says what is known of it."""
    if not shown:
        return Settled()
    findings = {one.row.id: one for one in shown}
    likeness = alike(shown, shelf)
    extra = {id: {tie} for id, tie in likeness.ties.items()}
    here = (_tied(one.row, one.ties | extra.get(one.row.id, set())) for one in shown)
    tied = [*_history(findings), *likeness.leads, *here]
    known = Lead.objects.in_bulk({one.lead for one in tied if one.lead})
    drafts = {id for id, lead in known.items() if lead.is_draft}
    desk = _Desk(shelf, known, _urgent(shown))
    for matter in matters(tied, drafts):
        desk.take(matter, [findings[id] for id in matter.findings if id in findings])
    desk.close()
    return desk.settled


def _tied(row: FindingRow, ties: Iterable[str]) -> Tied:
    is_lead = row.outcome == Outcome.LEAD
    return Tied(finding=row.id, is_lead=is_lead, ties=frozenset(ties), lead=row.lead_id or "")


def _history(findings: Mapping[str, Stored]) -> list[Tied]:
    """What was found before and shares a tie with what is found now; the oldest first."""
    ties = sorted({tie for one in findings.values() for tie in one.ties})
    shared: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(ties), _BATCH):
        prints = Print.objects.filter(value__in=ties[start : start + _BATCH])
        prints = prints.filter(place__finding__lead__isnull=False).values_list("place__finding", "value")
        for finding, value in prints:
            if finding not in findings:
                shared[finding].add(value)
    rows = FindingRow.objects.in_bulk(list(shared))
    ordered = sorted(rows.values(), key=lambda row: (row.found_at, row.id))
    return [_tied(row, shared[row.id]) for row in ordered]


def _urgent(shown: Sequence[Stored]) -> frozenset[Level]:
    """Levels of which this scan alone shows enough: nobody waits until two leads have proved to be one."""
    return deadlines.urgent_levels(one.finding for one in shown if one.finding.outcome is Outcome.LEAD)


def _levels(here: Sequence[Stored]) -> set[Level | None]:
    """The levels that are marked on what drafts a form."""
    marked = (one.finding for one in here if one.finding.rule.kind is Kind.MARKING)
    return {finding.level for finding in marked if finding.outcome is Outcome.LEAD}


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


class _Desk:
    """Where the matters of one scan are dealt with, one by one."""

    def __init__(self, shelf: Shelf, known: Mapping[str, Lead], urgent: frozenset[Level]) -> None:
        self.settled = Settled()
        self._shelf = shelf
        self._known = known
        self._urgent = urgent
        self._acts: list[log.Act] = []
        self._day = f"XS-{shelf.at.astimezone(SHANGHAI):%Y%m%d}-"
        self._opened: dict[str, Lead] = {}
        self._changed: dict[str, Lead] = {}
        self._moved: list[FindingRow] = []

    def take(self, matter: Matter, here: Sequence[Stored]) -> None:
        """The findings of one matter in one lead. here: those of this scan."""
        if not here:
            return
        lead = self._oldest(matter) or self._open(here)
        self.settled.met.append(lead.id)
        fresh = [one.row for one in here if one.row.lead_id != lead.id]
        for row in fresh:
            row.lead_id = lead.id
        self._moved += fresh
        if lead.id in self._opened:
            return
        has_news = bool(fresh) or any(one.has_news for one in here)
        if has_news:
            self._grow(lead)
        if has_news or len(matter.leads) > 1 or not (lead.at_once or self._urgent.isdisjoint(_levels(here))):
            self._changed[lead.id] = lead

    def close(self) -> None:
        """All that was decided is written, and logged."""
        Lead.objects.bulk_create(self._opened.values(), _BATCH)
        overwrite(self._moved, ("lead",))
        touched = [*self._opened.values(), *self._changed.values()]
        graver = drafting.redraft(touched, self._shelf, self._urgent)
        overwrite(touched, drafting.CHANGING)
        for lead in self._opened.values():
            self._tell("lead.created", lead.id, {"at_once": lead.at_once, "level": str(lead.level)})
        for id in (lead.id for lead in graver if lead.id not in self._opened):
            self.settled.escalated.append(id)
            self._tell("lead.escalated", id)
        log.append_all(self._acts)

    def _open(self, here: Sequence[Stored]) -> Lead:
        at = self._shelf.at
        lead = Lead(
            id=self._free_id(here),
            is_draft=False,
            found_at=at,
            due_at=at + _ORDINARY,
            changed_at=at,
            sealed=b"",
        )
        self._opened[lead.id] = lead
        self.settled.opened.append(lead.id)
        return lead

    def _free_id(self, here: Sequence[Stored]) -> str:
        """XS-20310506-3f2a9c, as `leads.draft` names it; longer when two of one day agree in six digits."""
        leading = [one.finding for one in here if one.finding.outcome is Outcome.LEAD]
        key = matter_key(leading or [one.finding for one in here])
        ids = (self._day + key[:length] for length in range(6, 65))
        return next(id for id in ids if id not in self._opened and not Lead.objects.filter(pk=id).exists())

    def _oldest(self, matter: Matter) -> Lead | None:
        """The lead that takes all others of the matter."""
        leads = sorted((self._known[id] for id in matter.leads), key=lambda lead: (lead.found_at, lead.id))
        for other in leads[1:]:
            self._merge(other, leads[0])
        return leads[0] if leads else None

    def _merge(self, other: Lead, into: Lead) -> None:
        """The verdict of one holds for both; two open ones go on as the older; a dismissal needs both."""
        FindingRow.objects.filter(lead=other).update(lead=into)
        Lead.objects.filter(pk=other.pk).update(merged_into=into)
        Lead.objects.filter(merged_into=other).update(merged_into=into)
        if other.state != LeadState.DISMISSED:
            if into.state == LeadState.DISMISSED:
                into.state, into.due_at = LeadState.NEW, other.due_at
            if other.state == LeadState.CONFIRMED:
                into.state = LeadState.CONFIRMED
            into.due_at = min(into.due_at, other.due_at)
            into.at_once = into.at_once or other.at_once
        into.handed_over_at = None  # the package of one does not hold what the other brings
        into.is_draft = into.is_draft or other.is_draft
        into.verified_at = _earliest(into.verified_at, other.verified_at)
        into.office_due_at = _earliest(into.office_due_at, other.office_due_at)
        self.settled.merged.append((other.id, into.id))
        self._tell("lead.merged", other.id, {"into": into.id})
        self._tell("lead.joined", into.id, {"from": other.id})

    def _grow(self, lead: Lead) -> None:
        """A verdict stays, but for a dismissal: what was not there when it was made opens the lead again."""
        lead.changed_at = self._shelf.at
        if lead.state == LeadState.DISMISSED:
            lead.state, lead.at_once = LeadState.NEW, False
            lead.due_at = self._shelf.at + _ORDINARY
            self.settled.reopened.append(lead.id)
            self._tell("lead.reopened", lead.id)
        else:
            self.settled.grown.append(lead.id)
            self._tell("lead.joined", lead.id)

    def _tell(self, action: str, subject: str, details: dict[str, Json] | None = None) -> None:
        shelf = self._shelf
        act = log.Act(
            at=shelf.at,
            actor=shelf.actor,
            action=action,
            subject=subject,
            details={"scan": shelf.row.pk, **(details or {})},
        )
        self._acts.append(act)
