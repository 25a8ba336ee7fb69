"""What is seen on a page of a picture → a piece of text in the words of the rules for pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leakwatch.model import Evidence, Origin, TextPiece
from leakwatch.redhead import Layout

_LEAST_CHARACTERS = 12
"""Fewer on a page of black print: the engine could not read it."""
_LEAST_CONFIDENCE = 0.6
_PUBLIC = re.compile("(?<![不非])主动公开|此件公开发布|此文公开发布")


def piece(layout: Layout, read: Sequence[TextPiece] | None, file: Evidence) -> TextPiece:
    """The page's layout, and whether its text says more. read: None where no engine could work."""
    spot = layout.spot or None
    told = "" if read is None else _told([page for page in read if page.spot == spot])
    return TextPiece(text=layout.words + told, origin=Origin.IMAGE, evidence=file, spot=spot)


def _told(pages: Sequence[TextPiece]) -> str:
    text = "".join("".join(page.text.split()) for page in pages if page.confidence >= _LEAST_CONFIDENCE)
    if len(text) < _LEAST_CHARACTERS:
        return "；文字无法辨读"
    return "；写明主动公开" if _PUBLIC.search(text) else ""
