"""What the allow-list lets pass becomes a note that says so; nothing is dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from leakwatch.findings import Weighed
from leakwatch.model import Hit, Origin, TextPiece, digest
from leakwatch.rules.allowed import Allowed, Scope
from leakwatch.text import fold, tight

MOST_PLACES = 20
"""Messages and files that one entry may cover before somebody should look whether it hides too much."""
_FILES = frozenset({Origin.OCR, Origin.DOCUMENT, Origin.IMAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Weighed hits after the allow-list, and what of the list did nothing."""

    weighed: tuple[Weighed, ...]
    unused: tuple[str, ...]
    """Chinese sentences; of reviewed content only what has expired: it lies in other chats than these."""
    uses: Mapping[Allowed, frozenset[str]]
    """The messages and files that each entry covered."""


def sift(weighed: Sequence[Weighed], entries: Sequence[Allowed], today: date) -> Sifted:
    """The same hits in the same order; those that a valid entry covers count nothing."""
    valid = [entry for entry in entries if entry.is_valid(today)]
    # Reviewed content grows by the thousand: looked up, not tried one by one.
    contents: dict[str, list[Allowed]] = defaultdict(list)
    for entry in valid:
        if entry.scope is Scope.CONTENT:
            contents[entry.folded].append(entry)
    written = [entry for entry in valid if entry.scope is not Scope.CONTENT]
    covers = [_cover(one.hit, written, contents) for one in weighed]
    uses: dict[Allowed, set[str]] = defaultdict(set)
    for one, cover in zip(weighed, covers, strict=True):
        if cover:
            uses[cover].add(_bearer(one.hit.piece))
    told = [entry for entry in entries if entry.scope is not Scope.CONTENT or not entry.is_valid(today)]
    return Sifted(
        weighed=tuple(
            _passed(one, cover) if cover else one for one, cover in zip(weighed, covers, strict=True)
        ),
        unused=tuple(unused(told, uses, today)),
        uses={entry: frozenset(places) for entry, places in uses.items()},
    )


def fingerprint(hit: Hit) -> str:
    """The same for the same words in the same text or file, wherever it is posted.

    Never by position: another secret on that line would be hidden too.
    """
    piece = hit.piece
    content = (piece.whole or piece.evidence.sha256) if _is_of_file(piece) else tight(piece.text).text
    return digest("content", hit.rule.category, content, tight(hit.quote).text or hit.quote)


def is_covered(hit: Hit, entry: Allowed) -> bool:
    """Whether the entry speaks of this hit, whatever the day."""
    if entry.applies_to and not entry.applies_to & {hit.rule.id, hit.rule.category}:
        return False
    piece = hit.piece
    if entry.within and (piece.message is None or piece.message.chat.name != entry.within):
        return False
    match entry.scope:
        case Scope.WORD:
            return _is_inside(hit, entry.folded) and len(fold(hit.quote).text) < len(entry.folded)
        case Scope.PHRASE:
            return _is_inside(hit, entry.folded)
        case Scope.NUMBER:
            return bool(hit.document) and tight(hit.document).text == entry.folded
        case Scope.DOCUMENT:
            # The hash of an export names no document: it would hide every message of a chat.
            return _is_of_file(piece) and entry.folded in (piece.evidence.sha256, piece.whole)
        case Scope.GROUP:
            return piece.message is not None and piece.message.chat.name == entry.text
        case Scope.CONTENT:
            return fingerprint(hit) == entry.folded


def _cover(hit: Hit, written: Sequence[Allowed], contents: Mapping[str, Sequence[Allowed]]) -> Allowed | None:
    reviewed = contents.get(fingerprint(hit), ()) if contents else ()
    return next((entry for entry in (*written, *reviewed) if is_covered(hit, entry)), None)


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


def unused(entries: Iterable[Allowed], uses: Mapping[Allowed, Set[str]], today: date) -> Iterator[str]:
    """What does not apply on that day, and what covered nothing in a scan or in all of them (Chinese)."""
    for entry in entries:
        if not entry.is_valid(today):
            yield f"{entry.title}{'还没有起用' if today < entry.since else '已经到期'}，没有放行"
        elif not uses.get(entry):
            yield f"{entry.title}没有用到"


def too_broad(uses: Mapping[Allowed, Set[str]], most: int = MOST_PLACES) -> Iterator[str]:
    """What covers more messages and files than anybody can have looked at (Chinese)."""
    for entry, places in uses.items():
        if len(places) > most:
            yield f"{entry.title}放行了{len(places)}处，范围可能过宽，请核对"
        elif entry.scope in (Scope.GROUP, Scope.DOCUMENT):
            yield f"{entry.title}不看内容即放行了{len(places)}处，请核对"


def _is_of_file(piece: TextPiece) -> bool:
    return piece.message is None or piece.origin in _FILES


def _bearer(piece: TextPiece) -> str:
    return piece.message.key if piece.message is not None else piece.evidence.sha256
