"""Chats of Feishu's open platform (im/v1/messages), as JSON.

Written by: programs that save what the API answers: one page, an array of messages, or a page or message a line.
Tell-tales: rows with `message_id` om_… and `body`, bare, or under `items` or `messages`, there or below `data`.
Field map: chat_id → chat; create_time (ms, a string) → sent_at; sender.id → sender (the API has no names);
  msg_type and body.content, JSON in a string → kind, text, attachments (feishu_content.py); mentions[] → the
  names behind @_user_1; upper_message_id → forwarded, of the merge_forward that has that id, wherever in the
  file it stands; deleted → recalled.
Specimen:
  {"code":0,"data":{"items":[{"message_id":"om_1","msg_type":"text","create_time":"1714554005000",
  "chat_id":"oc_1","sender":{"id":"ou_a","sender_type":"user"},"body":{"content":"{\\"text\\":\\"收到\\"}"}}]}}
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.office.feishu_content import kind_of_type, with_content
from leakwatch.chats.parts.json_stream import (
    Cut,
    Joined,
    JsonFile,
    Torn,
    as_id,
    as_object,
    as_text,
    opens_json,
    outline,
)
from leakwatch.chats.parts.moments import Moment, from_epoch
from leakwatch.chats.parts.tally import Ledger, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.model import Chat, Conversation, Coverage, Evidence, Message, MessageKind, Reason, Skipped

NAME = "feishu-api"

_DEEPEST = 8
_SIGNS = (
    re.compile(rb'"message_id"\s*:\s*"om_'),
    re.compile(rb'"body"\s*:\s*\{\s*"content"\s*:'),
    re.compile(rb'"msg_type"\s*:\s*"'),
)
_ARRAY = re.compile(rb'"(items|messages)"\s*:\s*\[')
_KNOWN = frozenset(
    "message_id root_id parent_id thread_id upper_message_id msg_type create_time update_time deleted updated "
    "chat_id chat_name sender body mentions".split()
)
_LARGEST_PAGE = 50
_LOSSY = ("飞书接口导出的消息只有账号，没有姓名；图片和文件只有编号，请另行下载后一并提交",)

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the JSON bears the three keys of the API's messages."""
    return opens_json(head) and all(sign.search(head) for sign in _SIGNS)


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of all chats in the order of the file, forwarded ones inside their own, then the chats."""
    with JsonFile(file.path) as source:
        start = source.condensed_head()
        head, key = outline(start), _key(start)
        inner, parents = _forwarded(_rows(source, key))
        outer = (row for row in _rows(source, key) if _upper(row) not in parents)
        ledger = Ledger(file, Chat(name=PurePath(file.name).stem, platform="feishu"))
        yield from messages_of(outer, ledger, lambda row, number: _whole_message(row, number, inner))
        has_more = as_object(head.get("data")).get("has_more") is True or head.get("has_more") is True
        if has_more and ledger.messages <= _LARGEST_PAGE:
            detail = "这只是飞书接口返回的其中一页（has_more），后面还有消息没有导出；请导出全部页后再检查"
            yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)
        pattern = Conversation(
            chat=ledger.chat,
            format=NAME,
            encoding=source.encoding,
            coverage=Coverage(decode_replacements=source.replacements),
            lossy=_LOSSY,
        )
        yield from ledger.conversations(pattern)


def _key(start: bytes) -> str | None:
    """Where in the file the messages are; None for one a line."""
    head = outline(start)
    if "message_id" in head:
        return None
    if "" in head:
        return ""
    found = _ARRAY.search(start)
    name = found[1].decode() if found else "items"
    return name if name in head else f"data/{name}"


def _rows(source: JsonFile, key: str | None) -> Iterator[object | Torn | Cut]:
    """The messages; one page may follow the other."""
    if key is None:
        return source.lines()
    return (row for row in source.records(key) if not isinstance(row, Joined))


def _forwarded(rows: Iterable[object]) -> tuple[Rows, frozenset[str]]:
    """The forwarded rows by the id of their forward, and which of those forwards are in the file."""
    found: dict[str, list[Mapping[str, object]]] = defaultdict(list)
    ids: set[str] = set()
    for row in map(as_object, rows):
        if upper := _upper(row):
            found[upper].append(row)
        if row.get("msg_type") == "merge_forward":
            ids.add(as_text(row.get("message_id")))
    return found, frozenset(ids & found.keys())


def _upper(row: object) -> str:
    return as_text(as_object(row).get("upper_message_id"))


def _whole_message(record: Mapping[str, object], number: int, inner: Rows, depth: int = 0) -> Message:
    message = _message(record, number)
    if message.kind is MessageKind.FORWARD:
        rows = inner.get(message.id or "", ()) if depth < _DEEPEST else ()
        forwarded = tuple(_whole_message(row, number, inner, depth + 1) for row in rows)
        message = replace(message, forwarded=forwarded, summary_only=not forwarded)
    return with_unknown_fields(message, record, _KNOWN, message.text)


def _message(record: Mapping[str, object], number: int) -> Message:
    sender = as_object(record.get("sender"))
    moment = _moment(record.get("create_time"))
    sender_id = as_id(sender.get("id"))
    chat_id = as_text(record.get("chat_id"))
    is_recalled = record.get("deleted") is True
    message = Message(
        chat=Chat(
            name=as_text(record.get("chat_name")) or chat_id or "未知会话", platform="feishu", id=chat_id
        ),
        number=number,
        sender=as_text(sender.get("name") or sender.get("sender_name")) or sender_id or "",
        text="",
        kind=kind_of_type(as_text(record.get("msg_type"))),
        id=as_id(record.get("message_id")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        recalled=is_recalled,
    )
    content = as_object(record.get("body")).get("content")
    message = with_content(message, content, _mentioned(record.get("mentions")))
    if is_recalled and not message.attachments:
        return replace(message, kind=MessageKind.RECALL)
    return message


def _mentioned(mentions: object) -> dict[str, str]:
    """The names by the words that stand for them in the text."""
    rows = map(as_object, mentions if isinstance(mentions, list) else ())
    return {as_text(row.get("key")): as_text(row.get("name")) for row in rows if row.get("key")}


def _moment(stamp: object) -> Moment:
    return from_epoch(stamp) if isinstance(stamp, int | float | str) else Moment()
