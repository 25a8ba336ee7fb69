"""Records of a JSON file of any size, one by one, in constant memory; a broken file gives what is whole.

Whole records of sound UTF-8 are decoded in pieces by msgspec: 0.25 s for 94 MB of chat. All else goes one
by one through the standard decoder, which works on a window of text that slides over the file: 1.0 s. A
record that does not fit doubles the window, so no byte is decoded more than about twice.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import TracebackType

from leakwatch.chats.parts.json_window import (
    LARGEST_RECORD,
    PIECE_BYTES,
    Window,
    condense,
    decode_line,
    decode_lines,
)
from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.text import decode, open_text

_CHUNK = 1 << 20
_CONDENSED = 1 << 20
_ONE_BY_ONE = 500
"""Records that are read singly before a whole piece is tried again."""
_START = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[{\[]")
_LAST_RECORD = re.compile(r"\}\s*\]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Torn:
    """A stretch between records that is no JSON, as text; reading goes on behind it."""

    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The last thing yielded when the file ends early (INCOMPLETE) or cannot be read further (DAMAGED)."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Joined:
    """The document has ended and the file goes on; what follows is read as if it were a part of it."""


class JsonFile:
    """An open JSON file; `fields` and `records` each read it from its start."""

    def __init__(self, path: Path) -> None:
        self._stream, encoding = open_text(path, newline="")
        self.encoding = encoding.name
        self._is_exact = encoding.is_exact
        self._window = self._rewind()

    def __enter__(self) -> JsonFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    @property
    def replacements(self) -> int:
        """How many characters of the latest reading could not be decoded."""
        return 0 if self._is_exact else self._window.replacements

    def fields(self, keys: frozenset[str], until: str | None = None) -> dict[str, object]:
        """The values of these top-level keys wherever they stand; what lies behind damage is missing.

        until: a key behind which none of them is looked for.
        """
        window = self._rewind()
        found: dict[str, object] = {}
        try:
            if not window.enters("{"):
                return found
            while len(found) < len(keys) and (key := window.key()) not in (None, until):
                if key in keys:
                    found[key] = window.value()
                else:
                    window.skip()
        except Unreadable:
            return found
        return found

    def condensed_head(self) -> bytes:
        """The beginning for `outline`, in UTF-8, without the megabytes of pictures between the keys.

        Looks at 256 Mi characters at most; 100 MB of base64 take 0.2 s.
        """
        self._stream.seek(0)
        return condense(self._stream, _CONDENSED).encode("utf-8", "replace")

    def records(self, key: str = "") -> Iterator[object | Torn | Cut | Joined]:
        """The elements of every array at a top-level key (`data/items`: one below it), or of the top-level array."""
        try:
            yield from _documents(self._rewind(), key)
        except Unreadable as why:
            yield Cut(why.reason)

    def array_behind(self, sign: re.Pattern[str]) -> Iterator[object | Torn | Cut]:
        """The elements of the array that stands behind a sign in a text that is no JSON: a web page's script."""
        window = self._rewind()
        try:
            window.passes(sign)
            if window.enters("["):
                yield from elements(window)
        except Unreadable as why:
            yield Cut(why.reason)

    def value_behind(self, sign: re.Pattern[str]) -> object:
        """The value that stands behind such a sign; None if there is none that is whole."""
        window = self._rewind()
        try:
            window.passes(sign)
            return window.value()
        except Unreadable:
            return None

    def lines(self) -> Iterator[object | Torn | Cut]:
        """The value of each line of a JSONL file; blank lines and # comments are passed over."""
        if self._rewind().is_utf8:
            yield from self._lines_in_pieces()
        yield from self._each(iter(lambda: self._stream.readline(LARGEST_RECORD), ""))

    def _lines_in_pieces(self) -> Iterator[object | Torn | Cut]:
        """The lines up to the last line break, hundreds at a time where all is well: half the time of one by one."""
        file, position, rest = self._stream.buffer, 0, bytearray()
        while (piece := file.read(PIECE_BYTES)) and len(rest) < LARGEST_RECORD:
            rest += piece
            if b"\n" not in piece:
                continue
            end = rest.rfind(b"\n") + 1
            whole = bytes(rest[:end])
            yield from decode_lines(whole) or self._each(io.StringIO(whole.decode(), newline=""))
            position += end
            del rest[:end]
        self._stream.seek(position)

    def _each(self, lines: Iterable[str]) -> Iterator[object | Torn | Cut]:
        for line in lines:
            self._window.replacements += line.count("\ufffd")
            text = line.strip(" \t\r\n\ufeff\0")
            if not text or text.startswith("#"):
                continue
            try:
                yield decode_line(text)
            except Unreadable as why:
                is_cut = why.reason is Reason.INCOMPLETE and not line.endswith(("\n", "\r"))
                yield Cut(Reason.INCOMPLETE) if is_cut else Torn(_unescape(text))

    def _rewind(self) -> Window:
        self._stream.seek(0)
        self._window = Window(self._stream, is_utf8=self._is_exact and self.encoding == "utf-8")
        return self._window


def opens_json(head: bytes) -> bool:
    """Whether an object or array comes first."""
    return _START.match(head) is not None


# A MiB takes 0.05 s, and every JSON format asks for the same one; nobody changes what comes back.
@lru_cache(1)
def outline(head: bytes) -> dict[str, object]:
    """What a head shows of the top-level keys; of an array its first element, a top array under "".

    Empty if it is no JSON. Keys may come in any order with megabytes of base64 between them; what the
    head cuts off is shown as far as it was whole.
    """
    found: dict[str, object] = {}
    if not opens_json(head):
        return found
    try:
        text, _ = decode(head)
    except UnicodeDecodeError:
        return found
    window = Window(io.StringIO(text))
    try:
        if window.enters("{"):
            while (key := window.key()) is not None:
                _show(window, key, found)
        else:
            _show(window, "", found)
    except Unreadable:
        return found
    return found


def as_text(value: object) -> str:
    """What a field says: null is empty, and anything that should have been a string is its JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def as_object(value: object) -> dict[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_id(value: object) -> str | None:
    """An id as text, whether the exporter wrote digits or a string."""
    return (value if isinstance(value, str) else as_text(value)).strip() or None


def _documents(window: Window, key: str) -> Iterator[object | Torn | Joined]:
    """The elements of all documents that stand one after the other; a rest that is none comes as text."""
    opening, closing = ("{", "}") if key else ("[", "]")
    while window.enters(opening):
        yield from _arrays(window, key.split("/")) if key else elements(window)
        window.enters(closing)
        if window.peek():
            yield Joined()
    while window.peek():
        yield Torn(_unescape(window.text[window.at :]))
        window.at = len(window.text)


def _arrays(window: Window, way: Sequence[str]) -> Iterator[object | Torn]:
    """The elements of every array that lies that way below the object we are in."""
    while (found := window.key()) is not None:
        if found == way[0] and len(way) == 1 and window.enters("["):
            yield from elements(window)
            window.enters("]")
        elif found == way[0] and len(way) > 1 and window.enters("{"):
            yield from _arrays(window, way[1:])
            window.enters("}")
        else:
            window.skip()


def elements(window: Window) -> Iterator[object | Torn]:
    """What stands before the closing bracket; Unreadable if the file ends or cannot be read further."""
    first_key = ""
    while window.peek() != "]":
        for rows in window.rows():
            first_key = next(iter(rows[0]), "")
            yield from rows
        yield from islice(_one_by_one(window, first_key), _ONE_BY_ONE)


def _one_by_one(window: Window, first_key: str) -> Iterator[object | Torn]:
    while True:
        while window.enters(","):
            pass
        if window.peek() == "]":
            return
        try:
            value = window.value()
        except Unreadable as why:
            if why.reason is not Reason.DAMAGED:
                # In a file that simply ends, nothing behind the cut is a record: it would be a part of one.
                raise
            torn = window.resync(first_key)
            if torn is None:
                rest = window.text[window.at : window.at + _CHUNK]
                end = _LAST_RECORD.search(rest)
                yield Torn(_unescape(rest[: end.end() - 1] if end else rest))
                raise
            yield Torn(_unescape(torn))
            continue
        if not first_key and isinstance(value, dict):
            first_key = next(iter(value), "")
        yield value


def _show(window: Window, key: str, found: dict[str, object]) -> None:
    found[key] = None
    if not window.enters("["):
        found[key] = window.value()
        return
    found[key] = []
    if window.peek() == "{":
        found[key] = [window.value()]
    window.skip(depth=1)


def _unescape(raw: str) -> str:
    """Broken JSON as readable text: 绝密 that was written as \\u7edd\\u5bc6 must be found."""
    letters = {"n": "\n", "t": "\t", "r": "\n", "b": "", "f": ""}
    text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else letters.get(m[2], m[2]), raw)
    # Two halves become one character, and a half alone U+FFFD, which every encoding can write.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()
