"""Many words, looked for in many tight texts in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import ahocorasick
import numpy as np

from leakwatch.text.folding import Positions, join, starts_of


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Every occurrence of the words, text by text, in the order of their ends; the longest first."""

    owners: Positions
    """Which text it stands in."""
    ends: Positions
    """The place behind it, in that text."""
    words: Positions
    """Which word it is."""


class Lexicon:
    """Built once from distinct words that are not empty."""

    def __init__(self, words: Sequence[str]) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for number, word in enumerate(words):
            self._automaton.add_word(_bytewise(word), number)
        self._automaton.make_automaton()

    def find(self, texts: Sequence[str]) -> Found:
        """Where they stand in the texts, overlapping ones too."""
        written = join(texts).encode("utf-8", "surrogatepass")
        hits = self._automaton.iter(written.decode("latin-1")) if self._automaton else ()
        pairs = np.fromiter(chain.from_iterable(hits), np.int64)
        begun = np.cumsum((np.frombuffer(written, np.uint8) & 0xC0) != 0x80)  # characters, at each byte
        starts, ends = starts_of(texts), begun.take(pairs[::2])
        owners = starts.searchsorted(ends, "left") - 1
        return Found(owners, ends - starts.take(owners), pairs[1::2])


def _bytewise(text: str) -> str:
    """A character for each byte of UTF-8: a node of the automaton with thousands of children costs ~1 µs."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
