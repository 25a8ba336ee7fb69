"""What WeChat's desktop client pastes for several selected messages; part of the wechat-mail reader.

王明远:
[图片]

李婷:
收到
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from leakwatch.chats.parts.blocks import Event, Header, Lines, is_written
from leakwatch.chats.parts.placeholders import attachments_of, notice_kind

_SENDER = re.compile(r"(?P<name>[^\s:：，。！？,!?；;\[【][^:：，。！？!?；;\n]{0,30})[:：]\s*")


def colon_events(lines: Lines) -> Iterator[Event]:
    """Headers, notices and bodies; nothing says when."""
    for line in lines:
        found = _sender(line, lines.previous, lines.peek(0))
        if found is not None:
            yield Header(found["name"].strip())
            continue
        text = line.strip()
        is_alone = not is_written(lines.previous) and not is_written(lines.peek(0))
        if text and is_alone and (kind := notice_kind(text)) is not None:
            yield Header("", kind=kind)
        yield line


def is_colon_form(sample: Sequence[str]) -> bool:
    """Two `name:` blocks, the first line one of them, and a sign of a chat: who speaks twice, or a placeholder.

    Without that sign a list of 时间： and 地点： would be taken for a conversation.
    """
    around = zip(sample, ["", *sample], [*sample[1:], ""], strict=False)
    found = [_sender(line, before, after) for line, before, after in around]
    names = [match["name"] for match in found if match is not None]
    first = next((match for line, match in zip(sample, found, strict=True) if is_written(line)), None)
    paragraphs = sum(
        is_written(line) and not is_written(before)
        for line, before in zip(sample, ["", *sample], strict=False)
    )
    if len(names) < 2 or first is None or len(names) * 2 < paragraphs:
        return False
    return len(set(names)) < len(names) or any(
        (line.lstrip().startswith("[") and attachments_of(line)) or notice_kind(line) for line in sample
    )


def _sender(line: str, before: str, after: str) -> re.Match[str] | None:
    if is_written(before) or not is_written(after):
        return None
    return _SENDER.fullmatch(line.strip("\r\n"))
