"""Short messages sent in a row → what they say together: 中办 / 发 / 2031 / 45号."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec import structs

from leakwatch.model import Message, Origin, TextPiece

SPOT = "连着发的几条"
SEAM = "\u2060"
"""Stands between them; no fold keeps it, so it is in the quote of what no single message holds."""
_PART = 20
_SHREDS = 1
"""So many of them at least are no more than a word."""
_SHRED = 6
_DIGITS = re.compile(r"[\dxX]{4,}")
"""Half a number says nothing alone, however long it is."""
_LEAST, _MOST = 3, 24
"""Messages of a row; two are left to the rules on halves of numbers."""


def joined(pieces: Iterable[TextPiece], within: timedelta) -> Iterator[TextPiece]:
    """The pieces, and behind each row of short messages by one sender all of them as one piece."""
    row: list[TextPiece] = []
    for piece in pieces:
        if row and not (len(piece.text) <= _PART and _goes_on(row[-1], piece, within)):
            yield from _whole(row)
            row = []
        yield piece
        if len(piece.text) <= _PART and piece.origin is Origin.MESSAGE and piece.message and len(row) < _MOST:
            row.append(piece)
    yield from _whole(row)


def _goes_on(last: TextPiece, piece: TextPiece, within: timedelta) -> bool:
    one, other = last.message, piece.message
    if one is None or other is None or piece.origin is not Origin.MESSAGE:
        return False
    return one.sender == other.sender and one.chat == other.chat and _is_soon(one, other, within)


def _is_soon(one: Message, other: Message, within: timedelta) -> bool:
    if one.sent_at is None or other.sent_at is None:
        return other.number - one.number <= 1
    return abs(other.sent_at - one.sent_at) <= within


def _whole(row: list[TextPiece]) -> Iterator[TextPiece]:
    if len(row) >= _LEAST and sum(map(_is_shred, row)) >= _SHREDS:
        yield structs.replace(row[0], text=SEAM.join(part.text for part in row), spot=SPOT)


def _is_shred(part: TextPiece) -> bool:
    return len(part.text) <= _SHRED or _DIGITS.fullmatch(part.text.strip()) is not None
