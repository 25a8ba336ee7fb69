"""Which pieces could matter, and where the terms of all rules stand in them.

A glance at whole batches leaves the pieces with a word, a long number or a year with a serial, so the messages
without a hit cost next to nothing; what the expressions of a rule need leaves half of those.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec import Struct, structs

from leakwatch.model import Hit, Kind, Origin, Rule, TextPiece
from leakwatch.scanners.disguises import encoded
from leakwatch.scanners.disguises.disguise import STAR, Disguises
from leakwatch.scanners.disguises.unmasked import Disguise
from leakwatch.scanners.sieving.glance import WORTH_A_LOOK, Glance, Word
from leakwatch.screens import Possible, Screens
from leakwatch.text import Folded, fold_each, tight, tight_each

_SHORT = 3
# Sentence ends inside a term mean two sentences, not a disguise; a line break is one only in running chat.
_STOPS = frozenset("。！？；!?;\n")
_SOFT_STOPS = _STOPS | frozenset("，、,")
_READ_ANYWAY = (Origin.OCR, Origin.FILENAME)

# A scan makes a hundred thousand of them: as msgspec structs they cost a fifth of what dataclasses cost.


class TermHit(Struct, frozen=True, kw_only=True, gc=False):
    """A term of a rule, found in folded text."""

    rule: Rule
    term: str
    start: int
    end: int
    """Code points of the raw text, half-open."""


class Candidate(Struct, frozen=True, kw_only=True, gc=False):
    """A piece that could matter, folded once for all scanners."""

    piece: TextPiece
    folded: Folded
    """Blanks and punctuation kept, glosses dropped: for grammars."""
    dense: Folded
    """Neither blanks nor punctuation: for words that may be pulled apart."""
    words: Sequence[Word]
    """Those of the sieve in `dense`."""
    possible: Possible
    """Pattern of a rule or grammar → the alternatives of it that could match."""
    terms: tuple[TermHit, ...] = ()
    disguises: tuple[Disguise, ...] = ()
    """Words that `folded` and `dense` show in plain writing although the piece does not."""

    def search(self, *patterns: re.Pattern[str]) -> tuple[int, int, str] | None:
        """Raw span and folded words of the first match, as written or with its characters pulled apart."""
        texts = (self.folded, self.dense) if len(self.folded.text) > len(self.dense.text) else (self.folded,)
        for text in texts if patterns else ():
            found = [match for pattern in patterns if (match := pattern.search(text.text))]
            match = min(found, key=lambda match: match.start(), default=None)
            if match and match.group():
                start, end = text.span(*match.span())
                if text is self.folded or not _STOPS & set(self.piece.text[start:end]):
                    return start, end, match.group()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the scanners go by besides the rules."""

    triggers: Sequence[str] = ()
    """Words that make a piece worth a look."""
    grammars: Sequence[re.Pattern[str]] = ()
    """What `Candidate.possible` is to tell of."""


class Sieve:
    """Built once from the terms of all rules, and from the grammars and their trigger words."""

    def __init__(self, rules: Iterable[Rule], means: Means, disguises: Disguises) -> None:
        self._disguises = disguises
        certain = {*tight_each(means.triggers), *disguises.literals}
        rules = tuple(rules)
        owners: dict[str, list[tuple[Rule, str]]] = defaultdict(list)
        for rule in rules:
            terms = (*rule.terms, *rule.loose)
            for term, word in zip(terms, tight_each(terms), strict=True):
                owners[word].append((rule, term))
        self._rules = {word: tuple(owning) for word, owning in owners.items()}
        patterned = [rule for rule in rules if rule.pattern]
        patterns = dict.fromkeys(rule.pattern for rule in patterned)
        words = tuple(certain.union(owners))
        self._screens = Screens((WORTH_A_LOOK, *map(re.compile, patterns), *means.grammars))
        self._of_words = {
            word: frozenset().union(*(self._screens.numbers(rule.pattern) for rule, _ in owning))
            for word, owning in owners.items()
            if word not in certain and all(rule.pattern for rule, _ in owning)
        }
        """Words of rules that go by a pattern alone → the alternatives of those."""
        # Marks go by their patterns, whatever words stand there; work secrets only if a word does.
        self._worth = self._screens.numbers(WORTH_A_LOOK.pattern)
        self._at_large = self._worth.union(
            *(self._screens.numbers(rule.pattern) for rule in patterned if rule.kind is Kind.MARKING)
        )
        self._pictures = frozenset(disguises.pictures)
        self._glance = Glance(words, disguises.pictures)

    def candidates(self, pieces: Sequence[TextPiece]) -> Iterator[Candidate]:
        """The pieces worth a closer look, in their order."""
        suspects = {*self.suspects([piece.text for piece in pieces])}
        suspects |= {number for number, piece in enumerate(pieces) if piece.origin in _READ_ANYWAY}
        chosen = [pieces[number] for number in sorted(suspects)]
        folds = list(fold_each([piece.text for piece in chosen]))
        bares = [(bare, met) for bare, met in self._bares(chosen, folds) if self._may_matter(bare, met)]
        for (bare, met), plain in zip(bares, self._plain(bares), strict=True):
            is_sure = bare.words or bare.piece.origin in _READ_ANYWAY or self._is_worth_a_look(bare, met)
            looks = plain.possible.get(WORTH_A_LOOK.pattern, ())
            is_starred = STAR in plain.folded.text  # 机口★10年
            if is_sure or plain.words or is_starred or any(look.search(plain.dense.text) for look in looks):
                terms = tuple(self._terms(plain.piece, plain.dense, plain.words))
                yield structs.replace(plain, terms=terms)

    def _bares(
        self, pieces: Sequence[TextPiece], folds: Sequence[tuple[Folded, Folded]]
    ) -> Iterator[tuple[Candidate, list[int]]]:
        """The pieces as they stand, their terms not yet told; and the alternatives that each may match."""
        texts = [dense.text for _, dense in folds]
        every_met, _ = self._screens.look([folded.text for folded, _ in folds], texts)
        for piece, (folded, dense), words, met in zip(
            pieces, folds, self._glance.placed(texts), every_met, strict=True
        ):
            yield Candidate(piece=piece, folded=folded, dense=dense, words=words, possible={}), met

    def _may_matter(self, bare: Candidate, met: Sequence[int]) -> bool:
        """Not where there is nothing, or only rules that go by a pattern have words (手机, 票), and none fits."""
        words = {word for _, word in bare.words}
        if bare.piece.origin in _READ_ANYWAY or not words <= self._of_words.keys():
            return True
        if not self._pictures.isdisjoint(bare.folded.text):
            return True
        if encoded.holds(bare.piece.text):
            return True
        if not words:
            return self._is_worth_a_look(bare, met)
        own = frozenset().union(*(self._of_words[word] for word in words))
        fits = self._screens.possible(one for one in met if one in self._at_large or one in own)
        return any(bare.search(*fit) for fit in fits.values())

    def _is_worth_a_look(self, bare: Candidate, met: Sequence[int]) -> bool:
        looks = self._worth.intersection(met)
        return any(self._screens.alternative(look).search(bare.dense.text) for look in looks)

    def _plain(self, bares: Sequence[tuple[Candidate, list[int]]]) -> Iterator[Candidate]:
        """The candidates in plain writing; what was seen before stays true where nothing is disguised."""
        texts = [(bare.piece, bare.folded, {word for _, word in bare.words}) for bare, _ in bares]
        unmasked = list(self._disguises.unmask(texts))
        rewritten = [
            (piece, (one.folded, _tight(one.folded)))
            for (piece, folded, _), one in zip(texts, unmasked, strict=True)
            if one.folded.text != folded.text
        ]
        again = self._bares([piece for piece, _ in rewritten], [both for _, both in rewritten])
        for (bare, met), one in zip(bares, unmasked, strict=True):
            plain, every_met = bare, met
            if one.folded.text != bare.folded.text:
                seen, more = next(again)
                # Pictures that are not believed are read by grammars alone.
                plain = seen if one.disguises else bare
                every_met = sorted({*met, *more})
            possible = self._screens.possible(every_met)
            yield structs.replace(plain, folded=one.folded, disguises=one.disguises, possible=possible)

    def suspects(self, texts: Sequence[str]) -> list[int]:
        """Which of the texts are worth a look, and hardly any other."""
        return self._glance.suspects(texts)

    def _terms(self, piece: TextPiece, dense: Folded, words: Iterable[Word]) -> Iterator[TermHit]:
        for end_of_word, word in words:
            if not (owning := self._rules.get(word)):
                continue
            start, end = dense.span(end_of_word - len(word), end_of_word)
            if _is_torn(piece, word, start, end):
                continue
            for rule, term in owning:
                yield TermHit(rule=rule, term=term, start=start, end=end)


def _tight(folded: Folded) -> Folded:
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
        reason=reason,
        level=found.rule.level,
    )
