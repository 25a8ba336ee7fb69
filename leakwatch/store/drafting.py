"""A lead with all its findings, history included → its clock, its level and the boxes of its form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from leakwatch import deadlines
from leakwatch.forms import boxes, places
from leakwatch.leads import counted
from leakwatch.leads.relations import relations
from leakwatch.model import Finding, Level, Outcome
from leakwatch.spread import timeline
from leakwatch.store import facts, inboxes, naming, tracing
from leakwatch.store.contents import LeadContent, pack
from leakwatch.store.likeness import pictures_of
from leakwatch.store.models import Lead, Place
from leakwatch.store.shelf import Shelf

CHANGING = (
    *("state", "is_draft", "level", "category", "rule_name", "at_once", "due_at", "changed_at", "sealed"),
    *("verified_at", "office_due_at", "handed_over_at", "has_form"),
)
"""The columns of a lead that a scan may change."""
_BATCH = 200
_LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that is known of one lead."""

    findings: tuple[Finding, ...]
    """Gravest first, at least one; without what is only counted."""
    pictures: Mapping[str, str]
    """sha256 → print."""
    merged: tuple[str, ...]
    """Leads that proved to be this one."""
    unit: str = ""
    """Whose it is, after the register or its inboxes."""

    @property
    def leading(self) -> list[Finding]:
        """Those that draft the form."""
        return [one for one in self.findings if one.outcome is Outcome.LEAD]


def redraft(leads: Sequence[Lead], shelf: Shelf, urgent: frozenset[Level]) -> list[Lead]:
    """Fills the leads, which are to be saved; those that are to be reported at once and were not before.

    urgent: levels of which the scan shows enough for a major leak, in whatever leads.
    """
    graver = []
    for start in range(0, len(leads), _BATCH):
        batch = leads[start : start + _BATCH]
        known = _known([lead.id for lead in batch], shelf)
        _assign_groups(list(known))
        units = inboxes.units_of(list(known), shelf.inboxes)
        known = {id: replace(one, unit=units[id]) for id, one in known.items()}
        graver += [lead for lead in batch if lead.id in known and _fill(lead, known[lead.id], shelf, urgent)]
    return graver


def _known(ids: Sequence[str], shelf: Shelf) -> dict[str, _Known]:
    found = facts.of_leads(ids, shelf.sealer)
    pictures = pictures_of(ids, shelf.sealer)
    merged: dict[str, list[str]] = defaultdict(list)
    pairs = Lead.objects.filter(merged_into__in=ids).order_by("id").values_list("merged_into", "id")
    for lead, other in pairs:
        merged[lead].append(other)
    known = {}
    for lead, findings in found.items():
        shown = [one for one in findings if one.outcome is not Outcome.NOTE]
        prints = pictures.get(lead, {})
        if len(prints) > 1:  # one page photographed twice is one document
            shown = list(counted(shown, prints))
        if shown:
            ordered = tuple(sorted(shown, key=_gravity))
            known[lead] = _Known(findings=ordered, pictures=prints, merged=tuple(merged[lead]))
    return known


def _fill(lead: Lead, known: _Known, shelf: Shelf, urgent: frozenset[Level]) -> bool:
    """Whether the lead is to be reported at once since now."""
    leading = known.leading
    first = (leading or known.findings)[0]
    lead.is_draft = lead.is_draft or bool(leading)
    lead.level, lead.category, lead.rule_name = first.level or "", first.rule.category, first.rule.name
    lead.has_form = False
    lead.sealed = pack(_drafted(lead, known, shelf), shelf.sealer, f"lead:{lead.id}")
    is_grave = deadlines.is_at_once(leading) or not urgent.isdisjoint(deadlines.documents(leading))
    if not is_grave or lead.at_once:
        return False
    lead.at_once, lead.due_at = True, min(lead.due_at, shelf.at)
    if lead.office_due_at is not None:
        lead.office_due_at = min(lead.office_due_at, shelf.at)
    return True


def _drafted(lead: Lead, known: _Known, shelf: Shelf) -> LeadContent:
    findings = known.leading or known.findings
    case = boxes.Case(
        findings=tuple(findings),
        related=tuple(one for one in known.findings if known.leading and one.outcome is Outcome.REVIEW),
        places=tuple(places.places(findings)),
        marked=deadlines.documents(known.leading),
        scan=shelf.scan,
        found_at=lead.found_at,
    )
    return LeadContent(
        **naming.boxes(known.unit, shelf.units),
        conduct=boxes.conduct(case),
        documents_and_levels=boxes.documents_and_levels(case),
        facts=boxes.facts(case),
        remedy=boxes.remedy(case),
        remark="\n".join([*_told(lead, known, case), boxes.remark(case)]),
    )


def _told(lead: Lead, known: _Known, case: boxes.Case) -> Iterator[str]:
    """Why all this is one matter; nothing where it stands in one place, or people's looks alone hold it together."""
    if len(case.places) > 1 or known.merged:
        matters = tracing.matters(case.findings, known.pictures)
        if len(matters) == 1:
            yield from relations(timeline(matters[0]), lead.id, known.merged)


def _assign_groups(lead_ids: Sequence[str]) -> None:
    there = Place.objects.filter(finding__lead__in=lead_ids, group__isnull=False)
    pairs = there.order_by().values_list("finding__lead", "group").distinct()
    through = Lead.groups.through
    rows = [through(lead_id=lead, group_id=group) for lead, group in pairs]
    through.objects.bulk_create(rows, ignore_conflicts=True)


def _gravity(finding: Finding) -> tuple[int, float, str]:
    level = _LEVELS.index(finding.level) if finding.level else len(_LEVELS)
    return level, -finding.score, finding.id
