"""Chats as chatlog-keeper writes them: `wechat_messages.json`, `qq_messages.json`.

Written by: chatlog-keeper. Tell-tales: an array whose rows have `ts` and `is_self` beside `thread_id`,
  `chat_room` or `chat_uid`. One file holds all conversations of an account.
Field map: thread_id (account::conversation), else conversation_id, chat_uid → chat.id; chat_display_name,
  chat_room, chat_uid → chat.name; ts (s, also with a fraction), else ts_iso → sent_at; sender_name, sender,
  sender_wxid → sender; content, text → text (WeChat's XML is read); msg_type (WeChat's numbers; QQ's are not used) → kind;
  server_id → id.
Specimen:
  [{"ts":1714554005.0,"sender":"王明远","sender_wxid":"wxid_a","chat_room":"云岭区值班群",
  "thread_id":"wxid_me::1@chatroom","msg_type":1,"is_self":false,"content":"收到","source_offset":7}]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.forwards import nest
from leakwatch.chats.parts.json_stream import JsonFile, as_id, as_object, as_text, outline
from leakwatch.chats.parts.kinds import attach, is_recall, kind_of_code, kind_of_name, kind_of_text
from leakwatch.chats.parts.moments import Moment, from_epoch, parse_moment
from leakwatch.chats.parts.tally import Ledger, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.parts.wechat_xml import is_xml, read_xml
from leakwatch.model import Chat, Conversation, Coverage, Evidence, Message, MessageKind, Skipped

NAME = "chatlog-keeper"

_LOSSY = (
    "chatlog-keeper 导出的图片、文件和语音只留占位文字；请另行提交原文件",
    "chatlog-keeper 只导出最近若干天（默认 7 天）的消息",
)
_CHAT_KEYS = frozenset({"thread_id", "chat_room", "chat_uid"})
_KNOWN = frozenset(
    "ts ts_iso sender sender_name sender_display_name sender_wxid sender_qq sender_uid chat_room chat_uid chat_display_name "
    "conversation_id conversation_type account_id thread_id msg_type is_self server_id source_offset content "
    "text is_group_chat".split()
)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the first row has the keys of a keeper's message."""
    rows = outline(head).get("")
    first = as_object(rows[0]) if isinstance(rows, list) and rows else {}
    is_timed = bool({"ts", "ts_iso"} & first.keys())
    return is_timed and "is_self" in first and bool(_CHAT_KEYS & first.keys())


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of all chats in the order of the file, then the chats."""
    with JsonFile(file.path) as source:
        ledger = Ledger(file, Chat(name=PurePath(file.name).stem, platform="other"))
        yield from messages_of(source.records(), ledger, _whole_message)
        pattern = Conversation(
            chat=ledger.chat,
            format=NAME,
            encoding=source.encoding,
            coverage=Coverage(decode_replacements=source.replacements),
            lossy=_LOSSY,
        )
        yield from ledger.conversations(pattern)


def _whole_message(record: Mapping[str, object], number: int) -> Message:
    content = as_text(record.get("content") or record.get("text"))
    message = _with_content(_message(record, content, number))
    return with_unknown_fields(message, record, _KNOWN, content)


def _message(record: Mapping[str, object], content: str, number: int) -> Message:
    moment = _moment(record)
    sender_id = as_id(record.get("sender_wxid") or record.get("sender_qq") or record.get("sender_uid"))
    names = (record.get(key) for key in ("sender_name", "sender_display_name", "sender"))
    sender = next(filter(None, (as_text(name).strip() for name in names)), "")
    return Message(
        chat=_chat(record),
        number=number,
        sender=sender or sender_id or "",
        text=content,
        kind=_kind(record, content),
        id=as_id(record.get("server_id")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
    )


def _with_content(message: Message) -> Message:
    """The message with its content taken apart."""
    if message.kind in (MessageKind.SYSTEM, MessageKind.RECALL):
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
        return replace(message, sender="", sender_id=None, kind=kind, recalled=is_recalled)
    if not is_xml(message.text):
        text, attachments = attach(message.kind, message.text)
        return replace(message, text=text, attachments=attachments)
    found = read_xml(message.text)
    message = replace(
        message, kind=found.kind, text=found.text, quoted=found.quoted, attachments=found.attachments
    )
    is_digest = found.kind is MessageKind.FORWARD and not found.inner
    return replace(message, forwarded=nest(found.inner, message), summary_only=is_digest)


def _chat(record: Mapping[str, object]) -> Chat:
    keys = ("chat_display_name", "chat_room", "chat_uid", "conversation_id")
    name = next(filter(None, (as_text(record.get(key)).strip() for key in keys)), "未命名会话")
    chat_id = record.get("thread_id") or record.get("conversation_id") or record.get("chat_uid")
    return Chat(
        name=name, platform="qq" if "chat_uid" in record else "wechat", id=as_text(chat_id), is_group=None
    )


def _kind(record: Mapping[str, object], content: str) -> MessageKind:
    code = record.get("msg_type")
    if isinstance(code, int) and "chat_uid" not in record:  # QQ's numbers mean something else
        return kind_of_code(max(code, 0))
    kind = kind_of_name(as_text(code))
    return kind_of_text(content) if kind is MessageKind.OTHER else kind


def _moment(record: Mapping[str, object]) -> Moment:
    epoch = record.get("ts")
    moment = from_epoch(epoch) if isinstance(epoch, int | float | str) else Moment()
    return moment if moment.at else parse_moment(as_text(record.get("ts_iso")))
