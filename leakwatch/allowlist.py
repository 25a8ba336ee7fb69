"""What the allow-list lets pass becomes a note that says so; nothing is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from leakwatch.findings import Weighed
from leakwatch.model import Hit, Origin
from leakwatch.rules.allowed import Allowed, Scope
from leakwatch.text import fold, tight

_FILES = frozenset({Origin.OCR, Origin.DOCUMENT, Origin.IMAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Weighed hits after the allow-list, and what of the list did nothing."""

    weighed: tuple[Weighed, ...]
    unused: tuple[str, ...]
    """Chinese sentences."""


def sift(weighed: Sequence[Weighed], entries: Sequence[Allowed], today: date) -> Sifted:
    """The same hits in the same order; those that a valid entry covers count nothing."""
    valid = [entry for entry in entries if entry.is_valid(today)]
    covers = [next((entry for entry in valid if is_covered(one.hit, entry)), None) for one in weighed]
    return Sifted(
        weighed=tuple(
            _passed(one, cover) if cover else one for one, cover in zip(weighed, covers, strict=True)
        ),
        unused=tuple(_unused(entries, {cover for cover in covers if cover}, today)),
    )


def is_covered(hit: Hit, entry: Allowed) -> bool:
    """Whether the entry speaks of this hit, whatever the day."""
    if entry.applies_to and not entry.applies_to & {hit.rule.id, hit.rule.category}:
        return False
    piece = hit.piece
    match entry.scope:
        case Scope.WORD:
            return _is_inside(hit, entry.folded) and len(fold(hit.quote).text) < len(entry.folded)
        case Scope.PHRASE:
            return _is_inside(hit, entry.folded)
        case Scope.NUMBER:
            return bool(hit.document) and tight(hit.document).text == entry.folded
        case Scope.DOCUMENT:
            # The hash of an export names no document: it would hide every message of a chat.
            is_file = piece.message is None or piece.origin in _FILES
            return is_file and entry.folded in (piece.evidence.sha256, piece.whole)
        case Scope.GROUP:
            return piece.message is not None and piece.message.chat.name == entry.text


def _is_inside(hit: Hit, allowed: str) -> bool:
    """Whether the hit lies in the allowed words as they are written: a disguise allows nothing."""
    if fold(hit.quote).text not in allowed:
        return False
    text = hit.piece.text
    left = max(0, hit.start - 2 * len(allowed))
    window = fold(text[left : hit.end + 2 * len(allowed)])
    return any(
        left + start <= hit.start and hit.end <= left + end
        for start, end in (window.span(at, at + len(allowed)) for at in _places(window.text, allowed))
    )


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _passed(one: Weighed, entry: Allowed) -> Weighed:
    return replace(one, score=0.0, reasons=(*one.reasons, f"在白名单中：{entry.title}，{entry.reason}"))


def _unused(entries: Sequence[Allowed], used: set[Allowed], today: date) -> Iterator[str]:
    for entry in entries:
        if not entry.is_valid(today):
            yield f"{entry.title}{'还没有起用' if today < entry.since else '已经到期'}，没有放行"
        elif entry not in used:
            yield f"{entry.title}没有用到"
