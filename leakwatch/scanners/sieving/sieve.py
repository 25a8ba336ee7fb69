"""Which pieces could matter, and where the terms of all rules stand in them.

A trie goes over whole batches at once and leaves the pieces with a term, a long number or a year with a
serial, so the messages without a hit cost next to nothing; one automaton finds the terms in what is left.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from leakwatch.model import Hit, Kind, Origin, Rule, TextPiece
from leakwatch.scanners.disguises.disguise import STAR, Disguises
from leakwatch.scanners.disguises.unmasked import Disguise
from leakwatch.scanners.sieving.trie import Trie
from leakwatch.screens import Possible, Screens
from leakwatch.text import Alphabet, Folded, Numbers, Positions, fold_each, tight, tight_each

_SHORT = 3
# Sentence ends inside a term mean two sentences, not a disguise; a line break is one only in running chat.
_STOPS = frozenset("。！？；!?;\n")
_SOFT_STOPS = _STOPS | frozenset("，、,")
_DIGITS = "0123456789"
_HAN_DIGITS = "〇零一二三四五六七八九"
_COUNTERS = "号期呈亏弓次"
_LEVEL_HEADS = "绝机秘"
_PHONE_DIGITS = 11
"""A phone, a card, an identity number: none is shorter."""
_SPELT_DIGITS = 15
_YEAR_HEADS = ("19", "20", "2o")
_YEARS = (("12", "90o", _DIGITS + "oli"), ("一二", "九〇零", _HAN_DIGITS))
"""First, second and further characters of years in digits and in words."""
_SERIAL_DIGITS = _DIGITS + "oliszb一二三四五六七八九十百"
_SERIAL = rf"[年丁]?第?[{_SERIAL_DIGITS}]{{1,5}}[{_COUNTERS}]"
_NUMBER_LENGTH = 12
"""From the year to the counter."""
_GAP_LENGTH = 5
_WORTH_A_LOOK = re.compile(
    "|".join(
        (
            rf"[{_DIGITS}]{{{_PHONE_DIGITS}}}",
            rf"[{_HAN_DIGITS}]{{{_SPELT_DIGITS}}}",
            rf"(?:(?:{'|'.join(_YEAR_HEADS)})[{_DIGITS}oli]{{2}}|[一二][九〇零][{_HAN_DIGITS}]{{2}}){_SERIAL}",
            rf"[{_LEVEL_HEADS}](?:[a-zà-ǜ]{{1,5}}|[㐀-鿿]{{1,4}})密",  # 机(jī)密, 机x密, 机[捂脸]密
        )
    )
)
_READ_ANYWAY = (Origin.OCR, Origin.FILENAME)

Word = tuple[int, str]
"""A word and the place behind it."""

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
        self._rules: dict[str, Sequence[tuple[Rule, str]]] = {**dict.fromkeys(certain, ()), **owners}
        patterned = [rule for rule in rules if rule.pattern]
        patterns = dict.fromkeys(rule.pattern for rule in patterned)
        self._words = tuple(self._rules)
        self._screens = Screens((_WORTH_A_LOOK, *map(re.compile, patterns), *means.grammars), self._words)
        self._of_words = {
            word: frozenset().union(*(self._screens.numbers(rule.pattern) for rule, _ in owning))
            for word, owning in owners.items()
            if word not in certain and all(rule.pattern for rule, _ in owning)
        }
        """Words of rules that go by a pattern alone → the alternatives of those."""
        # Marks go by their patterns, whatever words stand there; work secrets only if a word does.
        self._worth = self._screens.numbers(_WORTH_A_LOOK.pattern)
        self._at_large = self._worth.union(
            *(self._screens.numbers(rule.pattern) for rule in patterned if rule.kind is Kind.MARKING)
        )
        rows = (_DIGITS, _HAN_DIGITS, _COUNTERS, _LEVEL_HEADS)
        first = (word[0] for word in self._words)  # early: the trie's table has a row for all up to the last
        self._alphabet = Alphabet(chain(*rows, "密", first, _SERIAL_DIGITS, *self._words), disguises.pictures)
        self._ranges = {row: self._alphabet.word(row) for row in rows}
        """Of characters that the alphabet has in a row: their numbers."""
        self._dense = self._alphabet.word("密")[0]
        self._pictures = frozenset(disguises.pictures)
        self._trie = Trie(self._words, self._alphabet)
        self._is_serial = np.zeros(self._alphabet.size, bool)
        self._is_serial[self._alphabet.word(_SERIAL_DIGITS)] = True
        self._in_year = self._places_in_years()

    def candidates(self, pieces: Sequence[TextPiece]) -> Iterator[Candidate]:
        """The pieces worth a closer look, in their order."""
        suspects = {*self.suspects([piece.text for piece in pieces])}
        suspects |= {number for number, piece in enumerate(pieces) if piece.origin in _READ_ANYWAY}
        chosen = [pieces[number] for number in sorted(suspects)]
        folds = list(fold_each([piece.text for piece in chosen]))
        bares = [(bare, met) for bare, met in self._bares(chosen, folds) if self._may_matter(bare, met)]
        for (bare, met), plain in zip(bares, self._plain(bares), strict=True):
            is_sure = bare.words or bare.piece.origin in _READ_ANYWAY or self._is_worth_a_look(bare, met)
            looks = plain.possible.get(_WORTH_A_LOOK.pattern, ())
            is_starred = STAR in plain.folded.text  # 机口★10年
            if is_sure or plain.words or is_starred or any(look.search(plain.dense.text) for look in looks):
                terms = tuple(self._terms(plain.piece, plain.dense, plain.words))
                yield structs.replace(plain, terms=terms)

    def _bares(
        self, pieces: Sequence[TextPiece], folds: Sequence[tuple[Folded, Folded]]
    ) -> Iterator[tuple[Candidate, list[int]]]:
        """The pieces as they stand, their terms not yet told; and the alternatives that each may match."""
        every_met, found = self._screens.look(
            [folded.text for folded, _ in folds], [dense.text for _, dense in folds]
        )
        written = [self._words[number] for number in found.words.tolist()]
        placed = list(zip(found.ends.tolist(), written, strict=True))
        edges = pairwise(found.owners.searchsorted(range(len(folds) + 1)).tolist())
        for piece, (folded, dense), (first, last), met in zip(pieces, folds, edges, every_met, strict=True):
            words = placed[first:last]
            yield Candidate(piece=piece, folded=folded, dense=dense, words=words, possible={}), met

    def _may_matter(self, bare: Candidate, met: Sequence[int]) -> bool:
        """Not where there is nothing, or only rules that go by a pattern have words (手机, 票), and none fits."""
        words = {word for _, word in bare.words}
        if bare.piece.origin in _READ_ANYWAY or not words <= self._of_words.keys():
            return True
        if not self._pictures.isdisjoint(bare.folded.text):
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
        """Which of the texts are worth a look, and hardly any other; the rest cost ~10 ns a character."""
        batch = self._alphabet.batch(texts)
        numbers = batch.numbers
        worth = (
            batch.glosses,
            self._pulled_apart(numbers),
            _runs(self._are(numbers, _DIGITS), _PHONE_DIGITS),
            _runs(self._are(numbers, _HAN_DIGITS), _SPELT_DIGITS),
            self._dated(numbers),
            *(ends for ends, _ in self._trie.find(numbers)),
        )
        return batch.owners(np.concatenate(worth))

    def _are(self, numbers: Numbers, row: str) -> NDArray[np.bool_]:
        """Whether they are some of the characters, which must have come in a row when the alphabet was made."""
        first, *_, last = self._ranges[row]
        return numbers - np.uint16(first) <= last - first  # what is below wraps around

    def _places_in_years(self) -> NDArray[np.uint8]:
        """A bit for every place in a year where a character may stand, three for each writing."""
        places = np.zeros(self._alphabet.size, np.uint8)
        for bit, characters in enumerate(chain.from_iterable(_YEARS)):
            places[self._alphabet.word(characters)] |= 1 << bit
        return places

    def _dated(self, numbers: Numbers) -> Positions:
        """The counters of serials with a year before them: 2031…45号."""
        ends = np.flatnonzero(self._are(numbers, _COUNTERS))
        ends = ends[self._is_serial.take(numbers.take(ends - 1, mode="clip"))]
        before = numbers.take(ends[:, None] - np.arange(_NUMBER_LENGTH - 1, 0, -1), mode="clip")
        bits = self._in_year.take(before)
        further = bits >> 2
        is_year = bits[:, :-3] & bits[:, 1:-2] >> 1 & further[:, 2:-1] & further[:, 3:] & 0b001001
        return ends[is_year.any(axis=1)]

    def _pulled_apart(self, numbers: Numbers) -> Positions:
        """The ends of levels with something in between."""
        ends = np.flatnonzero(numbers == self._dense)
        before = numbers.take(ends[:, None] - np.arange(2, _GAP_LENGTH + 2), mode="clip")
        return ends[self._are(before, _LEVEL_HEADS).any(axis=1)]

    def _terms(self, piece: TextPiece, dense: Folded, words: Iterable[Word]) -> Iterator[TermHit]:
        for end_of_word, word in words:
            if not self._rules[word]:
                continue
            start, end = dense.span(end_of_word - len(word), end_of_word)
            if _is_torn(piece, word, start, end):
                continue
            for rule, term in self._rules[word]:
                yield TermHit(rule=rule, term=term, start=start, end=end)


def _tight(folded: Folded) -> Folded:
    dense = tight(folded.text)
    return Folded(dense.text, folded.at[dense.at])


def _runs(is_in: NDArray[np.bool_], length: int) -> Positions:
    """Where that many in a row begin."""
    width = 1
    while width < length:
        step = min(width, length - width)
        is_in = is_in[:-step] & is_in[step:]
        width += step
    return np.flatnonzero(is_in)


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
