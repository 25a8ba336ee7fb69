"""Chats of WeCom's message archive (会话内容存档), decrypted: JSON or one object a line.

Written by: the archive's SDK and the programs of bureaus around it (developer.work.weixin.qq.com doc 91774).
Tell-tales: rows with `msgid` and `action` send, recall or switch, or `msgtype` beside `tolist`, also inside
  another object or its JSON string (`{"seq":1,"message":{…}}`); still encrypted: `encrypt_chat_msg`.
Field map: roomid → chat (else everybody in from and tolist); msgtime (ms) → sent_at; from → sender, by name
  where a contacts CSV (userid,name) lies beside; msgtype → kind and where its object is (wecom_content.py);
  action recall with revoke.pre_msgid → `recalled` on the message that was taken back, wherever it stands;
  action switch has `time` and `user` and belongs to no chat. Media lie beside, named by msgid or md5sum.
Specimen:
  {"msgid":"CAQQ1_external","action":"send","from":"wangmingyuan","tolist":["liting"],"roomid":"wr1",
  "msgtime":1714554005000,"msgtype":"text","text":{"content":"收到"}}
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.office.wecom_content import KNOWN_BODIES, with_body
from leakwatch.chats.parts.json_stream import Cut, Joined, JsonFile, Torn, as_id, as_object, as_text, outline
from leakwatch.chats.parts.moments import Moment, from_epoch
from leakwatch.chats.parts.tally import Ledger, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.errors import Unreadable
from leakwatch.model import (
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Reason,
    Skipped,
)
from leakwatch.text import open_text

NAME = "wecom-archive"

_ACTIONS = ("send", "recall", "switch")
_KNOWN = (
    frozenset("msgid action from tolist roomid msgtime msgtype time user seq revoke".split()) | KNOWN_BODIES
)
_MOST_CONTACTS = 1_000_000
_LONGEST_LINE = 1 << 16
_ENCRYPTED = (
    "这是企业微信会话存档的密文（encrypt_chat_msg），内容没有解密，无法检查；"
    "请管理员用会话存档的私钥解密后，把解密出的 JSON 或 JSONL 放入"
)
_LOSSY = ("企业微信会话存档只有账号，没有姓名和群名；可把含 userid、name 两列的通讯录 CSV 放在旁边",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """What has to be known of the whole file before its first message."""

    chat: Chat
    """Of the first message: where rows belong that name no chat."""
    recalled: frozenset[str]
    names: Mapping[str, str]


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the first row is an archived message, decrypted or not."""
    first = _first(outline(head))
    return _is_row(first) or "encrypt_chat_msg" in first


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of all chats in the order of the file, then the chats; Unreadable if still encrypted."""
    with JsonFile(file.path) as source:
        head = outline(source.condensed_head())
        if "encrypt_chat_msg" in _first(head):
            raise Unreadable(Reason.PASSWORD, _ENCRYPTED)
        names = _contacts(beside.within(""))
        archive = _overview(_rows(source, head), names, Chat(name=PurePath(file.name).stem, platform="wecom"))
        ledger = Ledger(file, archive.chat)
        seen: set[str] = set()
        yield from messages_of(
            _rows(source, head), ledger, lambda row, number: _whole_message(row, number, archive, seen)
        )
        pattern = Conversation(
            chat=ledger.chat,
            format=NAME,
            encoding=source.encoding,
            coverage=Coverage(decode_replacements=source.replacements),
            lossy=() if names else _LOSSY,
        )
        yield from ledger.conversations(pattern)


def _first(head: Mapping[str, object]) -> dict[str, object]:
    """The first row of an array, of a `chatdata` wrapper or of lines."""
    rows = head.get("") or head.get("chatdata")
    return _unwrapped(as_object(rows[0]) if isinstance(rows, list) and rows else dict(head))


def _unwrapped(row: dict[str, object]) -> dict[str, object]:
    """The archived message itself: programs keep it with its seq in a row of their own."""
    if _is_row(row):
        return row
    for key, value in row.items():
        inner = value if isinstance(value, dict) else _decoded(value)
        if isinstance(inner, dict) and _is_row(inner):
            return {name: text for name, text in row.items() if name != key} | inner
    return row


def _decoded(value: object) -> object:
    if not isinstance(value, str) or not value.startswith("{") or '"msgid"' not in value:
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _is_row(row: Mapping[str, object]) -> bool:
    is_sent = "msgtype" in row and ("tolist" in row or "from" in row)
    return "msgid" in row and (row.get("action") in _ACTIONS or is_sent)


def _rows(source: JsonFile, head: Mapping[str, object]) -> Iterator[object | Torn | Cut | Joined]:
    if "" in head:
        rows = source.records()
    else:
        rows = source.records("chatdata") if "chatdata" in head else source.lines()
    return (_unwrapped(row) if isinstance(row, dict) else row for row in rows)


def _overview(rows: Iterable[object], names: Mapping[str, str], fallback: Chat) -> _Archive:
    chat: Chat | None = None
    recalled: set[str] = set()
    for row in map(as_object, rows):
        if row.get("action") == "recall":
            recalled.add(as_text(as_object(row.get("revoke")).get("pre_msgid")))
        if chat is None and "from" in row:
            chat = _chat(row, names)
    return _Archive(chat=chat or fallback, recalled=frozenset(recalled), names=names)


def _whole_message(record: Mapping[str, object], number: int, archive: _Archive, seen: set[str]) -> Message:
    moment = _moment(record)
    sender_id = as_id(record.get("from"))
    msgid = as_id(record.get("msgid"))
    is_recalled = msgid in archive.recalled
    if is_recalled and msgid:
        seen.add(msgid)
    message = Message(
        chat=_chat(record, archive.names) if sender_id else archive.chat,
        number=number,
        sender=archive.names.get(sender_id or "") or sender_id or "",
        text="",
        id=msgid,
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        recalled=is_recalled,
    )
    return with_unknown_fields(_said(message, record, archive, seen), record, _KNOWN, "")


def _said(message: Message, record: Mapping[str, object], archive: _Archive, seen: set[str]) -> Message:
    if record.get("action") == "switch":
        user = as_text(record.get("user"))
        text = f"{archive.names.get(user) or user} 切换了所登录的企业"
        return replace(message, text=text, kind=MessageKind.SYSTEM)
    if record.get("action") == "recall" or record.get("msgtype") == "revoke":
        is_gone = as_text(as_object(record.get("revoke")).get("pre_msgid")) not in seen
        text = f"{message.sender}撤回了一条消息"
        return replace(message, text=text, kind=MessageKind.RECALL, recalled=is_gone)
    return with_body(message, record)


def _chat(record: Mapping[str, object], names: Mapping[str, str]) -> Chat:
    room = as_text(record.get("roomid")).strip()
    if room:
        return Chat(name=names.get(room) or room, platform="wecom", id=room, is_group=True)
    others = record.get("tolist")
    people = [as_text(record.get("from")), *map(as_text, others if isinstance(others, list) else ())]
    ids = sorted({person for person in people if person})
    name = "、".join(names.get(person) or person for person in ids) or "未知会话"
    return Chat(name=name, platform="wecom", id="|".join(ids), is_group=len(ids) > 2)


def _moment(record: Mapping[str, object]) -> Moment:
    epoch = record.get("msgtime", record.get("time"))
    return from_epoch(epoch) if isinstance(epoch, int | float | str) else Moment()


def _contacts(files: Iterable[Evidence]) -> dict[str, str]:
    """Names by userid and roomid, of every CSV beside the archive that has both columns.

    The files are looked into and not claimed: a list of names and telephones is to be checked like any other.
    """
    names: dict[str, str] = {}
    for file in files:
        if file.name.lower().endswith(".csv"):
            names.update(islice(_pairs(file), _MOST_CONTACTS))
    return names


def _pairs(file: Evidence) -> Iterator[tuple[str, str]]:
    stream, _ = open_text(file.path)
    with stream:
        lines = (line.replace("\0", "") for line in iter(lambda: stream.readline(_LONGEST_LINE), ""))
        try:
            rows = csv.reader(lines)
            header = [cell.strip().lower().lstrip("\ufeff") for cell in next(rows, [])]
            key = next((header.index(word) for word in ("userid", "roomid", "账号") if word in header), None)
            value = next((header.index(word) for word in ("name", "姓名", "名称") if word in header), None)
            if key is None or value is None:
                return
            for row in rows:
                if len(row) > max(key, value) and row[key].strip() and row[value].strip():
                    yield row[key].strip(), row[value].strip()
        except csv.Error:  # a cell beyond the module's limit: no contacts list
            return
