"""Folded text in which pictographs stand for words → the same with the words: 到🏥十分钟 is 到医院十分钟.

Only those within a sentence are read: at its end, between words of their own or in a row they only decorate.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import numpy as np

from leakwatch.text import Folded

_WORD = "[0-9㐀-鿿]"


def pictures() -> str:
    """All characters that may stand for a word."""
    return "".join(written for written in _table() if len(written) == 1)


def spelled_out(folded: Folded) -> tuple[Folded, tuple[tuple[int, str], ...]]:
    """The text with words for pictographs, and where in it each word stands."""
    if _single().isdisjoint(folded.text):  # a hundred times as fast as to look around each place
        return folded, ()
    texts: list[str] = []
    ats = []
    words = []
    length = done = 0
    for found in _embedded().finditer(folded.text):
        word = _table()[found.group()]
        texts += [folded.text[done : found.start()], word]
        ats += [folded.at[done : found.start()], folded.at[[found.start()] * len(word)]]
        words.append((length + found.start() - done, word))
        length, done = words[-1][0] + len(word), found.end()
    if not words:
        return folded, ()
    text = "".join([*texts, folded.text[done:]])
    return Folded(text, np.concatenate([*ats, folded.at[done:]])), tuple(words)


@cache
def _single() -> frozenset[str]:
    return frozenset(pictures())


@cache
def _embedded() -> re.Pattern[str]:
    """One with a word on one side at least, and no other pictograph of its kind beside it."""
    phrases = "|".join(re.escape(written) for written in _table() if len(written) > 1)
    return re.compile(rf"{phrases}|(?<={_WORD})[{pictures()}](?![{pictures()}]?$)|[{pictures()}](?={_WORD})")


@cache
def _table() -> dict[str, str]:
    text = resources.files("leakwatch").joinpath("scanners", "disguises", "pictures.txt").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}
