"""What a message of WeCom's archive carries: the object that is named after its type.

text, markdown {content}; image, voice, video, emotion, file {md5sum, filename}; link, weapp, card, location,
todo, vote, collect, meeting, calendar, docmsg (under `doc`), news and qydiskfile (under `info`), redpacket,
sphfeed: their words in the order they stand in; mixed.item[] and chatrecord.item[] hold such objects again,
as JSON in a string; a chatrecord's msgtime is in seconds, where the outer one is in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

from leakwatch.chats.parts.json_stream import as_object, as_text
from leakwatch.chats.parts.moments import Moment, from_epoch
from leakwatch.model import Attachment, AttachmentKind, Message, MessageKind

_DEEPEST = 8
_KINDS = {
    "text": MessageKind.TEXT,
    "markdown": MessageKind.TEXT,
    "mixed": MessageKind.TEXT,
    "image": MessageKind.IMAGE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "emotion": MessageKind.STICKER,
    "file": MessageKind.FILE,
    "qydiskfile": MessageKind.FILE,
    "voip_doc_share": MessageKind.FILE,
    "link": MessageKind.LINK,
    "news": MessageKind.LINK,
    "docmsg": MessageKind.LINK,
    "sphfeed": MessageKind.LINK,
    "weapp": MessageKind.CARD,
    "card": MessageKind.CARD,
    "location": MessageKind.LOCATION,
    "chatrecord": MessageKind.FORWARD,
    "meeting": MessageKind.NOTICE,
    "calendar": MessageKind.NOTICE,
    "todo": MessageKind.NOTICE,
    "vote": MessageKind.NOTICE,
    "collect": MessageKind.NOTICE,
    "redpacket": MessageKind.TRANSFER,
    "external_redpacket": MessageKind.TRANSFER,
    "meeting_voice_call": MessageKind.CALL,
    "voiptext": MessageKind.CALL,
    "agree": MessageKind.SYSTEM,
    "disagree": MessageKind.SYSTEM,
}
_FILES = {
    MessageKind.IMAGE: AttachmentKind.IMAGE,
    MessageKind.VOICE: AttachmentKind.VOICE,
    MessageKind.VIDEO: AttachmentKind.VIDEO,
    MessageKind.STICKER: AttachmentKind.STICKER,
    MessageKind.FILE: AttachmentKind.FILE,
}
_OTHER_BODIES = ("info", "doc", "redpacket", "voip_doc_share", "meeting_voice_call", "voiptext")
KNOWN_BODIES = frozenset(_KINDS) | frozenset(_OTHER_BODIES)
"""Keys of a message under which its body can stand."""
_SILENT = frozenset(
    "sdkfileid md5sum filesize fileext imagesize width height type voice_size play_length zoom longitude latitude "
    "userid docid image_url picurl voiceid voipid endtime meetingid from_chatroom callduration invitetype "
    "totalcnt totalamount feed_type".split()
)
"""Keys that hold no words."""


def with_body(message: Message, record: Mapping[str, object]) -> Message:
    """The message with all that its type's object says."""
    name = as_text(record.get("msgtype"))
    keys = (name, *_OTHER_BODIES)
    body = next((found for key in keys if (found := record.get(key)) is not None), None)
    return _filled(message, name, body, 0)


def _filled(message: Message, name: str, body: object, depth: int) -> Message:
    kind = _KINDS.get(name, MessageKind.OTHER)
    fields = as_object(body)
    items = fields.get("item")
    if name == "chatrecord" and isinstance(items, list):
        inner = tuple(_inner(message, as_object(item), depth + 1) for item in items)
        text = as_text(fields.get("title"))
        return replace(message, kind=kind, text=text, forwarded=inner, summary_only=not inner)
    if name == "mixed" and isinstance(items, list):
        parts = [_inner(message, as_object(item), depth + 1) for item in items]
        return replace(
            message,
            text="\n".join(filter(None, (part.text for part in parts))),
            attachments=tuple(file for part in parts for file in part.attachments),
            forwarded=tuple(inner for part in parts for inner in part.forwarded),
        )
    files = tuple(_files(fields, kind, message.id if depth == 0 else None))
    names = {file.name for file in files}
    said = [word for word in _words(body, "") if word not in names]
    return replace(message, kind=kind, text="\n".join(dict.fromkeys(said)), attachments=files)


def _inner(outer: Message, item: Mapping[str, object], depth: int) -> Message:
    """One part of a forward or of a mixed message, which says its type as ChatRecordText or text."""
    name = as_text(item.get("type")).lower().removeprefix("chatrecord") or "chatrecord"
    content = item.get("content")
    body = _decoded(content) if isinstance(content, str) else content
    epoch = item.get("msgtime")
    moment = from_epoch(epoch) if isinstance(epoch, int | float | str) else Moment()
    message = Message(
        chat=outer.chat,
        number=outer.number,
        sender=as_text(item.get("from") or item.get("sender")),
        text="",
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
    )
    return _filled(message, "" if depth > _DEEPEST else name, body, depth)


def _decoded(text: str) -> object:
    """JSON in a string as its value; anything else stays the words it is."""
    try:
        return msgspec.json.decode(text) if text.lstrip().startswith(("{", "[")) else text
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return text


def _files(fields: Mapping[str, object], kind: MessageKind, msgid: str | None) -> Iterator[Attachment]:
    file_kind = _FILES.get(kind)
    if file_kind is not None and fields:
        yield _file(fields, file_kind, msgid)
    shared = fields.get("demofiledata")  # what was shown during a call
    for row in shared if isinstance(shared, list) else ():
        yield _file(as_object(row), AttachmentKind.FILE, None)


def _file(fields: Mapping[str, object], kind: AttachmentKind, msgid: str | None) -> Attachment:
    return Attachment(
        kind=kind,
        name=as_text(fields.get("filename")).strip(),
        path=msgid or "",
        md5=as_text(fields.get("md5sum")).lower(),
    )


def _words(value: object, key: str, depth: int = 0) -> Iterator[str]:
    """Every text in the value, times spelt out; ids, sizes and addresses of pictures left out."""
    if key in _SILENT:
        return
    if isinstance(value, Mapping | list) and depth <= _DEEPEST:
        pairs = value.items() if isinstance(value, Mapping) else ((key, inner) for inner in value)
        for inner_key, inner in pairs:
            yield from _words(inner, str(inner_key), depth + 1)
    elif word := _word(value, key):
        yield word


def _word(value: object, key: str) -> str:
    if isinstance(value, str | Mapping | list):
        return as_text(value).strip()
    moment = from_epoch(value) if isinstance(value, int | float) and key.endswith("time") else Moment()
    return moment.at.strftime("%Y-%m-%d %H:%M") if moment.at else ""
