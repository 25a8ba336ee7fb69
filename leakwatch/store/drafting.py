"""A lead with all its findings, history included → its clock, its level and the boxes of its form."""

from __future__ import annotations

from collections.abc import Sequence

from leakwatch import deadlines
from leakwatch.forms import boxes, places
from leakwatch.leads import counted
from leakwatch.model import Finding, Level, Outcome
from leakwatch.store import facts
from leakwatch.store.contents import LeadContent, pack
from leakwatch.store.likeness import pictures_of
from leakwatch.store.models import Lead, Place
from leakwatch.store.shelf import Shelf

CHANGING = (
    *("state", "is_draft", "level", "category", "rule_name", "at_once", "due_at", "changed_at", "sealed"),
    *("verified_at", "office_due_at"),
)
"""The columns of a lead that a scan may change."""
_BATCH = 200
_LEVELS = tuple(Level)


def redraft(leads: Sequence[Lead], shelf: Shelf, urgent: frozenset[Level]) -> list[Lead]:
    """Fills the leads, which are to be saved; those that are to be reported at once and were not before.

    urgent: levels of which the scan shows enough for a major leak, in whatever leads.
    """
    graver = []
    for start in range(0, len(leads), _BATCH):
        batch = leads[start : start + _BATCH]
        ids = [lead.id for lead in batch]
        found = facts.of_leads(ids, shelf.sealer)
        pictures = pictures_of(ids, shelf.sealer)
        _assign_groups(ids)
        for lead in batch:
            shown = [one for one in found.get(lead.id, ()) if one.outcome is not Outcome.NOTE]
            if len(prints := pictures.get(lead.id, {})) > 1:  # one page photographed twice is one document
                shown = list(counted(shown, prints))
            if shown and _fill(lead, sorted(shown, key=_gravity), shelf, urgent):
                graver.append(lead)
    return graver


def _fill(lead: Lead, findings: Sequence[Finding], shelf: Shelf, urgent: frozenset[Level]) -> bool:
    """Whether the lead is to be reported at once since now. findings: gravest first, at least one."""
    leading = [one for one in findings if one.outcome is Outcome.LEAD]
    first = (leading or findings)[0]
    lead.is_draft = lead.is_draft or bool(leading)
    lead.level, lead.category, lead.rule_name = first.level or "", first.rule.category, first.rule.name
    case = boxes.Case(
        findings=tuple(leading or findings),
        related=tuple(one for one in findings if leading and one.outcome is Outcome.REVIEW),
        places=tuple(places.places(leading or findings)),
        marked=deadlines.documents(leading),
        scan=shelf.scan,
        found_at=lead.found_at,
    )
    lead.sealed = pack(_drafted(case, shelf), shelf.sealer, f"lead:{lead.id}")
    is_grave = deadlines.is_at_once(leading) or not urgent.isdisjoint(case.marked)
    if not is_grave or lead.at_once:
        return False
    lead.at_once, lead.due_at = True, min(lead.due_at, shelf.at)
    if lead.office_due_at is not None:
        lead.office_due_at = min(lead.office_due_at, shelf.at)
    return True


def _drafted(case: boxes.Case, shelf: Shelf) -> LeadContent:
    return LeadContent(
        reporting_unit=shelf.units.reporting_unit,
        incident_unit=shelf.units.incident_unit,
        conduct=boxes.conduct(case),
        documents_and_levels=boxes.documents_and_levels(case),
        facts=boxes.facts(case),
        remedy=boxes.remedy(case),
        remark=boxes.remark(case),
    )


def _assign_groups(lead_ids: Sequence[str]) -> None:
    there = Place.objects.filter(finding__lead__in=lead_ids, group__isnull=False)
    pairs = there.order_by().values_list("finding__lead", "group").distinct()
    through = Lead.groups.through
    rows = [through(lead_id=lead, group_id=group) for lead, group in pairs]
    through.objects.bulk_create(rows, ignore_conflicts=True)


def _gravity(finding: Finding) -> tuple[int, float, str]:
    level = _LEVELS.index(finding.level) if finding.level else len(_LEVELS)
    return level, -finding.score, finding.id
