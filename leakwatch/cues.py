"""Which cues stand in a text and where: one automaton over the words of all cue lists.

A hit asks for a dozen cues around it; looking for each by itself took most of the time of a scan.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

import ahocorasick
import numpy as np

from leakwatch.model import Rule, Window
from leakwatch.text import Folded, tight

Span = tuple[int, int]
"""Half-open, in tight text."""
_Key = tuple[tuple[str, ...], tuple[str, ...]]


class Cues:
    """Built once from the windows of all rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)  # kept alive: windows are known by their identity, hashing them is slow
        windows = [window for rule in self._rules for window in (*rule.near, *rule.unless)]
        numbers: dict[_Key, int] = {}
        self._numbers = {
            id(window): numbers.setdefault((window.terms, window.patterns), len(numbers))
            for window in windows
        }
        self._patterns = [re.compile("|".join(patterns)) if patterns else None for _, patterns in numbers]
        owners: dict[str, set[int]] = defaultdict(set)
        for (terms, _), number in numbers.items():
            for term in terms:
                if word := tight(term).text:
                    owners[word].add(number)
        self._automaton = ahocorasick.Automaton()
        for word, numbers_of_word in owners.items():
            self._automaton.add_word(word, (len(word), tuple(sorted(numbers_of_word))))
        self._automaton.make_automaton()
        self._is_empty = not owners

    def look(self, text: str) -> Surroundings:
        """Every cue word of a text."""
        dense = tight(text)
        words: dict[int, list[Span]] = defaultdict(list)
        if not self._is_empty:
            for last, (length, numbers) in self._automaton.iter(dense.text):
                for number in numbers:
                    words[number].append((last + 1 - length, last + 1))
        return Surroundings(dense, words, self)

    def number(self, window: Window) -> int:
        """Which cue a window of one of the rules speaks of."""
        return self._numbers[id(window)]

    def pattern(self, window: Window) -> re.Pattern[str] | None:
        """What the cue says besides its words."""
        return self._patterns[self.number(window)]


class Surroundings:
    """A text with its cue words, asked by raw positions."""

    def __init__(self, dense: Folded, words: dict[int, list[Span]], cues: Cues) -> None:
        self._dense = dense
        self._words = words
        self._cues = cues
        self.length = int(dense.at[-1]) + 1 if len(dense.at) else 0
        """Of the raw text up to its last letter or digit."""

    def between(self, window: Window, start: int, end: int) -> Iterator[Span]:
        """Where the cue stands wholly within the raw span; spans may overlap."""
        first, last = (int(place) for place in np.searchsorted(self._dense.at, (start, end)))
        spans = self._words.get(self._cues.number(window), [])
        for span in spans[bisect_left(spans, first, key=lambda span: span[1]) :]:
            if span[1] > last:
                break
            if span[0] >= first:
                yield span
        if pattern := self._cues.pattern(window):
            yield from (
                (first + found.start(), first + found.end())
                for found in pattern.finditer(self._dense.text[first:last])
            )

    def words(self, window: Window, start: int, end: int) -> Iterator[tuple[Span, str]]:
        """The cue's words and where they stand, the longest of those that overlap."""
        reached = -1
        for span in sorted(self.between(window, start, end), key=lambda span: (span[0], -span[1])):
            if span[0] >= reached:
                reached = span[1]
                yield span, self._dense.text[slice(*span)]
