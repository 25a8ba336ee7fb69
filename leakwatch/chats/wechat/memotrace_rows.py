"""One message of MemoTrace v3 as it stands in `<chat>.html.json` and in the script of `<chat>.html`.

Field map: type (WeChat code as text) → kind; timestamp (s) → sent_at; server_id → id; display_name → sender;
text, title, description, desc, voice_to_text … → text; path, file_name → attachment (pictures without an
extension); quote_text `name: text` → quoted; messages[] → forwarded, to any depth; xml_dict is the raw
message: looked into only where no other field says anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from leakwatch.chats.parts.json_stream import as_id, as_text
from leakwatch.chats.parts.kinds import is_recall, kind_of_code
from leakwatch.chats.parts.moments import Moment, from_epoch
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.parts.wechat_xml import is_xml, read_xml
from leakwatch.chats.wechat.memotrace_pictures import Pictures
from leakwatch.model import Attachment, AttachmentKind, Chat, Message, MessageKind, Quote

ROW_KEYS = frozenset({"type", "is_send", "timestamp", "server_id", "display_name"})
"""Every row has these; a pat on the back has them too."""

_DEEPEST = 8
_WORDS = (
    "text",
    "title",
    "description",
    "desc",
    "voice_to_text",
    "display_content",
    "poiname",
    "label",
    "fee_desc",
    "pay_memo",
    "publisher_nickname",
    "nickname",
    "sign",
    "open_im_desc",
    "record_item",
    "url",
)
_KNOWN = ROW_KEYS | frozenset(_WORDS)
_MORE_KNOWN = frozenset(
    "avatar_src xml_dict app_icon path thumb_path file_name file_size file_type duration quote_text quote_server_id "
    "quote_type messages cover_url app_logo".split()
)
_ATTACHMENTS = {
    MessageKind.IMAGE: AttachmentKind.IMAGE,
    MessageKind.FILE: AttachmentKind.FILE,
    MessageKind.VOICE: AttachmentKind.VOICE,
    MessageKind.VIDEO: AttachmentKind.VIDEO,
    MessageKind.STICKER: AttachmentKind.STICKER,
}


def message_of(record: Mapping[str, object], outer: Message, pictures: Pictures, depth: int = 0) -> Message:
    """The message of a row; `outer` gives its chat and number."""
    kind = _kind(record.get("type"))
    moment = _moment(record.get("timestamp"))
    message = Message(
        chat=outer.chat,
        number=outer.number,
        sender=as_text(record.get("display_name")).strip(),
        text="\n".join(_words(record)),
        kind=kind,
        id=as_id(record.get("server_id")) if depth == 0 else None,
        sent_at=moment.at,
        precision=moment.precision,
        quoted=_quote(as_text(record.get("quote_text"))),
        attachments=_attachments(record, kind, pictures),
    )
    if kind is MessageKind.SYSTEM:
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else kind
        message = replace(message, sender="", kind=kind, recalled=is_recalled)
    if kind is MessageKind.FORWARD:
        message = _with_forward(message, record, pictures, depth)
    if kind is MessageKind.OTHER and not message.text:
        message = replace(message, text="\n".join(_leaves(record.get("xml_dict"))))
    return with_unknown_fields(message, record, _KNOWN | _MORE_KNOWN, message.text)


def blank(chat: Chat, number: int) -> Message:
    """A message of that chat and number with nothing in it."""
    return Message(chat=chat, number=number, sender="", text="")


def _kind(code: object) -> MessageKind:
    text = as_text(code).strip()
    is_code = text.isascii() and text.isdigit() and len(text) < 19
    return kind_of_code(int(text)) if is_code else MessageKind.OTHER


def _moment(stamp: object) -> Moment:
    return from_epoch(stamp) if isinstance(stamp, int | float | str) else Moment()


def _words(record: Mapping[str, object]) -> Iterator[str]:
    seen: list[str] = []
    for key in _WORDS:
        words = as_text(record.get(key)).strip()
        if words and not any(words in said for said in seen):
            seen.append(words)
            yield read_xml(words).text if is_xml(words) else words


def _quote(text: str) -> Quote | None:
    sender, colon, words = text.partition(": ")
    if not text.strip():
        return None
    return Quote(sender=sender, text=words.strip()) if colon else Quote(sender="", text=text.strip())


def _attachments(
    record: Mapping[str, object], kind: MessageKind, pictures: Pictures
) -> tuple[Attachment, ...]:
    sort = _ATTACHMENTS.get(kind)
    if sort is None:
        return ()
    path = as_text(record.get("path"))
    if sort is AttachmentKind.IMAGE:
        found = pictures.find(path, as_text(record.get("thumb_path")))
        return (found or Attachment(kind=sort, path=path),)
    name = as_text(record.get("file_name")) if sort is AttachmentKind.FILE else ""
    return (Attachment(kind=sort, name=name, path=path, remote=path.startswith(("http:", "https:"))),)


def _with_forward(message: Message, record: Mapping[str, object], pictures: Pictures, depth: int) -> Message:
    inside = record.get("messages")
    rows = [row for row in inside if isinstance(row, dict)] if isinstance(inside, list) else []
    if rows and depth < _DEEPEST:
        inner = tuple(message_of(row, message, pictures, depth + 1) for row in rows)
        title = as_text(record.get("title")).strip()  # the description is a digest of what follows in full
        return replace(message, text=title or message.text, forwarded=inner)
    more = "\n".join(_leaves(rows or record.get("xml_dict")))
    return replace(message, text="\n".join(filter(None, (message.text, more))), summary_only=not more)


def _leaves(value: object) -> Iterator[str]:
    """All words in a message's XML that xmltodict made a dict of; attributes (`@md5`) are none."""
    if isinstance(value, str):
        words = read_xml(value).text if is_xml(value) else value
        if any(character > "\u2fff" for character in words):
            yield words.strip()
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not key.startswith("@"):
                yield from _leaves(item)
