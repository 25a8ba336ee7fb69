"""Chats in the archives of WeChatDataAnalysis, as text.

Written by: WeChatDataAnalysis with format txt: `conversations/0001_…/messages.txt` beside meta.json.
Tell-tales: the first lines `会话: name (id)`, `账号: …`, `导出时间: …`.
Fields: `[time] name(wxid): text`, `[time] [系统] text`; an avatar's path may stand behind the name, paths of
media behind the text, `size=` behind a file's name. Forwards are only digests, and bodies are not escaped: a
line of the same shape counts as body where its time lies before the last message's.
Specimen:

    会话: 云岭区值班群 (1@chatroom)
    账号: wxid_me
    导出时间: 2024-05-02T09:00:00

    [2024-05-01 17:00:05] 王明远(wxid_a): 收到
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace as replaced
from datetime import datetime

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Source,
    assemble,
    head_lines,
    lies_between,
    open_lines,
    stem,
)
from leakwatch.chats.parts.kinds import is_recall
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.wechat.wda import HIDDEN, SOME_DAYS, SOME_KINDS, declared_of, missing_of
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Reason,
    Skipped,
)

NAME = "wda-txt"

_PREAMBLE_LINES = 8
_TITLE = re.compile(r"会话: (?P<name>.+?)(?: \((?P<id>[\w@.-]+)\))?")
_LABEL = re.compile(r"(?P<label>会话|账号|会话头像|时间范围|消息类型|导出时间): .*")
_CHOICES = {"消息类型": SOME_KINDS, "时间范围": SOME_DAYS}
_HEADER = re.compile(
    r"""\[(?P<time>\d{4}-\d\d-\d\d[ ]\d\d:\d\d:\d\d)\][ ](?:\[系统\][ ]?(?P<notice>.*)
    |(?:(?P<name>[^\n]{1,120}?)\((?P<id>[\w@.-]{1,80})\)|(?P<bare>[^:\n]{1,120}?))
    (?:[ ]\[avatar=[^\]\n]*\])?:[ ]?(?P<text>.*))""",
    re.VERBOSE,
)
_MEDIA = re.compile(r"(?:(?<=\s)|^)media/(?P<folder>images|emojis|videos|video_thumbs|files|voices)/\S+")
_FILE = re.compile(r"(?:\[文件\] ?)?(?P<name>\S[^\n]*?\.[A-Za-z0-9]{1,8}) size=\S*")
_KINDS = {
    "images": AttachmentKind.IMAGE,
    "emojis": AttachmentKind.STICKER,
    "videos": AttachmentKind.VIDEO,
    "video_thumbs": AttachmentKind.IMAGE,
    "files": AttachmentKind.FILE,
    "voices": AttachmentKind.VOICE,
}
_LOSSY = ("此工具的文本导出只留合并转发的摘要；请改用 JSON 格式重新导出",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """The exporter's own first lines."""
    lines = [line.strip().lstrip("\ufeff") for line in head_lines(head)[:_PREAMBLE_LINES]]
    return (
        len(lines) > 2
        and lines[0].startswith("会话: ")
        and lines[1].startswith("账号: ")
        and any(line.startswith("导出时间: ") for line in lines[2:])
    )


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """All messages of the one chat in the file, what its report says is missing, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        title = _TITLE.fullmatch(lines.peek(0).strip().lstrip("\ufeff"))
        name = title["name"] if title else stem(file.name)
        chat_id = (title["id"] or "") if title else ""
        is_group = chat_id.endswith("@chatroom") if chat_id else None
        chat = Chat(name=name, platform="wechat", id=chat_id, is_group=is_group)
        is_hidden = lines.peek(1).strip() == "账号: hidden"
        lossy = (*_LOSSY, *_left_out(lines), *((HIDDEN,) if is_hidden else ()))
        for item in assemble(_events(lines), Source(format=NAME, chat=chat, encoding=encoding, lossy=lossy)):
            if isinstance(item, Message):
                yield _with_files(item)
            else:
                yield from missing_of(file, chat, beside)
                if is_hidden:
                    yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=HIDDEN)
                yield replaced(item, declared=declared_of(beside))


def _left_out(lines: Lines) -> Iterator[str]:
    """What the first lines say was chosen to be left out."""
    for distance in range(_PREAMBLE_LINES):
        found = _LABEL.fullmatch(lines.peek(distance).strip().lstrip("\ufeff"))
        if found is None:
            return
        if found["label"] in _CHOICES:
            yield _CHOICES[found["label"]]


def _events(lines: Lines) -> Iterator[Event]:
    last: datetime | None = None
    is_preamble = True
    for line in lines:
        text = line.strip("\r\n")
        is_preamble = is_preamble and _LABEL.fullmatch(text.lstrip("\ufeff")) is not None
        if is_preamble:
            continue
        found = _HEADER.fullmatch(text) if text.startswith("[") else None
        moment = parse_moment(found["time"]) if found else None
        if found is None or moment is None or moment.at is None or not lies_between(last, moment.at, None):
            yield line
            continue
        last = moment.at
        if found["notice"] is not None:
            is_recalled = is_recall(found["notice"])
            yield Header("", moment, kind=MessageKind.RECALL if is_recalled else MessageKind.SYSTEM)
            yield found["notice"] + "\n"
        else:
            yield Header((found["name"] or found["bare"]).strip(), moment, found["id"])
            yield found["text"] + "\n"


def _with_files(message: Message) -> Message:
    """The message with the exported files that its text names."""
    media = tuple(
        Attachment(
            kind=_KINDS[found["folder"]],
            name=found.group().rsplit("/", 1)[-1],
            path=found.group(),
            thumbnail=found["folder"] == "video_thumbs",
        )
        for found in _MEDIA.finditer(message.text)
    )
    if not media and (named := _FILE.fullmatch(message.text)) is not None:
        media = (Attachment(kind=AttachmentKind.FILE, name=named["name"]),)
    if not media:
        return message
    kind = MessageKind(media[0].kind.value) if message.kind is MessageKind.TEXT else message.kind
    return replace(message, kind=kind, attachments=media)
