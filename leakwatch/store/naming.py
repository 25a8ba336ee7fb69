"""Whose a matter is, as its form names it: after the register, else after its inboxes, else after the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from leakwatch.config import Config, Inbox
from leakwatch.leads import Units
from leakwatch.store import inboxes
from leakwatch.store.contents import LeadContent, pack, unpack
from leakwatch.store.models import Group, Lead, LeadState
from leakwatch.store.overwriting import overwrite
from leakwatch.store.sealing import Sealer

_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What units are named after where the register says nothing, and what opens the boxes of forms."""

    sealer: Sealer
    units: Units
    inboxes: Mapping[str, Inbox]
    """By their folder."""


def of_config(config: Config, sealer: Sealer) -> Naming:
    """As the settings say."""
    units = Units(reporting_unit=config.units.reporting_unit, incident_unit=config.units.incident_unit)
    return Naming(sealer=sealer, units=units, inboxes=inboxes.by_root(config.inbox))


def boxes(unit: str, units: Units) -> dict[str, str]:
    """报告单位 and 案件（事件）发生单位. unit: whose it is, after the register or its inboxes."""
    return {
        "reporting_unit": units.reporting_unit or unit,
        "incident_unit": unit or units.incident_unit,
    }


def follow(groups: Sequence[Group], naming: Naming) -> int:
    """How many leads of those groups name another unit since the register changed; their forms are to be drawn anew.

    What was decided against, handed over or reported stays as it was.
    """
    waiting = Lead.objects.filter(merged_into=None, purged_at=None, handed_over_at=None, reported_at=None)
    of_groups = Lead.groups.through.objects.filter(group__in=groups).values("lead")
    leads = waiting.filter(pk__in=of_groups).exclude(state=LeadState.DISMISSED).order_by("pk")
    ids = list(leads.values_list("pk", flat=True))
    return sum(_follow(ids[start : start + _BATCH], naming) for start in range(0, len(ids), _BATCH))


def _follow(lead_ids: Sequence[str], naming: Naming) -> int:
    units = inboxes.units_of(lead_ids, naming.inboxes)
    leads = Lead.objects.in_bulk(lead_ids).values()
    renamed = [lead for lead in leads if _rename(lead, boxes(units[lead.pk], naming.units), naming.sealer)]
    overwrite(renamed, ("has_form", "sealed"))
    return len(renamed)


def _rename(lead: Lead, said: Mapping[str, str], sealer: Sealer) -> bool:
    """Whether its boxes said something else."""
    drafted = unpack(lead.sealed, LeadContent, sealer, f"lead:{lead.pk}")
    fresh = structs.replace(drafted, **said)
    if fresh == drafted:
        return False
    lead.has_form, lead.sealed = False, pack(fresh, sealer, f"lead:{lead.pk}")
    return True
