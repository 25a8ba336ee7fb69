"""Chats in ChatLab's exchange format, one JSON object a line.

Written by: ChatLab, WeFlow (`chatlab-jsonl`) and others, for chats too big for one JSON document.
Tell-tales: the first line that is neither blank nor a # comment is an object whose `_type` is header
  (with `chatlab` or `meta`), member (with `platformId`), message (with `sender` or `timestamp`) or, from
  WeFlow's streaming export, chatlab (with `generator`).
Field map: as in chatlab.py; `_type` header holds chatlab and meta, the members come before the messages; the
  streaming export has a line `_type` meta in place of the header's meta, and no members.
Specimen:
  {"_type":"header","chatlab":{"version":"0.0.2"},"meta":{"name":"云岭区值班群","platform":"wechat"}}
  {"_type":"member","platformId":"wxid_a","accountName":"王明远"}
  {"_type":"message","sender":"wxid_a","timestamp":1714554005,"type":0,"content":"收到"}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leakwatch.chats.beside import Beside
from leakwatch.chats.others.chatlab import Room, chat_of, member_of, message_of
from leakwatch.chats.parts.json_stream import Cut, JsonFile, Torn, as_object, as_text, outline
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.model import Conversation, Evidence, Message, Skipped

NAME = "chatlab-jsonl"

_SIGNS = {
    "header": {"chatlab", "meta"},
    "member": {"platformId"},
    "message": {"sender", "timestamp"},
    "chatlab": {"generator"},
}
_HEADERS = frozenset({"header", "chatlab", "meta"})


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the first object of the head is one of ChatLab's line types."""
    first = outline(_without_comments(head))
    kind = first.get("_type")
    return isinstance(kind, str) and bool(_SIGNS.get(kind, set()) & first.keys())


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the file, then the chat."""
    with JsonFile(file.path) as source:
        names: dict[str, str] = {}
        lines = source.lines()
        first, rest = _preamble(lines, names)
        room = Room(chat=chat_of(first, file.name), members=names)
        tally = Tally(file, room.chat)
        records = _messages(rest, names)
        yield from messages_of(records, tally, lambda row, number: message_of(row, room, number))
        yield Conversation(
            chat=room.chat,
            format=NAME,
            encoding=source.encoding,
            coverage=tally.coverage(source.replacements),
        )


def _preamble(
    lines: Iterator[object | Torn | Cut], names: dict[str, str]
) -> tuple[dict[str, object], Iterator[object | Torn | Cut]]:
    """What is said of the chat (empty if nothing) and the lines behind it; members met before it are noted."""
    for line in lines:
        fields = as_object(line)
        kind = fields.get("_type")
        if kind in ("header", "meta"):
            return as_object(fields.get("meta", fields)), lines
        if kind == "member":
            names.update([member_of(fields)])
        elif kind != "chatlab":
            return {}, _chain(line, lines)
    return {}, lines


def _chain(first: object, rest: Iterable[object]) -> Iterator[object]:
    yield first
    yield from rest


def _messages(lines: Iterable[object | Torn | Cut], names: dict[str, str]) -> Iterator[object | Torn | Cut]:
    """The lines that are messages; members go into the names, a line of no known type stays as text."""
    for line in lines:
        fields = as_object(line)
        kind = fields.get("_type")
        if kind == "member":
            names.update([member_of(fields)])
        elif kind in _HEADERS:
            continue
        elif fields and kind != "message" and not {"sender", "timestamp"} & fields.keys():
            yield Torn(as_text(fields))
        else:
            yield line


def _without_comments(head: bytes) -> bytes:
    """The head from its first object on; comments and blank lines may stand before it."""
    while head[:1] in (b"#", b"\r", b"\n", b" ", b"\t", b"\xef"):
        head = head[3:] if head.startswith(b"\xef\xbb\xbf") else head
        if head[:1] not in (b"#", b"\r", b"\n", b" ", b"\t"):
            break
        _, _, head = head.partition(b"\n") if head[:1] == b"#" else (b"", b"", head[1:])
    return head
