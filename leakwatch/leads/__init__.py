"""Findings → lead drafts: 一事一报, one draft for all findings that hang together.

What makes one 事: the same message, file, document number, picture or text, wherever and whenever it was
posted (`spread`).  What was found before takes part through plain values: a new finding that speaks of the
document of a lead goes to that lead, and where it speaks of those of two, the older lead takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from leakwatch import deadlines
from leakwatch.deadlines import Clock, Duty
from leakwatch.forms import boxes, places
from leakwatch.images.prints import PicturePrint
from leakwatch.leads.postings import Prints, numbers, postings
from leakwatch.leads.relations import relations
from leakwatch.model import SHANGHAI, Finding, LeadDraft, Level, Outcome, Scan, digest
from leakwatch.spread import Matter, Posting, join, timeline

__all__ = [
    "Basis",
    "History",
    "Lead",
    "Prints",
    "Units",
    "counted",
    "draft",
    "gather",
    "matter_key",
    "postings",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Whose names stand in the first two boxes; an empty one stays blank for people to fill."""

    reporting_unit: str = ""
    incident_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The leads that there are already."""

    postings: tuple[Posting, ...] = ()
    """Each with the `lead` that it belongs to."""
    opened_at: Mapping[str, datetime] = field(default_factory=dict)
    """Lead → when it was first found."""
    marked: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)
    """Lead → its documents that bear a state mark, as `Lead.marked` told them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What leads are drafted from besides the findings."""

    scan: Scan
    units: Units
    found_at: datetime
    history: History = field(default_factory=History)
    prints: Prints = field(default_factory=Prints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """One 事 that something new was found of."""

    draft: LeadDraft
    """On what was found now; its id is that of the lead it belongs to."""
    key: str
    """`matter_key` of what was found now."""
    matter: Matter
    """With the postings of history that hang together with it."""
    marked: Mapping[str, Level]
    """Documents of the whole lead that bear a state mark, history included."""
    clock: Clock
    """The unit's, from the first discovery."""
    merged: tuple[str, ...] = ()
    """Younger leads that prove to be the same 事: this one takes them over."""
    is_new: bool = True


def draft(findings: Sequence[Finding], scan: Scan, units: Units, found_at: datetime) -> tuple[LeadDraft, ...]:
    """The drafts of a scan that stands alone."""
    basis = Basis(scan=scan, units=units, found_at=found_at, prints=_read(scan.picture_prints))
    return tuple(lead.draft for lead in gather(findings, basis))


def counted(findings: Sequence[Finding], picture_prints: Mapping[str, str]) -> tuple[Finding, ...]:
    """The same findings; pages that are one by their pictures count as one document.

    picture_prints: as in `Scan`.
    """
    if not picture_prints:  # a posting costs 1.4 KB
        return tuple(findings)
    leads = [finding for finding in findings if finding.outcome is Outcome.LEAD]
    documents = {
        key: kept
        for matter in join(postings(leads, _read(picture_prints)))
        for key, kept in matter.documents.items()
    }
    return tuple(_counted(finding, documents) for finding in findings)


def gather(findings: Sequence[Finding], basis: Basis) -> tuple[Lead, ...]:
    """One lead for each group of LEAD findings that hang together, in the order of their first finding.

    REVIEW findings on the same document, file or message are mentioned; they never open a lead and never
    join two.  Two 机密 件 of one scan are both reported at once, whether or not they prove to be one case:
    waiting for a person to join them would run out the clock (泄密事件报告和查处工作机制, 一).
    """
    leads = [finding for finding in findings if finding.outcome is Outcome.LEAD]
    matters = join(postings(leads, basis.prints), basis.history.postings)
    groups = _groups(leads, matters)
    urgent = deadlines.urgent_levels(finding for group in groups for finding in group)
    reviews = _by_tie([finding for finding in findings if finding.outcome is Outcome.REVIEW])
    taken: set[str] = set()
    gathered = []
    for group, matter in zip(groups, matters, strict=True):
        related = {r.id: r for finding in group for tie in _ties(finding) for r in reviews.get(tie, ())}
        case = boxes.Case(
            findings=tuple(group),
            related=tuple(related.values()),
            places=tuple(places.places(group)),
            marked=deadlines.documents(group),
            scan=basis.scan,
            found_at=basis.found_at,
        )
        known = _oldest_first(matter, basis)
        id = known[0] if known else _free_id(matter_key(group), basis.found_at, taken)
        taken.add(id)
        gathered.append(_lead(case, matter, basis, _Place(id, known, not urgent.isdisjoint(case.marked))))
    return tuple(gathered)


def matter_key(findings: Sequence[Finding]) -> str:
    """The same for the same 事 in a re-scan: its first number, else its first finding.

    What joins later may change it: a lead keeps the key with which it was opened, and is found again through
    the ids of its findings.
    """
    return digest("matter", min(numbers(findings) or {finding.id for finding in findings}))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a matter goes."""

    id: str
    known: tuple[str, ...]
    """Its leads, the oldest first."""
    is_urgent: bool
    """By the documents of the whole scan."""


def _lead(case: boxes.Case, matter: Matter, basis: Basis, place: _Place) -> Lead:
    history, merged = basis.history, place.known[1:]
    before = deadlines.together(
        {matter.documents.get(document, document): level for document, level in marked.items()}
        for marked in (history.marked.get(lead, {}) for lead in place.known)
    )
    marked = deadlines.together([before, deadlines.marked(case.findings)])
    opened_at = min([basis.found_at, *(history.opened_at.get(lead, basis.found_at) for lead in place.known)])
    major_at = None
    if deadlines.urgent(deadlines.count(before)):
        major_at = opened_at
    elif place.is_urgent or deadlines.urgent(deadlines.count(marked)):
        major_at = basis.found_at
    clock = Clock(duty=Duty.UNIT, started_at=opened_at, major_at=major_at)
    drafted = _draft(case, basis.units, place.id, clock)
    told = relations(timeline(matter), place.id, merged)
    return Lead(
        draft=replace(drafted, remark="\n".join([*told, drafted.remark])),
        key=matter_key(case.findings),
        matter=matter,
        marked=marked,
        clock=clock,
        merged=merged,
        is_new=not place.known,
    )


def _draft(case: boxes.Case, units: Units, id: str, clock: Clock) -> LeadDraft:
    return LeadDraft(
        id=id,
        reporting_unit=units.reporting_unit,
        incident_unit=units.incident_unit,
        conduct=boxes.conduct(case),
        documents_and_levels=boxes.documents_and_levels(case),
        facts=boxes.facts(case),
        remedy=boxes.remedy(case),
        remark=boxes.remark(case),
        found_at=clock.started_at,
        due_at=clock.due_at,
        at_once=clock.major_at is not None,
        finding_ids=tuple(sorted({finding.id for finding in case.findings})),
    )


def _oldest_first(matter: Matter, basis: Basis) -> tuple[str, ...]:
    opened_at = basis.history.opened_at
    return tuple(sorted(matter.leads, key=lambda lead: (opened_at.get(lead, basis.found_at), lead)))


def _free_id(key: str, found_at: datetime, taken: set[str]) -> str:
    """XS-20310506-3f2a9c; longer when two of one scan agree in six digits (likely from ~5,000 on)."""
    names = (f"XS-{found_at.astimezone(SHANGHAI):%Y%m%d}-{key[:length]}" for length in range(6, 33))
    return next(name for name in names if name not in taken)


def _groups(findings: Sequence[Finding], matters: Sequence[Matter]) -> list[list[Finding]]:
    """The findings of each matter, in order; pages that are one by their pictures are one document."""
    of = {
        id: number
        for number, one in enumerate(matters)
        for posting in one.postings
        for id in posting.findings
    }
    groups: list[list[Finding]] = [[] for _ in matters]
    for finding in findings:
        documents = matters[of[finding.id]].documents
        groups[of[finding.id]].append(_counted(finding, documents))
    return groups


def _counted(finding: Finding, documents: Mapping[str, str]) -> Finding:
    document = documents.get(finding.document)
    return replace(finding, document=document) if document else finding


def _read(picture_prints: Mapping[str, str]) -> Prints:
    return Prints(pictures={sha256: PicturePrint.parse(one) for sha256, one in picture_prints.items()})


def _by_tie(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    ties: dict[str, list[Finding]] = {}
    for finding in findings:
        for tie in _ties(finding):
            ties.setdefault(tie, []).append(finding)
    return ties


def _ties(finding: Finding) -> Iterator[str]:
    """What a finding shares with others of the same 事; the export, which holds every message, is none."""
    yield "document " + (finding.document or finding.id)
    for hit in finding.hits:
        yield "place " + places.key_of(hit.piece)
        if (file := places.file_of(hit.piece)) is not None:
            yield "file " + file.sha256
            if (document := places.document_of(file)) is not None:
                yield "file " + document
