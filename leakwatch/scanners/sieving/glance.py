"""Which texts of a batch could hold anything, and where the words stand in them: asked of all characters at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from leakwatch.scanners.sieving.trie import Trie
from leakwatch.text import Alphabet, Numbers, Positions, join, starts_of

_DIGITS = "0123456789"
_HAN_DIGITS = "〇零一二三四五六七八九"
_NUMERALS = _DIGITS + _HAN_DIGITS
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ASCII = _LATIN + _DIGITS
_COUNTERS = "号期呈亏弓次"
_LEVEL_HEADS = "绝机秘"
_PHONE_DIGITS = 11
"""A phone, a card, an identity number: none is shorter."""
_SPELT_DIGITS = 15
_STRIDE = 5
"""Of a run that encodes something three such steps at least fall on letters and digits."""
_YEAR_HEADS = ("19", "20", "2o")
_YEARS = (("12", "90o", _DIGITS + "oli"), ("一二", "九〇零", _HAN_DIGITS))
"""First, second and further characters of years in digits and in words."""
_SERIAL_DIGITS = _DIGITS + "oliszb一二三四五六七八九十百之"
_SERIAL = rf"[年丁]?第?[{_SERIAL_DIGITS}]{{1,6}}[{_COUNTERS}]"
_NUMBER_LENGTH = 13
"""From the year to the counter."""
_GAP_LENGTH = 5
WORTH_A_LOOK = re.compile(
    "|".join(
        (
            rf"[{_DIGITS}]{{{_PHONE_DIGITS}}}",
            rf"[{_HAN_DIGITS}]{{{_SPELT_DIGITS}}}",
            rf"(?:(?:{'|'.join(_YEAR_HEADS)})[{_DIGITS}oli]{{2}}|[一二][九〇零][{_HAN_DIGITS}]{{2}}){_SERIAL}",
            rf"[{_LEVEL_HEADS}](?:[a-zà-ǜ]{{1,5}}|[㐀-鿿]{{1,4}})密",  # 机(jī)密, 机x密, 机[捂脸]密
        )
    )
)
"""What a glance tells besides words, as an expression for tight text."""

Word = tuple[int, str]
"""A word and the place behind it."""


class Glance:
    """Built once from folded words."""

    def __init__(self, words: Sequence[str], pictures: str) -> None:
        """pictures: symbols that tight text drops, but that may stand for a part of a word."""
        rows = (_ASCII, _NUMERALS, _COUNTERS, _LEVEL_HEADS)
        first = (word[0] for word in words)  # early: the trie's table has a row for all up to the last
        self._words = words
        self._lengths = np.array([len(word) for word in words])
        self._alphabet = Alphabet(chain(*rows, "密", first, _SERIAL_DIGITS, *words), pictures)
        self._trie = Trie(words, self._alphabet)
        self._ranges = {row: self._alphabet.word(row) for row in rows}
        """Of characters that the alphabet has in a row: their numbers."""
        self._dense = self._alphabet.word("密")[0]
        self._is_serial = np.zeros(self._alphabet.size, bool)
        self._is_serial[self._alphabet.word(_SERIAL_DIGITS)] = True
        self._in_year = self._places_in_years()

    def suspects(self, texts: Sequence[str]) -> list[int]:
        """Which of the texts are worth a look, and hardly any other; the rest cost ~10 ns a character."""
        batch = self._alphabet.batch(texts)
        numbers = batch.numbers
        worth = (
            batch.glosses,
            self._pulled_apart(numbers),
            _runs(self._are(numbers, _NUMERALS), _PHONE_DIGITS),
            _runs(self._are(numbers[::_STRIDE], _ASCII), 3) * _STRIDE,
            self._dated(numbers),
            *(ends for ends, _ in self._trie.find(numbers)),
        )
        return batch.owners(np.concatenate(worth))

    def placed(self, texts: Sequence[str]) -> Iterator[list[Word]]:
        """The words in each of the tight texts in the order of their ends, the longest first."""
        found = self._trie.find(self._alphabet.numbers(join(texts)))
        ends, words = map(np.concatenate, zip(*found, strict=True))
        order = np.lexsort((-self._lengths.take(words), ends))
        behind, starts = ends[order] + 1, starts_of(texts)
        written = [self._words[word] for word in words[order].tolist()]
        edges = [*behind.searchsorted(starts).tolist(), len(written)]
        for start, (first, last) in zip(starts.tolist(), pairwise(edges), strict=True):
            yield list(zip((behind[first:last] - start).tolist(), written[first:last], strict=True))

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


def _runs(is_in: NDArray[np.bool_], length: int) -> Positions:
    """Where that many in a row begin."""
    width = 1
    while width < length:
        step = min(width, length - width)
        is_in = is_in[:-step] & is_in[step:]
        width += step
    return np.flatnonzero(is_in)
