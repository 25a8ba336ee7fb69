"""Chats in the text files of MemoTrace (留痕, WeChatMsg), all versions.

Written by: MemoTrace, `<chat>.txt` and, for language models, `<chat>_chat.txt`.
Tell-tales: the file begins with `2024-05-01 17:00:05 name` and so does what follows an empty line; the other
  kind begins with a rule `********************2024-05-01********************`.
Field map: header = time and name, a time alone (v3) or a time and the words of a system row (v1); body =
  【图片】, `【文件】name size path type md5`, 【语音】words, 引用：, 【合并转发的聊天记录】 with its lines (v3), [图片],
  `引用:name:text`, [链接]: (v1). `_chat.txt` keeps days only; who speaks cannot be told for sure there, and
  numbers of phones and identity cards were taken out: its paragraphs come out whole, without a sender.
Specimen:
  2024-05-01 17:00:05 王明远
  各位早上好

  2024-05-01 17:01:20
  "李婷" 撤回了一条消息

A body may hold empty lines and behind them lines like headers: a name that has not spoken before heads no
message if its time lies before the one of the message above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
    is_written,
    lies_between,
    open_lines,
)
from leakwatch.chats.parts.kinds import kind_of_name, kind_of_text
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.tables.table_rows import with_content
from leakwatch.chats.wechat.memotrace_json import chat_of
from leakwatch.model import Conversation, Evidence, Message, MessageKind, Skipped

NAME = "memotrace-txt"

_SAMPLE_LINES, _SAMPLE_BYTES = 2000, 1 << 17
_HEADER = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: (?P<name>\S(?:.{0,198}\S)?))?[ \t]*")
_DAY = re.compile(r"\*{4,40}(?P<day>\d{4}-\d\d-\d\d)\*{4,40}")
_LABEL = re.compile(r"[【\[](?P<label>[^【】\[\]\n]{1,12})[】\]]:?[ \t]*")
_PLACEHOLDER = re.compile(
    r"[【\[](?:图片|语音|视频|文件|表情包|分享链接|音乐分享|合并转发的聊天记录|链接)[】\]]"
)
_PREAMBLE_LINES = 3
_PREAMBLE = re.compile(r"Chat History with |Exported on \d{4}-")
"""The first two lines in forks of version 1."""
_QUOTE_V1 = re.compile(r"\n引用:(?=[^\n:]{1,64}:)")
_LOSSY = ("留痕的文本格式不含图片和语音，早期版本也不含文件名；请一并提交 image、file 文件夹",)
_LOSSY_DAYS = (
    "留痕的 _chat.txt 只有日期，发送人无法确定，且手机号、证件号、邮箱已被导出程序替换掉；请改用 CSV 或 HTML 格式重新导出",
)


@dataclass(slots=True)
class _State:
    """What has been read so far."""

    senders: set[str] = field(default_factory=set)
    last_at: datetime | None = None


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """A day rule first, or headers that lie as MemoTrace's do and a sign that they are a chat's."""
    lines = head_lines(head[:_SAMPLE_BYTES])[:_SAMPLE_LINES]
    sample = lines[_PREAMBLE_LINES:] if len(lines) > 1 and _PREAMBLE.match(lines[1]) else lines
    first = next((line.strip() for line in sample if is_written(line)), "")
    return _DAY.fullmatch(first) is not None or _is_chat(sample)


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the file, then the chat."""
    chat = chat_of(file)
    with open_lines(file.path) as (lines, encoding):
        if _DAY.fullmatch(lines.next_written().strip()):
            source = Source(format=NAME, chat=chat, encoding=encoding, lossy=_LOSSY_DAYS)
            yield from assemble(_paragraphs(lines), source)
        else:
            source = Source(format=NAME, chat=chat, encoding=encoding, lossy=_LOSSY, finish=taken_apart)
            yield from assemble(_events(lines), source)


def _is_chat(sample: Sequence[str]) -> bool:
    """Most paragraphs of a log or a diary begin alike too, but nobody speaks twice there."""
    found = [
        (header, after)
        for before, line, after in zip(["", *sample], sample, [*sample[1:], ""], strict=False)
        if not is_written(before) and (header := _HEADER.fullmatch(line.rstrip("\r\n"))) is not None
    ]
    first = next((line for line in sample if is_written(line)), "")
    if any(after.startswith(("[文本]", "[被引用的消息]")) for _, after in found):  # QQNT_Export's
        return False
    with_body = [header for header, after in found if is_written(after)]
    if not _HEADER.fullmatch(first.rstrip("\r\n")) or len(with_body) < 2 or len(with_body) * 2 < len(found):
        return False
    if all((header["name"] or "''")[0] == "'" for header in with_body):  # WeFlow's
        return False
    names = Counter(header["name"] for header in with_body)
    return max(names.values()) > 1 or any(_PLACEHOLDER.match(line) for line in sample) or None in names


def _events(lines: Lines) -> Iterator[Event]:
    state = _State()
    for line in lines:
        if not state.senders and _PREAMBLE.match(line):
            continue
        header = _header(line, state) if not is_written(lines.previous) else None
        if header is None:
            yield line
        elif header.sender and header.sender not in state.senders and not is_written(lines.peek(0)):
            # Version 1 writes the words of a system row behind its time.
            yield Header("", moment=header.moment, kind=MessageKind.SYSTEM)
            yield header.sender
        else:
            state.senders.add(header.sender)
            yield header


def _header(line: str, state: _State) -> Header | None:
    found = _HEADER.fullmatch(line.rstrip("\r\n")) if line[:1].isdigit() else None
    moment = parse_moment(found["time"]) if found else None
    if found is None or moment is None or moment.at is None:
        return None
    name = (found["name"] or "").strip()
    is_stranger = name not in state.senders
    if is_stranger and not lies_between(state.last_at, moment.at, None):
        return None
    state.last_at = moment.at
    kind = None if name else MessageKind.SYSTEM
    return Header(name, moment=moment, kind=kind)


def taken_apart(message: Message) -> Message:
    """The message with its body read: file, quote, forward, or what a system row says."""
    if message.kind in (MessageKind.SYSTEM, MessageKind.RECALL):
        return message
    text = _QUOTE_V1.sub("\n引用：", message.text, count=1)
    label = _LABEL.match(text)
    kind = kind_of_name(label["label"]) if label else MessageKind.OTHER
    if kind in (MessageKind.OTHER, MessageKind.SYSTEM):
        kind = kind_of_text(text)
    bare = replace(message, text=text, kind=kind, attachments=(), summary_only=False)
    message = with_content(bare, "", "")
    is_quote = message.quoted is not None and kind is MessageKind.TEXT
    return replace(message, kind=MessageKind.QUOTE) if is_quote else message


def _paragraphs(lines: Lines) -> Iterator[Event]:
    """A message for each paragraph, stamped with its day."""
    day = parse_moment("")
    is_open = False
    for line in lines:
        if (found := _DAY.fullmatch(line.strip())) is not None:
            day, is_open = parse_moment(found["day"]), False
        elif not is_written(line):
            is_open = False
        elif not is_open:
            is_open = True
            yield Header("", moment=day)
            yield line
        else:
            yield line
