"""Chats in ChatLab's exchange format, JSON (0.0.1 and 0.0.2).

Written by: ChatLab and, as its common exchange format, WeFlow, CipherTalk, xiaofeixia (Feishu) and others.
Tell-tales: top-level object `chatlab` beside `meta`, `members` or `messages`.
Field map: meta.name → chat.name, meta.platform → chat.platform, meta.groupId → chat.id;
  groupNickname, accountName (else the member of that platformId, else the id) → sender; sender → sender_id;
  timestamp (s; ms in the wild) → sent_at; type (0 text 1 image 2 voice 3 video 4 file 5 sticker 7 link
  8 location 20 red packet 21 transfer 22 poke 23 call 24 share 25 reply 26 forward 27 contact 80 system
  81 recall 99 other) → kind; content (null, text, or an exported file's path: there is no attachment
  field; WeFlow's streaming export leaves WeChat's XML there) → text, attachments; platformMessageId → id; chatRecords[] (recursive) → forwarded; text in any
  other field is kept as a line `key：value`.
Specimen:
  {"chatlab":{"version":"0.0.2","exportedAt":1714560000,"generator":"WeFlow"},
   "meta":{"name":"云岭区值班群","platform":"wechat","type":"group"},
   "members":[{"platformId":"wxid_a","accountName":"王明远"}],
   "messages":[{"sender":"wxid_a","accountName":"王明远","timestamp":1714554005,"type":0,"content":"收到"}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.forwards import nest, split_forward
from leakwatch.chats.parts.json_stream import JsonFile, as_id, as_object, as_text, outline
from leakwatch.chats.parts.kinds import attach, is_recall, kind_of_name, split_quote
from leakwatch.chats.parts.moments import Moment, from_epoch, parse_moment
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.parts.wechat_xml import is_xml
from leakwatch.chats.wechat.weflow import with_content
from leakwatch.model import Chat, Conversation, Evidence, Message, MessageKind, Quote, Skipped

NAME = "chatlab-json"

_DEEPEST = 8
_KNOWN = frozenset(
    "_type sender accountName groupNickname timestamp type content platformMessageId replyToMessageId "
    "chatRecords".split()
)
_PLATFORMS = {
    "wechat": "wechat",
    "weixin": "wechat",
    "qq": "qq",
    "wecom": "wecom",
    "wework": "wecom",
    "wxwork": "wecom",
    "dingtalk": "dingtalk",
    "dingding": "dingtalk",
    "feishu": "feishu",
    "lark": "feishu",
    "welink": "welink",
}
_KINDS = {
    0: MessageKind.TEXT,
    1: MessageKind.IMAGE,
    2: MessageKind.VOICE,
    3: MessageKind.VIDEO,
    4: MessageKind.FILE,
    5: MessageKind.STICKER,
    7: MessageKind.LINK,
    8: MessageKind.LOCATION,
    20: MessageKind.TRANSFER,
    21: MessageKind.TRANSFER,
    22: MessageKind.SYSTEM,
    23: MessageKind.CALL,
    24: MessageKind.LINK,
    25: MessageKind.QUOTE,
    26: MessageKind.FORWARD,
    27: MessageKind.CARD,
    80: MessageKind.SYSTEM,
    81: MessageKind.RECALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The chat and the names of its members, by their id."""

    chat: Chat
    members: Mapping[str, str]


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows a `chatlab` object and one of its companions, and is no line of JSONL."""
    keys = outline(head)
    has_companion = bool({"meta", "members", "messages"} & keys.keys())
    return isinstance(keys.get("chatlab"), dict) and has_companion and "_type" not in keys


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the file, then the chat."""
    with JsonFile(file.path) as source:
        fields = source.fields(frozenset({"meta", "members"}))
        members = fields.get("members")
        rows = members if isinstance(members, list) else []
        room = Room(chat=chat_of(fields.get("meta"), file.name), members=dict(map(member_of, rows)))
        tally = Tally(file, room.chat)
        records = source.records("messages")
        yield from messages_of(records, tally, lambda row, number: message_of(row, room, number))
        yield Conversation(
            chat=room.chat,
            format=NAME,
            encoding=source.encoding,
            coverage=tally.coverage(source.replacements),
        )


def chat_of(meta: object, file_name: str) -> Chat:
    """The chat that `meta` names, else the file."""
    fields = as_object(meta)
    platform = as_text(fields.get("platform")).strip().lower()
    return Chat(
        name=as_text(fields.get("name")).strip() or PurePath(file_name).stem,
        platform=_PLATFORMS.get(platform, "other"),
        id=as_text(fields.get("groupId") or fields.get("id")),
        is_group={"group": True, "private": False}.get(as_text(fields.get("type")).strip().lower()),
    )


def member_of(row: object) -> tuple[str, str]:
    """Id and displayed name of a member."""
    fields = as_object(row)
    return as_text(fields.get("platformId")), _name(fields)


def message_of(record: Mapping[str, object], room: Room, number: int, depth: int = 0) -> Message:
    """One message, with the records of a merged forward inside."""
    message = _message(record, room, number, depth)
    return with_unknown_fields(message, record, _KNOWN, as_text(record.get("content")))


def _message(record: Mapping[str, object], room: Room, number: int, depth: int) -> Message:
    kind, content, moment = _kind(record.get("type")), as_text(record.get("content")), _moment(record)
    sender_id = as_id(record.get("sender"))
    message = Message(
        chat=room.chat,
        number=number,
        sender=_name(record) or room.members.get(sender_id or "") or sender_id or "",
        text=content,
        kind=kind,
        id=as_id(record.get("platformMessageId")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        recalled=kind is MessageKind.RECALL,
    )
    if kind is MessageKind.SYSTEM:
        is_recalled = is_recall(content)
        kind = MessageKind.RECALL if is_recalled else kind
        return replace(message, sender="", sender_id=None, kind=kind, recalled=is_recalled)
    records = record.get("chatRecords")
    if isinstance(records, list) and records:
        return _with_records(message, records, room, depth)
    if is_xml(content):
        return with_content(message, record)
    if kind is MessageKind.FORWARD or content.startswith("[转发的聊天记录]"):
        head, inner = split_forward(content)
        is_digest = not inner and "\n" not in content.strip()
        return replace(message, text=head, forwarded=nest(inner, message), summary_only=is_digest)
    reply, sender, quoted = split_quote(content)
    text, attachments = attach(kind, reply)
    if text == content and not quoted and not attachments:
        return message
    quote = Quote(sender=sender, text=quoted) if quoted else None
    return replace(message, text=text, quoted=quote, attachments=attachments)


def _with_records(message: Message, records: Sequence[object], room: Room, depth: int) -> Message:
    """The message with its records inside; of its own text, what no record repeats."""
    rows = [row if isinstance(row, dict) else {"content": row} for row in records]
    if depth >= _DEEPEST:
        return replace(message, text="\n".join(filter(None, (message.text, as_text(records)))))
    inner = tuple(message_of(row, room, message.number, depth + 1) for row in rows)
    said = tuple(filter(None, (as_text(row.get("content")).strip() for row in rows)))
    head, *lines = message.text.split("\n")
    own = [line for line in lines if not (said and line.strip().endswith(said))]
    return replace(message, kind=MessageKind.FORWARD, text="\n".join((head, *own)), forwarded=inner)


def _name(fields: Mapping[str, object]) -> str:
    return as_text(fields.get("groupNickname")).strip() or as_text(fields.get("accountName")).strip()


def _kind(code: object) -> MessageKind:
    if isinstance(code, int):
        return _KINDS.get(code, MessageKind.OTHER)
    text = as_text(code).strip()
    return (
        _KINDS.get(int(text), MessageKind.OTHER) if text.isdecimal() and len(text) < 4 else kind_of_name(text)
    )


def _moment(record: Mapping[str, object]) -> Moment:
    stamp = record.get("timestamp")
    if isinstance(stamp, (int, float)):
        return from_epoch(stamp)
    return parse_moment(as_text(stamp))
