"""What the elements of chat pages are called, exporter by exporter; for bubble_page.py."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForm:
    """The CSS classes of one exporter's page; empty for what it does not have."""

    signs: tuple[re.Pattern[bytes], ...]
    """All of them are in the first MiB of every such page."""
    block: str
    """Of an element that is one message."""
    who: str
    when: str
    said: str
    """Empty where the text is what remains of the block."""
    platform: str = "wechat"
    day: str = ""
    """Of the heading that says the day."""
    notice: str = ""
    """Of a system row, or of its text."""
    cited: str = ""
    """Of the message that is answered."""
    cited_sender: str = ""


def _signs(*texts: str) -> tuple[re.Pattern[bytes], ...]:
    return tuple(re.compile(text.encode()) for text in texts)


FORMS = (
    PageForm(  # QQNT_Export
        signs=_signs(r'class="message-entry[ "]', 'data-sender="', '<time[^>]{0,40} title="'),
        block="message-entry",
        who="sender",
        when="time",
        said="bubble",
        platform="qq",
        notice="system-message",
        cited="quote",
        cited_sender="quote-sender",
    ),
    PageForm(  # wechat-decrypt
        signs=_signs('<div class="msg-body">', 'class="sender-name"', r'class="type-tag">\d{4}-'),
        block="msg",
        who="sender-name",
        when="type-tag",
        said="bubble",
        day="date-sep",
        notice="system",
    ),
    PageForm(  # wechat-decrypt-export
        signs=_signs(
            r'<div class="msg(?: self)?"><div class="(?:name|bubble)', r'<div class="time" title="\d{4}-'
        ),
        block="msg",
        who="name",
        when="time",
        said="bubble",
        notice="sys",
    ),
    PageForm(  # weflow-cli
        signs=_signs('class="msg-bubble"', r'class="msg-sender">[^<]{1,200} · \d{4}-', 'class="msg-content"'),
        block="msg-row",
        who="msg-sender",
        when="msg-sender",
        said="msg-content",
        notice="msg-sys",
    ),
    PageForm(  # WechatExporter (iOS)
        signs=_signs(r'class="msg [^"]{1,80}" msgid="', 'class="nt-box"', 'class="content-box'),
        block="msg",
        who="dspname",
        when="nt-box",
        said="content-box",
        notice="chat-notice",
        cited="refermsg",
    ),
    PageForm(  # WeChatExporter (wx-cli)
        signs=_signs('<article class="msg">', '<div class="meta"><span class="sender">'),
        block="msg",
        who="sender",
        when="meta",
        said="",
    ),
    PageForm(  # QQ-History-Backup: paragraphs without classes
        signs=_signs(r"<p align='(?:left|right)'>", r"<font color=\"green\">\d{4}-", "</font>-----<font"),
        block="p",
        who="",
        when="",
        said="",
        platform="qq",
    ),
)
