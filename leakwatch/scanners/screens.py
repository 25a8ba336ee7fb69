"""Which grammars a text cannot match, told from its characters alone.

Most grammars begin with a look-behind or a choice, so the engine tries them at every place of a text, ~0.3 µs
each. What every match must hold (密, or one of 别 莫 许 …) is read off the expression itself, once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import pairwise
from typing import Any, NamedTuple

_parser: Any = import_module("re._parser")
_SIGNS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
"""Escapes and classes, in which nothing else counts, and what parts a pattern."""

_MEMBERS = 30
"""Of a range that is written out: 0-9, a-z."""

Characters = frozenset[str]
_Place = tuple[int, int]
"""Number of a grammar, and of an alternative in it."""


class _Alternative(NamedTuple):
    needs: tuple[Characters, ...]
    """Besides the one by which it is found."""
    pattern: re.Pattern[str]


class Screens:
    """Grammars, of which only those alternatives need be tried that a text could match; built once."""

    def __init__(self, grammars: Iterable[re.Pattern[str]]) -> None:
        found = [
            ((number, place), needs(source), re.compile(source, grammar.flags))
            for number, grammar in enumerate(grammars)
            for place, source in enumerate(_alternatives(grammar.pattern))
        ]
        counts = Counter(c for _, every, _ in found for wanted in every for c in wanted)
        self._by_character: dict[str, dict[_Place, _Alternative]] = defaultdict(dict)
        self._always: dict[_Place, _Alternative] = {}
        for place, every, pattern in found:
            # What other alternatives need too, 不 or 说, is common: it is asked for last.
            wanted = sorted(every, key=lambda one: sum(counts[c] for c in one))
            for group in (self._by_character[c] for c in wanted[0]) if wanted else (self._always,):
                group[place] = _Alternative(tuple(wanted[1:]), pattern)
        self._characters = Characters(self._by_character)

    def possible(self, characters: Characters) -> dict[int, list[re.Pattern[str]]]:
        """Grammar, by its number → its alternatives, in their order, that a text of these characters may match.

        characters: all letters and digits of the text.
        """
        found = dict(self._always)
        for character in characters & self._characters:
            found.update(self._by_character[character])
        possible: dict[int, list[re.Pattern[str]]] = defaultdict(list)
        for place in sorted(found):
            for wanted in found[place].needs:
                if wanted.isdisjoint(characters):
                    break
            else:
                possible[place[0]].append(found[place].pattern)
        return possible


def needs(pattern: str) -> tuple[Characters, ...]:
    """Sets of letters and digits: every match holds at least one character of each."""
    return tuple(filter(None, _needs(_parser.parse(pattern))))


def _needs(parsed: Iterable[tuple[Any, Any]]) -> Iterator[Characters]:
    """Of each element of a sequence; empty where nothing is certain."""
    for code, argument in parsed:
        match str(code):
            case "LITERAL":
                yield _letters(chr(argument))
            case "IN":
                yield _letters(_members(argument))
            case "SUBPATTERN":
                yield from _needs(argument[-1])
            case "MAX_REPEAT" | "MIN_REPEAT" if argument[0]:
                yield from _needs(argument[-1])
            case "BRANCH":
                yield _either([list(_needs(one)) for one in argument[-1]])


def _either(branches: list[list[Characters]]) -> Characters:
    """One set for all branches, each giving its last certain one: 不要 and 没有 are told by 要 and 有."""
    told = [next(filter(None, reversed(branch)), Characters()) for branch in branches]
    return Characters().union(*told) if all(told) else Characters()


def _members(items: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """The characters of a class; a blank for what is too much to list."""
    for kind, argument in items:
        first, last = {"LITERAL": (argument, argument), "RANGE": argument}.get(str(kind), (0, _MEMBERS))
        yield from map(chr, range(first, last + 1)) if last - first < _MEMBERS else " "


def _letters(characters: Iterable[str]) -> Characters:
    """Those characters, if blanks and signs, which tight text lacks, are not among them."""
    letters = Characters(characters)
    return letters if all(map(str.isalnum, letters)) else Characters()


def _alternatives(pattern: str) -> list[str]:
    """What stands between the bars of a pattern that are in no group and no class."""
    depth, edges = 0, [-1]
    for found in _SIGNS.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if found.group() == "|" and not depth:
            edges.append(found.start())
    return [pattern[start + 1 : end] for start, end in pairwise([*edges, len(pattern)])]
