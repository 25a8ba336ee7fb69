"""All words of a batch at once: a trie walked from every place in the same steps.

pyahocorasick goes one character at a time, ~100 ns each, and slower the more terms there are; this takes
~2 ns a character for 300 words as for 30,000. A text that holds a word holds its first two characters, so
one table look-up leaves next to nothing for the walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leakwatch.text import Alphabet, Numbers, Positions


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The nodes of one depth, from two characters on; a node is the place of its key among all.

    Its key is parent × width + number; the parent of a second character is the number of the first.
    """

    keys: Positions
    words: Positions
    """Which word ends at the node; -1: none."""


class Trie:
    """Built once from distinct folded words whose characters are in the alphabet."""

    def __init__(self, words: Sequence[str], alphabet: Alphabet) -> None:
        spelled = alphabet.words(words)
        self._width = alphabet.size
        self._singles = np.full(self._width, -1)
        for place, numbers in enumerate(spelled):
            if len(numbers) == 1:
                self._singles[numbers[0]] = place
        self._levels = tuple(_levels(spelled, self._width))
        self._pairs = self._first_pairs(max(numbers[0] for numbers in spelled))
        # What is no first character may run over 16 bits and look like a pair: the first level tells.
        self._row: NDArray[np.unsignedinteger[Any]] = np.array(self._width, np.uint32)
        if len(self._pairs) <= 1 << 16:
            self._row = self._row.astype(np.uint16)

    def find(self, numbers: Numbers) -> Iterator[tuple[Positions, Positions]]:
        """Where words end and which, each occurrence once, overlapping ones too; shortest words first.

        numbers: ends with a border.
        """
        pairs = numbers[:-1] * self._row + numbers[1:]
        at = np.flatnonzero(self._pairs.take(pairs, mode="clip"))
        node = numbers.take(at).astype(np.int64)
        yield from _ended(at, self._singles.take(node))
        for depth, level in enumerate(self._levels, 1):
            keys = node * self._width + numbers.take(at + depth, mode="clip")
            node = level.keys.searchsorted(keys)
            is_there = level.keys.take(node, mode="clip") == keys
            at, node = at[is_there], node[is_there]
            yield from _ended(at + depth, level.words.take(node))

    def _first_pairs(self, last: int) -> NDArray[np.bool_]:
        """Whether a word begins with first × width + second; what lies beyond clips to the last: no."""
        pairs = np.zeros((last + 1) * self._width + 1, bool)
        pairs[:-1].reshape(last + 1, -1)[self._singles[: last + 1] >= 0] = True
        for level in self._levels[:1]:
            pairs[level.keys] = True
        return pairs


def _ended(at: Positions, words: Positions) -> Iterator[tuple[Positions, Positions]]:
    is_end = words >= 0
    yield at[is_end], words[is_end]


def _levels(words: Sequence[Sequence[int]], width: int) -> Iterator[_Level]:
    lengths = np.array([len(word) for word in words])
    node = np.array([word[0] for word in words])
    for depth in range(1, int(lengths.max())):
        is_longer = lengths > depth
        numbers = np.array([word[depth] for word in words if len(word) > depth])
        keys, node[is_longer] = np.unique(node[is_longer] * width + numbers, return_inverse=True)
        ends = np.full(len(keys), -1)
        last = np.flatnonzero(lengths == depth + 1)
        ends[node[last]] = last
        yield _Level(keys, ends)
