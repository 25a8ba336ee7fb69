"""One automaton over the terms of all rules; it says which pieces could matter and where.

Pieces are folded in joined batches; only those with a term, a long number or a year with a serial go on
to the scanners, so the messages without a hit cost next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick

from leakwatch.model import Hit, Origin, Rule, TextPiece
from leakwatch.text import Folded, fold, fold_batch, tight

_SHORT = 3
# Sentence ends inside a term mean two sentences, not a disguise; a line break is one only in running chat.
_STOPS = frozenset("。！？；!?;\n")
_SOFT_STOPS = _STOPS | frozenset("，、,")
# 11 digits in a row (a phone, a card, an identity number), or year and serial before 号: a document number.
_NUMBERS = re.compile(r"\d{11}|(?:19|20)\d\d年?第?\d{1,5}[号期]")
_READ_ANYWAY = frozenset({Origin.OCR, Origin.FILENAME})


@dataclass(frozen=True, slots=True, kw_only=True)
class TermHit:
    """A term of a rule, found in folded text."""

    rule: Rule
    term: str
    start: int
    end: int
    """Code points of the raw text, half-open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A piece that could matter, folded once for all scanners."""

    piece: TextPiece
    folded: Folded
    """Blanks and punctuation kept: for grammars."""
    terms: tuple[TermHit, ...]


class Sieve:
    """Built once from the terms of all rules and the trigger words of the grammars."""

    def __init__(self, rules: Iterable[Rule], triggers: Iterable[str]) -> None:
        self._rules: dict[str, list[tuple[Rule, str]]] = {tight(word).text: [] for word in triggers}
        for rule in rules:
            for term in rule.terms:
                self._rules.setdefault(tight(term).text, []).append((rule, term))
        self._automaton = ahocorasick.Automaton()
        for folded in self._rules:
            self._automaton.add_word(folded, folded)
        self._automaton.make_automaton()

    def candidates(self, pieces: Sequence[TextPiece]) -> Iterator[Candidate]:
        """The pieces worth a closer look, in their order."""
        batch = fold_batch([piece.text for piece in pieces])
        owners = {batch.owner(end) for end, _ in self._automaton.iter(batch.text)} if batch.text else set()
        owners |= {batch.owner(match.start()) for match in _NUMBERS.finditer(batch.text)}
        owners |= {number for number, piece in enumerate(pieces) if piece.origin in _READ_ANYWAY}
        for number in sorted(owners):
            piece = pieces[number]
            yield Candidate(piece=piece, folded=fold(piece.text), terms=tuple(self._terms(piece)))

    def _terms(self, piece: TextPiece) -> Iterator[TermHit]:
        folded = tight(piece.text)
        for last, word in self._automaton.iter(folded.text):
            start, end = folded.span(last - len(word) + 1, last + 1)
            if not self._rules[word] or _is_torn(piece, word, start, end):
                continue
            for rule, term in self._rules[word]:
                yield TermHit(rule=rule, term=term, start=start, end=end)


def _is_torn(piece: TextPiece, word: str, start: int, end: int) -> bool:
    """The characters of the term belong to two sentences."""
    raw = piece.text[start:end]
    if len(raw) == len(word):
        return False
    stops = _SOFT_STOPS if len(word) <= _SHORT else _STOPS
    if piece.origin in (Origin.OCR, Origin.DOCUMENT):
        stops = stops - {"\n"}
    return any(character in stops for character in raw)


def hit(found: TermHit, piece: TextPiece, reason: str) -> Hit:
    """A term as a hit with its rule's own score."""
    return Hit(
        rule=found.rule,
        piece=piece,
        start=found.start,
        end=found.end,
        score=found.rule.score,
        reason=reason,
        level=found.rule.level,
    )
