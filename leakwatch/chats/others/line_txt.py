"""Chats that LINE exports as text.

Written by: LINE on phones; on PC and Mac (line_desktop.py). Tell-tales: `[LINE] 云岭区值班群的聊天记录` (群聊, 与…的聊天记录 for one person; other languages
alike) and `保存日期：…` right below.
Fields: day rows (`2024/05/01（三）`, `2024.05.01 星期三`, `Wed, 5/1/2024`) + `HH:MM<TAB>name<TAB>text`; no name:
the system's; a text of several lines stands in quotes; `[照片]`, `[檔案]` are placeholders, media are not exported.
Specimen:

    [LINE] 云岭区值班群的聊天记录
    保存日期：2024/05/02 09:00

    2024/05/01（三）
    17:00	王明远	收到
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.others.line_desktop import desktop_events, is_desktop, with_media
from leakwatch.chats.parts.blocks import Event, Header, Lines, Source, assemble, head_lines, open_lines, stem
from leakwatch.chats.parts.kinds import is_recall
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.model import Chat, Conversation, Evidence, Message, MessageKind, Skipped

NAME = "line-txt"

_TITLES = tuple(
    (re.compile(rf"(?:\[LINE\] ?)?{pattern}"), is_group)
    for pattern, is_group in (
        (r"[与與](?P<name>.+)的聊天[记記][录錄]", False),
        (r"(?P<name>.+)的聊天[记記][录錄]", True),
        (r"Chat history with (?P<name>.+)", False),
        (r"Chat history in (?P<name>.+)", True),
        (r"(?P<name>.+)とのトーク履歴", False),
        (r"(?P<name>.+)のトーク履歴", True),
    )
)
_SAVED = re.compile(r"(?:保存日期|儲存日期|保存日時|Saved on)\s?[:：].*")
_DAY = re.compile(
    r"(?P<day>\d{4}[/.]\d{1,2}[/.]\d{1,2})\s?(?:[(（]?(?:星期|周|週)?[一二三四五六日天月火水木金土](?:曜日)?[)）]?|[A-Z][a-z]+)?"
    r"|[A-Z][a-z]{2,8}, (?P<us>\d{1,2}/\d{1,2}/\d{4})"
)
_ROW = re.compile(
    r"(?P<clock>(?:上午|下午|午前|午後)?\s?\d{1,2}:\d{2}(?:\s?[AaPp][Mm])?)\t(?:(?P<name>[^\t\n]*)\t)?(?P<text>.*)",
    re.DOTALL,
)
_UNSENT = re.compile(r"收回訊息|收回了?消息|unsent a message|Message unsent|送信を取り消しました", re.I)
_LOSSY = ("LINE 文本记录不含图片、文件和语音本身，请另行提交原文件",)
_LOSSY_DESKTOP = (*_LOSSY, "LINE 电脑版的姓名和正文之间只有空格，姓名带空格时可能分错")
_SAMPLE_LINES = 20_000


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """LINE's own first two lines, or a day with rows behind it."""
    sample = head_lines(head)[:_SAMPLE_LINES]
    if is_desktop(sample):
        return True
    lines = [line.strip().lstrip("\ufeff") for line in sample[:3]]
    if len(lines) < 2 or _SAVED.fullmatch(lines[1]) is None:
        return False
    return _title(lines[0]) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """All messages of the one chat in the file, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        sample = list(takewhile(bool, (lines.peek(distance) for distance in range(_SAMPLE_LINES))))
        is_of_desktop = is_desktop(sample)
        title = _title(sample[0].strip().lstrip("\ufeff")) if sample else None
        name, is_group = title or _named(stem(file.name))
        source = Source(
            format=NAME,
            chat=Chat(name=name, platform="other", is_group=is_group),
            encoding=encoding,
            lossy=_LOSSY_DESKTOP if is_of_desktop else _LOSSY,
            finish=_finished if is_of_desktop else _unquoted,
        )
        yield from assemble(desktop_events(lines, sample) if is_of_desktop else _events(lines), source)


def _named(name: str) -> tuple[str, bool | None]:
    """Chat and sort by the name of the file: `[LINE]云岭区值班群`, `[LINE] 与王明远的聊天`."""
    return _title(name) or _title(f"{name}记录") or (name.removeprefix("[LINE]").strip(), None)


def _finished(message: Message) -> Message:
    return with_media(_unquoted(message))


def _title(line: str) -> tuple[str, bool | None] | None:
    for pattern, is_group in _TITLES:
        if (found := pattern.fullmatch(line)) is not None:
            return found["name"].strip(), is_group
    return None


def _events(lines: Lines) -> Iterator[Event]:
    day = ""
    for number, line in enumerate(lines):
        text = line.strip("\r\n").lstrip("\ufeff")
        if number < 2 and (_title(text.strip()) or _SAVED.fullmatch(text.strip())):
            continue
        if (found := _DAY.fullmatch(text.strip())) and parse_moment(found["day"] or found["us"]).at:
            day = found["day"] or found["us"]
        elif (row := _ROW.fullmatch(line)) is not None:
            clock = row["clock"].replace("午前", "上午").replace("午後", "下午")
            yield _header(row, f"{day} {clock}".strip())
            yield row["text"]
        else:
            yield line


def _header(row: re.Match[str], when: str) -> Header:
    name = (row["name"] or "").strip()
    is_unsent = is_recall(row["text"]) or (len(row["text"]) < 80 and _UNSENT.search(row["text"]) is not None)
    if name and not is_unsent:
        return Header(name, parse_moment(when))
    return Header("", parse_moment(when), kind=MessageKind.RECALL if is_unsent else MessageKind.SYSTEM)


def _unquoted(message: Message) -> Message:
    """The message without the quotes that LINE puts around a text of several lines."""
    text = message.text
    if "\n" in text and text.startswith('"') and text.endswith('"'):
        return replace(message, text=text[1:-1].replace('""', '"'))
    return message
