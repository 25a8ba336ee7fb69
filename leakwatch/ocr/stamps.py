"""Lines that were read → those that a red stamp crosses, to be looked at through a red glass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from leakwatch.images.page import Pixels, Quad
from leakwatch.ocr.crops import crops, has_red, hides_black
from leakwatch.ocr.layout import Quads

SURE_SCORE = 0.98
_NUMBER = re.compile(r"[〔〕\[\]【】]|\d号")
"""Part of one: with every doubtful line that has red in it, snapshots took half as long again."""
_MOST = 6


def stamped(pixels: Pixels, quads: Quads, texts: Sequence[tuple[str, float]]) -> list[Quad]:
    """A few boxes with red in them: doubtful numbers, and red print over black.

    Where a stamp lies across a mark, the engine reads the stamp's date, surely, and nothing else.
    """
    return list(islice(_stamped(pixels, quads, texts), _MOST))


def _stamped(pixels: Pixels, quads: Quads, texts: Sequence[tuple[str, float]]) -> Iterator[Quad]:
    for quad, (text, score) in zip(quads, texts, strict=True):
        line = crops(pixels, quad[None])[0]
        if not has_red(line):
            continue
        if (score < SURE_SCORE and _NUMBER.search(text)) or hides_black(line):
            yield quad
