"""One lead with all that is known of it, opened for the eyes of one user."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from leakwatch.errors import Refused
from leakwatch.forms.places import key_of
from leakwatch.store import facts, papers, reasons, tracing
from leakwatch.store.contents import FindingContent, LeadContent, PlaceContent, unpack
from leakwatch.store.likeness import pictures_of
from leakwatch.store.models import Finding, Lead, LogEntry, Place, Role, User, Verdict
from leakwatch.store.queries import told_apart, visible
from leakwatch.store.sealing import Sealer

MOST_PLACES = 300
"""Opened for one page."""
_MOST_EVENTS = 300
_VERDICT = "verdict_id"
_PURGED = FindingContent(id="", document="", reasons=())
_EYES = (Role.OWNER, Role.REVIEWER, Role.OFFICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlace:
    """One place, opened."""

    id: int
    finding: str
    origin: str
    sha256: str
    """Of the file to be shown: the picture, the document, the export."""
    group: str
    sent_at: datetime | None
    precision: str
    joined: str
    """Why it belongs to the rest (Chinese); empty for the first, and where there is no other."""
    content: PlaceContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFinding:
    """One finding, opened."""

    id: str
    rule: str
    rule_name: str
    kind: str
    category: str
    level: str
    outcome: str
    score: float
    fingerprint: str
    clauses: tuple[str, ...]
    gone_at: datetime | None
    content: FindingContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step in the life of a lead."""

    at: datetime
    actor: str
    action: str
    note: str
    """What a person wrote with a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All of a lead."""

    lead: Lead
    content: LeadContent | None
    """The boxes of the form; None where they were purged, and for the owner of a group, who may not see the other
    groups' part."""
    groups: tuple[str, ...]
    findings: tuple[ShownFinding, ...]
    places: tuple[ShownPlace, ...]
    """In time order, unknown times last; at most MOST_PLACES."""
    more_places: int
    merged: tuple[str, ...]
    """Ids of leads that proved to be this one."""
    events: tuple[Event, ...]
    """Oldest first."""


def lead(user: User, lead_id: str, sealer: Sealer) -> Dossier:
    """The lead; Refused if there is none of that id or it is not the user's to see."""
    found = visible(user).select_related("claimed_by").filter(pk=lead_id).first()
    if found is None or user.role not in _EYES:
        raise Refused(f"没有编号为 {lead_id} 的线索，或您无权查看；请检查编号")
    places = Place.objects.filter(finding__lead=found).exclude(sealed=b"").select_related("group")
    groups = found.groups.all()
    if user.role == Role.OWNER:
        own = list(user.own_groups.values_list("pk", flat=True))
        places, groups = places.filter(group__in=own), groups.filter(pk__in=own)
    shown = list(places.order_by(F("sent_at").asc(nulls_last=True), "pk")[:MOST_PLACES])
    is_full = len(shown) == MOST_PLACES
    findings = found.findings.order_by("-score", "id")
    if user.role == Role.OWNER:
        findings = findings.filter(places__group__in=own).distinct()
    merged = tuple(Lead.objects.filter(merged_into=found).order_by("id").values_list("id", flat=True))
    return Dossier(
        lead=found,
        content=None if user.role == Role.OWNER or found.purged_at else papers.boxes(found, sealer),
        groups=told_apart(groups.values_list("name", "platform")),
        findings=tuple(_finding(one, sealer) for one in findings[:MOST_PLACES]),
        places=tuple(_places(found.id, shown, sealer)),
        more_places=places.count() - MOST_PLACES if is_full else 0,
        merged=merged,
        events=_events((found.id, *merged), sealer),
    )


def _finding(one: Finding, sealer: Sealer) -> ShownFinding:
    return ShownFinding(
        id=one.id,
        rule=one.rule,
        rule_name=one.rule_name,
        kind=one.kind,
        category=one.category,
        level=one.level,
        outcome=one.outcome,
        score=one.score,
        fingerprint=one.fingerprint,
        clauses=tuple(f"《{document}》{article}" for document, article in one.clauses),
        gone_at=one.gone_at,
        content=unpack(one.sealed, FindingContent, sealer, f"finding:{one.id}") if one.sealed else _PURGED,
    )


def _places(lead_id: str, rows: Sequence[Place], sealer: Sealer) -> Iterator[ShownPlace]:
    opened = [unpack(one.sealed, PlaceContent, sealer, f"place:{one.finding_id}:{one.key}") for one in rows]
    keys = [key_of(facts.piece_of(*pair)) for pair in zip(rows, opened, strict=True)]
    joined = _joined(lead_id, sealer) if len(set(keys)) > 1 and len(rows) < MOST_PLACES else {}
    for one, content, key in zip(rows, opened, keys, strict=True):
        yield ShownPlace(
            id=one.pk,
            finding=one.finding_id,
            origin=one.origin,
            sha256=one.sha256,
            group=one.group.name if one.group else "",
            sent_at=one.sent_at,
            precision=one.precision,
            joined=joined.get(key, ""),
            content=content,
        )


def _joined(lead_id: str, sealer: Sealer) -> dict[str, str]:
    """Message or file → why it belongs to the rest, which may lie in groups that this user does not see."""
    findings = facts.of_leads([lead_id], sealer).get(lead_id, [])
    pictures = pictures_of([lead_id], sealer).get(lead_id, {})
    return {row.place: row.joined for row in tracing.rows(findings, pictures)}


def _events(lead_ids: Iterable[str], sealer: Sealer) -> tuple[Event, ...]:
    entries = list(LogEntry.objects.filter(subject__in=list(lead_ids)).order_by("seq")[:_MOST_EVENTS])
    decided = [entry.details[_VERDICT] for entry in entries if _VERDICT in entry.details]
    verdicts = Verdict.objects.in_bulk(decided) if decided else {}
    notes = {id: reasons.of_verdict(row, sealer) for id, row in verdicts.items()}
    return tuple(
        Event(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            note=notes.get(entry.details.get(_VERDICT), ""),
        )
        for entry in entries
    )
