"""Many texts → one array of small numbers, so that a sieve can ask something of all characters at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from leakwatch.text.folding import SEPARATOR, Positions, join, light_table, points, tight_table

Numbers = NDArray[np.uint16]

_DROPPED, _OPENING, _PICTURE, _BORDER, _OTHER, _FIRST = range(6)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Many texts folded tight: a number for each character that was kept, a border behind each text."""

    numbers: Numbers
    glosses: Positions
    """Where a gloss, 机(jī)密, or a picture may stand for a part of a word: such words do not show here."""
    _borders: Positions

    def owners(self, positions: Positions) -> list[int]:
        """Which of the texts the characters at these positions belong to, in order."""
        is_owner = np.zeros(len(self._borders), bool)
        is_owner[self._borders.searchsorted(positions)] = True
        owners: list[int] = np.flatnonzero(is_owner).tolist()
        return owners


class Alphabet:
    """A number for each of some folded characters, in their order; all others share one."""

    def __init__(self, characters: Iterable[str], pictures: str = "") -> None:
        """pictures: characters that are dropped like other symbols, but make a text worth a look."""
        known = dict.fromkeys(characters)
        of_point = np.full(len(tight_table()), _OTHER, np.uint16)
        of_point[0] = _DROPPED
        of_point[ord(SEPARATOR)] = _BORDER
        of_point[[ord(character) for character in known]] = np.arange(_FIRST, _FIRST + len(known))
        self.size = _FIRST + len(known)
        self._table = of_point.take(tight_table())
        self._table[(light_table() == ord("(")) | (light_table() == ord("["))] = _OPENING
        self._table[np.isin(light_table(), points(pictures))] = _PICTURE

    def word(self, word: str) -> list[int]:
        """The numbers of a folded word."""
        return self.words([word])[0]

    def words(self, words: Sequence[str]) -> list[list[int]]:
        """The numbers of folded words; all at once: a call of numpy costs as much as a hundred characters."""
        numbers: list[int] = self._table.take(points("".join(words))).tolist()
        ends = list(accumulate(map(len, words), initial=0))
        return [numbers[start:end] for start, end in pairwise(ends)]

    def numbers(self, text: str) -> Numbers:
        """A number for each character, those that tight text drops included."""
        return self._table.take(points(text))

    def batch(self, texts: Sequence[str]) -> Batch:
        """All texts as numbers; ~5 ns a character, half of it to gather them."""
        raw = points(join(texts))
        numbers = self._table.take(raw)
        kept = np.flatnonzero(numbers > _PICTURE)
        hiding = np.flatnonzero(numbers - np.uint16(_OPENING) <= _PICTURE - _OPENING)
        hiding = hiding[(numbers.take(hiding) == _PICTURE) | _opens_gloss(raw, hiding)]
        numbers = numbers.take(kept)
        borders = np.flatnonzero(numbers == _BORDER)
        if len(borders) > len(texts):
            return self.batch([text.replace(SEPARATOR, "\ufffd") for text in texts])
        return Batch(numbers, kept.searchsorted(hiding), borders)


def _opens_gloss(raw: NDArray[np.uint32], brackets: Positions) -> NDArray[np.bool_]:
    """Whether a Latin letter follows the bracket, or a character that the fold drops and one may follow."""
    after = light_table().take(raw.take(brackets + 1))
    opens: NDArray[np.bool_] = (after == 0) | ((after >= ord("a")) & (after <= ord("ǜ")))
    return opens
