"""A word → an expression for all ways of writing it, its characters pulled apart or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leakwatch.scanners.disguises.writings import writings
from leakwatch.scanners.surroundings import SYMBOL

_GAP = (
    rf"(?:{SYMBOL}{{0,4}}|{SYMBOL}{{0,2}}\n{SYMBOL}{{0,3}}|[、,。;:!?]\s?|[a-z0-9扌氵亻纟讠]"
    r"|\[[㐀-鿿]{1,4}\])"
)


def wherever(ways: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches at all places, overlapping ones too."""
    found = ways.search(text)
    while found:
        yield found
        found = ways.search(text, found.start() + 1)


@cache
def pattern(word: str) -> re.Pattern[str]:
    """All ways of writing the word, a group for each character; ~10 ms to compile, so only when needed."""
    return re.compile(_GAP.join(f"({writings(character).pattern})" for character in word))


@cache
def spelt_pattern(word: str) -> re.Pattern[str]:
    """The same without what only sounds or looks alike."""
    return re.compile(_GAP.join(f"({writings(character).spelt})" for character in word))
