"""Chats as WeFlow writes them for a database.

Written by: WeFlow (2026), `.sql`.
Tell-tales: `CREATE TABLE … weflow_messages` or `INSERT INTO weflow_messages (`.
Field map: the columns as each INSERT names them; session_id → chat.id (a name is nowhere: the file's),
  create_time (s) → sent_at, sender → sender_id and sender, message_id → id, local_type and media_type → kind,
  content as in weflow_text.py, media_path → the attachment.
Specimen:
  INSERT INTO weflow_messages (session_id, local_id, message_id, create_time, sender, is_send, local_type,
  media_type, content, media_path) VALUES ('1@chatroom', '12', '70', 1714554005, 'wxid_a', FALSE, 1, NULL, '收到', NULL);
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import open_lines
from leakwatch.chats.parts.json_stream import Cut, Torn, as_id, as_text
from leakwatch.chats.parts.kinds import is_recall, kind_of_code, kind_of_name
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.parts.tally import Ledger, messages_of
from leakwatch.chats.tables.table_names import name_of
from leakwatch.chats.wechat.weflow import with_content
from leakwatch.chats.wechat.weflow_text import taken_apart
from leakwatch.model import Chat, Conversation, Coverage, Evidence, Message, MessageKind, Reason, Skipped
from leakwatch.text import decode

NAME = "weflow-sql"

_SAMPLE_BYTES = 1 << 14
_LONGEST_ROW = 1 << 24
"""Characters; a quote that is still open then was never closed."""
_SIGN = re.compile(r"(?:CREATE TABLE (?:IF NOT EXISTS )?|INSERT INTO )[`\"]?weflow_messages[`\"]? ?\(")
_ROW = re.compile(r"INSERT INTO [`\"]?weflow_messages[`\"]? ?\((?P<names>[^()]*)\) VALUES ?\(")
_VALUE = re.compile(r"\s*(?:'(?P<text>(?:[^']|'')*)'|(?P<word>[^\s,()']+))\s*(?P<end>[,)])")
_LOSSY = (
    "WeFlow 的 SQL 导出没有群名和昵称，只有账号",
    "WeFlow 导出不含被撤回消息的原文",
)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head makes or fills WeFlow's table."""
    text, _ = decode(head[:_SAMPLE_BYTES])
    return _SIGN.search(text) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of all chats in the file, then the chats."""
    name = name_of(file)
    with open_lines(file.path) as (lines, encoding):
        ledger = Ledger(file, Chat(name=name, platform="wechat"))
        records = _Rows(lines)
        yield from messages_of(iter(records), ledger, lambda row, number: _message(row, number, name))
        replaced = 0 if encoding.is_exact else records.replacements
        pattern = Conversation(
            chat=ledger.chat,
            format=NAME,
            encoding=encoding.name,
            coverage=Coverage(decode_replacements=replaced),
            lossy=_LOSSY,
        )
        yield from ledger.conversations(pattern)


class _Rows:
    """One dict a row; text may hold line ends, so a row goes on until its quotes are even."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.replacements = 0

    def __iter__(self) -> Iterator[object | Torn | Cut]:
        waiting: list[str] = []
        quotes = size = 0
        for line in self._lines:
            if not waiting and not line.startswith("INSERT INTO"):
                continue
            waiting.append(line)
            self.replacements += line.count("\ufffd")
            quotes += line.count("'")
            size += len(line)
            is_whole = quotes % 2 == 0 and line.rstrip().endswith(";")
            if is_whole or size > _LONGEST_ROW:
                yield _row("".join(waiting)) if is_whole else Torn("".join(waiting))
                waiting, quotes, size = [], 0, 0
        if waiting:
            yield Torn("".join(waiting))
            yield Cut(Reason.INCOMPLETE)


def _row(statement: str) -> dict[str, object] | Torn:
    """Column → value of one INSERT; every value as text, NULL left out."""
    found = _ROW.match(statement)
    if found is None:
        return Torn(statement)
    names = [name.strip(' `"\n') for name in found["names"].split(",")]
    values: list[str | None] = []
    at = found.end()
    while (value := _VALUE.match(statement, at)) is not None:
        text, word = value["text"], value["word"]
        values.append(text.replace("''", "'") if text is not None else None if word == "NULL" else word)
        at = value.end()
        if value["end"] == ")":
            break
    if len(values) != len(names):
        return Torn(statement)
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _message(row: Mapping[str, object], number: int, name: str) -> Message:
    room, sender = as_text(row.get("session_id")), as_id(row.get("sender"))
    moment = parse_moment(as_text(row.get("create_time")))
    message = Message(
        chat=Chat(name=name, platform="wechat", id=room, is_group=room.endswith("@chatroom") or None),
        number=number,
        sender=sender or "",
        text=as_text(row.get("content")),
        id=as_id(row.get("message_id")),
        sender_id=sender,
        sent_at=moment.at,
        precision=moment.precision,
    )
    return _said(message, row)


def _said(message: Message, row: Mapping[str, object]) -> Message:
    code = as_text(row.get("local_type"))
    kind = kind_of_name(as_text(row.get("media_type")))
    if kind is MessageKind.OTHER and code.isascii() and code.isdigit():
        kind = kind_of_code(int(code))
    if kind is MessageKind.SYSTEM:
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else kind
        return replace(message, sender="", sender_id=None, kind=kind, recalled=is_recalled)
    record = {"mediaPath": row.get("media_path")}
    if kind in (MessageKind.TEXT, MessageKind.OTHER, MessageKind.QUOTE):
        return taken_apart(message, record)
    return with_content(replace(message, kind=kind), record)
