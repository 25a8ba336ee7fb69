"""Findings → postings: each carrier at each place, with what spread tracing compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from leakwatch.forms import places
from leakwatch.images.prints import PicturePrint
from leakwatch.model import Finding, Hit, Kind, Origin, Precision, TextPiece
from leakwatch.spread import Posting, TextPrint
from leakwatch.text import fold

_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
_COPY = re.compile(r"(?:份号\s*:?\s*)?(?:n[o0]\.?\s*:?\s*)?(\d{6})")
_HEAD_LINES = 4
"""Copy number, mark and urgency stand at the head of the page, each on a line of its own."""
_SAID = (Origin.MESSAGE, Origin.QUOTE, Origin.FORWARD, Origin.OCR, Origin.DOCUMENT)
"""The others are names of files, and words of our own on what a picture shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """Prints that were made while the files could be read, by sha256."""

    pictures: Mapping[str, PicturePrint] = field(default_factory=dict)
    texts: Mapping[str, TextPrint] = field(default_factory=dict)
    """Of whole files; where one is missing, what was hit of it has to do."""


def postings(findings: Iterable[Finding], prints: Prints) -> list[Posting]:
    """In the order of the findings; one finding may stand on many, one posting bear many."""
    found: dict[tuple[str, str], list[tuple[Finding, Hit]]] = {}
    for finding in findings:
        for hit in finding.hits:
            place, file = places.key_of(hit.piece), places.file_of(hit.piece)
            found.setdefault((place, file.sha256 if file else place), []).append((finding, hit))
    return [_posting(key, pairs, prints) for key, pairs in found.items()]


def numbers(findings: Iterable[Finding]) -> frozenset[str]:
    """The numbers of documents that findings speak of."""
    said = {key for one in findings for key in (one.document, *(hit.document for hit in one.hits))}
    return frozenset(key for key in said if key and not _HASH.fullmatch(key))


def _posting(key: tuple[str, str], pairs: Sequence[tuple[Finding, Hit]], prints: Prints) -> Posting:
    place, carrier = key
    piece = pairs[0][1].piece
    message, file = piece.message, places.file_of(piece)
    said = {hit.piece.text: hit.piece.origin for _, hit in pairs if hit.piece.origin in _SAID}
    # What bears the mark is the 件; a number may only be cited there.
    first = min((finding for finding, _ in pairs), key=lambda one: one.rule.kind is not Kind.MARKING)
    return Posting(
        place=place,
        carrier=carrier,
        whole=(places.document_of(file) or piece.whole) if file else "",
        document=first.document or first.id,
        numbers=numbers(finding for finding, _ in pairs),
        copy=next(filter(None, map(_copy, said)), ""),
        picture=prints.pictures.get(carrier),
        text=prints.texts.get(carrier) or TextPrint.merged(map(TextPrint.of, said)),
        is_recognised=Origin.OCR in said.values(),
        findings=frozenset(finding.id for finding, _ in pairs),
        channel=places.channel(message) if message else _lies_at(piece),
        sender=places.one_line(message.sender) if message else "",
        moment=places.moment(message) if message else "时间未知",
        sent_at=message.sent_at if message else None,
        precision=message.precision if message else Precision.NONE,
    )


def _lies_at(piece: TextPiece) -> str:
    return f"材料「{places.one_line(piece.evidence.inner_path)}」（未对应到消息）"


def _copy(text: str) -> str:
    """份号, where it stands on a line of its own at the head; empty if none is seen."""
    lines = fold(text[:400]).text.split("\n")[:_HEAD_LINES]
    return next((match[1] for line in lines if (match := _COPY.fullmatch(line.strip()))), "")
