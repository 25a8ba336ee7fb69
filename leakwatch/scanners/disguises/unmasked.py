"""Folded text with the readings that are believed put in, and which those were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leakwatch.scanners.credence import Credence, Reading
from leakwatch.text import Folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguise:
    """A key word that was written in another way."""

    reading: Reading
    is_sure: bool
    start: int
    end: int
    """Code points of the raw text, half-open, a rewritten term included."""
    position: int
    """Where the plain word stands in the unmasked text."""


@dataclass(frozen=True, slots=True, eq=False)
class Unmasked:
    """Folded text in plain writing."""

    folded: Folded
    disguises: tuple[Disguise, ...] = ()


def apart(believed: list[tuple[Reading, Credence]]) -> list[tuple[Reading, Credence]]:
    """Without overlaps: long words and sure readings first; in the order of the text."""
    kept: list[tuple[Reading, Credence]] = []
    taken = bytearray(max(one.tail.end for one, _ in believed))
    for one, how in sorted(believed, key=lambda one: (-len(one[0].word.word), -one[1].value, one[0].start)):
        length = one.tail.end - one.start
        if not any(taken[one.start : one.tail.end]):
            taken[one.start : one.tail.end] = b"\x01" * length
            kept.append((one, how))
    return sorted(kept, key=lambda one: one[0].start)


def rewritten(folded: Folded, believed: list[tuple[Reading, Credence]]) -> Unmasked:
    """The text with the plain words in place of those readings."""
    texts: list[str] = []
    ats = []
    disguises = []
    length = done = 0
    for one, how in believed:
        texts += [folded.text[done : one.start], one.word.word, one.tail.plain]
        ats += [folded.at[done : one.start], folded.at[_places(one)]]
        position = length + one.start - done
        start, end = folded.span(one.start, one.tail.end)
        is_sure = how is Credence.SURE
        disguises.append(Disguise(reading=one, is_sure=is_sure, start=start, end=end, position=position))
        length, done = position + len(one.word.word) + len(one.tail.plain), one.tail.end
    text = "".join([*texts, folded.text[done:]])
    return Unmasked(Folded(text, np.concatenate([*ats, folded.at[done:]])), tuple(disguises))


def _places(one: Reading) -> list[int]:
    """The folded position that each character of the plain word and term stands for."""
    word = [*one.starts[:-1], one.end - 1]
    return word + [one.end] * (len(one.tail.plain) - 1) + [one.tail.end - 1] * bool(one.tail.plain)
