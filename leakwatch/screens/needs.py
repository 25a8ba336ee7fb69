"""What every match of an expression must hold, read off the expression itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import chain, product
from string import digits
from typing import Any

from leakwatch.text import drops

_parser: Any = import_module("re._parser")
_MEMBERS = 30
"""Of a range that is written out: 0-9, a-z."""
_MOST = 128
"""Words of a need; what needs more is cut in two."""

Need = frozenset[str]
"""Words of which every match holds one: longer ones in tight text, characters and signs in folded text.

Empty where nothing is certain.
"""
NOTHING: Need = frozenset()
_EMPTY: Need = frozenset({""})
_BLANK = " "
_USUAL = frozenset(" \t\n,.:;!?、。…~-()")
"""What most texts have."""


def needs(pattern: str) -> tuple[Need, ...]:
    """What every match holds, one word of each."""
    return tuple(_needs(_parser.parse(pattern)))


def length(need: Need) -> int:
    """Of the shortest word."""
    return min(map(len, need))


def _needs(parsed: Iterable[tuple[Any, Any]]) -> Iterator[Need]:
    """Of the stretches of a sequence that are nothing but words, and of what lies between them."""
    stretch = _EMPTY
    for code, argument in _flat(parsed):
        words = _words(code, argument)
        longer = _joined(stretch, words)
        if not longer and "" not in stretch:
            yield stretch
        if not words or "" in words:
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
    """All that a single element may leave in tight text, if that is few words; a blank one where it may leave none."""
    match str(code):
        case "LITERAL" | "IN":
            return Need("" if drops(one) else one for one in _members(code, argument))
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _EMPTY
        case "MAX_REPEAT" | "MIN_REPEAT":
            once = _spelled(argument[-1])
            return once | _EMPTY if once == _EMPTY or (once and argument[:2] == (0, 1)) else NOTHING
        case "BRANCH":
            branches = [_spelled(one) for one in argument[-1]]
            words = Need().union(*branches)
            return words if all(branches) and len(words) <= _MOST else NOTHING
    return NOTHING


def _spelled(parsed: Iterable[tuple[Any, Any]]) -> Need:
    """All that a sequence may leave, if that is few words."""
    words = _EMPTY
    for code, argument in _flat(parsed):
        words = _joined(words, _words(code, argument))
    return words


def _joined(heads: Need, tails: Need) -> Need:
    """Every head with every tail, if that is few words."""
    if len(heads) * len(tails) > _MOST:
        return NOTHING
    return Need(map("".join, product(heads, tails)))


def _some(code: object, argument: Any) -> Iterator[Need]:
    """What an element needs that may leave nothing in tight text, or more than a few words."""
    match str(code):
        case "LITERAL" | "IN":
            signs = Need(_members(code, argument))
            if any(map(drops, signs)) and _USUAL.isdisjoint(signs):
                yield signs
        case "MAX_REPEAT" | "MIN_REPEAT" if argument[0]:
            once = _spelled(argument[-1])
            twice = _joined(once, once) if argument[0] > 1 and "" not in once else NOTHING
            yield from [twice] if twice else _needs(argument[-1])
        case "BRANCH":
            branches = [max(_needs(one), key=length, default=NOTHING) for one in argument[-1]]
            if all(branches):
                yield Need(chain.from_iterable(branches))


def _members(code: object, argument: Any) -> list[str]:
    """The characters that an element may be, as folded text has them; none where they are too many to list.

    A blank stands for all that tight text drops; what it does not drop although it is no letter (`odd`) is for
    the text to tell.
    """
    if str(code) == "LITERAL":
        return [chr(argument).lower()[0]]
    if str(argument[0][0]) == "NEGATE":
        is_blank = any(str(one) in ("CATEGORY_WORD", "CATEGORY_NOT_SPACE") for _, one in argument)
        return [_BLANK] if is_blank else []
    members = [_listed(str(kind), one) for kind, one in argument]
    return [character.lower()[0] for every in members for character in every] if all(members) else []


def _listed(kind: str, argument: Any) -> Sequence[str]:
    match kind, str(argument):
        case "LITERAL", _:
            return [chr(argument)]
        case "RANGE", _ if argument[1] - argument[0] < _MEMBERS:
            return [chr(point) for point in range(argument[0], argument[1] + 1)]
        case "CATEGORY", "CATEGORY_DIGIT":
            return digits  # folded text has no others
        case "CATEGORY", "CATEGORY_SPACE" | "CATEGORY_NOT_WORD":
            return [_BLANK]
    return []
