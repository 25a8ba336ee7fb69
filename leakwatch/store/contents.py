"""What lies sealed in the tables: the words of hits, findings and leads, and how they come and go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct, structs

from leakwatch.model import Finding, Hit, LeadDraft, Level, Mark, Message, Said, TextPiece
from leakwatch.store.sealing import Sealer

_AROUND = 600
"""Characters of the piece before and after a hit."""
_MOST = 4_000
"""Characters of a piece; a roster may span a whole page."""
_MESSAGE = 2_000
_ATTACHMENTS = 20


class PlaceContent(Struct, frozen=True, kw_only=True):
    """One place where a finding was hit, and what stands around it."""

    text: str
    spans: tuple[tuple[int, int], ...]
    """Of the hits in `text`: code points, half-open; at least one."""
    boxes: tuple[tuple[tuple[float, float], ...], ...]
    """Of the lines hit on a picture: four corners each, px of the upright picture."""
    spot: str | None
    confidence: float
    whole: str
    reason: str
    level: Level | None
    document: str
    mark: Mark | None
    message: Message | None
    before: tuple[Said, ...]
    after: tuple[Said, ...]
    name: str
    inner_path: str
    size: int
    parent: str | None
    taken_at: datetime


class FindingContent(Struct, frozen=True, kw_only=True):
    """The names that the road gives a finding, and why it is one."""

    id: str
    document: str
    reasons: tuple[str, ...]


class LeadContent(Struct, frozen=True, kw_only=True):
    """The boxes of the form as drafted."""

    reporting_unit: str
    incident_unit: str
    conduct: str
    documents_and_levels: str
    facts: str
    remedy: str
    remark: str


class PostingContent(Struct, frozen=True, kw_only=True):
    """What a carrier at one place is known again by (`spread.Posting`)."""

    place: str
    carrier: str
    whole: str
    document: str
    numbers: tuple[str, ...]
    copy: str
    picture: str
    """Empty: it is none, or shows next to nothing."""
    text: bytes
    is_recognised: bool


class ReceivedContent(Struct, frozen=True, kw_only=True):
    """Where a file lay."""

    inner_path: str


class UnreadContent(Struct, frozen=True, kw_only=True):
    """What was not read, in words."""

    name: str
    detail: str


_Content = TypeVar("_Content", bound=Struct)


def pack(content: Struct, sealer: Sealer, context: str) -> bytes:
    """The content as sealed JSON; half a surrogate pair, which a name from outside may hold, becomes a ?."""
    try:
        plain = msgspec.json.encode(content)
    except UnicodeEncodeError:
        plain = json.dumps(msgspec.to_builtins(content), ensure_ascii=False).encode("utf-8", "replace")
    return sealer.seal(plain, context)


def unpack(sealed: bytes, kind: type[_Content], sealer: Sealer, context: str) -> _Content:
    """What was packed; EvidenceDamaged if it is not what was sealed there."""
    return msgspec.json.decode(sealer.open(bytes(sealed), context), type=kind)


def place_content(hits: Sequence[Hit]) -> PlaceContent:
    """The hits of one finding in one piece of text."""
    first = hits[0]
    piece, file = first.piece, first.piece.evidence
    start = max(0, first.start - _AROUND)
    end = min(len(piece.text), first.end + _AROUND, start + _MOST)
    spans = sorted(
        {(hit.start - start, min(hit.end, end) - start) for hit in hits if start <= hit.start < end}
    )
    shown = (first.start - start, min(first.end, end) - start)
    return PlaceContent(
        text=piece.text[start:end],
        spans=(shown, *(span for span in spans if span != shown)),
        boxes=_boxes(piece, hits),
        spot=piece.spot,
        confidence=piece.confidence,
        whole=piece.whole,
        reason=first.reason,
        level=first.level,
        document=first.document,
        mark=first.mark,
        message=_cut(piece.message) if piece.message else None,
        before=first.talk.before,
        after=first.talk.after,
        name=file.name,
        inner_path=file.inner_path,
        size=file.size,
        parent=file.parent,
        taken_at=file.taken_at,
    )


def finding_content(finding: Finding) -> FindingContent:
    """The finding without its places."""
    return FindingContent(id=finding.id, document=finding.document, reasons=finding.reasons)


def lead_content(draft: LeadDraft) -> LeadContent:
    """The boxes alone."""
    return LeadContent(**{name: getattr(draft, name) for name in LeadContent.__struct_fields__})


def _boxes(piece: TextPiece, hits: Sequence[Hit]) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(
        line.box for line in piece.lines if any(hit.start < line.end and line.start < hit.end for hit in hits)
    )


def _cut(message: Message) -> Message:
    """Without what it forwards: that is a place of its own where it was hit."""
    return structs.replace(
        message,
        text=message.text[:_MESSAGE],
        forwarded=(),
        attachments=message.attachments[:_ATTACHMENTS],
    )
