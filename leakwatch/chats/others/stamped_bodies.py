"""What stands behind the name and the time in stamped texts: quotes, system rows, files."""

from __future__ import annotations

import re

from msgspec import structs

from leakwatch.chats.parts.kinds import is_recall, kind_of_file
from leakwatch.model import Attachment, AttachmentKind, Message, MessageKind, Quote

_SYSTEM_TEXT = re.compile(r"\[系统(?:消息|提示)?(?:[:：] ?(?P<inside>.*)\]|\] ?(?P<behind>.*))", re.DOTALL)
_QUOTES = (
    re.compile(
        r"\[引用-> \[[^\]\n]*\] (?P<sender>[^:\n]{1,80}): (?P<quoted>.*?) <-\] ?(?P<reply>.*)", re.DOTALL
    ),
    re.compile(r"(?P<reply>.*)\n[ \t]*↳ 回复 (?P<sender>[^:\n]{1,80}): (?P<quoted>.*)", re.DOTALL),
)
_LINK = re.compile(
    r"(?P<picture>!)?\[(?P<label>[^\]\n]{0,200})\]\((?P<path>[^()\s]{1,400}(?:\([^()\s]*\)[^()\s]*)?)\)"
)
_NAMED_LINK = re.compile(r"📎 附件: ?(?P<name>.+)")
_LISTED = re.compile(r"\n?- 附件：`(?P<name>[^`\n]{1,200})`")
_DUMPED = re.compile(r"(?P<text>.*?)(?:\|img:(?P<picture>[^\n|]*)|\AFILE:(?P<file>[^\n]+))", re.DOTALL)
"""What wechat-dump writes of a picture and of a file."""


def taken_apart(message: Message) -> Message:
    """The message with its quote and its files apart."""
    if (notice := _SYSTEM_TEXT.fullmatch(message.text)) is not None:
        text = notice["inside"] or notice["behind"] or ""
        message = structs.replace(message, sender="", text=text, kind=MessageKind.SYSTEM)
    if message.kind in (MessageKind.SYSTEM, MessageKind.RECALL):
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
        return structs.replace(message, kind=kind, recalled=is_recalled)
    quoted = next(filter(None, (shape.fullmatch(message.text) for shape in _QUOTES)), None)
    if quoted is not None:
        message = structs.replace(
            message,
            kind=MessageKind.QUOTE,
            text=quoted["reply"].strip(),
            quoted=Quote(sender=quoted["sender"], text=quoted["quoted"].strip()),
        )
    return _with_files(message)


def _with_files(message: Message) -> Message:
    """The message with the files that its text links to or lists."""
    if (dumped := _DUMPED.fullmatch(message.text)) is not None:
        file = (
            _file(dumped["file"], dumped["file"]) if dumped["file"] else Attachment(kind=AttachmentKind.IMAGE)
        )
        return structs.replace(
            message, text=dumped["text"], kind=MessageKind(file.kind.value), attachments=(file,)
        )
    links = [
        found
        for found in _LINK.finditer(message.text)
        if found["picture"] or _NAMED_LINK.fullmatch(found["label"])
    ]
    listed = list(_LISTED.finditer(message.text))
    if not links and not listed:
        return message
    files = [*map(_linked, links), *(_file(found["name"], found["name"]) for found in listed)]
    text = message.text
    for found in (*links, *listed):
        text = text.replace(found.group(), "")
    text = text.strip()
    is_alone = len(files) == 1 and (not text or bool(message.attachments))
    kind = MessageKind(files[0].kind.value) if is_alone and message.kind is MessageKind.TEXT else message.kind
    return structs.replace(message, text=text, kind=kind, attachments=tuple(files))


def _linked(found: re.Match[str]) -> Attachment:
    named = _NAMED_LINK.fullmatch(found["label"])
    file = _file(named["name"] if named else found["path"].rsplit("/", 1)[-1], found["path"])
    return structs.replace(file, kind=AttachmentKind.IMAGE) if found["picture"] else file


def _file(name: str, path: str) -> Attachment:
    is_link = path.startswith(("http://", "https://"))
    return Attachment(kind=kind_of_file(name), name=name, path=path, remote=is_link)
