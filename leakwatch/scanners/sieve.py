"""One automaton over the terms of all rules; it says which pieces could matter and where.

Pieces are folded in joined batches; only those with a term, a long number, a year with a serial or a
glossed level go on to the scanners, so the messages without a hit cost next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick
import numpy as np

from leakwatch.model import Hit, Origin, Rule, TextPiece
from leakwatch.text import Folded, fold, fold_batch, squeeze, tight

_SHORT = 3
# Sentence ends inside a term mean two sentences, not a disguise; a line break is one only in running chat.
_STOPS = frozenset("。！？；!?;\n")
_SOFT_STOPS = _STOPS | frozenset("，、,")
_YEAR = r"(?:19|20|2o)[\doli]{2}|[一二][九〇零][〇零一二三四五六七八九]{2}"
_LOOSE = "|".join(
    (
        r"\d{11}",  # a phone, a card, an identity number
        r"[〇零一二三四五六七八九]{15}",
        rf"(?:{_YEAR})[年丁]?第?[\doliszb一二三四五六七八九十百]{{1,5}}[号期呈亏弓次]",
        r"[绝机秘](?:[a-zà-ǜ]{1,5}|[㐀-鿿]{1,4})密",  # 机(jī)密, 机[捂脸]密
    )
)
_WORTH_A_LOOK = re.compile(_LOOSE)
# A reading aid or an emoticon set between the characters of a word: 机(jī)密, 机密(jīmì)★, 机[捂脸]密.
_GLOSS = re.compile(
    r"(?<=[㐀-鿿])[(\[][a-zà-ǜ]{1,8}(?: [a-zà-ǜ]{1,6})*[)\]]|(?<=[绝机秘])\[[㐀-鿿a-z]{1,4}\](?=密)"
)
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
    """Blanks and punctuation kept, glosses dropped: for grammars."""
    dense: Folded
    """Neither blanks nor punctuation: for words that may be pulled apart."""
    terms: tuple[TermHit, ...]

    def search(self, pattern: re.Pattern[str]) -> tuple[int, int, str] | None:
        """Raw span and folded words of the first match, as written or with its characters pulled apart."""
        for text in (self.folded, self.dense):
            match = pattern.search(text.text)
            if match and match.group():
                start, end = text.span(*match.span())
                if text is self.folded or not _STOPS & set(self.piece.text[start:end]):
                    return start, end, match.group()
        return None


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
        owners |= {batch.owner(match.start()) for match in _WORTH_A_LOOK.finditer(batch.text)}
        owners |= {number for number, piece in enumerate(pieces) if piece.origin in _READ_ANYWAY}
        for number in sorted(owners):
            piece = pieces[number]
            folded = _without_gloss(squeeze(fold(piece.text)))
            dense = _dense(folded)
            yield Candidate(piece=piece, folded=folded, dense=dense, terms=tuple(self._terms(piece, dense)))

    def _terms(self, piece: TextPiece, dense: Folded) -> Iterator[TermHit]:
        for last, word in self._automaton.iter(dense.text):
            if not self._rules[word]:
                continue
            start, end = dense.span(last - len(word) + 1, last + 1)
            if _is_torn(piece, word, start, end):
                continue
            for rule, term in self._rules[word]:
                yield TermHit(rule=rule, term=term, start=start, end=end)


def _without_gloss(folded: Folded) -> Folded:
    spans = [match.span() for match in _GLOSS.finditer(folded.text)]
    if not spans:
        return folded
    keep = np.ones(len(folded.text), dtype=bool)
    for start, end in spans:
        keep[start:end] = False
    text = "".join(character for character, kept in zip(folded.text, keep, strict=True) if kept)
    return Folded(text, folded.at[keep])


def _dense(folded: Folded) -> Folded:
    dense = tight(folded.text)
    return Folded(dense.text, folded.at[dense.at])


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
