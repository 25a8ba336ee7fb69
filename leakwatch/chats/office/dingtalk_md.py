"""DingTalk chats as Markdown.

Written by: tools that read DingTalk's database. DingTalk itself has no export; audit consoles give XLSX, which
the table reader takes.
Tell-tales: `### HH:MM:SS - name` headings below a `## 2024-05-01` heading.
Fields: `# title` → chat.name; the day heading + the message heading → sent_at; the rest of the message heading
→ sender; `![alt](path)` and `[名单.docx](path)` of the body → attachments. Lines before the first message that
are neither are kept as a message without sender.
Specimen:

    # 云岭区值班群

    ## 2024-05-01

    ### 17:00:05 - 王明远

    收到
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Source,
    assemble,
    head_lines,
    is_written,
    open_lines,
    stem,
)
from leakwatch.chats.parts.moments import parse_moment
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

NAME = "dingtalk-md"

_SAMPLE_LINES = 2000
_NEAR_TOP = 40
_TITLE = re.compile(r"#\s+(?P<title>\S.*?)\s*#*")
_DAY = re.compile(r"##\s+(?P<day>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:\s*[(（]?(?:星期|周).[)）]?)?")
_HEADER = re.compile(r"###\s+(?P<clock>[0-2]?\d:[0-5]\d(?::[0-5]\d)?)\s+[-–—]\s+(?P<name>\S.{0,120}?)")
_FILE_LINK = re.compile(r"(?P<picture>!)?\[(?P<label>[^\[\]\n]*)\]\((?P<path>[^()\s]+|<[^<>\n]+>)\)")
_SUFFIX = re.compile(r".*\.[A-Za-z0-9]{1,5}")
_LOSSY = ("钉钉数据库工具导出的图片和文件只留编号，请另行提交原文件",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """A day heading near the top and two message headings below it."""
    written = [line.strip().lstrip("\ufeff") for line in head_lines(head)[:_SAMPLE_LINES] if is_written(line)]
    days = [number for number, text in enumerate(written) if _DAY.fullmatch(text)]
    if not days or days[0] > _NEAR_TOP:
        return False
    return sum(_HEADER.fullmatch(text) is not None for text in written[days[0] :]) >= 2


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """All messages of the one chat in the file, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        sample = list(takewhile(bool, (lines.peek(distance) for distance in range(_NEAR_TOP))))
        chat = Chat(name=_title(sample) or stem(file.name), platform="dingtalk")
        source = Source(format=NAME, chat=chat, encoding=encoding, lossy=_LOSSY)
        for item in assemble(_events(lines), source):
            yield _with_links(item) if isinstance(item, Message) else item


def _title(sample: Sequence[str]) -> str:
    preamble = takewhile(
        lambda text: not _DAY.fullmatch(text), (line.strip().lstrip("\ufeff") for line in sample)
    )
    return next((found["title"] for text in preamble if (found := _TITLE.fullmatch(text))), "")


def _events(lines: Lines) -> Iterator[Event]:
    day, is_titled = "", False
    for line in lines:
        text = line.strip().lstrip("\ufeff")
        if (found := _DAY.fullmatch(text)) and parse_moment(found["day"]).at is not None:
            day = found["day"]
        elif day and (found := _HEADER.fullmatch(text)):
            yield Header(found["name"].strip(), parse_moment(f"{day} {found['clock']}"))
        elif not day and not is_titled and _TITLE.fullmatch(text):
            is_titled = True
        else:
            yield line


def _with_links(message: Message) -> Message:
    """The message with the pictures and files that its Markdown links to."""
    links = tuple(
        _attachment(found)
        for found in _FILE_LINK.finditer(message.text)
        if found["picture"] or _SUFFIX.fullmatch(found["label"])
    )
    if not links:
        return message
    is_all = not _FILE_LINK.sub("", message.text).strip()
    kind = MessageKind(links[0].kind.value) if is_all and len(links) == 1 else message.kind
    # `![图片](…)` looks like a nameless placeholder too.
    named = tuple(file for file in message.attachments if file.name)
    return replace(message, kind=kind, attachments=named + links)


def _attachment(found: re.Match[str]) -> Attachment:
    path = found["path"].strip("<>")
    last = path.replace("\\", "/").rsplit("/", 1)[-1]
    return Attachment(
        kind=AttachmentKind.IMAGE if found["picture"] else AttachmentKind.FILE,
        name=found["label"] if _SUFFIX.fullmatch(found["label"]) else last,
        path=path,
        remote=path.startswith(("http://", "https://")),
    )
