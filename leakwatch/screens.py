"""Which grammars a text cannot match, told from the words in it alone.

Most grammars begin with a look-behind or a choice, so the engine tries them at every place of a text, ~0.3 µs
each. What every match must hold (不称职, or one of 别 莫 不许 …) is read off the expression itself, once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cache
from importlib import import_module
from itertools import chain, pairwise, product
from string import digits
from typing import Any

_parser: Any = import_module("re._parser")
_SIGNS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
"""Escapes and classes, in which nothing else counts, and what parts a pattern."""

_MEMBERS = 30
"""Of a range that is written out: 0-9, a-z."""
_MOST = 128
"""Words of a need; what needs more is cut in two."""

_SLOTS = 3
"""Needs that are asked for, longest and rarest first: a fourth told next to nothing apart."""

Need = frozenset[str]
"""Words of tight text, of which every match holds one; empty where nothing is certain."""
_NOTHING: Need = frozenset()
_EMPTY: Need = frozenset({""})


class Demands:
    """Which of many lists of needs a text meets; built once.

    All are asked at once: each word has an integer with a bit for every need that it meets. The needs of all
    lists lie in slots as wide as there are lists, so that shifting the sum of a text's words slot by slot
    leaves the lists of which every need is met.
    """

    def __init__(self, lists: Sequence[Sequence[Need]]) -> None:
        self._width = len(lists)
        self._unasked = 0
        self._meets: dict[str, int] = defaultdict(int)
        counts = Counter(word for every in lists for need in every for word in need)
        for number, every in enumerate(lists):
            # What others need too, 不 or 说, is common: it is asked for last, if at all.
            needs = sorted(every, key=lambda need: (-_length(need), sum(counts[word] for word in need)))
            for slot in range(_SLOTS):
                bit = 1 << slot * self._width + number
                for word in needs[slot] if slot < len(needs) else ():
                    self._meets[word] |= bit
                self._unasked |= bit if slot >= len(needs) else 0
        self.words = frozenset(self._meets)
        """What to look for in a text."""

    def met(self, words: Set[str]) -> Iterator[int]:
        """The numbers of the lists that a text with these words meets, in their order."""
        every = self._unasked
        for word in words & self.words:
            every |= self._meets[word]
        left = (1 << self._width) - 1
        for slot in range(_SLOTS):
            left &= every >> slot * self._width
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest


class Screens:
    """Grammars, of which only those alternatives need be tried that a text could match; built once."""

    def __init__(self, grammars: Iterable[re.Pattern[str]]) -> None:
        self._alternatives = [
            (grammar, source) for grammar in grammars for source in _alternatives(grammar.pattern)
        ]
        self._demands = Demands([needs(source) for _, source in self._alternatives])
        self.words = self._demands.words
        """What to look for in tight text."""

    def possible(self, words: Set[str]) -> dict[str, list[re.Pattern[str]]]:
        """Grammar, as it is written → its alternatives, in their order, that a text with these words may match."""
        possible: dict[str, list[re.Pattern[str]]] = {}
        for place in self._demands.met(words):
            grammar, source = self._alternatives[place]
            possible.setdefault(grammar.pattern, []).append(_compiled(source, grammar.flags))
        return possible


@cache
def _compiled(source: str, flags: int) -> re.Pattern[str]:
    """Most alternatives are never needed, and one takes ~1 ms."""
    return re.compile(source, flags)


def needs(pattern: str) -> tuple[Need, ...]:
    """What every match holds, one word of each."""
    return tuple(_needs(_parser.parse(pattern)))


def _needs(parsed: Iterable[tuple[Any, Any]]) -> Iterator[Need]:
    """Of the stretches of a sequence that are nothing but words, and of what lies between them."""
    stretch = _EMPTY
    for code, argument in _flat(parsed):
        words = _words(code, argument)
        longer = _joined(stretch, words)
        if not longer and "" not in stretch:
            yield stretch
        if not words:
            yield from _some(code, argument)
        stretch = longer or words or _EMPTY
    if "" not in stretch:
        yield stretch


def _flat(parsed: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """The elements of a sequence and of the groups in it."""
    for code, argument in parsed:
        if str(code) == "SUBPATTERN":
            yield from _flat(argument[-1])
        else:
            yield code, argument


def _words(code: object, argument: Any) -> Need:
    """All that a single element may be, if that is few words; a blank word stands for nothing at all."""
    match str(code):
        case "LITERAL":
            return _letters(chr(argument))
        case "IN":
            return _letters(_members(argument))
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _EMPTY
        case "MAX_REPEAT" | "MIN_REPEAT" if argument[:2] == (0, 1):
            once = _spelled(argument[-1])
            return once | _EMPTY if once else _NOTHING
        case "BRANCH":
            branches = [_spelled(one) for one in argument[-1]]
            words = Need().union(*branches)
            return words if all(branches) and len(words) <= _MOST else _NOTHING
    return _NOTHING


def _spelled(parsed: Iterable[tuple[Any, Any]]) -> Need:
    """All that a sequence may be, if that is few words."""
    words = _EMPTY
    for code, argument in _flat(parsed):
        words = _joined(words, _words(code, argument))
    return words


def _joined(heads: Need, tails: Need) -> Need:
    """Every head with every tail, if that is few words."""
    if len(heads) * len(tails) > _MOST:
        return _NOTHING
    return Need(map("".join, product(heads, tails)))


def _some(code: object, argument: Any) -> Iterator[Need]:
    """What a repeat or a choice needs that may be more than a few words."""
    match str(code):
        case "MAX_REPEAT" | "MIN_REPEAT" if argument[0]:
            yield from _needs(argument[-1])
        case "BRANCH":
            branches = [max(_needs(one), key=_length, default=_NOTHING) for one in argument[-1]]
            if all(branches):
                yield Need(chain.from_iterable(branches))


def _length(need: Need) -> int:
    """Of the shortest word."""
    return min(map(len, need))


def _members(items: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """The characters of a class; a blank for what is too much to list."""
    for kind, argument in items:
        match str(kind):
            case "LITERAL":
                yield chr(argument)
            case "RANGE" if argument[1] - argument[0] < _MEMBERS:
                yield from map(chr, range(argument[0], argument[1] + 1))
            case "CATEGORY" if str(argument) == "CATEGORY_DIGIT":
                yield from digits  # folded text has no others
            case _:
                yield " "


def _letters(characters: Iterable[str]) -> Need:
    """Those characters, as folded text has them, if blanks and signs, which tight text lacks, are not among them."""
    letters = Need(character.lower() for character in characters)
    return letters if all(map(str.isalnum, letters)) else _NOTHING


def _alternatives(pattern: str) -> list[str]:
    """What stands between the bars of a pattern that are in no group and no class."""
    depth, edges = 0, [-1]
    for found in _SIGNS.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if found.group() == "|" and not depth:
            edges.append(found.start())
    return [pattern[start + 1 : end] for start, end in pairwise([*edges, len(pattern)])]
