"""The window of text that slides over a JSON file: one value, key or bracket at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TextIO

import msgspec

from leakwatch.errors import Unreadable
from leakwatch.model import Reason

LARGEST_RECORD = 1 << 26
"""Characters; pictures inline as base64 stay far below."""

PIECE_BYTES = 1 << 18
"""94 MB of rows decode in 0.20 s; in pieces of 4 MiB they take 0.50 s."""

_CHUNK = 1 << 20
_LONGEST_KEPT = 1 << 10
_LONGEST_GAP = 256
"""Bytes between two objects that stand beside each other."""
_MOST_LOOKED_AT = 1 << 28
_DEEPEST = 100
_BLANK = re.compile("[\\s\ufeff\0]*")
# No possessive quantifiers: Python up to 3.11.4 matches them wrongly (Debian 12 has 3.11.2).
_FLAT = re.compile(r'[^"\[\]{}]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^"\[\]{}]*)*', re.DOTALL)
_NEXT_RECORD = re.compile(r'\}\s*,\s*(?=\{\s*"([^"\\]*)")')
_BETWEEN_RECORDS = re.compile(rb"\}\s*,\s*\Z")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder(strict=False)  # strict would refuse a raw line break inside a string
# Most rows are flat, and none of those needs a look at how deep it nests.
_FLAT_ROW = msgspec.json.Decoder(dict[str, str | int | float | bool | None])
_FLAT_ROWS = msgspec.json.Decoder(list[dict[str, str | int | float | bool | None]])
_ROW = msgspec.json.Decoder(dict[str, object])
_ROWS = msgspec.json.Decoder(list[dict[str, object]])


class Window:
    """The part of the file that is being decoded: `text` from `at` on is not yet consumed."""

    def __init__(self, stream: TextIO, is_utf8: bool = False) -> None:
        """is_utf8: the stream has a `buffer` of sound UTF-8 and translates no line ends."""
        self.text = ""
        self.at = 0
        self.replacements = 0
        self._stream = stream
        self.is_utf8 = is_utf8
        self._bytes_behind = 0
        self._is_last = False

    def refill(self) -> None:
        """Reads on, at least as much as is left over."""
        if self._is_last:
            raise Unreadable(Reason.INCOMPLETE, "文件不完整：结尾处缺少内容")
        rest = self.text[self.at :]
        self._bytes_behind = self._position()
        if len(rest) > LARGEST_RECORD:
            raise Unreadable(Reason.DAMAGED, "有一条记录大得不合常理，文件可能已损坏")
        more = self._stream.read(max(_CHUNK, len(rest)))
        self.replacements += more.count("\ufffd")
        self._is_last = not more
        self.text, self.at = rest + more, 0

    def peek(self) -> str:
        """The next character that is no blank; empty at the end of the file."""
        while True:
            blank = _BLANK.match(self.text, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if self._is_last:
                return ""
            self.refill()

    def enters(self, bracket: str) -> bool:
        """Whether that bracket comes next; it is consumed if so."""
        if self.peek() != bracket:
            return False
        self.at += 1
        return True

    def passes(self, sign: re.Pattern[str]) -> None:
        """Goes on to the place behind the next match; Unreadable if there is none."""
        while (found := sign.search(self.text, self.at)) is None:
            self.at = max(self.at, len(self.text) - _LONGEST_GAP)
            self.refill()
        self.at = found.end()

    def key(self) -> str | None:
        """The next key of the object we are in, its colon consumed; None at the closing brace."""
        while self.enters(","):
            pass
        mark = self.peek()
        if mark == "}":
            return None
        key = self.value() if mark == '"' else None
        if not self.enters(":"):
            reason = Reason.DAMAGED if self.peek() else Reason.INCOMPLETE
            raise Unreadable(reason, "文件结构不完整")
        return key if isinstance(key, str) else ""

    def value(self) -> object:
        """The next value; Unreadable says whether the file ends in it or it is broken."""
        self.peek()
        while True:
            try:
                value, end = _raw_decode(self.text, self.at)
            except Unreadable as why:
                if why.reason is Reason.DAMAGED or self._is_last:
                    raise
            else:
                if end < len(self.text) or self._is_last:
                    return self._consume(value, end)
            self.refill()

    def rows(self) -> Iterator[Sequence[Mapping[str, object]]]:
        """The objects ahead of us in an array, hundreds at a time, while all is well.

        A quarter of the time of one `value` a record; what is last, large or broken is left to it.
        """
        if not self.is_utf8:
            return
        file, position, rest = self._stream.buffer, self._position(), b""
        file.seek(position)
        while piece := file.read(PIECE_BYTES):
            rest += piece
            end = _end_of_records(rest)
            if not (rows := _decoded(rest[:end])):
                break
            yield rows
            position, rest = position + end, rest[end:]
        self._stream.seek(position)
        self.text, self.at, self._bytes_behind, self._is_last = "", 0, position, False

    def skip(self, depth: int = 0) -> None:
        """Passes over the next value, or with a depth over the rest of the brackets we are in."""
        if not depth and self.peek() not in ("{", "["):
            self.value()
            return
        while True:
            flat = _FLAT.match(self.text, self.at)
            self.at = flat.end() if flat else self.at
            mark = self.text[self.at : self.at + 1]
            if mark in ("", '"'):
                self.refill()
                continue
            depth += 1 if mark in "[{" else -1
            self.at += 1
            if depth <= 0:
                return

    def resync(self, first_key: str) -> str | None:
        """The text up to the next record that opens like its forerunners; None if there is none."""
        searched = self.at
        while True:
            for found in _NEXT_RECORD.finditer(self.text, searched):
                if first_key in ("", found[1]):
                    torn = self.text[self.at : found.end()]
                    self.at = found.end()
                    return torn
            try:
                self.refill()
            except Unreadable:
                return None
            searched = self.at

    def _position(self) -> int:
        """Bytes from the start of the file to `at`."""
        return self._bytes_behind + len(self.text[: self.at].encode()) if self.is_utf8 else 0

    def _consume(self, value: object, end: int) -> object:
        clean = _clean(value, self.text, self.at, end)
        self.at = end
        return clean


def decode_line(text: str) -> object:
    """The one value that a line holds; Unreadable says whether the line ends in it or it is broken."""
    try:
        return _FLAT_ROW.decode(text)
    except (msgspec.DecodeError, ValueError):  # nested, of lax JSON, or broken
        value, end = _raw_decode(text, 0)
    if text[end:].strip():
        raise Unreadable(Reason.DAMAGED, "一行里有多余的内容")
    return _clean(value, text, 0, end)


def decode_lines(data: bytes) -> Sequence[Mapping[str, object]]:
    """The objects of some lines; empty if one of them is no object, broken, a comment or nests too deep."""
    with suppress(msgspec.DecodeError, ValueError):
        return _FLAT_ROW.decode_lines(data)
    with suppress(msgspec.DecodeError, ValueError, RecursionError):
        return _shallow(_ROW.decode_lines(data))
    return []


def condense(stream: TextIO, most: int) -> str:
    """About the first `most` characters of a JSON text whose strings above 1 KiB are made empty.

    Escaped quotes and backslashes are dropped, so that every quote that is left opens or closes a string.
    """
    kept: list[str] = []
    size = looked_at = 0
    is_inside = False
    while size < most and looked_at < _MOST_LOOKED_AT and (text := stream.read(_CHUNK)):
        looked_at += len(text)
        while text.endswith("\\") and (more := stream.read(1)):
            text += more
        parts = text.replace("\\\\", "").replace('\\"', "").split('"')
        first_inside = 0 if is_inside else 1
        is_inside = is_inside == (len(parts) % 2 == 1)
        for number in range(first_inside, len(parts), 2):
            if len(parts[number]) > _LONGEST_KEPT:
                parts[number] = ""
        kept.append('"'.join(parts))
        size += len(kept[-1])
    return "".join(kept)


def _end_of_records(data: bytes) -> int:
    """The place behind the last closing brace that another object follows; 0 if there is none."""
    opening = len(data)
    while (opening := data.rfind(b"{", 0, opening)) > 0:
        before = data[max(0, opening - _LONGEST_GAP) : opening]
        if (gap := _BETWEEN_RECORDS.search(before)) is not None:
            return opening - len(before) + gap.start() + 1
    return 0


def _decoded(data: bytes) -> Sequence[Mapping[str, object]]:
    """The objects of a piece of an array; empty if it is cut inside one, broken or nests too deep."""
    array = b"[%b]" % data.lstrip(b" \t\r\n,")
    with suppress(msgspec.DecodeError, ValueError):
        return _FLAT_ROWS.decode(array)
    with suppress(msgspec.DecodeError, ValueError, RecursionError):
        return _shallow(_ROWS.decode(array))
    return []


def _shallow(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The rows, or none if one of them nests too deep."""
    return [] if any(map(_is_too_deep, rows)) else rows


def _raw_decode(text: str, start: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as why:
        # An escape or a literal may be cut in two: the error then stands a few characters before the end.
        is_cut = why.msg.startswith("Unterminated string") or why.pos >= len(text) - 8
        reason = Reason.INCOMPLETE if is_cut else Reason.DAMAGED
        raise Unreadable(reason, "有一条记录不完整或已损坏") from why
    except (ValueError, RecursionError) as why:  # a number of 5000 digits, 10 000 brackets
        raise Unreadable(Reason.DAMAGED, "有一条记录已损坏") from why


def _clean(value: object, text: str, start: int, end: int) -> object:
    """The value of that stretch of text without halves of surrogate pairs; Unreadable if it nests too deep.

    What passes can be walked recursively: a record of 600 brackets would break whoever looks into it.
    """
    if text.count("[", start, end) + text.count("{", start, end) > _DEEPEST and _is_too_deep(value):
        raise Unreadable(Reason.DAMAGED, "有一条记录的括号层数多得不合常理，文件可能已损坏")
    return _without_surrogates(value) if _SURROGATE_ESCAPE.search(text, start, end) else value


def _is_too_deep(value: object) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        if not level:
            return False
        below: list[object] = []
        for item in level:
            if isinstance(item, list):
                below += item
            elif isinstance(item, dict):
                below += item.values()
        level = below
    return bool(level)


def _without_surrogates(value: object) -> object:
    """The value with U+FFFD for halves of surrogate pairs, which no encoding can write."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_SURROGATE.sub("\ufffd", key): _without_surrogates(item) for key, item in value.items()}
    return value
