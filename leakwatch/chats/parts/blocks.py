"""Text exports made of header lines and body lines: lines in, messages and conversations out.

A format module turns its lines into `Opening` (a new chat), `Header` (a new message) and plain strings
(a line of the body, with its line end); everything that is neither is body, so that no text is lost.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.placeholders import attachments_of, kind_of, notice_kind
from leakwatch.model import Chat, Conversation, Coverage, Message, MessageKind
from leakwatch.text import Encoding, decode, looks_like_text, open_text

# Roaming messages arrive a little out of order.
_SLACK = timedelta(minutes=10)
_AHEAD_LINES = 400
_LINE_CHARACTERS = 1 << 20
_CHUNK_CHARACTERS = 1 << 16
_PEEKED_BYTES = 1 << 12
# A body that never ends (a book pasted under one header) goes on as a further message of the same sender.
_BODY_CHARACTERS = 1 << 22
_DASHES = r"[\s—–―─━‐‑‒－ー=_~～*-]{2,}"
_DAY_RULE = re.compile(
    rf"{_DASHES}(?P<day>\d{{4}}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}(?:\s?日)?)(?:\s*(?:星期|周).)?{_DASHES}"
)


class Lines:
    """The lines of a text, which can be looked at ahead of reading them; "" is the end."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self._ahead: deque[str] = deque()
        self.previous = ""
        """The line before the current one; "" at the start."""
        self._current = ""

    def __iter__(self) -> Iterator[str]:
        while line := self._ahead.popleft() if self._ahead else next(self._source, ""):
            self.previous, self._current = self._current, line
            yield line

    def peek(self, distance: int) -> str:
        """The line that comes after `distance` others."""
        while len(self._ahead) <= distance:
            line = next(self._source, "")
            if not line:
                return ""
            self._ahead.append(line)
        return self._ahead[distance]

    def written_ahead(self) -> Iterator[str]:
        """The lines to come that are not blank, a few hundred lines far."""
        for distance in range(_AHEAD_LINES):
            line = self.peek(distance)
            if not line:
                return
            if not line.isspace():
                yield line

    def next_written(self) -> str:
        """The next line that is not blank."""
        return next(self.written_ahead(), "")


# One or two of these a message: as structs they cost a fifth of what frozen dataclasses cost.
class Opening(Struct, frozen=True, gc=False):
    """A further chat of the file begins."""

    chat: Chat


class Header(Struct, frozen=True, gc=False):
    """A new message begins; `kind` is given where the header itself tells it."""

    sender: str
    moment: Moment = Moment()
    sender_id: str | None = None
    kind: MessageKind | None = None


Event = Opening | Header | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What all chats of one file have in common."""

    format: str
    chat: Chat
    """The first chat of the file, and the stand-in for one that has no name."""
    encoding: Encoding
    lossy: tuple[str, ...]
    declared: int | None = None
    """How many messages the file itself says it holds."""
    finish: Callable[[Message], Message] | None = None
    """Takes a message apart further: its body may hold a quote, a forward, a path."""


def is_written(line: str) -> bool:
    """Whether there is anything but blanks in the line."""
    return bool(line) and not line.isspace()


def mostly(votes: Sequence[bool]) -> bool:
    """At least half of the votes, if there are any."""
    return bool(votes) and sum(votes) * 2 >= len(votes)


def lies_between(before: datetime | None, at: datetime, after: datetime | None) -> bool:
    """Whether a time fits between its neighbours; a tie-breaker for lines that may be body."""
    return (before is None or before - _SLACK <= at) and (after is None or at <= after + _SLACK)


def day_rule(text: str) -> str:
    """The day in a stripped rule like `—————  2026-04-06  —————`, "" if it is none."""
    if len(text) > 120 or text[:1].isalnum() or text[-1:].isalnum():
        return ""
    found = _DAY_RULE.fullmatch(text)
    return found["day"] if found and parse_moment(found["day"]).at is not None else ""


@contextmanager
def open_lines(path: Path) -> Iterator[tuple[Lines, Encoding]]:
    """The lines of a file in whatever encoding; nothing in it can make the decoder fail."""
    stream, encoding = open_text(path)
    with stream:
        yield Lines(_lines(stream)), encoding


def _lines(stream: TextIO) -> Iterator[str]:
    """The lines with their ends, an endless one in parts; a third of the time that `readline` takes."""
    rest = ""
    while chunk := stream.read(_CHUNK_CHARACTERS):
        chunk = rest + chunk
        end = chunk.rfind("\n") + 1 or (len(chunk) if len(chunk) >= _LINE_CHARACTERS else 0)
        yield from io.StringIO(chunk[:end], newline="\n")
        rest = chunk[end:]
    if rest:
        yield rest


# Every text format asks for the same head or its beginning, which takes the decoder 0.03 s a mebibyte.
@lru_cache(4)
def head_lines(head: bytes) -> tuple[str, ...]:
    """The lines of the first bytes of a file, the last one possibly cut; none if they are no text."""
    if not looks_like_text(head[:_PEEKED_BYTES]):
        return ()
    try:
        text, _ = decode(head)
    except UnicodeDecodeError:  # UTF-16 cut inside a surrogate pair; an odd length makes it lenient
        text, _ = decode(head + b"\0")
    return tuple(io.StringIO(text, newline=None))


def stem(name: str) -> str:
    """A file's name without its extension."""
    return name.rpartition(".")[0] or name


def assemble(events: Iterable[Event], source: Source) -> Iterator[Message | Conversation]:
    """The messages of each chat in order, each chat closed by its conversation.

    A section without a message gives no conversation, unless the whole file holds none: an export of
    all contacts has many who never wrote.
    """
    page = _Page(source, source.chat)
    anything = False
    for event in events:
        if isinstance(event, Opening):
            yield from page.flush()
            if page.number:
                anything = True
                yield page.conversation()
            page = _Page(source, event.chat)
        elif isinstance(event, Header):
            yield from page.flush()
            page.header = event
        else:
            yield from page.add(event)
    yield from page.flush()
    if page.number or not anything:
        yield page.conversation()


class _Page:
    """One chat while it is being read."""

    def __init__(self, source: Source, chat: Chat) -> None:
        self.number = 0
        self.header: Header | None = None
        self._source = source
        self._chat = chat
        self._body: list[str] = []
        self._size = 0
        self._recalled = self._forwards = self._summaries = self._replaced = 0
        # Sound UTF-16 too holds halves of pairs, which the decoder replaces.
        self._may_replace = not source.encoding.is_exact or source.encoding.name.startswith("utf-16")

    def add(self, line: str) -> Sequence[Message]:
        self._body.append(line)
        self._size += len(line)
        if self._size <= _BODY_CHARACTERS:
            return ()
        header = self.header
        messages = self.flush()
        self.header = header
        return messages

    def flush(self) -> Sequence[Message]:
        """The message that is complete now, if there is one."""
        text = "".join(self._body).strip()
        header = self.header
        self.header, self._body, self._size = None, [], 0
        if header is None and not text:
            return ()
        self.number += 1
        message = self._message(header or Header("", kind=MessageKind.OTHER), text)
        if self._source.finish is not None:
            message = self._source.finish(message)
        self._recalled += message.recalled
        self._forwards += bool(message.forwarded)
        self._summaries += message.summary_only
        if self._may_replace:
            self._replaced += text.count("\ufffd") + message.sender.count("\ufffd")
        return (message,)

    def conversation(self) -> Conversation:
        return Conversation(
            chat=self._chat,
            format=self._source.format,
            encoding=self._source.encoding.name,
            declared=self._source.declared,
            coverage=Coverage(
                recalled=self._recalled,
                forwards_full=self._forwards,
                forwards_summary=self._summaries,
                decode_replacements=self._replaced,
            ),
            lossy=self._source.lossy,
        )

    def _message(self, header: Header, text: str) -> Message:
        attachments = attachments_of(text)
        kind = header.kind or kind_of(text, attachments)
        if kind in (MessageKind.SYSTEM, MessageKind.TEXT) and notice_kind(text) is MessageKind.RECALL:
            kind = MessageKind.RECALL
        return Message(
            chat=self._chat,
            number=self.number,
            sender=header.sender,
            sender_id=header.sender_id,
            text=text,
            kind=kind,
            sent_at=header.moment.at,
            precision=header.moment.precision,
            zone_assumed=header.moment.zone_assumed,
            clock=header.moment.clock,
            summary_only=kind is MessageKind.FORWARD,
            attachments=attachments,
            recalled=kind is MessageKind.RECALL,
        )
