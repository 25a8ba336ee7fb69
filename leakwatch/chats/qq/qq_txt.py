"""QQ desktop's text export, and (in qq_copy) what a copy from QQ or TIM pastes.

Written by: QQ desktop's message manager (消息管理器, one chat or "export all"; UTF-8 with BOM and CRLF, often
saved again as ANSI or Unicode).
Tell-tales: `消息记录（此消息记录为文本格式，不支持重新导入）`, rules of 64 `=`, `消息分组:`, `消息对象:`.
Fields: chat = 消息对象; header = time, 【title】, name, then (QQ number), <mail> or nothing (friends, discussion
groups); hour width and AM/PM follow the Windows locale; 系统消息(10000|1000000) = system; pictures and files
are placeholders only.
Specimen:

    消息记录（此消息记录为文本格式，不支持重新导入）

    ================================================================
    消息分组:我的群聊
    ================================================================
    消息对象:云岭区工作群
    ================================================================

    2024-05-06 9:05:00 【管理员】王明远(10001)
    [图片]

Bodies hold rules, 消息对象: and lines that begin with a time. A name without number heads a message only after
an empty line and, unless it has spoken before, only where its time lies between its neighbours'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise, takewhile

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Opening,
    Source,
    assemble,
    head_lines,
    is_written,
    lies_between,
    mostly,
    open_lines,
    stem,
)
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.qq.qq_copy import copied, copy_events, is_copy
from leakwatch.chats.qq.qq_names import CLOCK, Titles, chat_of, header_of, is_numbered
from leakwatch.model import Conversation, Evidence, Message, Skipped

NAME = "qq-txt"

_SAMPLE_LINES = 2000
_NEAR_TOP = 20
_TOP_LINES = 40
_AHEAD_LINES = 400
_MOST_DOUBTFUL = 40
_LOSSY = ("QQ 文本格式不含图片、文件和语音本身，只留有 [图片] 等字样，请另行提交原文件或改用 MHT 格式导出",)

_HEADER = re.compile(rf"(?P<when>\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}[ \t]+{CLOCK})(?:[ \t]+(?P<who>.*))?[ \t]*")
_SIGNATURE = re.compile(r"消息[记記][录錄]\s?[（(]此消息[记記][录錄][为為]文本格式.*")
_RULE = re.compile(r"={20,}")
_LABEL = re.compile(r"消息(?P<key>分[组組]|[对對]象)\s?[:：](?P<value>.*)")


@dataclass(slots=True)
class _Section:
    """What has been read of the current chat."""

    bare_names: set[str] = field(default_factory=set)
    last_at: datetime | None = None
    follows_rule: bool = True


@dataclass(slots=True)
class _Export:
    """Where in the file we are."""

    group: str = ""
    titles: Titles = field(default_factory=Titles)
    section: _Section = field(default_factory=_Section)
    has_text: bool = False
    in_block: bool = False


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """The client's first line, or two headers with QQ numbers, or two headers of a copy."""
    sample = head_lines(head)[:_SAMPLE_LINES]
    first = next((line.strip() for line in sample if is_written(line)), "")
    return _is_export(sample) or (not first.startswith("[QQChatExporter") and is_copy(sample))


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """All messages of each 消息对象 in the file, then its conversation."""
    with open_lines(file.path) as (lines, encoding):
        sample = list(takewhile(bool, (lines.peek(distance) for distance in range(_SAMPLE_LINES))))
        group, named = _first_labels(sample)
        chat = chat_of(named or stem(file.name), group)
        source = Source(format=NAME, chat=chat, encoding=encoding, lossy=_LOSSY)
        is_export = _is_export(sample) or not is_copy(sample)
        yield from assemble(
            _export_events(lines, sample) if is_export else copy_events(lines, sample), source
        )


def _first_labels(sample: Sequence[str]) -> tuple[str, str]:
    """The 消息对象 above the first message and the 消息分组 above it, each empty if there is none."""
    group = ""
    for line in sample[:_TOP_LINES]:
        text = line.strip()
        if _HEADER.fullmatch(text) or copied(text):
            break
        found = _LABEL.fullmatch(text)
        if found and found["key"].startswith("分"):
            group = found["value"].strip()
        elif found:
            return group, found["value"].strip()
    return group, ""


def _is_export(sample: Sequence[str]) -> bool:
    written = [line.strip() for line in sample if is_written(line)]
    if any(_SIGNATURE.fullmatch(text) for text in written[:_NEAR_TOP]):
        return True
    dated = [found for text in written if (found := _HEADER.fullmatch(text))]
    numbered = sum(is_numbered(found["who"] or "") for found in dated)
    is_near_top = any(_HEADER.fullmatch(text) for text in written[:_NEAR_TOP])
    return is_near_top and numbered >= 2 and numbered * 2 > len(dated)


def _export_events(lines: Lines, sample: Sequence[str]) -> Iterator[Event]:
    export, is_spaced = _Export(), _is_spaced(sample)
    for line in lines:
        text = line.strip()
        if not text:
            yield line
        elif text[0] in "=消" and _is_structural(text, lines, export):
            if (opening := _structure(text, lines, export)) is not None:
                yield opening
        elif (header := _header(line, lines, export.section, is_spaced)) is not None:
            export.has_text, export.in_block, export.section.follows_rule = True, False, False
            yield header
        else:
            export.has_text, export.in_block, export.section.follows_rule = True, False, False
            yield line


def _is_structural(text: str, lines: Lines, export: _Export) -> bool:
    if _RULE.fullmatch(text):
        return export.in_block or not export.has_text or _opens_block(lines, 0)
    if _LABEL.fullmatch(text):
        return export.in_block or not export.has_text
    return not export.has_text and _SIGNATURE.fullmatch(text) is not None


def _structure(text: str, lines: Lines, export: _Export) -> Opening | None:
    """What a structural line begins: a further chat, or nothing yet; the first chat is the source's."""
    label = _LABEL.fullmatch(text)
    if label is None:
        following = lines.next_written().strip()
        export.in_block = (
            _LABEL.fullmatch(following) is not None or _SIGNATURE.fullmatch(following) is not None
        )
        export.section.follows_rule = True
        return None
    value = label["value"].strip()
    if label["key"].startswith("分"):
        export.group = value
        return None
    is_first = not export.titles.used
    chat = chat_of(export.titles.title(value, export.group), export.group)
    export.section = _Section(bare_names={chat.name})
    return None if is_first else Opening(chat)


def _opens_block(lines: Lines, first: int) -> bool:
    """Whether a rule begins a section: from the line at `first` on nothing but labels up to the next rule."""
    for distance in range(first, first + 4):
        text = lines.peek(distance).strip()
        if distance > first and _RULE.fullmatch(text):
            return True
        if not _LABEL.fullmatch(text) and not _SIGNATURE.fullmatch(text):
            return False
    return False


def _header(line: str, lines: Lines, section: _Section, is_spaced: bool) -> Header | None:
    found = _dated(line)
    if found is None:
        return None
    header = header_of(found["who"], found["when"])
    if header.moment.at is None:
        return None
    follows_blank = section.follows_rule or not is_written(lines.previous)
    has_number = header.sender_id is not None or is_numbered(found["who"])
    if has_number:
        is_sure = follows_blank or not is_spaced
    elif follows_blank:
        is_sure = header.sender in section.bare_names
    else:
        return None
    if not is_sure:
        after = _next_at(line, lines, section.bare_names, is_spaced)
        if not lies_between(section.last_at, header.moment.at, after):
            return None
    if not has_number:
        section.bare_names.add(header.sender)
    section.last_at = header.moment.at
    return header


def _dated(line: str) -> re.Match[str] | None:
    """The parts of a line that begins with a time and goes on with a name."""
    found = _HEADER.fullmatch(line.rstrip("\r\n")) if line[0].isdigit() else None
    return found if found and is_written(found["who"] or "") else None


def _next_at(candidate: str, lines: Lines, names: Set[str], is_spaced: bool) -> datetime | None:
    """The time of the next sure header within the chat, else of the first line that lies as headers do.

    Not of the next line: two dated lines of one body would vouch for each other. A few hundred lines or
    forty doubtful ones far: a pasted log of 20 000 spaced lines takes 2 s, without that bound 33 s.
    """
    before = candidate
    doubtful: list[str] = []
    for distance in range(_AHEAD_LINES):
        line = lines.peek(distance)
        if not line or (_RULE.fullmatch(line.strip()) and _opens_block(lines, distance + 1)):
            break
        found, follows_blank = _dated(line), not is_written(before)
        before = line
        if found is None or (is_spaced and not follows_blank):
            continue
        if is_numbered(found["who"]) or (follows_blank and found["who"].strip() in names):
            return parse_moment(found["when"]).at
        if follows_blank:
            doubtful.append(found["when"])
        if len(doubtful) == _MOST_DOUBTFUL:
            break
    return parse_moment(doubtful[0]).at if doubtful else None


def _is_spaced(sample: Sequence[str]) -> bool:
    """Whether headers follow empty lines in this file, as the client writes them."""
    votes = []
    for before, line in pairwise(sample):
        found = _HEADER.fullmatch(line.strip())
        if found and is_numbered(found["who"] or ""):
            votes.append(not is_written(before) or _RULE.fullmatch(before.strip()) is not None)
    return mostly(votes)
