"""One lead with all that is known of it, opened for the eyes of one user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The rows that the user may see, with what lay sealed in them."""

    findings: tuple[tuple[Finding, FindingContent], ...]
    places: tuple[tuple[Place, PlaceContent], ...]


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
    rows = list(findings[:MOST_PLACES])
    opened = tuple(_finding(one, sealer) for one in rows)
    seen = _Seen(
        findings=tuple((row, one.content) for row, one in zip(rows, opened, strict=True)),
        places=tuple((place, facts.opened_place(place, sealer)) for place in shown),
    )
    merged = tuple(Lead.objects.filter(merged_into=found).order_by("id").values_list("id", flat=True))
    return Dossier(
        lead=found,
        content=None if user.role == Role.OWNER or found.purged_at else papers.boxes(found, sealer),
        groups=told_apart(groups.values_list("name", "platform")),
        findings=opened,
        places=tuple(_places(seen, _joined(user, found.id, seen, sealer))),
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


def _places(seen: _Seen, joined: Mapping[str, str]) -> Iterator[ShownPlace]:
    """joined: message or file → why it belongs to the rest."""
    for one, content in seen.places:
        yield ShownPlace(
            id=one.pk,
            finding=one.finding_id,
            origin=one.origin,
            sha256=one.sha256,
            group=one.group.name if one.group else "",
            sent_at=one.sent_at,
            precision=one.precision,
            joined=joined.get(_key(one, content), ""),
            content=content,
        )


def _joined(user: User, lead_id: str, seen: _Seen, sealer: Sealer) -> Mapping[str, str]:
    """Message or file → why it belongs to the rest, which may lie in groups that the owner of one does not see."""
    if len({_key(*place) for place in seen.places}) < 2 or len(seen.places) >= MOST_PLACES:
        return {}
    if user.role == Role.OWNER:
        findings = facts.of_leads([lead_id], sealer).get(lead_id, [])
    else:
        there: dict[str, list[tuple[Place, PlaceContent]]] = defaultdict(list)
        for place, content in seen.places:
            there[place.finding_id].append((place, content))
        findings = [
            facts.finding_of(row, content, there[row.id]) for row, content in seen.findings if row.sealed
        ]
    pictures = pictures_of([lead_id], sealer).get(lead_id, {})
    return {row.place: row.joined for row in tracing.rows(findings, pictures)}


def _key(place: Place, content: PlaceContent) -> str:
    return key_of(facts.piece_of(place, content))


def _events(lead_ids: Iterable[str], sealer: Sealer) -> tuple[Event, ...]:
    """Without rows of the model: a lead that many looked at has hundreds."""
    entries = LogEntry.objects.filter(subject__in=list(lead_ids)).order_by("seq")
    rows = list(entries.values_list("at", "actor", "action", "details")[:_MOST_EVENTS])
    decided = [details[_VERDICT] for *_, details in rows if _VERDICT in details]
    verdicts = Verdict.objects.in_bulk(decided) if decided else {}
    notes = {id: reasons.of_verdict(row, sealer) for id, row in verdicts.items()}
    return tuple(
        Event(at=at, actor=actor, action=action, note=notes.get(details.get(_VERDICT), ""))
        for at, actor, action, details in rows
    )
