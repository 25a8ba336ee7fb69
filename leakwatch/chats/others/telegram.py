"""Chats that Telegram Desktop exports as `result.json`.

Written by: Telegram Desktop, one chat (`name`, `type`, `id`, `messages`) or all (`chats.list[]` of the same).
Tell-tales: `messages` whose rows have `date_unixtime`, beside `name`, `type` and `id`; or `chats` beside `about`.
Field map: name → chat.name, id → chat.id, type → is_group; date_unixtime (s, a string), else date → sent_at;
  from → sender, from_id → sender_id; text (a string, or parts, some with links) → text; file, photo →
  attachments (`(File not included…)` where the export left them out), file_name, sticker_emoji; type service:
  action, actor, title, members → a system row; forwarded_from, poll, contact, place → lines of the text.
Specimen:
  {"name":"云岭区值班群","type":"private_supergroup","id":1,"messages":[{"id":7,"type":"message",
  "date":"2024-05-01T17:00:05","date_unixtime":"1714554005","from":"王明远","from_id":"user1","text":"收到"}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import stem
from leakwatch.chats.parts.json_stream import Cut, Joined, JsonFile, Torn, as_id, as_object, as_text, outline
from leakwatch.chats.parts.moments import Moment, from_epoch, parse_moment
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Skipped,
)

NAME = "telegram-json"

_TYPES = frozenset({"personal_chat", "bot_chat", "saved_messages", "replies", "verify_codes"})
_GROUPS = ("_group", "_supergroup", "_channel")
_KNOWN = frozenset(
    "id type date date_unixtime edited edited_unixtime from from_id actor actor_id action text text_entities photo "
    "photo_file_size file file_name file_size thumbnail thumbnail_file_size media_type mime_type sticker_emoji "
    "forwarded_from reply_to_message_id reply_to_peer_id width height duration_seconds reactions via_bot".split()
)
_MEDIA = {
    "sticker": (MessageKind.STICKER, AttachmentKind.STICKER),
    "voice_message": (MessageKind.VOICE, AttachmentKind.VOICE),
    "audio_file": (MessageKind.VOICE, AttachmentKind.VOICE),
    "video_message": (MessageKind.VIDEO, AttachmentKind.VIDEO),
    "video_file": (MessageKind.VIDEO, AttachmentKind.VIDEO),
    "animation": (MessageKind.VIDEO, AttachmentKind.VIDEO),
}
_LEFT_OUT = "("
"""(File not included. Change data exporting settings to download.)"""


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows one exported chat, or all of an account."""
    keys = outline(head)
    rows = keys.get("messages")
    first = as_object(rows[0]) if isinstance(rows, list) and rows else {}
    is_one = {"name", "type", "id", "messages"} <= keys.keys() and _is_type(keys.get("type"))
    is_all = "chats" in keys and "about" in keys and b'"date_unixtime"' in head
    return (is_one and (not first or "date_unixtime" in first)) or is_all


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of each chat, each chat closed by its conversation."""
    with JsonFile(file.path) as source:
        head = outline(source.condensed_head())
        if "chats" not in head:
            fields = source.fields(frozenset({"name", "type", "id"}))
            yield from _chat_of(file, source, fields, source.records("messages"))
            return
        # What is no chat goes to a chat of the file's own name.
        strays: list[Torn | Cut | Joined] = []
        for chat in source.records("chats/list"):
            if isinstance(chat, Torn | Cut | Joined):
                strays.append(chat)
                continue
            fields = as_object(chat)
            rows = fields.get("messages")
            yield from _chat_of(file, source, fields, iter(rows if isinstance(rows, list) else ()))
        if strays:
            yield from _chat_of(file, source, {}, iter(strays))


def _chat_of(
    file: Evidence, source: JsonFile, fields: Mapping[str, object], rows: Iterator[object]
) -> Iterator[Message | Skipped | Conversation]:
    chat = _chat(fields, file.name)
    tally = Tally(file, chat)
    yield from messages_of(rows, tally, partial(_whole_message, chat))
    yield Conversation(
        chat=chat, format=NAME, encoding=source.encoding, coverage=tally.coverage(source.replacements)
    )


def _chat(fields: Mapping[str, object], file_name: str) -> Chat:
    kind = as_text(fields.get("type"))
    return Chat(
        name=as_text(fields.get("name")).strip() or stem(file_name),
        platform="other",
        id=as_text(fields.get("id")),
        is_group=kind.endswith(_GROUPS) if _is_type(kind) else None,
    )


def _is_type(kind: object) -> bool:
    return isinstance(kind, str) and (kind in _TYPES or kind.endswith(_GROUPS))


def _whole_message(chat: Chat, record: Mapping[str, object], number: int) -> Message:
    message = _message(chat, record, number)
    return with_unknown_fields(message, record, _KNOWN, message.text)


def _message(chat: Chat, record: Mapping[str, object], number: int) -> Message:
    kind, attachments = _media(record)
    moment = _moment(record)
    sender_id = as_id(record.get("from_id"))
    origin = as_text(record.get("forwarded_from")).strip()
    message = Message(
        chat=chat,
        number=number,
        sender=as_text(record.get("from")).strip() or sender_id or "",
        text="\n".join(filter(None, (_text(record.get("text")), f"转发自：{origin}" if origin else ""))),
        kind=kind,
        id=as_id(record.get("id")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        attachments=attachments,
    )
    if record.get("type") != "service":
        return message
    words = (record.get("actor"), record.get("action"), message.text)
    text = " ".join(filter(None, (as_text(word).strip() for word in words)))
    return replace(message, sender="", sender_id=None, kind=MessageKind.SYSTEM, text=text)


def _text(value: object) -> str:
    """The parts of a text put together; the address of a link stands behind its words."""
    if not isinstance(value, list):
        return as_text(value)
    return "".join(part if isinstance(part, str) else _part(as_object(part)) for part in value)


def _part(part: Mapping[str, object]) -> str:
    text, href = as_text(part.get("text")), as_text(part.get("href"))
    return f"{text}({href})" if href else text


def _media(record: Mapping[str, object]) -> tuple[MessageKind, tuple[Attachment, ...]]:
    if path := as_text(record.get("photo")):
        return MessageKind.IMAGE, (_attachment(AttachmentKind.IMAGE, path, ""),)
    name, path = as_text(record.get("file_name")).strip(), as_text(record.get("file"))
    if not (path or name):
        return MessageKind.TEXT, ()
    mime = as_text(record.get("mime_type"))
    kinds = _MEDIA.get(as_text(record.get("media_type")))
    if kinds is None and mime.startswith("image/"):
        kinds = (MessageKind.IMAGE, AttachmentKind.IMAGE)
    kind, file_kind = kinds or (MessageKind.FILE, AttachmentKind.FILE)
    return kind, (_attachment(file_kind, path, name),)


def _attachment(kind: AttachmentKind, path: str, name: str) -> Attachment:
    if path.startswith(_LEFT_OUT):
        return Attachment(kind=kind, name=name)
    return Attachment(kind=kind, name=name or path.rsplit("/", 1)[-1], path=path)


def _moment(record: Mapping[str, object]) -> Moment:
    moment = from_epoch(as_text(record.get("date_unixtime")))
    return moment if moment.at else parse_moment(as_text(record.get("date")))
