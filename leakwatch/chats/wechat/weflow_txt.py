"""Chats as WeFlow writes them in plain text and in Markdown.

Written by: WeFlow (WeChat 4.x, until 2026), `.txt` and `.md`.
Tell-tales: `2024-05-01 17:00:05 'name'` as the first line and after empty lines; in Markdown the lines
  `- 会话ID:` (or 消息数量) and `- 导出工具: WeFlow` under a title, and `## 2024\\-05\\-01 17:00:05 name`.
Field map: title → chat.name, 会话ID → chat.id, 会话类型 → is_group, 消息数量 → declared; header → sent_at (of the
  exporting PC's zone), sender; body as in weflow_text.py; in Markdown `> ` → quoted, links → attachments.
Specimen:
  2024-05-01 17:00:05 '王明远'
  收到[引用 李婷：几点开会]

A body may hold empty lines and behind them lines like headers; Markdown escapes them, so there they are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import unquote

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
from leakwatch.chats.parts.kinds import attach
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.tables.table_names import name_of
from leakwatch.chats.wechat.weflow_text import taken_apart
from leakwatch.model import Attachment, Chat, Conversation, Evidence, Message, MessageKind, Quote, Skipped

NAME = "weflow-txt"

_SAMPLE_BYTES = 1 << 15
_TITLE_LINES = 12
_TOOL = "导出工具"
_OF_CHATS = frozenset({"会话ID", "会话类型", "消息数量"})
"""WeFlow exports Moments as well."""
_HEADER = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) '(?P<name>.{0,200})'[ \t]*")
_MARKDOWN_HEADER = re.compile(r"##\s+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\s+(?P<name>.{0,200}))?")
_MARKDOWN_FIELD = re.compile(
    r"-\s+(?P<key>会话ID|会话类型|消息数量|导出工具)\s*[:：]\s*`?(?P<value>[^`]*)`?\s*"
)
_MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKDOWN_MEDIA = re.compile(r"!?\[(?P<label>(?:\\.|[^\[\]\\\n]){0,200})\]\((?P<path>[^()\s]{1,400})\)")
_LOSSY = ("WeFlow 导出不含被撤回消息的原文", "WeFlow 可能去掉正文开头“某某:”形式的文字")
_VOICE_AND_VIDEO = {"语音文件": MessageKind.VOICE, "视频文件": MessageKind.VIDEO}


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """A quoted sender in the first line with a body below it, or Markdown's title lines."""
    sample = head_lines(head[:_SAMPLE_BYTES])
    fields = _fields(sample)
    if fields.get(_TOOL, "").startswith("WeFlow"):
        return not _OF_CHATS.isdisjoint(fields)
    at = next((number for number, line in enumerate(sample) if is_written(line)), 0)
    first, after = ("".join(sample[at : at + 1]), "".join(sample[at + 1 : at + 2]))
    return _HEADER.fullmatch(first.rstrip("\r\n")) is not None and is_written(after)


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the file, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        top = [lines.peek(distance) for distance in range(_TITLE_LINES)]
        fields = _fields(top)
        source = partial(Source, format=NAME, encoding=encoding, lossy=_LOSSY)
        if _TOOL in fields:
            title = next((line[2:].strip() for line in top if line.startswith("# ")), "")
            declared = fields.get("消息数量", "")
            chat = Chat(
                name=_unescaped(title) or name_of(file),
                platform="wechat",
                id=_unescaped(fields.get("会话ID", "")),
                is_group={"群聊": True, "私聊": False}.get(fields.get("会话类型", "")),
            )
            count = (
                int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 10 else None
            )
            yield from assemble(_markdown(lines), source(chat=chat, declared=count, finish=_of_markdown))
        else:
            chat = Chat(name=name_of(file), platform="wechat")
            yield from assemble(_plain(lines), source(chat=chat, finish=taken_apart))


def _fields(lines: Sequence[str]) -> dict[str, str]:
    """What stands in the list under the title."""
    found = (_MARKDOWN_FIELD.fullmatch(line.strip()) for line in lines[:_TITLE_LINES])
    return {field["key"]: field["value"].strip() for field in found if field}


def _plain(lines: Lines) -> Iterator[Event]:
    senders: set[str] = set()
    last: Moment = Moment()
    for line in lines:
        found = _HEADER.fullmatch(line.rstrip("\r\n")) if not is_written(lines.previous) else None
        moment = parse_moment(found["time"]) if found else Moment()
        if (
            found is None
            or moment.at is None
            or (found["name"] not in senders and not lies_between(last.at, moment.at, None))
        ):
            yield line
        else:
            senders.add(found["name"])
            last = moment
            yield Header(found["name"].strip(), moment=moment)


def _markdown(lines: Lines) -> Iterator[Event]:
    is_body = False
    for line in lines:
        found = _MARKDOWN_HEADER.fullmatch(_unescaped(line.strip())) if line.startswith("##") else None
        if found is not None:
            is_body = True
            yield Header((found["name"] or "").strip(), moment=parse_moment(found["time"]))
        elif is_body:
            yield line


def _of_markdown(message: Message) -> Message:
    """The message with quote and files taken out of its Markdown."""
    quoted: list[str] = []
    said: list[str] = []
    for line in message.text.split("\n"):
        (quoted if line.startswith(">") and not any(said) else said).append(line)
    files = [_file(found) for line in said for found in _MARKDOWN_MEDIA.finditer(line)]
    text = _MARKDOWN_MEDIA.sub(_words, "\n".join(said)).strip()
    plain = taken_apart(replace(message, text=_unescaped(text)))
    if local := tuple(file for file in files if not file.remote):
        kind = MessageKind(local[0].kind.value) if not text else plain.kind
        plain = replace(plain, kind=kind, attachments=local)
    if quoted and plain.quoted is None:
        words = _unescaped("\n".join(line.lstrip("> ") for line in quoted)).strip()
        sender, colon, rest = words.partition(": ")
        quote = Quote(sender=sender, text=rest) if colon else Quote(sender="", text=words)
        plain = replace(plain, quoted=quote, kind=MessageKind.QUOTE)
    return plain


def _file(found: re.Match[str]) -> Attachment:
    label, path = _unescaped(found["label"]), unquote(found["path"].strip("<>"))
    kind = MessageKind.IMAGE if found[0].startswith("!") else _VOICE_AND_VIDEO.get(label, MessageKind.FILE)
    if "表情" in label and kind is MessageKind.IMAGE:
        kind = MessageKind.STICKER
    _, (file,) = attach(kind, path)
    is_named = kind is MessageKind.FILE and not file.remote
    return replace(file, name=label if is_named else file.name)


def _words(found: re.Match[str]) -> str:
    """What stays in the text of a link: of a web page its title and address, of a file nothing."""
    return f"{found['label']} {found['path']}" if "://" in found["path"] else ""


def _unescaped(text: str) -> str:
    return _MARKDOWN_ESCAPE.sub(r"\1", text)
