"""Which grammars a text cannot match, told from the words in it alone.

Most grammars begin with a look-behind or a choice, so the engine tries them at every place of a text, ~0.3 µs
each. What every match must hold (不称职, or one of 别 莫 不许 …) is read off the expression itself, once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from leakwatch.screens.demands import Demands
from leakwatch.screens.needs import needs
from leakwatch.text import Found

__all__ = ["Demands", "Possible", "Screens", "needs"]

_SIGNS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
"""Escapes and classes, in which nothing else counts, and what parts a pattern."""

Possible = dict[str, list[re.Pattern[str]]]
"""Grammar, as it is written → its alternatives, in their order, that a text may match."""


class Screens:
    """Grammars, of which only those alternatives need be tried that a text could match; built once."""

    def __init__(self, grammars: Iterable[re.Pattern[str]], words: Sequence[str] = ()) -> None:
        """words: distinct ones, whose places are told in the same go."""
        self._alternatives = [
            (grammar, source) for grammar in grammars for source in _alternatives(grammar.pattern)
        ]
        numbers: dict[str, set[int]] = defaultdict(set)
        for number, (grammar, _) in enumerate(self._alternatives):
            numbers[grammar.pattern].add(number)
        self._numbers = {pattern: frozenset(of_it) for pattern, of_it in numbers.items()}
        self._demands = Demands([needs(source) for _, source in self._alternatives], words)

    def look(self, folded: Sequence[str], dense: Sequence[str]) -> tuple[Iterator[list[int]], Found]:
        """For each text the numbers of the alternatives that it may match, and where the words stand in `dense`."""
        return self._demands.look(folded, dense)

    def numbers(self, pattern: str) -> frozenset[int]:
        """Those of the alternatives of a grammar."""
        return self._numbers[pattern]

    def possible(self, numbers: Iterable[int]) -> Possible:
        """The alternatives of these numbers."""
        possible: Possible = {}
        for number in numbers:
            possible.setdefault(self._alternatives[number][0].pattern, []).append(self.alternative(number))
        return possible

    def alternative(self, number: int) -> re.Pattern[str]:
        """One of them."""
        grammar, source = self._alternatives[number]
        return _compiled(source, grammar.flags)


@cache
def _compiled(source: str, flags: int) -> re.Pattern[str]:
    """Most alternatives are never needed, and one takes ~1 ms."""
    return re.compile(source, flags)


def _alternatives(pattern: str) -> list[str]:
    """What stands between the bars of a pattern that are in no group and no class."""
    depth, edges = 0, [-1]
    for found in _SIGNS.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if found.group() == "|" and not depth:
            edges.append(found.start())
    return [pattern[start + 1 : end] for start, end in pairwise([*edges, len(pattern)])]
