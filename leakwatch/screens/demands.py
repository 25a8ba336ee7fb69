"""Which needs a text meets, asked of many texts at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from leakwatch.screens.needs import NOTHING, Need, length
from leakwatch.text import Found, Lexicon, odd, points, starts_of

_BITS = 64
_SLOTS = 3
"""Needs that are asked for, longest and rarest first: a fourth told next to nothing apart."""
_ODD = 0xFFFF
"""The number of what is no letter and yet no sign that tight text drops: grammars may read over it."""


class Demands:
    """Which of many lists of needs a text meets; built once.

    Many texts are asked at once: each word has a bit for every need that it meets, in planes of 64.
    Single characters are looked for in folded text, which has signs too, longer words in tight text.
    """

    def __init__(self, lists: Sequence[Sequence[Need]], others: Sequence[str] = ()) -> None:
        """others: words whose places are told in the same go."""
        asked = _asked(lists)
        # In front those that a single character meets: characters, which are many, are asked for them alone.
        distinct = set(chain.from_iterable(asked)) - {NOTHING}
        needs = sorted(distinct, key=lambda need: (length(need) > 1, sorted(need)))
        words = sorted(set(chain.from_iterable(needs)), key=lambda word: (len(word) > 1, word))
        letters = [word for word in words if len(word) == 1]
        self._lettered = -(-sum(length(need) == 1 for need in needs) // _BITS)
        self._planes = _planes(needs, words)
        self._letters = len(letters)
        self._number_of = np.where(odd(), np.uint16(_ODD), np.uint16(0))
        for number, letter in enumerate(letters, 1):
            if ord(letter) < len(odd()) and not odd()[ord(letter)]:
                self._number_of[ord(letter)] = number
        every = dict.fromkeys((*words[len(letters) :], *others))
        self._lexicon = Lexicon(tuple(every))
        numbers = {word: number for number, word in enumerate(others)}
        self._others = np.array([numbers.get(word, -1) for word in every], np.int64)
        place = {need: number for number, need in enumerate(needs)} | {NOTHING: len(needs)}
        self._slots = np.array([[place[need] for need in every] for every in asked], np.intp)

    def look(self, folded: Sequence[str], dense: Sequence[str]) -> tuple[Iterator[list[int]], Found]:
        """For each text the numbers of the lists of which it meets every need, and where the others stand."""
        found = self._lexicon.find(dense)
        others = self._others.take(found.words)
        told = others >= 0
        return self._met(folded, found), Found(found.owners[told], found.ends[told], others[told])

    def _met(self, texts: Sequence[str], found: Found) -> Iterator[list[int]]:
        if not len(self._slots):
            yield from ([] for _ in texts)
        elif texts:
            bits = np.unpackbits(self._bits(texts, found).view(np.uint8), axis=1, bitorder="little")
            is_met = np.logical_and.reduce([bits.take(slot, axis=1) for slot in self._slots.T])
            owners, numbers = np.nonzero(is_met)
            edges = owners.searchsorted(range(len(texts) + 1)).tolist()
            every: list[int] = numbers.tolist()
            yield from (every[first:last] for first, last in pairwise(edges))

    def _bits(self, texts: Sequence[str], found: Found) -> NDArray[np.uint64]:
        """The needs that each text meets, a row a text."""
        met = np.zeros((len(texts), len(self._planes)), np.uint64)
        met[:, -1] = self._planes[-1, 0]
        letters = self._number_of.take(points("\n".join((*texts, ""))), mode="clip")
        starts = starts_of(texts)
        for number, plane in enumerate(self._planes[: self._lettered]):
            met[:, number] |= np.bitwise_or.reduceat(plane.take(letters, mode="clip"), starts)
        columns = found.words + self._letters + 1
        is_need = columns < self._planes.shape[1]
        columns = columns[is_need]
        owners, firsts = np.unique(found.owners[is_need], return_index=True)
        for number, plane in enumerate(self._planes if len(owners) else ()):
            met[owners, number] |= np.bitwise_or.reduceat(plane.take(columns), firsts)
        met[np.logical_or.reduceat(letters == _ODD, starts)] = ~np.uint64(0)
        return met


def _asked(lists: Sequence[Sequence[Need]]) -> list[list[Need]]:
    """As many needs of each list, those first that tell most apart; signs are rare, what others need too (不, 说) is not."""
    counts = Counter(word for every in lists for need in every for word in need)
    ranked = [
        sorted(
            every,
            key=lambda need: (-length(need), all(map(str.isalnum, need)), sum(counts[word] for word in need)),
        )
        for every in lists
    ]
    return [[*every, *[NOTHING] * _SLOTS][:_SLOTS] for every in ranked]


def _planes(needs: Sequence[Need], words: Sequence[str]) -> NDArray[np.uint64]:
    """What each word meets, from the second column on; the first meets but what is no need, the last bit."""
    place = {word: number for number, word in enumerate(words, 1)}
    planes = np.zeros((len(needs) // _BITS + 1, len(words) + 1), np.uint64)
    for number, need in enumerate(needs):
        bit = np.uint64(1 << number % _BITS)
        planes[number // _BITS, [place[word] for word in need]] |= bit
    planes[-1, 0] = 1 << len(needs) % _BITS
    return planes
