"""Chats as QQ Chat Exporter writes them into one page: the table page and the modern page.

Written by: QQ Chat Exporter V4 to V6 (HtmlExporter, ModernHtmlExporter).
Tell-tales: `<!-- QCE_METADATA: {…} -->` (V5+), `<title>QQ Chat Exporter Pro - 聊天记录</title>` (V4),
  `<meta name="generator" content="QQ聊天记录导出工具">` (table); the modern page's
  `<div class="message-block" data-date="2024-05-01">` by itself. A page of mode "chunked" is qce_viewer's.
Field map: .hero-title, .chat-title → chat.name; QCE_METADATA.messageCount, 总消息数 → declared; the rest in
  qce_page.py. Pictures can lie inline (Issue #311): they are taken out one by one.
Specimen:
  <div class="message-block" data-date="2024-05-01"><div class="message other" data-sender-uid="u_a" id="msg-70">
  <span class="sender">王明远</span><span class="time">2024/05/01 17:00:05</span>
  <div class="content"><span class="text-content">收到</span></div></div></div>
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import head_lines, stem
from leakwatch.chats.parts.json_stream import as_object, as_text
from leakwatch.chats.parts.page_blocks import Page, all_of, has_class, text_of, text_within
from leakwatch.chats.parts.tally import Tally, cut_row
from leakwatch.chats.qq.qce_names import declared_of, is_group, named_by
from leakwatch.chats.qq.qce_page import Place, is_message, message_of
from leakwatch.model import Chat, Conversation, Evidence, Message, Reason, Skipped
from leakwatch.text import open_text

NAME = "qce-html"

_LOSSY = (
    "QQ Chat Exporter 的网页不标出被撤回的消息",
    "较早的 QQ Chat Exporter 网页只显示合并转发的一部分，不含其中的图片和文件",
)
_HEAD_BYTES = 1 << 18
_METADATA = re.compile(r"<!-- QCE_METADATA: (?P<json>\{[^\n]{0,4000}?\}) -->")
_SIGNS = (
    re.compile(r"<title>QQ Chat Exporter Pro - "),
    re.compile(r"<meta name=[\"']?generator[\"']? content=\"QQ聊天记录导出工具\">"),
    re.compile(r"<div class=\"message-block[^\"<>]{0,60}\" data-date=\"\d{4}-\d\d-\d\d\""),
)
_SIGN_BYTES = (b"QCE_METADATA: ", b"QQ Chat Exporter Pro", b'name="generator"', b'class="message-block')
"""One of them is in every page of the exporter, in any encoding: most files need not be decoded."""
_MESSAGE = re.compile(r"<div class=\"(?:message|message-block|system-message-container)[ \"]")
_HEADERS = frozenset({"hero", "chat-header", "header"})


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """Whether the page bears one of the exporter's signatures, shows messages and is no viewer of chunks.

    A page that shows none of the known elements is left to those who read any page whole.
    """
    if not any(sign in head[:_HEAD_BYTES].replace(b"\0", b"") for sign in _SIGN_BYTES):
        return False
    text = "".join(head_lines(head))
    metadata = metadata_of(text[:_HEAD_BYTES])
    is_signed = bool(metadata) or any(sign.search(text, 0, _HEAD_BYTES) for sign in _SIGNS)
    is_page = metadata.get("mode") != "chunked" and "<html" in text[:4096].lower()
    return is_signed and is_page and _MESSAGE.search(text) is not None


def metadata_of(text: str) -> dict[str, object]:
    """What the exporter's comment in the head of the page says; empty if there is none."""
    found = _METADATA.search(text)
    try:
        return as_object(json.loads(found["json"], strict=False)) if found else {}
    except (ValueError, RecursionError):
        return {"mode": "chunked"} if found and '"chunked"' in found["json"] else {"mode": ""}


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the page, then the chat."""
    stream, encoding = open_text(file.path)
    with stream:
        metadata = metadata_of(stream.read(_HEAD_BYTES))
        stream.seek(0)
        page = Page(stream)
        reading = _Reading(
            tally=Tally(file, Chat(name=named_by(stem(file.name)), platform="qq", is_group=_kind(metadata))),
            declared=declared_of(metadata.get("messageCount")) or None,
        )
        for block in page.blocks(_is_block):
            yield from reading.block(block, beside)
        if page.is_cut:
            yield cut_row(file, Reason.INCOMPLETE, reading.tally.messages)
        yield Conversation(
            chat=reading.tally.chat,
            format=NAME,
            encoding=encoding.name,
            declared=reading.declared,
            coverage=reading.tally.coverage(0 if encoding.is_exact else page.replacements),
            lossy=_LOSSY,
        )


def _kind(metadata: Mapping[str, object]) -> bool | None:
    return is_group(as_text(metadata.get("chatType")))


def _is_block(tag: str, attributes: Mapping[str, str]) -> bool:
    names = attributes.get("class") or ""
    is_header = tag in ("div", "header") and bool(_HEADERS & set(names.split()))
    return (
        is_header
        or names == "statistics"
        or is_message(tag, names, attributes.get("data-message-id") is not None)
    )


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One pass over the blocks of a page."""

    tally: Tally
    declared: int | None

    def block(self, block: Element, beside: Beside) -> Iterator[Message]:
        """The message of a block; its head says what the chat is called, its statistics how much there is."""
        if _HEADERS & set((block.get("class") or "").split()):
            self._name(block)
        elif has_class(block, "statistics"):
            self._declare(block)
        else:
            place = Place(chat=self.tally.chat, number=self.tally.messages + 1, beside=beside)
            yield self.tally.count(message_of(block, place))

    def _name(self, header: Element) -> None:
        title = text_of(next(header.iter("h1"), None))
        subtitle = text_within(header, "subtitle").removesuffix(" - 聊天记录导出")  # V4
        name = subtitle or title
        if name and not self.tally.messages:
            kinds = (is_group(text_of(one)) for one in header.iter("div"))
            shown = next((kind for kind in kinds if kind is not None), self.tally.chat.is_group)
            self.tally.chat = Chat(name=name, platform="qq", is_group=shown)

    def _declare(self, statistics: Element) -> None:
        for item in all_of(statistics, "stat-item"):
            number, label = (text_of(one) for one in [*item, item, item][:2])
            if label == "总消息数" and number.isdecimal() and len(number) < 13:
                self.declared = int(number)
