"""Which cues stand in a text and where: one automaton over the words of all cue lists.

A hit asks for a dozen cues around it; looking for each by itself took most of the time of a scan.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from leakwatch.model import Rule, Window
from leakwatch.screens import Screens
from leakwatch.text import Folded, Lexicon, tight, tight_each

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
        self._patterns = [
            (number, re.compile("|".join(patterns))) for (_, patterns), number in numbers.items() if patterns
        ]
        self._screens = Screens(pattern for _, pattern in self._patterns)
        self._owners: dict[str, set[int]] = defaultdict(set)
        for (terms, _), number in numbers.items():
            for word in filter(None, tight_each(terms)):
                self._owners[word].add(number)
        self._lexicon = Lexicon(self._owners, self._screens.words)

    def look(self, text: str) -> Surroundings:
        """Every cue word of a text."""
        dense = tight(text)
        words: dict[int, list[Span]] = defaultdict(list)
        found, seen = self._lexicon.find(dense.text)
        for end, word in found:
            for number in self._owners[word]:
                words[number].append((end - len(word), end))
        possible = self._screens.possible(seen)
        patterns = {number: pattern for number, pattern in self._patterns if pattern.pattern in possible}
        return Surroundings(dense, words, patterns, self)

    def number(self, window: Window) -> int:
        """Which cue a window of one of the rules speaks of."""
        return self._numbers[id(window)]


class Surroundings:
    """A text with its cue words, asked by raw positions."""

    def __init__(
        self, dense: Folded, words: dict[int, list[Span]], patterns: dict[int, re.Pattern[str]], cues: Cues
    ) -> None:
        """patterns: those that the text may match, by the number of their cue."""
        self._text = dense.text
        self._at: list[int] = dense.at.tolist()
        self._words = words
        self._patterns = patterns
        self._cues = cues
        self.length = self._at[-1] + 1 if self._at else 0
        """Of the raw text up to its last letter or digit."""

    def holds(self, window: Window, start: int, end: int) -> bool:
        """Whether the cue stands wholly within the raw span."""
        return next(self.between(window, start, end), None) is not None

    def may_hold(self, window: Window) -> bool:
        """Whether the cue stands anywhere; a cheap question, as hardly any does."""
        number = self._cues.number(window)
        return number in self._words or number in self._patterns

    def between(self, window: Window, start: int, end: int) -> Iterator[Span]:
        """Where the cue stands wholly within the raw span; spans may overlap."""
        number = self._cues.number(window)
        first, last = bisect_left(self._at, start), bisect_left(self._at, end)
        spans = self._words.get(number, [])
        for span in spans[bisect_left(spans, first, key=lambda span: span[1]) :]:
            if span[1] > last:
                break
            if span[0] >= first:
                yield span
        if pattern := self._patterns.get(number):
            yield from (
                (first + found.start(), first + found.end())
                for found in pattern.finditer(self._text[first:last])
            )

    def words(self, window: Window, start: int, end: int) -> Iterator[tuple[Span, str]]:
        """The cue's words and where they stand, the longest of those that overlap."""
        reached = -1
        for span in sorted(self.between(window, start, end), key=lambda span: (span[0], -span[1])):
            if span[0] >= reached:
                reached = span[1]
                yield span, self._text[slice(*span)]
