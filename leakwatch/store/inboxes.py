"""Whose an inbox is: the group and the unit of what arrives there where nothing else tells, and how long it is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from leakwatch.config import Inbox
from leakwatch.register import name_key
from leakwatch.store.models import Finding, Group, Lead
from leakwatch.store.plain import column

_ROOT = 500


def by_root(inboxes: Iterable[Inbox]) -> dict[str, Inbox]:
    """The inboxes by the folder as rows name it."""
    return {root_of(str(inbox.path)): inbox for inbox in inboxes}


def root_of(path: str) -> str:
    """The folder of an inbox as a column holds it."""
    return column(path, _ROOT)


def home(inbox: Inbox | None) -> Group | None:
    """The group that an inbox names: the registered one if there is one, else one that is noted as seen."""
    if inbox is None or not inbox.group.strip():
        return None
    key = name_key(inbox.group)
    for group in Group.objects.order_by("-is_registered", "pk"):
        if key in {name_key(name) for name in (group.name, *group.aliases)}:
            return group
    made: Group = Group.objects.create(platform="other", name=column(inbox.group.strip(), 300))
    return made


def roots_of(lead_ids: Sequence[str]) -> dict[str, set[str]]:
    """Lead → the inboxes in which its findings were met first; empty text for a scan by hand."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = Finding.objects.filter(lead__in=lead_ids).order_by()
    for lead, root in rows.values_list("lead", "first_scan__root").distinct():
        found[lead].add(root)
    return found


def units_of(lead_ids: Sequence[str], inboxes: Mapping[str, Inbox]) -> dict[str, str]:
    """Lead → the units that its groups belong to after the register, else those of its inboxes."""
    through = Lead.groups.through.objects.filter(lead__in=lead_ids, group__unit__isnull=False)
    registered: dict[str, set[str]] = defaultdict(set)
    for lead, unit in through.values_list("lead", "group__unit__name"):
        registered[lead].add(unit)
    of_inbox = {
        lead: {inboxes[root].unit for root in roots if root in inboxes}
        for lead, roots in roots_of(lead_ids).items()
    }
    units = {lead: registered.get(lead) or of_inbox.get(lead, set()) for lead in lead_ids}
    return {lead: "、".join(sorted(filter(None, names))) for lead, names in units.items()}
