"""JSON, JSONL and scripts that hold data: the text behind the escapes, for chats and settings nobody knows.

Written by: exporters without a reader of their own, programs, web pages (`var messages = […]`, JSONP).
Tell-tales: the first bracket and what follows it. Fields: everything stays in its order, keys and numbers
too; a record is a line, and lines are joined to pieces. Nothing is parsed, so broken and cut files are read
to their end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.documents.ooxml.package import grouped
from leakwatch.documents.source import InlineFiles, Source, said, windows
from leakwatch.documents.speakers import ADVICE
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.text import decode, looks_like_text
from leakwatch.vault import Vault

NAME = "json"

_HEAD_BYTES = 1 << 12
_DEEPEST_LIST = 2
_LONGEST_STRING = 1 << 24
_LIKE_JSON = re.compile(r'[\ufeff\s\0]*(?:\{\s*["}]|\[\s*["{\[])')
_LIKE_SCRIPT = re.compile(
    r"[\ufeff\s]*(?:(?:var|let|const|export\s+default)\s+)?[A-Za-z_$][\w$.]*(?:\[[^\]\n]{1,80}\])?\s*[=(]\s*"
    r"(?:\{\s*(?:[\"'}]|[\w$]+\s*:)|\[\s*[\"'{\[])"
)
# No possessive quantifiers: Python up to 3.11.4 matches them wrongly (Debian 12 has 3.11.2).
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]"]', re.DOTALL)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Text that opens with a bracket and what JSON has behind it; `[2031-05-06] 王明远` is a log."""
    start, _ = decode(head[:_HEAD_BYTES])
    return bool(_LIKE_JSON.match(start) or _LIKE_SCRIPT.match(start)) and looks_like_text(head)


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """All strings in their order, the pictures inside them, and a row if it may be a chat."""
    source, records, files = Source(file), _Records(), InlineFiles(file, vault)
    for first, last, text in grouped(_lines(source, records, files)):
        spot = f"第{first}段" if first == last else f"第{first}-{last}段"
        yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)
        yield from files.waiting()
    yield from files.rest()
    yield from source.damage()
    if records.are_many:
        yield Skipped(evidence=file, name=file.name, reason=Reason.UNKNOWN_FORMAT, detail=ADVICE)


def _lines(source: Source, records: _Records, files: InlineFiles) -> Iterator[str]:
    for window in windows(source.chunks()):
        records.watch(window)
        yield from said(window, files)


class _Records:
    """Whether a stream of JSON holds a list of objects: in an array near the top, or one after the other."""

    def __init__(self) -> None:
        self.are_many = False
        self._open: list[tuple[str, int]] = [("[", 0)]
        """(bracket, objects seen in it) of each bracket we are in; the file itself counts as a list."""
        self._rest = ""

    def watch(self, text: str) -> None:
        """The next part of the file; one that ends inside a string is completed by the next."""
        if self.are_many or len(self._rest) > _LONGEST_STRING:
            return
        text, self._rest = self._rest + text, ""
        for found in _TOKEN.finditer(text):
            mark = found[0]
            if mark == '"':
                self._rest = text[found.start() :]
                return
            if mark in ("{", "["):
                self._enter(mark)
            elif mark in ("}", "]") and len(self._open) > 1:
                self._open.pop()

    def _enter(self, bracket: str) -> None:
        around, count = self._open[-1]
        is_record = bracket == "{" and around == "["
        self._open[-1] = around, count + is_record
        # The file, and at most two brackets, around the list.
        self.are_many = self.are_many or (is_record and count == 1 and len(self._open) <= _DEEPEST_LIST + 2)
        self._open.append((bracket, 0))
