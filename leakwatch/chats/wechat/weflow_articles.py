"""Chats in the plain web pages of WeFlow's streaming export.

Written by: WeFlow's streaming engine (2026), `.html`, for chats too big for its usual page.
Tell-tales: `<main class="messages">`, then `<article class="message sent|received"><time>…</time><b>`.
Field map: <title> → chat.name; <time> (local) → sent_at, <b> → sender, <p> → text, quote, files: WeChat's own
  XML stands there, escaped, for all but plain text. No media, no ids, no count.
Specimen:
  <title>云岭区值班群</title></head><body><main class="messages">
  <article class="message received"><time>2024-05-01 17:00:05</time><b>王明远</b><p>收到</p></article>
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.parts.page_blocks import Page, text_of
from leakwatch.chats.parts.tally import Tally
from leakwatch.chats.tables.table_names import name_of
from leakwatch.chats.wechat.weflow_text import taken_apart
from leakwatch.model import Chat, Conversation, Evidence, Message, Skipped
from leakwatch.text import open_text

NAME = "weflow-articles"

_FIRST = re.compile(
    rb'<main class="messages">\s*<article class="message (?:sent|received)">'
    rb"<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d</time><b>"
)
_LOSSY = ("WeFlow 的流式导出不含图片、文件和语音", "WeFlow 导出不含被撤回消息的原文")


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows the first message as WeFlow writes it."""
    return _FIRST.search(head) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the page, then the chat."""
    tally = Tally(file, Chat(name=name_of(file), platform="wechat"))
    stream, encoding = open_text(file.path)
    with stream:
        page = Page(stream)
        for block in page.blocks(_is_block):
            if block.tag == "article":
                yield tally.count(_message(block, tally))
            elif not tally.messages:
                tally.chat = Chat(name=text_of(block) or tally.chat.name, platform="wechat")
        yield Conversation(
            chat=tally.chat,
            format=NAME,
            encoding=encoding.name,
            coverage=tally.coverage(0 if encoding.is_exact else page.replacements),
            lossy=_LOSSY,
        )


def _is_block(tag: str, attributes: Mapping[str, str]) -> bool:
    return tag == "title" or (tag == "article" and "message" in (attributes.get("class") or "").split())


def _message(block: Element, tally: Tally) -> Message:
    time, sender, text = (text_of(block.find(tag)) for tag in ("time", "b", "p"))
    moment = parse_moment(time)
    return taken_apart(
        Message(
            chat=tally.chat,
            number=tally.messages + 1,
            sender=sender,
            text=text,
            sent_at=moment.at,
            precision=moment.precision,
            zone_assumed=moment.zone_assumed,
        )
    )
