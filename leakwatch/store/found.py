"""Findings of a scan → rows: each fact once, each place where it stands once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from leakwatch.model import Finding, Outcome, Reason
from leakwatch.store import places, suppressions
from leakwatch.store.contents import finding_content, pack
from leakwatch.store.models import Finding as FindingRow
from leakwatch.store.models import Place, Received, Unread
from leakwatch.store.overwriting import overwrite
from leakwatch.store.shelf import Shelf

_BATCH = 500
_BESIDE = (Reason.MISSING_ATTACHMENT, Reason.UNSUPPORTED)
"""What is unread beside a file that was read: its voice messages, pictures that were not exported."""
_WEIGHT = tuple(Outcome)
"""Gravest first."""
_CHANGING = ("outcome", "score", "level", "gone_at", "last_scan", "suppressed_by", "sealed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A finding that a person is to see, as it now lies in its row."""

    finding: Finding
    row: FindingRow
    ties: frozenset[str]
    """Blinded: of its places in this scan."""
    has_news: bool
    """It is new or graver, or was hit where it was not known."""


@dataclass(slots=True)
class Tally:
    """What a scan brought; filled batch by batch."""

    new: int = 0
    known: int = 0
    reactivated: int = 0
    notes: int = 0
    shown: list[Stored] = field(default_factory=list)
    """Without what is suppressed."""


def store(shelf: Shelf) -> Tally:
    """All findings; no row is made of those that are only counted.

    A finding never becomes lighter: that is for a person to say. In another export other words stand around it,
    and what two exports say in turn would open its lead again each night.
    """
    tally, findings = Tally(), shelf.scan.findings
    for start in range(0, len(findings), _BATCH):
        batch = {shelf.sealer.blind("finding", one.id): one for one in findings[start : start + _BATCH]}
        notes = [id for id, one in batch.items() if one.outcome is Outcome.NOTE]
        tally.notes += len(notes)
        FindingRow.objects.filter(id__in=notes).update(last_scan=shelf.row)
        _store({id: one for id, one in batch.items() if one.outcome is not Outcome.NOTE}, shelf, tally)
    return tally


def gone(shelf: Shelf) -> int:
    """How many findings no longer stand where all of their files were read again."""
    met = Received.objects.filter(scan=shelf.row).values("sha256")
    others = Place.objects.filter(sha256__in=met).exclude(finding__last_scan=shelf.row)
    if not others.exists():  # nearly always: the question below takes two milliseconds
        return 0
    unread = Unread.objects.filter(scan=shelf.row).exclude(reason__in=_BESIDE)
    read = (
        Received.objects.filter(scan=shelf.row)
        .exclude(sha256__in=unread.values("sha256"))
        .exclude(sha256__in=unread.values("parent"))
        .values("sha256")
    )
    stood = Place.objects.filter(sha256__in=read).values("finding")
    missing = FindingRow.objects.filter(pk__in=stood, gone_at=None).exclude(last_scan=shelf.row)
    elsewhere = Place.objects.filter(finding=OuterRef("pk")).exclude(sha256__in=read)
    return int(missing.exclude(Exists(elsewhere)).update(gone_at=shelf.at))


def _store(findings: Mapping[str, Finding], shelf: Shelf, tally: Tally) -> None:
    known = FindingRow.objects.in_bulk(list(findings))
    graver = {id for id, row in known.items() if _is_graver(findings[id].outcome, row.outcome)}
    returned = {id for id, row in known.items() if row.gone_at is not None}
    rows = {id: _row(id, one, shelf, known.get(id)) for id, one in findings.items()}
    suppressed = suppressions.apply(
        {id: (row.fingerprint, _groups(findings[id], shelf)) for id, row in rows.items()}, shelf.at
    )
    for id, row in rows.items():
        row.suppressed_by = suppressed.get(id)
    overwrite(list(rows.values()), _CHANGING)
    added = places.store(findings, shelf)
    tally.new += len(findings) - len(known)
    tally.reactivated += len(returned)
    tally.known += len(known) - len(returned)
    tally.shown += [
        Stored(
            finding=findings[id],
            row=row,
            ties=places.ties(findings[id], shelf),
            has_news=id in added or id in graver,
        )
        for id, row in rows.items()
        if id not in suppressed
    ]


def _row(id: str, finding: Finding, shelf: Shelf, known: FindingRow | None) -> FindingRow:
    row = known or FindingRow(
        id=id,
        rule=finding.rule.id,
        rule_name=finding.rule.name,
        kind=finding.rule.kind,
        category=finding.rule.category,
        document=shelf.sealer.blind("document", finding.document or finding.id),
        fingerprint=suppressions.fingerprint(finding, shelf.sealer),
        clauses=[[clause.document, clause.article] for clause in finding.rule.clauses],
        first_scan=shelf.row,
        found_at=shelf.at,
    )
    if known is None or not row.sealed or not _is_graver(row.outcome, finding.outcome):
        row.outcome = finding.outcome
        row.score = finding.score
        row.level = finding.level or ""
        row.sealed = pack(finding_content(finding), shelf.sealer, f"finding:{id}")
    row.gone_at = None
    row.last_scan = shelf.row
    return row


def _is_graver(one: str, other: str) -> bool:
    return _WEIGHT.index(Outcome(one)) < _WEIGHT.index(Outcome(other))


def _groups(finding: Finding, shelf: Shelf) -> frozenset[int | None]:
    """The work groups it stands in; None for a place outside of any."""
    messages = (hit.piece.message for hit in finding.hits)
    found = (shelf.group(message.chat if message else None) for message in messages)
    return frozenset(group.pk if group else None for group in found)
