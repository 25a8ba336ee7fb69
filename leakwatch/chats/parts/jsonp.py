"""Values that stand in scripts as the argument of a call, `callback({…, messages: […]})`, of any size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from leakwatch.chats.parts.json_stream import Cut, Torn, elements
from leakwatch.chats.parts.json_window import Window
from leakwatch.errors import Unreadable
from leakwatch.text import Encoding, open_text

_OVERLAP = 512
"""Characters: more than any marker is long."""


class ScriptFile:
    """A script, or a page with scripts, whose text is gone through once for each question."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.encoding = Encoding(name="utf-8")
        self.replacements = 0

    def argument(self, marker: re.Pattern[str]) -> object:
        """The JSON value behind the first marker; None if there is none or it is broken."""
        stream, _ = open_text(self._path)
        with stream:
            window = Window(stream)
            try:
                return window.value() if _seek(window, marker) else None
            except Unreadable:
                return None

    def records(self, marker: re.Pattern[str]) -> Iterator[object | Torn | Cut]:
        """The elements of every array that a marker opens."""
        stream, self.encoding = open_text(self._path)
        with stream:
            window = Window(stream)
            try:
                while _seek(window, marker):
                    yield from elements(window)
            except Unreadable as why:
                yield Cut(why.reason)
            self.replacements = 0 if self.encoding.is_exact else window.replacements


def _seek(window: Window, marker: re.Pattern[str]) -> bool:
    """Whether a marker lies ahead; the window then stands behind it."""
    while True:
        found = marker.search(window.text, window.at)
        if found is not None:
            window.at = found.end()
            return True
        window.at = max(window.at, len(window.text) - _OVERLAP)
        try:
            window.refill()
        except Unreadable:
            return False
