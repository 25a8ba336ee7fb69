"""Chats as chatlog answers in plain text (`/api/v1/chatlog` without a format).

Written by: chatlog and its forks, saved from the browser.
Tell-tales: after an empty line `name(wxid_…) time`, `name(我) time` or `name(id) [群名(id@chatroom)] time`; forks
  write the message's number in brackets before the group or alone.
Fields: the time shrinks with the range that was asked for: `HH:MM:SS` for one day (no date), `MM-DD HH:MM:SS`
within one year (no year), else in full; `> name time` and `> text` lines open a quote; `![图片](http://…)`,
`[文件|名单.docx](http://…)` are links to the other computer, `[合并转发|title]` a forward.
Specimen:

    王明远(wxid_a) 05-01 17:00:05
    [文件|名单.docx](http://127.0.0.1:5030/file/ff…)

    李婷(我) 05-01 17:01:00
    收到

Bodies hold empty lines, and lines of a name and a time; a header also needs an id in its brackets or a name
that has spoken before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import pairwise

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Opening,
    Source,
    assemble,
    head_lines,
    is_written,
    mostly,
    open_lines,
    stem,
)
from leakwatch.chats.parts.forwards import nest, split_forward
from leakwatch.chats.parts.kinds import attach, is_recall, kind_of_text
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.tally import Ledger
from leakwatch.chats.wechat.chatlog import LOSSY, split_quote
from leakwatch.model import (
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Skipped,
)

NAME = "chatlog-txt"

_SAMPLE_LINES = 2000
_HEADER = re.compile(
    r"""(?P<name>[^\s>][^\n]{0,120}?)?(?:\((?P<id>我|[A-Za-z][\w-]{2,63}(?:@\w+)?|\d+@\w+)\))?
    [ ](?:\[\d{12,20}\][ ])?(?:\[(?P<room>[^\n]{1,120}?)(?:\((?P<room_id>[\w@.-]+)\))?\][ ])?
    (?P<time>(?:\d{4}-\d\d-\d\d[ ]|\d\d-\d\d[ ])?\d\d:\d\d:\d\d)""",
    re.VERBOSE,
)
_BARE_ID = re.compile(r"(?:wxid|gh)_[\w-]+|\w+@\w+", re.ASCII)
"""What stands for a sender without a name; an id of one's own choosing could be any English word."""
_CHOSEN_ID = re.compile(r"[A-Za-z][\w-]{5,19}", re.ASCII)
_LONGEST = 400
_YEARLESS = re.compile(r"\d\d-\d\d \d\d:\d\d:\d\d")
_SELF, _SYSTEM = "我", "系统消息"


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """A header with an id first, and WeChat's ids in at least half of the lines that lie and look like headers."""
    sample = head_lines(head)[:_SAMPLE_LINES]
    first = next((line.strip() for line in sample if is_written(line)), "").lstrip("\ufeff")
    if _header(first, set()) is None:
        return False
    headers = [
        found
        for before, line in pairwise(["\n", *sample])
        if not is_written(before) and (found := _HEADER.fullmatch(line.strip().lstrip("\ufeff"))) is not None
    ]
    return mostly([_is_wechats(found) or found["name"] == _SYSTEM for found in headers])


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """All messages of the file, then the chats they belong to."""
    with open_lines(file.path) as (lines, encoding):
        chat = Chat(name=stem(file.name), platform="wechat")
        source = Source(format=NAME, chat=chat, encoding=encoding, lossy=LOSSY)
        ledger, replaced = Ledger(file, chat), 0
        for item in assemble(_events(lines, chat), source):
            if isinstance(item, Message):
                yield ledger.count(replace(_taken_apart(item), number=ledger.messages + 1))
            else:
                replaced += item.coverage.decode_replacements
        pattern = Conversation(
            chat=ledger.chat,
            format=NAME,
            encoding=encoding.name,
            coverage=Coverage(decode_replacements=replaced),
            lossy=LOSSY,
        )
        yield from ledger.conversations(pattern)


def _events(lines: Lines, chat: Chat) -> Iterator[Event]:
    names: set[str] = set()
    for line in lines:
        found = None if is_written(lines.previous) else _header(line.strip().lstrip("\ufeff"), names)
        if found is None:
            yield line
            continue
        room = _room(found)
        if room is not None and room != chat:
            chat = room
            yield Opening(chat)
        sender_id = None if found["id"] == _SELF else found["id"]
        name = found["name"] or sender_id or ""
        names.add(name)
        is_system = name == _SYSTEM
        kind = MessageKind.SYSTEM if is_system else None
        yield Header("" if is_system else name, _moment(found["time"]), sender_id, kind)


def _header(text: str, names: Set[str]) -> re.Match[str] | None:
    """The parts of a line that has the shape of a header, and an id or a name that has one."""
    found = _HEADER.fullmatch(text) if text[-1:].isdigit() and len(text) < _LONGEST else None
    if found is None:
        return None
    name = found["name"] or ""
    is_known = name in names or name in (_SELF, _SYSTEM) or _BARE_ID.fullmatch(name) is not None
    return found if found["id"] or is_known else None


def _is_wechats(found: re.Match[str]) -> bool:
    """Whether the header carries an id as WeChat has them."""
    sender_id = found["id"] or ""
    if _CHOSEN_ID.fullmatch(sender_id):
        return True
    return sender_id == _SELF or _BARE_ID.fullmatch(sender_id or found["name"] or "") is not None


def _room(found: re.Match[str]) -> Chat | None:
    if not found["room"]:
        return None
    return Chat(name=found["room"], platform="wechat", id=found["room_id"] or found["room"], is_group=True)


def _moment(text: str) -> Moment:
    """Without a year or a date nothing is made up: the time stays as it was written."""
    if _YEARLESS.fullmatch(text):
        return Moment(precision=Precision.TIME_ONLY, clock=text)
    return parse_moment(text)


def _taken_apart(message: Message) -> Message:
    """The message with its body taken apart into quote, forward, file and text."""
    if message.kind in (MessageKind.SYSTEM, MessageKind.RECALL):
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
        return replace(message, kind=kind, recalled=is_recalled, attachments=())
    head, inner = split_forward(message.text)
    if inner or message.text.startswith("[合并转发"):
        message = replace(message, kind=MessageKind.FORWARD, text=head, attachments=())
        is_digest = not inner and "\n" not in head
        return replace(message, forwarded=nest(inner, message), summary_only=is_digest)
    quoted, reply = split_quote(message.text)
    if quoted is not None:
        return replace(message, kind=MessageKind.QUOTE, text=reply, quoted=quoted)
    kind = kind_of_text(message.text)
    text, attachments = attach(kind, message.text)
    return replace(message, kind=kind, text=text, attachments=attachments) if attachments else message
