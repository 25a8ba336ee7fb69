"""Findings → lead drafts: 一事一报, one draft for all findings that hang together.

What makes one 事: the same document, the same file, or the same message, joined transitively.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from leakwatch import deadlines
from leakwatch.forms import boxes, places
from leakwatch.model import SHANGHAI, Finding, LeadDraft, Outcome, Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Whose names stand in the first two boxes; an empty one stays blank for people to fill."""

    reporting_unit: str = ""
    incident_unit: str = ""


def draft(findings: Sequence[Finding], scan: Scan, units: Units, found_at: datetime) -> tuple[LeadDraft, ...]:
    """One draft for each group of LEAD findings that hang together, in the order of their first finding.

    REVIEW findings on the same document, file or message are mentioned; they never open a draft and never
    join two.  Two 机密 件 of one scan are both reported at once, whether or not they prove to be one case:
    waiting for a person to join them would run out the clock (泄密事件报告和查处工作机制, 一).
    """
    leads = [finding for finding in findings if finding.outcome is Outcome.LEAD]
    urgent = deadlines.urgent_levels(leads)
    reviews = _by_tie([finding for finding in findings if finding.outcome is Outcome.REVIEW])
    taken: set[str] = set()
    drafts = []
    for group in _groups(leads):
        related = {r.id: r for finding in group for tie in _ties(finding) for r in reviews.get(tie, ())}
        case = boxes.Case(
            findings=tuple(group),
            related=tuple(related.values()),
            places=tuple(places.places(group)),
            marked=deadlines.documents(group),
            scan=scan,
            found_at=found_at,
        )
        is_urgent = not urgent.isdisjoint(case.marked)
        drafted = _draft(case, units, _free_id(group, found_at, taken))
        drafts.append(replace(drafted, at_once=True, due_at=found_at) if is_urgent else drafted)
        taken.add(drafts[-1].id)
    return tuple(drafts)


def _draft(case: boxes.Case, units: Units, id: str) -> LeadDraft:
    return LeadDraft(
        id=id,
        reporting_unit=units.reporting_unit,
        incident_unit=units.incident_unit,
        conduct=boxes.conduct(case),
        documents_and_levels=boxes.documents_and_levels(case),
        facts=boxes.facts(case),
        remedy=boxes.remedy(case),
        remark=boxes.remark(case),
        found_at=case.found_at,
        due_at=deadlines.due(case.findings, case.found_at),
        at_once=deadlines.is_at_once(case.findings),
        finding_ids=tuple(sorted({finding.id for finding in case.findings})),
    )


def _free_id(findings: Sequence[Finding], found_at: datetime, taken: set[str]) -> str:
    """XS-20310506-3f2a9c; longer when two of one scan agree in six digits (likely from ~5,000 on)."""
    key = hashlib.sha256("\n".join(sorted({finding.id for finding in findings})).encode()).hexdigest()
    names = (f"XS-{found_at.astimezone(SHANGHAI):%Y%m%d}-{key[:length]}" for length in range(6, 65))
    return next(name for name in names if name not in taken)


def _groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings joined through any shared tie (union–find); in order."""
    parent: dict[str, str] = {}

    def root(tie: str) -> str:
        while parent.setdefault(tie, tie) != tie:
            parent[tie] = tie = parent[parent[tie]]
        return tie

    for finding in findings:
        first, *others = _ties(finding)
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(root(next(_ties(finding))), []).append(finding)
    return list(groups.values())


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
