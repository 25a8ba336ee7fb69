"""What a scan finds of purged leads: the same fact at a known place brings no word back, a new place is new.

Who posts a purged document elsewhere leaks it again: that opens a lead of its own. That a known place was met again
is told to the office in the log of the purged lead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from leakwatch.chain import Json
from leakwatch.model import Finding, Outcome, Scan
from leakwatch.store import log
from leakwatch.store.models import Finding as FindingRow
from leakwatch.store.models import Lead, Place
from leakwatch.store.places import by_place
from leakwatch.store.sealing import Sealer
from leakwatch.store.shelf import Shelf

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A scan without what was purged."""

    scan: Scan
    again: Mapping[str, str]
    """Finding met at known places alone → the purged lead it belongs to; not in the scan any more."""
    elsewhere: Mapping[str, str]
    """Finding met at a new place → the purged lead it belonged to; in the scan with its new places alone."""


def leave_out(scan: Scan, sealer: Sealer) -> Left:
    """The scan without the hits that a purge has done with."""
    shown = {sealer.blind("finding", one.id): one for one in scan.findings if one.outcome is not Outcome.NOTE}
    if not shown or not Lead.objects.filter(purged_at__isnull=False).exists():
        return Left(scan=scan, again={}, elsewhere={})
    purged = _purged(list(shown))
    places: dict[str, set[str]] = defaultdict(set)
    for finding, key in Place.objects.filter(finding__in=list(purged)).values_list("finding", "key"):
        places[finding].add(key)
    anew = {id: _at_new_places(shown[id], places[id], sealer) for id in purged}
    by_id = {shown[id].id: finding for id, finding in anew.items()}
    findings = (by_id.get(one.id, one) for one in scan.findings)
    return Left(
        scan=replace(scan, findings=tuple(one for one in findings if one.hits)) if purged else scan,
        again={id: lead for id, lead in purged.items() if not anew[id].hits},
        elsewhere={id: lead for id, lead in purged.items() if anew[id].hits},
    )


def tell(left: Left, shelf: Shelf) -> None:
    """What was met again is known to be there still; what is elsewhere belongs to no lead until one is opened."""
    if not left.again and not left.elsewhere:
        return
    FindingRow.objects.filter(pk__in=list(left.again)).update(last_scan=shelf.row, gone_at=None)
    FindingRow.objects.filter(pk__in=list(left.elsewhere)).update(lead=None)
    log.append_all(_acts(left, shelf))


def _acts(left: Left, shelf: Shelf) -> Iterator[log.Act]:
    again, elsewhere = Counter(left.again.values()), Counter(left.elsewhere.values())
    for lead in sorted(again | elsewhere):
        details: dict[str, Json] = {
            "scan": shelf.row.pk,
            "again": again[lead],
            "elsewhere": elsewhere[lead],
        }
        yield log.Act(at=shelf.at, actor=shelf.actor, action="lead.met_again", subject=lead, details=details)


def _purged(ids: list[str]) -> dict[str, str]:
    """Those of a purged lead → the lead."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _BATCH):
        rows = FindingRow.objects.filter(
            pk__in=ids[start : start + _BATCH], lead__isnull=False, lead__purged_at__isnull=False
        )
        found |= dict(rows.values_list("pk", "lead"))
    return found


def _at_new_places(finding: Finding, known: set[str], sealer: Sealer) -> Finding:
    """May have no hits left."""
    new = (hits for key, hits in by_place(finding, sealer).items() if key not in known)
    return replace(finding, hits=tuple(hit for hits in new for hit in hits))
