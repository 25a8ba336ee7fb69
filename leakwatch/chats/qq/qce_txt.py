"""Chats as QQ Chat Exporter writes them in plain text.

Written by: QQ Chat Exporter V4 to V6 (UTF-8, LF). Tell-tales: first line `[QQChatExporter V5 / https://…]`.
Fields: a block is an optional `[n]`, `[title] name:`, `时间: …`, an optional `类型: …`, `内容: …` (many lines),
`资源: n 个文件` with a line `  - type: name` each, `提及: …`, `回复: 05-01 17:00 name - text`. Blocks are two
empty lines apart. Times can be whole, a day, a clock, or relative (`3天前`), which is no time.
聊天名称 → chat.name; 总计导出 n 条消息 at the end, else 消息总数 above the messages → declared.
Specimen:

    [QQChatExporter V5 / https://github.com/shuakami/qq-chat-exporter]

    聊天名称: 云岭区值班群
    聊天类型: 群聊
    消息总数: 1

    王明远:
    时间: 2024-05-01 17:00:05
    内容: [图片: A.jpg]
    资源: 1 个文件
      - image: A.jpg

A message may hold lines of all these shapes: a block begins only where a name, a time and a content follow each
other behind an empty line; what hangs below a content is looked for from its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import Lines, head_lines, is_written, open_lines, stem
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.placeholders import attachments_of, kind_of, notice_kind
from leakwatch.chats.parts.tally import Tally
from leakwatch.chats.qq.qce_names import FILE_KINDS, is_group, named_by
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Quote,
    Skipped,
)

NAME = "qce-txt"

_LOSSY = ("QQ Chat Exporter 的文本格式只写合并转发的前三条", "QQ Chat Exporter 的文本格式不标出被撤回的消息")
_RELATIVE_TIMES = "导出时选了相对时间（如“3天前”），消息没有确切时间"
_SIGNATURE = re.compile(r"\[QQChatExporter V\d+ */ *https?://\S*qq-chat-exporter\]")
_SENDER = re.compile(r"(?:\[\d{1,9}\] )?(?:\[(?P<title>[^\[\]\n]{1,60})\] )?(?P<name>\S.{0,119}):")
_TIME = re.compile(r"时间: ?(?P<when>.*)")
_RELATIVE = re.compile(r"刚刚|\d{1,6}(?:分钟|小时|天)前")
_NUMBER = re.compile(r"\[\d{1,9}\]")
_BODY = ("内容: ", "类型: ")
_RULE = re.compile(r"={20,}")
_TOTAL = re.compile(r"总计导出 (?P<count>\d{1,12}) 条消息")
_RESOURCES = re.compile(r"资源: (?P<count>\d{1,6}) 个文件")
_RESOURCE = re.compile(r"  - (?P<kind>\w{1,20}): ?(?P<name>.*)")
_LABEL = re.compile(r"(?P<key>聊天名称|聊天类型|消息总数): ?(?P<value>.*)")
_PREAMBLE = re.compile(
    r"\ufeff?\[QQChatExporter .*|\[本软件是免费的开源项目.*|QQ聊天记录导出文件|={20,}"
    r"|(?:聊天名称|聊天类型|参与人数|导出时间|消息总数|时间范围): ?.*"
)
_REPLY_HEAD = re.compile(r"(?:\d\d-\d\d \d\d:\d\d )?(?P<sender>.{0,64}?) - (?P<text>.*)", re.DOTALL)
_HEAD_BYTES = 1 << 10
_PREAMBLE_LINES = 200
# A content that never ends goes on as a further message of the same sender.
_BODY_CHARACTERS = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    sender: str
    moment: Moment
    is_relative: bool = False


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """Whether the exporter's signature is the first line."""
    first = next((line.strip() for line in head_lines(head[:_HEAD_BYTES]) if is_written(line)), "")
    return _SIGNATURE.fullmatch(first.removeprefix("\ufeff")) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the file, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        labels = _labels(lines)
        chat = Chat(
            name=labels.get("聊天名称", "") or named_by(stem(file.name)),
            platform="qq",
            is_group=is_group(labels.get("聊天类型", "")),
        )
        reading = _Reading(Tally(file, chat), _count(labels.get("消息总数", "")))
        yield from reading.messages(lines)
        yield Conversation(
            chat=chat,
            format=NAME,
            encoding=encoding.name,
            declared=reading.declared,
            coverage=reading.tally.coverage(0 if encoding.is_exact else reading.replaced),
            lossy=(*_LOSSY, _RELATIVE_TIMES) if reading.is_relative else _LOSSY,
        )


def _labels(lines: Lines) -> dict[str, str]:
    """What stands above the first message; the lines are consumed, those below a header are not."""
    labels: dict[str, str] = {}
    for distance in range(_PREAMBLE_LINES):
        line = lines.peek(distance)
        if not line or line.startswith("时间: "):
            break
        if (label := _LABEL.fullmatch(line.strip())) is not None:
            labels.setdefault(label["key"], label["value"].strip())
    return labels


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else None


class _Reading:
    """One pass over the lines, block by block."""

    def __init__(self, tally: Tally, declared: int | None) -> None:
        self.tally = tally
        self.declared = declared
        self.is_relative = False
        self.replaced = 0

    def messages(self, lines: Lines) -> Iterator[Message]:
        """Every block as a message, and text that stands above them."""
        header: _Header | None = None
        body: list[str] = []
        size = 0
        for line in lines:
            following = _header(line, lines)
            if following is None and self._ends(line, lines):
                break
            if following is None and size < _BODY_CHARACTERS:
                body.append(line)
                size += len(line)
                continue
            yield from self._message(header, body)
            body, size = ([], 0) if following else ([line], len(line))
            header = following or header
            self.is_relative |= following is not None and following.is_relative
        yield from self._message(header, body)

    def _message(self, header: _Header | None, body: list[str]) -> Iterator[Message]:
        """The message of a block; of what stands above the first one only what the exporter did not write."""
        text = "".join(body if header else (line for line in body if not _PREAMBLE.fullmatch(line.strip())))
        self.replaced += text.count("\ufffd")
        if header is not None:
            yield self.tally.count(_message_of(header, text, self.tally))
        elif text.strip():
            yield self.tally.count(
                Message(
                    chat=self.tally.chat,
                    number=self.tally.messages + 1,
                    sender="",
                    text=text.strip(),
                    kind=MessageKind.OTHER,
                )
            )

    def _ends(self, line: str, lines: Lines) -> bool:
        """Whether the exporter's footer begins: a rule, 导出完成, a rule, the total, and then the end."""
        if line[:1] != "=" or not _RULE.fullmatch(line.strip()) or lines.peek(0).strip() != "导出完成":
            return False
        total = _TOTAL.fullmatch(lines.peek(2).strip())
        if total is None or any(is_written(lines.peek(distance)) for distance in range(4, 8)):
            return False
        self.declared = int(total["count"])
        return True


def _header(line: str, lines: Lines) -> _Header | None:
    """The header that begins with the line; the lines that belong to it are consumed."""
    if is_written(lines.previous) or not is_written(line):
        return None
    numbered = 1 if _NUMBER.fullmatch(line.strip()) else 0
    first = lines.peek(0) if numbered else line
    if (bare := _timed(first, lines.peek(numbered))) is not None:
        _consume(lines, numbered)
        return bare
    sender = _SENDER.fullmatch(first.strip())
    timed = _timed(lines.peek(numbered), lines.peek(numbered + 1)) if sender else None
    if sender is None or timed is None:
        return None
    _consume(lines, numbered + 1)
    return _Header(sender=sender["name"].strip(), moment=timed.moment, is_relative=timed.is_relative)


def _timed(line: str, following: str) -> _Header | None:
    """A header without a name, as the exporter writes it if names are switched off."""
    found = _TIME.fullmatch(line.strip())
    if found is None or not following.startswith(_BODY):
        return None
    moment, is_relative = parse_moment(found["when"]), _RELATIVE.fullmatch(found["when"]) is not None
    if moment == Moment() and found["when"] and not is_relative:
        return None
    return _Header(sender="", moment=moment, is_relative=is_relative)


def _consume(lines: Lines, count: int) -> None:
    for _ in range(count):
        next(iter(lines), "")


def _message_of(header: _Header, block: str, tally: Tally) -> Message:
    content, quoted = _split_reply(block.strip("\n"))
    content, mentions = _split_mentions(content)
    written, attachments = _split_resources(content)
    kind_name, _, rest = written.partition("\n") if written.startswith("类型: ") else ("", "", written)
    text = "\n".join(filter(None, (rest.removeprefix("内容:").strip(), mentions)))
    attachments = attachments or attachments_of(text)
    kind = _kind(text, attachments, quoted)
    return Message(
        chat=tally.chat,
        number=tally.messages + 1,
        sender=header.sender,
        text=text,
        kind=MessageKind.SYSTEM if kind_name.endswith("system") else kind,
        sent_at=header.moment.at,
        precision=header.moment.precision,
        zone_assumed=header.moment.zone_assumed,
        clock=header.moment.clock,
        quoted=quoted,
        attachments=attachments,
        summary_only=kind is MessageKind.FORWARD,
        recalled=kind is MessageKind.RECALL,
    )


def _kind(text: str, attachments: tuple[Attachment, ...], quoted: Quote | None) -> MessageKind:
    if text.startswith("[转发消息"):
        return MessageKind.FORWARD
    if quoted is not None:
        return MessageKind.QUOTE
    return notice_kind(text) or kind_of(text, attachments)


def _split_reply(block: str) -> tuple[str, Quote | None]:
    """What stands before the last line `回复: name - text`, and what that line quotes."""
    before, mark, reply = block.rpartition("\n回复: ")
    found = _REPLY_HEAD.fullmatch(reply) if mark else None
    if found is None or not found["text"].strip():
        return block, None
    return before, Quote(sender=found["sender"].strip(), text=found["text"].strip())


def _split_mentions(content: str) -> tuple[str, str]:
    """What stands before the last line `提及: name, name`, and that line where it says more than the text does.

    It is the exporter's if the text names them all, or if the list of files stands above it.
    """
    before, mark, names = content.rpartition("\n提及: ")
    if not mark or "\n" in names:
        return content, ""
    if all(f"@{name}" in before for name in names.split(", ")):
        return before, ""
    is_behind_files = _RESOURCE.fullmatch(before.rpartition("\n")[2]) is not None
    return (before, f"提及: {names}") if is_behind_files else (content, "")


def _split_resources(content: str) -> tuple[str, tuple[Attachment, ...]]:
    """What stands before the list of files, and the files; all of it where the count of files is wrong."""
    lines = content.rstrip("\n").split("\n")
    start = len(lines)
    while start > 0 and _RESOURCE.fullmatch(lines[start - 1]):
        start -= 1
    head = _RESOURCES.fullmatch(lines[start - 1]) if 0 < start < len(lines) else None
    if head is None or int(head["count"]) != len(lines) - start:
        return content, ()
    files = tuple(_attachment(found) for line in lines[start:] if (found := _RESOURCE.fullmatch(line)))
    return "\n".join(lines[: start - 1]), files


def _attachment(found: re.Match[str]) -> Attachment:
    name = found["name"].strip()
    return Attachment(kind=FILE_KINDS.get(found["kind"], AttachmentKind.FILE), name=name, path=name)
