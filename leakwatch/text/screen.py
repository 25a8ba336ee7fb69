"""Text → what can be shown of it on a screen or a page."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)

# A spreadsheet takes these for the start of a formula; Chinese and Japanese ones the wide forms too.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def snippet(text: str, start: int, end: int, around: int) -> str:
    """The quote with up to `around` characters on both sides, on one line."""
    left, right = max(0, start - around), min(len(text), end + around)
    cut = text[left:right].translate({ord(c): " " for c in "\r\n\t"})
    return ("…" if left else "") + cut + ("…" if right < len(text) else "")


def printable(text: str) -> str:
    """The text without what breaks screens and documents: controls, lone surrogates, bidi, zero-width."""
    return _UNPRINTABLE.sub("", text)


def inert(cell: str) -> str:
    """The text as a cell of a table that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell
