"""Chats in the Markdown files of MemoTrace (留痕, WeChatMsg) v3.

Written by: MemoTrace, `<chat>.md`.
Tell-tales: `#### 2024-05-01` below `## 2024` and `### 2024-05`, then `**17:00:05 name**: text`.
Field map: day heading + time → sent_at, name → sender; `> 2024-05-01 17:01:20 text` → a system row; the line
  `> text` behind a text → quoted; `![图片](path)` → attachment; all else as in memotrace_txt.py. Names and texts
  are escaped (`\\-`), forwards are their digest.
Specimen:
  #### 2024-05-01

  **17:00:05 王明远**: 各位早上好
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
)
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.wechat.memotrace_json import chat_of
from leakwatch.chats.wechat.memotrace_pictures import Pictures
from leakwatch.chats.wechat.memotrace_txt import taken_apart
from leakwatch.model import Conversation, Evidence, Message, MessageKind, Quote, Skipped

NAME = "memotrace-md"

_SAMPLE_BYTES = 1 << 14
_DAY = re.compile(r"#### (?P<day>\d{4}-\d\d-\d\d)")
_HEADER = re.compile(r"\*\*(?P<clock>\d\d:\d\d:\d\d) (?P<name>.{0,400}?)\*\*:(?: (?P<text>.*))?")
_SYSTEM = re.compile(r"> (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<text>.*)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|])")
_QUOTED = re.compile(r"(?P<reply>.*?) ?\n> (?P<text>.*)", re.DOTALL)
_LOSSY = ("留痕的 Markdown 格式不含文件名，合并转发只有摘要；请改用 HTML 或 CSV 格式重新导出",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """A year, a month and a day as headings, and a message or a system row below them."""
    written = [line.strip() for line in head_lines(head[:_SAMPLE_BYTES]) if is_written(line)][:4]
    if len(written) < 4 or not _DAY.fullmatch(written[2]):
        return False
    day = written[2][5:]
    return written[:2] == [f"## {day[:4]}", f"### {day[:7]}"] and any(
        shape.match(written[3]) for shape in (_HEADER, _SYSTEM)
    )


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the file, then the chat."""
    pictures = Pictures(beside)
    with open_lines(file.path) as (lines, encoding):
        source = Source(format=NAME, chat=chat_of(file), encoding=encoding, lossy=_LOSSY, finish=_taken_apart)
        for item in assemble(_events(lines), source):
            yield pictures.joined(item) if isinstance(item, Message) else item


def _events(lines: Lines) -> Iterator[Event]:
    day = ""
    for line in lines:
        text = line.rstrip("\r\n")
        if (found := _DAY.fullmatch(text)) is not None:
            day = found["day"]
        elif day and (found := _HEADER.fullmatch(text)) is not None:
            yield Header(_unescaped(found["name"]).strip(), parse_moment(f"{day} {found['clock']}"))
            yield f"{found['text'] or ''}\n"
        elif not is_written(lines.previous) and (found := _SYSTEM.fullmatch(text)) is not None:
            yield Header("", parse_moment(found["time"]), kind=MessageKind.SYSTEM)
            yield f"{found['text']}\n"
        elif not re.fullmatch(r"###? \d{4}(?:-\d\d)?", text):
            yield line


def _taken_apart(message: Message) -> Message:
    """The message with its Markdown undone and its body read."""
    quoted = _QUOTED.fullmatch(message.text)
    text = quoted["reply"] if quoted else message.text
    plain = taken_apart(replace(message, text=_unescaped(text)))
    if quoted is None:
        return plain
    return replace(
        plain, kind=MessageKind.QUOTE, quoted=Quote(sender="", text=_unescaped(quoted["text"]).strip())
    )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)
