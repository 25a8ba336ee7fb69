"""One message of QQ Chat Exporter's pages."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest

from leakwatch.chats.beside import Alone, Beside
from leakwatch.chats.parts.page_blocks import Page
from leakwatch.chats.qq.qce_page import Place, is_message, message_of
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Message,
    MessageKind,
    Precision,
    Quote,
)

CHAT = Chat(name="云岭区值班群", platform="qq", is_group=True)
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)


def _message(html: str, beside: Beside | None = None) -> Message:
    page = Page(io.StringIO(html))
    found = page.blocks(
        lambda tag, names: is_message(tag, names.get("class", ""), "data-message-id" in names)
    )
    return message_of(next(found), Place(chat=CHAT, number=1, beside=beside or Alone()))


def _modern(content: str, time: str = "2024/05/01 17:00:05", day: str = "2024-05-01") -> str:
    return f"""
        <div class="message-block" data-date="{day}">
            <div class="date-divider" data-date="{day}" id="date-{day}">
                {day} 周三
            </div>
            <div class="message other" data-date="{day}" data-sender-uid="u_a" id="msg-70">
                <div class="avatar"><img src="http://q.qlogo.cn/g?nk=1" alt="王" /><span>王</span></div>
                <div class="message-wrapper">
                    <div class="message-header">
                        <span class="sender-title">群主</span><span class="sender">王明远</span>
                        <span class="time">{time}</span>
                    </div>
                    <div class="message-bubble">
                        <div class="content">{content}</div>
                    </div>
                </div>
            </div>
        </div>"""


def _table(content: str, time: str = "2024-05-01 17:00:05") -> str:
    return f"""
        <div class="message" data-message-id="70">
            <div class="message-header">
                <div class="message-avatar">
                    王
                </div>
                <span class="message-sender-title">群主</span><span class="message-sender">王明远</span>
                <span class="message-time">{time}</span>
            </div>
            <div class="message-content">
                {content}
            </div>
        </div>"""


def _said(text: str) -> str:
    return f'<span class="text-content">{text}</span>'


def _plain(text: str, **more: object) -> Message:
    fields: dict[str, object] = {
        "chat": CHAT,
        "number": 1,
        "sender": "王明远",
        "sender_id": "u_a",
        "text": text,
        "id": "70",
        "sent_at": AT,
        "precision": Precision.SECOND,
        "zone_assumed": True,
        **more,
    }
    return Message(**fields)  # type: ignore[arg-type]


def _image(path: str, name: str = "A.jpg", **more: object) -> tuple[Attachment, ...]:
    return (Attachment(kind=AttachmentKind.IMAGE, name=name, path=path, **more),)  # type: ignore[arg-type]


REPLY = (
    '<div class="reply-content" data-reply-to="msg-1" onclick="x()"><div class="reply-content-header">'
    '<strong>刘洋</strong><span class="reply-content-time">05-01 16:00</span></div>'
    '<div class="reply-content-text">机密★5年</div></div>'
)


@pytest.mark.parametrize(
    ("html", "message"),
    [
        (_modern(_said("一\n二 &lt;b&gt;")), _plain("一\n二 <b>")),
        (_modern(_said("早"), time="17:00:05"), _plain("早")),
        (
            _modern(_said("早"), time=""),
            _plain("早", sent_at=datetime(2024, 5, 1, tzinfo=SHANGHAI), precision=Precision.DAY),
        ),
        (_modern(_said("[空消息]")), _plain("")),
        (
            _modern('<div class="image-content"><img src="./resources/images/A.jpg" alt="A.jpg"></div>'),
            _plain("[图片:A.jpg]", kind=MessageKind.IMAGE, attachments=_image("./resources/images/A.jpg")),
        ),
        (
            _modern(
                _said("看")
                + '<div class="image-content"><img src="https://x.example.com/A?b=1" alt="A.jpg"></div>'
            ),
            _plain("看[图片:A.jpg]", attachments=_image("https://x.example.com/A?b=1", remote=True)),
        ),
        (
            _modern(_said("📷 A.jpg")),
            _plain("📷 A.jpg", attachments=_image("A.jpg")),
        ),
        (
            _modern(
                '<a href="resources/files/b.docx" class="message-file" download="名单.docx">📎 名单.docx</a>'
            ),
            _plain(
                "[文件:名单.docx]",
                kind=MessageKind.FILE,
                attachments=(
                    Attachment(kind=AttachmentKind.FILE, name="名单.docx", path="resources/files/b.docx"),
                ),
            ),
        ),
        (
            _modern(
                '<div class="audio-wrapper"><audio src="resources/audios/a.amr" class="message-audio">[语音:3秒]</audio>'
                '<a href="resources/audios/a.amr" download="a.amr" class="audio-download-link">下载语音</a></div>'
            ),
            _plain(
                "[语音:a.amr]",
                kind=MessageKind.VOICE,
                attachments=(
                    Attachment(kind=AttachmentKind.VOICE, name="a.amr", path="resources/audios/a.amr"),
                ),
            ),
        ),
        (
            _modern(REPLY + _said("收到")),
            _plain("收到", kind=MessageKind.QUOTE, quoted=Quote(sender="刘洋", text="机密★5年")),
        ),
        (
            _modern(
                '<div class="json-card">\n<div class="json-title">防汛安排</div>\n<a href="x">y</a></div>'
            ),
            _plain("防汛安排\n\ny"),
        ),
        (
            _modern(_said("📝 查看4条转发消息")),
            _plain("📝 查看4条转发消息", kind=MessageKind.FORWARD, summary_only=True),
        ),
        (_table("一<br>二"), _plain("一\n二", sender_id=None)),
        (
            _table(
                '[图片: A.jpg]\n   <img src="images/A.jpg" alt="A.jpg" class="message-image" loading="lazy">'
            ),
            _plain(
                "[图片: A.jpg]", sender_id=None, kind=MessageKind.IMAGE, attachments=_image("images/A.jpg")
            ),
        ),
        (
            _table('看\n<span class="resource-placeholder">[图片: A.jpg]</span>'),
            _plain("看", sender_id=None, attachments=_image("A.jpg")),
        ),
        (
            _table('\n<div class="reply-content">\n<strong>刘洋:</strong>\n机密\n</div>\n收到'),
            _plain("收到", sender_id=None, kind=MessageKind.QUOTE, quoted=Quote(sender="刘洋", text="机密")),
        ),
        (
            _table("早", time="3天前"),
            _plain("早", sender_id=None, sent_at=None, precision=Precision.NONE, zone_assumed=False),
        ),
        (
            '<div class="message system" data-message-id="70"><div class="message-content">刘洋撤回了一条消息</div></div>',
            _plain(
                "刘洋撤回了一条消息",
                sender="",
                sender_id=None,
                sent_at=None,
                precision=Precision.NONE,
                zone_assumed=False,
                kind=MessageKind.RECALL,
                recalled=True,
            ),
        ),
        (
            '<div class="message-block" data-date="2024-05-01"><div class="system-message-container recalled-message">'
            '<div class="system-message">刘洋加入</div><div class="x">2024/05/01 17:00:05</div></div></div>',
            _plain("刘洋加入", id=None, sender="", sender_id=None, kind=MessageKind.SYSTEM, recalled=True),
        ),
    ],
)
def test_an_element_becomes_a_message(html: str, message: Message) -> None:
    assert _message(html) == message


def _line(sender: str, body: str, nested: str = "") -> str:
    return (
        f'<div class="forward-card-line"><span class="forward-card-sender">{sender}:</span> '
        f'<span class="forward-card-body">{body}</span>{nested}</div>'
    )


def _card(lines: str, footer: str = "转发消息 · 1条") -> str:
    return (
        '<div class="forward-card"><div class="forward-card-header"><svg></svg><span>群聊的聊天记录</span></div>'
        f'<div class="forward-card-content">{lines}</div><div class="forward-card-footer">{footer}</div></div>'
    )


def test_a_forward_is_read_to_its_bottom() -> None:
    message = _message(_modern(_card(_line("刘洋", "", _card(_line("赵六", "机密★5年"))))))
    inner = message.forwarded[0]
    assert (message.kind, message.text, message.summary_only) == (
        MessageKind.FORWARD,
        "群聊的聊天记录\n转发消息 · 1条",
        False,
    )
    assert [(inner.sender, inner.kind)] == [("刘洋", MessageKind.FORWARD)]
    assert [(one.sender, one.text) for one in inner.forwarded] == [("赵六", "机密★5年")]


@pytest.mark.parametrize(
    "card",
    [
        _card(_line("刘洋", "一"), "转发消息 · 6条"),
        _card(_line("刘洋", "一" * 60 + "…")),
        _card('<div class="forward-card-line"><span class="forward-card-body">刘洋: 一</span></div>'),
        _card("点击查看转发的聊天记录"),
        _card(_line("刘洋", "一") + '<button data-count="6">展开全部 6 条</button>', "转发消息"),
    ],
)
def test_a_forward_that_shows_a_part_is_a_digest(card: str) -> None:
    assert _message(_modern(card)).summary_only


def test_a_picture_in_a_forward_is_attached() -> None:
    picture = '<div class="image-content"><img src="./resources/images/A.jpg" alt="A.jpg"></div>'
    (inner,) = _message(_modern(_card(_line("刘洋", picture)))).forwarded
    assert (inner.text, inner.attachments) == ("[图片:A.jpg]", _image("./resources/images/A.jpg"))


class _Shelf(Alone):
    """Remembers what is embedded."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def embed(self, name: str, data: bytes) -> str:
        self.kept[name] = data
        return f"page.html!{name}"


def test_a_picture_inside_the_page_is_taken_out() -> None:
    shelf = _Shelf()
    html = _modern(
        '<div class="image-content"><img src="data:image/png;base64,iVBORw0KGgo=" alt="A.png"></div>'
    )
    (attachment,) = _message(html, shelf).attachments
    (name,) = shelf.kept
    assert (attachment.name, attachment.path) == ("A.png", f"page.html!{name}")
    assert (shelf.kept[name], Path(name).suffix) == (b"\x89PNG\r\n\x1a\n", ".png")


def test_two_pictures_of_one_name_inside_the_page_are_two() -> None:
    shelf = _Shelf()
    pictures = "".join(
        f'<img src="data:image/png;base64,{digits}" alt="A.png">' for digits in ("AAAA", "AAAB")
    )
    message = _message(
        _modern(pictures + _card(_line("刘洋", '<img src="data:image/png;base64,AAAC">'))), shelf
    )
    assert (len(message.attachments), len(message.forwarded[0].attachments), len(shelf.kept)) == (2, 1, 3)


@pytest.mark.parametrize("address", ["data:image/png;base64,", "data:,x", "data:image/png;base64,A", "data:"])
def test_a_broken_picture_inside_the_page_is_missing(address: str) -> None:
    (attachment,) = _message(_modern(f'<img src="{address}" alt="A.png">')).attachments
    assert (attachment.name, attachment.path) == ("A.png", "")


@pytest.mark.parametrize(
    ("tag", "names", "has_id", "is_one"),
    [
        ("div", "message-block", False, True),
        ("div", "message other", False, True),
        ("div", "message", True, True),
        ("div", "message", False, False),
        ("div", "message-header", True, False),
        ("span", "message self", False, False),
    ],
)
def test_what_a_message_is(tag: str, names: str, has_id: bool, is_one: bool) -> None:
    assert is_message(tag, names, has_id) is is_one
