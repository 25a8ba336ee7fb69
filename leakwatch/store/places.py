"""Hits of findings → rows: each place once, with what it is recognised by elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from leakwatch.forms.places import document_of, file_of, key_of
from leakwatch.model import Finding, Hit, Precision, TextPiece
from leakwatch.store.contents import pack, place_content
from leakwatch.store.models import Holder, Place, Print
from leakwatch.store.sealing import Sealer
from leakwatch.store.shelf import Shelf

_BATCH = 500
_DATELESS = (Precision.TIME_ONLY, Precision.NONE)


def store(findings: Mapping[str, Finding], shelf: Shelf) -> set[str]:
    """The ids of the findings that were hit where they were not known."""
    there = set(Place.objects.filter(finding__in=list(findings)).values_list("finding", "key"))
    rows: list[Place] = []
    pieces: list[tuple[Finding, TextPiece]] = []
    for id, finding in findings.items():
        for key, hits in by_place(finding, shelf.sealer).items():
            if (id, key) not in there:
                rows.append(_row(id, key, hits, shelf))
                pieces.append((finding, hits[0].piece))
    Place.objects.bulk_create(rows, _BATCH)
    prints = [
        Print(place=row, sort=sort, value=_tie(sort, value, shelf.sealer))
        for row, (finding, piece) in zip(rows, pieces, strict=True)
        for sort, value in frozenset(_marks(finding, piece))
    ]
    Print.objects.bulk_create(prints, _BATCH)
    holders = [
        Holder(place=row, sha256=sha256)
        for row, (_, piece) in zip(rows, pieces, strict=True)
        for sha256 in holding(piece)
    ]
    Holder.objects.bulk_create(holders, _BATCH)
    return {row.finding_id for row in rows}


def ties(finding: Finding, shelf: Shelf) -> frozenset[str]:
    """What it shares with others of the same matter, as the values of their prints."""
    marks = {mark for hit in finding.hits for mark in _marks(finding, hit.piece)}
    return frozenset(_tie(sort, value, shelf.sealer) for sort, value in marks)


def holding(piece: TextPiece) -> frozenset[str]:
    """The originals that it lies in: its file, what that was taken from or is a page of, the export."""
    file = piece.evidence
    return frozenset(filter(None, (file.sha256, file.parent, piece.whole, piece.export)))


def by_place(finding: Finding, sealer: Sealer) -> dict[str, list[Hit]]:
    """The hits in one piece of a message, or of a file wherever it lay, are one place: a drop's name changes."""
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in finding.hits:
        piece = hit.piece
        carrier = key_of(piece) if piece.message else piece.evidence.sha256
        found[sealer.blind("place", carrier, piece.origin, piece.spot or "")].append(hit)
    return found


def _marks(finding: Finding, piece: TextPiece) -> Iterator[tuple[str, str]]:
    """The document spoken of, the message, the file; the export, which holds every message, is none."""
    yield "document", finding.document or finding.id
    if piece.message is not None:
        yield "message", key_of(piece)
    if (file := file_of(piece)) is not None:
        yield "file", file.sha256
        if (document := document_of(file)) is not None:
            yield "file", document


def _tie(sort: str, value: str, sealer: Sealer) -> str:
    return sealer.blind("tie", sort, value)


def _row(finding_id: str, key: str, hits: list[Hit], shelf: Shelf) -> Place:
    piece = hits[0].piece
    message = piece.message
    return Place(
        finding_id=finding_id,
        key=key,
        sha256=piece.evidence.sha256,
        origin=piece.origin,
        group=shelf.group(message.chat if message else None),
        sent_at=_moment(piece),
        precision=message.precision if message else "",
        sealed=pack(place_content(hits), shelf.sealer, f"place:{finding_id}:{key}"),
    )


def _moment(piece: TextPiece) -> datetime | None:
    message = piece.message
    return None if message is None or message.precision in _DATELESS else message.sent_at
