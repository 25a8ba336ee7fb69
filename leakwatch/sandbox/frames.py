"""What the two sides of a pipe say to each other: pickled values, each behind its length; messages as JSON.

The child runs under the same user and reads the same files as its parent: it is there so that a bad file
costs one row, not to keep hostile code in; pickles therefore open no door that was closed.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import IO

import msgspec
from msgspec.structs import force_setattr

from leakwatch.model import Chat, Message, Reason

_LENGTH = struct.Struct("<I")
_ENCODER = msgspec.json.Encoder()
_MESSAGES = msgspec.json.Decoder(list[Message])


@dataclass(frozen=True, slots=True)
class Task:
    """What the child is to do: call `work` and hand over whatever it yields."""

    work: object
    arguments: tuple[object, ...]
    has_desk: bool
    """Whether the work asks its parent things; a `Desk` is then its last argument."""


@dataclass(frozen=True, slots=True)
class Items:
    """Some of what the work yields."""

    items: list[object]


@dataclass(frozen=True, slots=True)
class Messages:
    """The same where all are messages: 1.6 µs for each on both sides, pickled 3.8."""

    json: bytes

    @property
    def items(self) -> list[Message]:
        """What was packed; messages share their chat and the names of their senders, as thousands may be kept."""
        chats: dict[Chat, Chat] = {}
        names: dict[str | None, str | None] = {}
        messages = _MESSAGES.decode(self.json)
        for message in messages:
            force_setattr(message, "chat", chats.setdefault(message.chat, message.chat))
            force_setattr(message, "sender", names.setdefault(message.sender, message.sender))
            force_setattr(message, "sender_id", names.setdefault(message.sender_id, message.sender_id))
        return messages


@dataclass(frozen=True, slots=True)
class Question:
    """A call that the parent is to make on its desk; its answer is sent back."""

    name: str
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class End:
    """The work is done, or why not."""

    reason: Reason | None = None
    detail: str = ""
    fault: str = ""
    """Where the reader broke: exception, files and lines, never its words, which may quote a message."""


def packed(items: list[object]) -> Items | Messages:
    """The frame for what the work has yielded; halves of surrogate pairs are no JSON."""
    if all(type(item) is Message for item in items):
        try:
            return Messages(_ENCODER.encode(items))
        except UnicodeEncodeError:
            pass
    return Items(items)


def send(stream: IO[bytes], value: object) -> None:
    """Writes one frame."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> object:
    """The next frame; EOFError if the other side has ended, also in the middle of one."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(length)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - see above
