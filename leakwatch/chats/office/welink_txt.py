"""Chats of Huawei WeLink as text.

Written by: WeLink's desktop client. Tell-tales: `name(x00123456)<TAB>2026-03-31 09:15:32` lines.
Fields: the header's name, id and time; the body goes on to the next header, no empty line between; headers may
end in blanks; pictures and files are placeholders; chat = the file's name. A header inside a body (a pasted
copy) is told by its time: it lies before the message that it stands in.
Specimen:

    王明远(w00123456)	2026-03-31 09:15:32
    收到
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise, takewhile

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
    mostly,
    open_lines,
    stem,
)
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.model import Chat, Conversation, Evidence, Message, Skipped

NAME = "welink-txt"

_SAMPLE_LINES = 2000
_HEADER = re.compile(
    r"(?P<name>[^\t\n]{1,80}?)\((?P<id>[A-Za-z]{1,3}\d{5,10})\)\t(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*"
)
_LOSSY = ("WeLink 文本记录不含图片和文件本身，请另行提交原文件",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """A header as the first line that is written."""
    first = next((line for line in head_lines(head) if is_written(line)), "")
    return _HEADER.fullmatch(first.strip("\ufeff\r\n")) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """All messages of the one chat in the file, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        chat = Chat(name=stem(file.name), platform="welink")
        sample = list(takewhile(bool, (lines.peek(distance) for distance in range(_SAMPLE_LINES))))
        source = Source(format=NAME, chat=chat, encoding=encoding, lossy=_LOSSY)
        yield from assemble(_events(lines, is_newest_last=_is_newest_last(sample)), source)


def _events(lines: Lines, *, is_newest_last: bool) -> Iterator[Event]:
    last: datetime | None = None
    for line in lines:
        header = _header(line)
        at = header.moment.at if header else None
        if header is None or at is None or (is_newest_last and not lies_between(last, at, None)):
            yield line
        else:
            last = at
            yield header


def _header(line: str) -> Header | None:
    found = _HEADER.fullmatch(line.strip("\ufeff\r\n")) if "\t" in line else None
    return Header(found["name"].strip(), parse_moment(found["time"]), found["id"]) if found else None


def _is_newest_last(sample: Sequence[str]) -> bool:
    """Whether times run on in this file; then one that runs back is no header."""
    times = [header.moment.at for line in sample if (header := _header(line)) and header.moment.at]
    return mostly([one <= other for one, other in pairwise(times)])
