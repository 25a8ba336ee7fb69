"""What WeFlow and EchoTrace write as the text of a message, where no field names its type.

`media/images/3_<md5>.jpg`, `[图片]`, `[文件] name`, `reply[引用 name：text]`, `[转发的聊天记录]title` and its lines,
`[群公告] text`, `"name" 撤回了一条消息`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from leakwatch.chats.parts.kinds import is_recall, kind_of_text
from leakwatch.chats.parts.placeholders import kind_of, notice_kind
from leakwatch.chats.wechat.weflow import with_content
from leakwatch.model import Message, MessageKind

_FOLDERS = {
    "images": MessageKind.IMAGE,
    "image": MessageKind.IMAGE,
    "voices": MessageKind.VOICE,
    "voice": MessageKind.VOICE,
    "videos": MessageKind.VIDEO,
    "video": MessageKind.VIDEO,
    "emojis": MessageKind.STICKER,
    "emoji": MessageKind.STICKER,
    "files": MessageKind.FILE,
    "file": MessageKind.FILE,
}
_MEDIA = re.compile(
    rf'(?:[^\n<>|"*?]{{0,200}}[\\/])?(?P<folder>{"|".join(_FOLDERS)})[\\/][^\n<>|"*?]{{1,300}}\.\w{{1,8}}'
)
_FORWARD = re.compile(r"\[(?:转发的)?聊天记录\]")
_NOTICE = re.compile(r"\[群公告\]")


def taken_apart(message: Message, record: Mapping[str, object] | None = None) -> Message:
    """The message with its text read: file, quote, forward, or what a system row says; a record may name more."""
    text = message.text.strip()
    if is_recall(text) and notice_kind(text) is MessageKind.RECALL:
        return replace(message, text=text, sender="", sender_id=None, kind=MessageKind.RECALL, recalled=True)
    bare = replace(message, text=text, kind=_kind(text), attachments=(), summary_only=False)
    message = with_content(bare, record or {})
    is_quote = message.quoted is not None and message.kind is MessageKind.TEXT
    return replace(message, kind=MessageKind.QUOTE) if is_quote else message


def _kind(text: str) -> MessageKind:
    if "\n" not in text and (media := _MEDIA.fullmatch(text)) is not None:
        return _FOLDERS[media["folder"]]
    if _FORWARD.match(text):
        return MessageKind.FORWARD
    if _NOTICE.match(text):
        return MessageKind.NOTICE
    kind = kind_of_text(text)
    return kind_of(text, ()) if kind is MessageKind.TEXT else kind
