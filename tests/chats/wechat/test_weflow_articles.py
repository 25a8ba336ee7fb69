"""The web pages of WeFlow's streaming export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import weflow_articles
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Precision,
)

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区<值班>群", platform="wechat")
HEAD = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8"><title>云岭区&lt;值班&gt;群</title></head>'
    '<body><main class="messages">\n'
)


def _article(text: str, sender: str = "王明远", time: str = "2024-05-01 17:00:05") -> str:
    said = escape(text).replace("\n", "<br>")
    return f'<article class="message received"><time>{time}</time><b>{escape(sender)}</b><p>{said}</p></article>\n'


def _page(*articles: str) -> bytes:
    return (HEAD + "".join(articles) + "</main></body></html>\n").encode()


def _messages(keep: Keep, data: bytes) -> list[Message]:
    found = weflow_articles.read(keep("f.html", data), Alone())
    return [item for item in found if isinstance(item, Message)]


def test_a_page_gives_its_messages_and_its_chat(keep: Keep) -> None:
    data = _page(_article("收到 <1>\n\n第二行", sender="王<明>远"))
    assert list(weflow_articles.read(keep("f.html", data), Alone())) == [
        Message(
            chat=CHAT,
            number=1,
            sender="王<明>远",
            text="收到 <1>\n\n第二行",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
        ),
        Conversation(
            chat=CHAT,
            format="weflow-articles",
            coverage=Coverage(),
            lossy=("WeFlow 的流式导出不含图片、文件和语音", "WeFlow 导出不含被撤回消息的原文"),
        ),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "attachments"),
    [
        ("大家好", MessageKind.TEXT, ()),
        (
            '<?xml version="1.0"?>\n<msg><appmsg><title>名单.docx</title><type>6</type></appmsg></msg>',
            MessageKind.FILE,
            (Attachment(kind=AttachmentKind.FILE, name="名单.docx"),),
        ),
        ("<msg><img length='1'/></msg>", MessageKind.IMAGE, (Attachment(kind=AttachmentKind.IMAGE),)),
        ('"李晓" 撤回了一条消息', MessageKind.RECALL, ()),
    ],
)
def test_wechats_own_xml_is_taken_apart(
    keep: Keep, text: str, kind: MessageKind, attachments: tuple[Attachment, ...]
) -> None:
    (message,) = _messages(keep, _page(_article(text)))
    assert (message.kind, message.attachments) == (kind, attachments)


def test_a_forward_keeps_what_it_holds(keep: Keep) -> None:
    record = (
        "<recordinfo><datalist><dataitem datatype='1'><sourcename>李晓</sourcename>"
        "<datadesc>云岭区名单</datadesc></dataitem></datalist></recordinfo>"
    )
    xml = (
        "<msg><appmsg><title>群聊的聊天记录</title><type>19</type>"
        f"<recorditem>{escape(record)}</recorditem></appmsg></msg>"
    )
    (message,) = _messages(keep, _page(_article(xml)))
    assert [(inner.sender, inner.text) for inner in message.forwarded] == [("李晓", "云岭区名单")]


def test_a_cut_page_keeps_its_last_message(keep: Keep) -> None:
    data = _page(_article("一"), _article("云岭区名单"))
    cut = data[: data.rindex("单".encode()) + 3]
    assert [message.text for message in _messages(keep, cut)] == ["一", "云岭区名单"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (_page(_article("收到")), True),
        (_page(), False),
        (_page('<article class="message"><time>2024-05-01 17:00:05</time><b>王明远</b></article>'), False),
        (_page(_article("收到", time="昨天 17:00")), False),
        (b'<main class="messages"><article class="message bot"><p>1</p></article>', False),
        (b"", False),
    ],
)
def test_only_weflows_streaming_pages_are_claimed(data: bytes, expected: bool) -> None:
    assert weflow_articles.is_mine(data, "f.html") is expected
