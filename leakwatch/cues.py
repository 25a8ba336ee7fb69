"""Which cues stand in a text and where: one automaton over the words of all cue lists.

A hit asks for a dozen cues around it; looking for each by itself took most of the time of a scan.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from itertools import pairwise
from operator import or_

from leakwatch.model import Rule, Window
from leakwatch.screens import Screens
from leakwatch.text import Folded, join, tight, tight_each

Span = tuple[int, int]
"""Half-open, in tight text."""
_Word = tuple[int, int, int]
"""The place behind a word, its length, and the bits of its cues."""
_Pattern = tuple[int, re.Pattern[str]]
"""The bits of the cues that a pattern stands for, and an alternative of it that the text may match."""
_Key = tuple[tuple[str, ...], tuple[str, ...]]


class Cues:
    """Built once from the windows of all rules; a cue is known by its bit."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)  # kept alive: windows are known by their identity, hashing them is slow
        windows = [window for rule in self._rules for window in (*rule.near, *rule.unless)]
        bits: dict[_Key, int] = {}
        self.bits = {
            id(window): bits.setdefault((window.terms, window.patterns), 1 << len(bits)) for window in windows
        }
        """Which cue a window of one of the rules, known by its id, speaks of."""
        self._patterns = {
            bit: re.compile("|".join(patterns)) for (_, patterns), bit in bits.items() if patterns
        }
        owners: dict[str, int] = defaultdict(int)
        for (terms, _), bit in bits.items():
            for word in filter(None, tight_each(terms)):
                owners[word] |= bit
        self._screens = Screens(dict.fromkeys(self._patterns.values()), tuple(owners))
        self._of_pattern: dict[int, int] = defaultdict(int)
        for bit, pattern in self._patterns.items():
            for number in self._screens.numbers(pattern.pattern):
                self._of_pattern[number] |= bit
        self._words = [(len(word), cues) for word, cues in owners.items()]

    def look(self, texts: Sequence[str]) -> Iterator[Surroundings]:
        """Every cue of each of the texts; hundreds are cheapest."""
        every = list(tight(join(texts)).split([len(text) for text in texts]))
        dense = [one.text for one in every]
        every_met, found = self._screens.look(dense, dense)
        words = [
            (end, *self._words[word])
            for end, word in zip(found.ends.tolist(), found.words.tolist(), strict=True)
        ]
        edges = found.owners.searchsorted(range(len(texts) + 1)).tolist()
        for one, (first, last), met in zip(every, pairwise(edges), every_met, strict=True):
            patterns = [(self._of_pattern[number], self._screens.alternative(number)) for number in met]
            yield Surroundings(one, words[first:last], patterns, self)

    def bit(self, window: Window) -> int:
        """Which cue a window of one of the rules speaks of."""
        return self.bits[id(window)]

    def pattern(self, bit: int) -> re.Pattern[str]:
        """All patterns of the cue."""
        return self._patterns[bit]


class Surroundings:
    """A text with its cues, asked by raw positions."""

    def __init__(
        self, dense: Folded, words: Sequence[_Word], patterns: Sequence[_Pattern], cues: Cues
    ) -> None:
        self._text = dense.text
        self._dense = dense
        self._words = words
        self._patterns = patterns
        self._cues = cues
        self._said = reduce(or_, [held for _, _, held in words], 0)
        self._held = reduce(or_, [held for held, _ in patterns], self._said)

    @cached_property
    def _at(self) -> list[int]:
        at: list[int] = self._dense.at.tolist()
        return at

    @property
    def length(self) -> int:
        """Of the raw text up to its last letter or digit."""
        return self._at[-1] + 1 if self._at else 0

    def among(self, windows: Iterable[Window], other: Surroundings | None = None) -> list[Window]:
        """Those whose cue may stand anywhere here or in the other text; a cheap question, as hardly any does."""
        held, bits = self._held | (other._held if other else 0), self._cues.bits
        return [window for window in windows if bits[id(window)] & held]

    def has(self, window: Window) -> bool:
        """Whether the cue stands anywhere."""
        bit = self._cues.bit(window)
        return bool(bit & self._said) or (bool(bit & self._held) and self._fits(bit, self._text))

    def holds(self, window: Window, start: int, end: int) -> bool:
        """Whether the cue stands wholly within the raw span."""
        bit = self._cues.bit(window)
        if not bit & self._held:
            return False
        first, last = bisect_left(self._at, start), bisect_left(self._at, end)
        return any(self._standing(bit, first, last)) or self._fits(bit, self._text[first:last])

    def between(self, window: Window, start: int, end: int) -> Iterator[Span]:
        """Where the cue stands wholly within the raw span; spans may overlap."""
        bit = self._cues.bit(window)
        first, last = bisect_left(self._at, start), bisect_left(self._at, end)
        yield from self._standing(bit, first, last)
        part = self._text[first:last]
        if self._fits(bit, part):
            yield from (
                (first + found.start(), first + found.end())
                for found in self._cues.pattern(bit).finditer(part)
            )

    def words(self, window: Window, start: int, end: int) -> Iterator[tuple[Span, str]]:
        """The cue's words and where they stand, the longest of those that overlap."""
        reached = -1
        for span in sorted(self.between(window, start, end), key=lambda span: (span[0], -span[1])):
            if span[0] >= reached:
                reached = span[1]
                yield span, self._text[slice(*span)]

    def _standing(self, bit: int, first: int, last: int) -> Iterator[Span]:
        """Where words of the cue stand within the tight span."""
        if bit & self._said:
            for end, length, cues in self._words:
                if cues & bit and first + length <= end <= last:
                    yield end - length, end

    def _fits(self, bit: int, text: str) -> bool:
        """Whether a pattern of the cue matches in a part of the text."""
        return any(pattern.search(text) for held, pattern in self._patterns if held & bit)
