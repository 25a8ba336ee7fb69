"""Rows → the values of the road again, so that forms and deadlines speak of a whole lead, history included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from leakwatch.model import (
    Clause,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Origin,
    Outcome,
    Rule,
    TextPiece,
)
from leakwatch.store.contents import FindingContent, PlaceContent, unpack
from leakwatch.store.models import Finding as FindingRow
from leakwatch.store.models import Place
from leakwatch.store.sealing import Sealer

_BATCH = 500


def of_leads(lead_ids: Iterable[str], sealer: Sealer) -> dict[str, list[Finding]]:
    """Lead → its findings, gravest first as far as rows tell; nothing of what was purged."""
    rows = FindingRow.objects.filter(lead__in=list(lead_ids)).exclude(sealed=b"").order_by("-score", "id")
    found: dict[str, list[Finding]] = {}
    for row in rows.prefetch_related("places").iterator(_BATCH):
        places = (place for place in row.places.all() if place.sealed)
        content = unpack(row.sealed, FindingContent, sealer, f"finding:{row.id}")
        opened = [(place, opened_place(place, sealer)) for place in places]
        found.setdefault(row.lead_id, []).append(finding_of(row, content, opened))
    return found


def opened_place(place: Place, sealer: Sealer) -> PlaceContent:
    """What lies sealed in its row."""
    return unpack(place.sealed, PlaceContent, sealer, f"place:{place.finding_id}:{place.key}")


def finding_of(
    row: FindingRow, content: FindingContent, places: Iterable[tuple[Place, PlaceContent]]
) -> Finding:
    """The finding with the hits at those places."""
    rule = Rule(
        id=row.rule,
        name=row.rule_name,
        kind=Kind(row.kind),
        category=row.category,
        score=row.score,
        clauses=tuple(Clause(document=document, article=article) for document, article in row.clauses),
    )
    known = sorted(places, key=lambda pair: pair[0].pk)
    return Finding(
        id=content.id,
        rule=rule,
        level=Level(row.level) if row.level else None,
        score=row.score,
        outcome=Outcome(row.outcome),
        document=content.document,
        reasons=content.reasons,
        hits=tuple(hit for place, opened in known for hit in _hits(place, opened, rule)),
    )


def _hits(place: Place, content: PlaceContent, rule: Rule) -> Iterator[Hit]:
    piece = piece_of(place, content)
    for start, end in content.spans:
        yield Hit(
            rule=rule,
            piece=piece,
            start=start,
            end=end,
            reason=content.reason,
            level=content.level,
            document=content.document,
            mark=content.mark,
        )


def piece_of(place: Place, content: PlaceContent) -> TextPiece:
    """What was hit there, as far as it is kept."""
    return TextPiece(
        text=content.text,
        origin=Origin(place.origin),
        evidence=_evidence(place, content),
        spot=content.spot,
        confidence=content.confidence,
        whole=content.whole,
        message=content.message,
    )


def _evidence(place: Place, content: PlaceContent) -> Evidence:
    """As it was when it was found; its copy is gone."""
    return Evidence(
        sha256=place.sha256,
        size=content.size,
        name=content.name,
        inner_path=content.inner_path,
        path=Path(),
        taken_at=content.taken_at,
        parent=content.parent,
    )
