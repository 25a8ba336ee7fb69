"""Rows that an exporter wrote into a script by hand, as JavaScript and not as JSON.

`{ type:1, text: 'it\\'s',is_send:0,displayname:'王明远'},{ … }`: bare keys, single quotes, commas at the end.
Some strings were written without escaping, so a quote ends a string only where another key or the end of
the row follows; what is no row even so comes out as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from leakwatch.chats.parts.json_stream import Cut, Torn
from leakwatch.model import Reason

_CHUNK = 1 << 18
_LONGEST_ROW = 1 << 22
_LONGEST_SIGN = 256
_FOLLOWS = r"(?=\s*(?:,\s*[A-Za-z_]\w{0,40}\s*:|,?\s*\}))"
_PAIR = re.compile(
    rf"""\s*(?P<key>[A-Za-z_]\w{{0,40}})\s*:\s*
    (?:'(?P<strict>[^'\\]*(?:\\.[^'\\]*)*)'{_FOLLOWS}|'(?P<loose>.{{0,1000}}?)'{_FOLLOWS}|(?P<bare>[\w.+-]*))\s*(?:,|(?=\}}))""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_NEXT_ROW = re.compile(r"\}\s*,\s*\{\s*[A-Za-z_]\w{0,40}\s*:", re.ASCII)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "0": ""}


def literals_behind(sign: re.Pattern[str], stream: TextIO) -> Iterator[dict[str, object] | Torn | Cut]:
    """The rows of the array whose opening bracket the sign ends with; a Cut last if the file ends inside it."""
    source = _Source(stream)
    if not source.passes(sign):
        yield Cut(Reason.INCOMPLETE)
        return
    while True:
        mark = source.next_mark()
        if mark == "]":
            return
        if not mark:
            yield Cut(Reason.INCOMPLETE)
            return
        row = source.row() if mark == "{" else None
        if row is not None:
            yield row
        elif torn := source.torn():
            yield Torn(torn)


class _Source:
    """The text ahead, as far as it was read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._is_last = False

    def passes(self, sign: re.Pattern[str]) -> bool:
        """Whether the sign comes; what stands behind it is next."""
        while (found := sign.search(self._text, self._at)) is None:
            self._at = max(self._at, len(self._text) - _LONGEST_SIGN)
            if not self._refill():
                return False
        self._at = found.end()
        return True

    def next_mark(self) -> str:
        """The next character that is neither blank nor comma; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in " \t\r\n,":
                    return self._text[self._at]
                self._at += 1
            if not self._refill():
                return ""

    def row(self) -> dict[str, object] | None:
        """The row that begins here, its brace passed; None if it cannot be taken apart."""
        while True:
            found, end = self._pairs()
            # A row that ends near the end of what was read may go on differently.
            if end and (self._is_last or end + _LONGEST_SIGN < len(self._text)):
                self._at = end
                return found
            if self._is_last or len(self._text) - self._at > _LONGEST_ROW:
                return None
            self._refill()

    def torn(self) -> str:
        """The text up to where the next row begins or the script ends."""
        while (found := _NEXT_ROW.search(self._text, self._at)) is None:
            if len(self._text) - self._at > _LONGEST_ROW or not self._refill():
                break
        end = found.start() + 1 if found else self._text.find("</script", self._at)
        end = len(self._text) if end < 0 else end
        torn, self._at = self._text[self._at : max(end, self._at + 1)], max(end, self._at + 1)
        return torn.strip()

    def _pairs(self) -> tuple[dict[str, object], int]:
        found: dict[str, object] = {}
        at = self._at + 1
        while (pair := _PAIR.match(self._text, at)) is not None:
            found[pair["key"]] = _value(pair)
            at = pair.end()
        end = at + len(self._text[at:]) - len(self._text[at:].lstrip()) if at < len(self._text) else at
        return found, end + 1 if found and self._text[end : end + 1] == "}" else 0

    def _refill(self) -> bool:
        more = "" if self._is_last else self._stream.read(_CHUNK)
        self._is_last = not more
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more)


def _value(pair: re.Match[str]) -> object:
    if pair["bare"] is not None:
        return int(pair["bare"]) if pair["bare"].isdigit() and len(pair["bare"]) < 19 else pair["bare"]
    raw = pair["strict"] if pair["strict"] is not None else pair["loose"]
    text = _ESCAPE.sub(
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _LETTERS.get(m[3], m[3]), raw
    )
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
