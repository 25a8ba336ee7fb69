"""Many text prints → those that hold much of one, or are held by it; asked by shared hashes alone.

Every hash leads to the texts that keep it, so that an unlike text costs nothing.  A hash that many different
matters share is of a set phrase, a letter head or an admonition that everybody copies: it counts for nothing
unless two texts agree nearly whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leakwatch.spread.texts import Hashes, TextPrint

_COMMON = 8
"""Matters that a hash may stand in and still tell one from another."""
_MOST_OWNERS = 1_000
"""Texts that one hash leads to: of a text in a thousand copies any of them will do."""
_LEAST_SHARED = 6
_MOST_LOOKED_AT = 60


class TextIndex:
    """The prints of many texts, ready to be asked."""

    def __init__(self, texts: Sequence[TextPrint], matters: Sequence[int]) -> None:
        """matters: for each text a number that is the same for all texts of one matter."""
        self._hashes, self._owners = _sorted(texts)
        self._common = _common(self._hashes, np.asarray(matters, np.uint32)[self._owners])

    def common(self, text: TextPrint) -> Hashes:
        """The hashes of a text that stand in many matters."""
        return np.intersect1d(text.hashes, self._common, assume_unique=True)

    def candidates(self, text: TextPrint) -> list[int]:
        """The texts that share most of its hashes, the best first; among equals the earliest."""
        starts = np.searchsorted(self._hashes, text.hashes, "left")
        ends = np.minimum(np.searchsorted(self._hashes, text.hashes, "right"), starts + _MOST_OWNERS)
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        owners = [self._owners[start:end] for start, end in spans if end > start]
        found, shared = np.unique(np.concatenate([np.empty(0, np.uint32), *owners]), return_counts=True)
        best = np.argsort(-shared, kind="stable")
        return [int(found[place]) for place in best[:_MOST_LOOKED_AT] if shared[place] >= _LEAST_SHARED]


def _sorted(texts: Sequence[TextPrint]) -> tuple[Hashes, NDArray[np.uint32]]:
    """All hashes, ascending, and whose each is; 100,000 texts are 30 million, so that no copy is made but one."""
    keys = np.empty(sum(len(text.hashes) for text in texts), "<u8")
    halves, start = keys.view("<u4").reshape(-1, 2), 0
    for owner, text in enumerate(texts):
        end = start + len(text.hashes)
        halves[start:end, 0], halves[start:end, 1] = owner, text.hashes
        start = end
    keys.sort()
    return halves[:, 1].astype(np.uint32), halves[:, 0].astype(np.uint32)


def _common(hashes: Hashes, matters: NDArray[np.uint32]) -> Hashes:
    """Of ascending hashes those that stand in more than a few matters."""
    often = np.zeros(len(hashes), bool)
    often[_COMMON:] = hashes[_COMMON:] == hashes[:-_COMMON]  # most stand in few texts and need no count
    found = np.unique(hashes[often])
    starts, ends = np.searchsorted(hashes, found, "left"), np.searchsorted(hashes, found, "right")
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    suspects = np.concatenate([np.empty(0, np.int64), *(np.arange(start, end) for start, end in spans)])
    pairs = np.sort(hashes[suspects].astype(np.uint64) << np.uint64(32) | matters[suspects])
    first = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    distinct = (pairs[first] >> np.uint64(32)).astype(np.uint32)
    return np.unique(distinct[_COMMON:][distinct[_COMMON:] == distinct[:-_COMMON]])
