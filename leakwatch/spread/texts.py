"""A text → a print by which it is known again when it was cropped, retyped or badly recognised.

The print holds the smallest of the hashes of its 3-grams (bottom-k): small enough to be kept, and any two
can be compared without either text.  Compared are folded characters alone; blanks and punctuation, which OCR
and phones set as they like, count nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leakwatch.text.folding import points, tight

KEPT = 192
"""Hashes of a print.  Of a fifth of a page, a tenth of it misread, 28 of 38 are still shared with the page."""
_SPAN = 1 << 32

Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class TextPrint:
    """What a text is known by again; plain text to be kept."""

    raw: bytes
    """Hashes of four bytes, ascending, each once; all of them where there are fewer than KEPT."""

    def __str__(self) -> str:
        return base64.b64encode(self.raw).decode("ascii")

    @classmethod
    def parse(cls, text: str) -> TextPrint:
        """The print that was written so."""
        return cls(base64.b64decode(text, validate=True))

    @classmethod
    def of(cls, text: str) -> TextPrint:
        """Of a text of any length; empty for fewer than three characters."""
        return _bottom(_hashes(text))

    @classmethod
    def merged(cls, parts: Iterable[TextPrint]) -> TextPrint:
        """Of several pieces of one text: what the whole would have, but for the seams."""
        return _bottom(np.unique(np.concatenate([np.empty(0, np.uint32), *(part.hashes for part in parts)])))

    @property
    def hashes(self) -> Hashes:
        """Ascending."""
        return np.frombuffer(self.raw, "<u4")

    @property
    def grams(self) -> int:
        """How many different 3-grams the text has; an estimate (± 7 %) where not all are kept."""
        hashes = self.hashes
        return len(hashes) if len(hashes) < KEPT else round((KEPT - 1) * _SPAN / max(1, int(hashes[-1])))

    @property
    def limit(self) -> int:
        """The hash up to which all 3-grams of the text are known."""
        hashes = self.hashes
        return _SPAN - 1 if len(hashes) < KEPT else int(hashes[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What two texts share."""

    of_smaller: float
    of_larger: float
    """Shares of each text, 0 to 1."""
    grams: int
    """How many different 3-grams they share, as far as prints tell."""


def overlap(one: TextPrint, other: TextPrint, common: Hashes | None = None) -> Overlap:
    """What two texts share, seen through as much of both as both prints know.

    common: hashes that count on neither side, ascending.
    """
    smaller, larger = sorted((one, other), key=lambda text: text.grams)
    limit = min(one.limit, other.limit)
    seen = smaller.hashes[smaller.hashes <= limit]
    counted = seen if common is None else np.setdiff1d(seen, common, assume_unique=True)
    if not len(counted):
        return Overlap(of_smaller=0.0, of_larger=0.0, grams=0)
    shared = len(np.intersect1d(counted, larger.hashes, assume_unique=True))
    grams = round(shared / len(seen) * smaller.grams)
    return Overlap(
        of_smaller=shared / len(counted), of_larger=min(1.0, grams / max(1, larger.grams)), grams=grams
    )


def _bottom(ascending: Hashes) -> TextPrint:
    return TextPrint(ascending[:KEPT].astype("<u4").tobytes())


def _hashes(text: str) -> Hashes:
    """Of all 3-grams, ascending, each once; the same on every machine."""
    characters = points(tight(text).text).astype(np.uint64)
    grams = characters[:-2] << np.uint64(42) | characters[1:-1] << np.uint64(21) | characters[2:]
    return np.unique((_mixed(grams) >> np.uint64(32)).astype(np.uint32))


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The last step of splitmix64: neighbouring keys come to lie anywhere."""
    keys = (keys ^ keys >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ keys >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return keys ^ keys >> np.uint64(31)
