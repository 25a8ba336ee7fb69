"""What `body.content` of a Feishu message says: JSON in a string, a different one for each msg_type.

text {text}; post {title, content: paragraphs of [{tag, text | href | user_name | image_key …}]}, sometimes
below a locale; image {image_key}; file, audio, media {file_key, file_name}; merge_forward and messages that
were taken back have a fixed English sentence instead of JSON; cards, polls, calendars and what is to come:
every text in them, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

from leakwatch.chats.parts.json_stream import as_object, as_text
from leakwatch.model import Attachment, AttachmentKind, Message, MessageKind

_DEEPEST = 12
_KINDS = {
    "text": MessageKind.TEXT,
    "post": MessageKind.TEXT,
    "image": MessageKind.IMAGE,
    "file": MessageKind.FILE,
    "folder": MessageKind.FILE,
    "audio": MessageKind.VOICE,
    "media": MessageKind.VIDEO,
    "video": MessageKind.VIDEO,
    "sticker": MessageKind.STICKER,
    "interactive": MessageKind.CARD,
    "share_chat": MessageKind.CARD,
    "share_user": MessageKind.CARD,
    "location": MessageKind.LOCATION,
    "merge_forward": MessageKind.FORWARD,
    "system": MessageKind.SYSTEM,
    "hongbao": MessageKind.TRANSFER,
    "video_chat": MessageKind.CALL,
    "vote": MessageKind.NOTICE,
    "todo": MessageKind.NOTICE,
    "calendar": MessageKind.NOTICE,
    "share_calendar_event": MessageKind.NOTICE,
    "general_calendar": MessageKind.NOTICE,
}
_FILES = {
    MessageKind.IMAGE: AttachmentKind.IMAGE,
    MessageKind.FILE: AttachmentKind.FILE,
    MessageKind.VOICE: AttachmentKind.VOICE,
    MessageKind.VIDEO: AttachmentKind.VIDEO,
    MessageKind.STICKER: AttachmentKind.STICKER,
}
_SILENT = frozenset(
    "tag user_id open_id chat_id image_key file_key img_key style un_escape duration width height color size "
    "language template_id template_version type emoji_type wide_screen_mode mode element_id".split()
)
_INLINE = ("text", "a", "at", "emotion", "md", "code_block", "code", "i", "u", "b")
_FORWARD = "Merged and Forwarded Message"


def kind_of_type(msg_type: str) -> MessageKind:
    """The kind of a msg_type; OTHER for one that is not known yet."""
    return _KINDS.get(msg_type, MessageKind.OTHER)


def with_content(message: Message, content: object, names: Mapping[str, str]) -> Message:
    """The message with the words and files of its content; names stand for `@_user_1`."""
    body = _decoded(content)
    fields = as_object(body)
    if message.kind is MessageKind.FORWARD and content == _FORWARD:
        return message
    files = _files(fields, message.kind)
    words = list(_words(body, ""))
    names_of_files = {file.name for file in files}
    text = "\n".join(word for word in words if word and word not in names_of_files)
    return replace(message, text=_with_names(text, names), attachments=files)


def _decoded(content: object) -> object:
    if not isinstance(content, str) or not content.lstrip().startswith(("{", "[")):
        return content
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return content


def _files(fields: Mapping[str, object], kind: MessageKind) -> tuple[Attachment, ...]:
    file_kind = _FILES.get(kind)
    if file_kind is None:
        return tuple(_pictures(fields))
    name = as_text(fields.get("file_name")).strip()
    path = as_text(fields.get("file_key") or fields.get("image_key"))
    return (Attachment(kind=file_kind, name=name, path=path),)


def _pictures(value: object, depth: int = 0) -> Iterator[Attachment]:
    """The pictures and films inside a post or card."""
    if isinstance(value, Mapping):
        key = value.get("image_key") or value.get("img_key")
        if isinstance(key, str) and key:
            yield Attachment(kind=AttachmentKind.IMAGE, path=key)
        if isinstance(film := value.get("file_key"), str) and film:
            yield Attachment(kind=AttachmentKind.FILE, name=as_text(value.get("file_name")), path=film)
    if isinstance(value, Mapping | list) and depth < _DEEPEST:
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _pictures(inner, depth + 1)


def _words(value: object, key: str, depth: int = 0) -> Iterator[str]:
    """Every text in the value, the inline parts of one paragraph on one line."""
    if key in _SILENT:
        return
    if _is_paragraph(value) and isinstance(value, list):
        yield "".join(_inline(as_object(part)) for part in value).strip()
    elif isinstance(value, Mapping | list) and depth <= _DEEPEST:
        pairs = value.items() if isinstance(value, Mapping) else ((key, inner) for inner in value)
        for inner_key, inner in pairs:
            yield from _words(inner, str(inner_key), depth + 1)
    elif isinstance(value, str | Mapping | list):
        yield as_text(value).strip()


def _is_paragraph(value: object) -> bool:
    """Whether it is a list of tagged parts of which one at least stands within a line."""
    parts = [as_object(part) for part in value] if isinstance(value, list) else []
    are_tagged = all(isinstance(part.get("tag"), str) for part in parts)
    return are_tagged and any(part["tag"] in _INLINE for part in parts)


def _inline(part: Mapping[str, object]) -> str:
    if part.get("tag") == "at":
        return f"@{as_text(part.get('user_name') or part.get('user_id'))}"
    others = {key: value for key, value in part.items() if key not in ("text", "href")}
    words = as_text(part.get("text")) + " ".join(filter(None, _words(others, "")))
    href = as_text(part.get("href"))
    return f"{words}({href})" if href and href != words else words


def _with_names(text: str, names: Mapping[str, str]) -> str:
    """`@_user_1` as the name it stands for; @_user_10 is not @_user_1 and a zero."""
    if "@_user_" not in text:
        return text.replace("@_all", "@所有人")
    return re.sub(r"@_user_\d+", lambda found: f"@{names.get(found[0]) or found[0][1:]}", text)
