"""Pages of one element a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import bubble_page
from leakwatch.errors import Unreadable
from leakwatch.model import (
    SHANGHAI,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Quote,
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)
HEAD = "<!DOCTYPE html><html><head><title>值班群</title></head><body>"
QQNT = (
    '<section data-date="2024-05-01"><div class="message-entry is-other" id="msg-0" data-sender="u">'
    '<div class="avatar">王</div><span class="sender">王明远</span>'
    '<time class="time" title="2024-05-01 17:00:05">17:00</time><div class="bubble">{}</div></div>'
)
DECRYPT = (
    '<div class="date-sep"><span>2024年05月01日</span></div><div class="msg received">'
    '<div class="avatar">王</div><div class="msg-body"><div class="sender-name">王明远</div>'
    '<div class="bubble">{}</div><div class="type-tag">2024-05-01 17:00:05</div></div></div>'
)
BOXU = (
    '<div class="day"><span>2024-05-01</span></div><div class="msg"><div class="name">王明远</div>'
    '<div class="bubble">{}</div><div class="time" title="2024-05-01 17:00:05">17:00</div></div>'
)
WEFLOW_CLI = (
    '<div class="msg-row"><div class="msg-bubble"><div class="msg-sender">王明远 · 2024-05-01 17:00:05</div>'
    '<div class="msg-content">{}</div></div></div>'
)
IOS = (
    '<div class="msg chat left " msgid="1"><div class="avatar-box"><img src="Portrait/x.jpg"></div>'
    '<div class="nt-box"><span class="dspname left">王明远</span> 2024-05-01 17:00:05</div>'
    '<div class="content-box"><div class="triangle"></div>{}</div></div>'
)
WX_GUI = (
    '<article class="msg"><div class="meta"><span class="sender">王明远</span><span class="type">文本</span>'
    ' · 2024-05-01 17:00:05</div><div class="text">{}</div></article>'
)
PARAGRAPH = (
    "<p align='left'><font color=\"blue\"><b>王明远(10001)</b></font>-----"
    '<font color="green">2024-05-01 17:00:05</font></br>{}</br></br></p>'
    '<p align=\'right\'><font color="green">2024-05-01 17:01:00</font>-----<font color="blue"><b>我</font></b>'
    "</br>好</br></br></p>"
)
PAGES = {
    "QQNT_Export": QQNT,
    "wechat-decrypt": DECRYPT,
    "wechat-decrypt-export": BOXU,
    "weflow-cli": WEFLOW_CLI,
    "iOS": IOS,
    "wx-cli": WX_GUI,
    "paragraphs": PARAGRAPH,
}


def _page(form: str, *said: str) -> str:
    return HEAD + "".join(form.format(one) for one in said) + "</body></html>"


def _read(keep: Keep, page: str) -> list[Message | Skipped | Conversation]:
    return list(bubble_page.read(keep("a.html", page.encode()), Alone()))


def _messages(keep: Keep, page: str) -> Iterator[Message]:
    return (item for item in _read(keep, page) if isinstance(item, Message))


def test_a_message_is_whole(keep: Keep) -> None:
    assert next(_messages(keep, _page(WEFLOW_CLI, "收到<br>第二行"))) == Message(
        chat=Chat(name="值班群", platform="wechat"),
        number=1,
        sender="王明远",
        text="收到\n第二行",
        sent_at=AT,
        precision=Precision.SECOND,
        zone_assumed=True,
    )


@pytest.mark.parametrize("form", PAGES.values(), ids=PAGES)
def test_every_exporters_page_says_who_when_what(keep: Keep, form: str) -> None:
    first = next(_messages(keep, _page(form, "收到")))
    assert (first.sender, first.text, first.sent_at) == ("王明远", "收到", AT)


@pytest.mark.parametrize("form", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_it_alone_claims_its_pages(form: str, encoding: str) -> None:
    data = _page(form, "收到").encode(encoding)
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a.html")] == [bubble_page.NAME]


@pytest.mark.parametrize(
    "page",
    [
        HEAD + '<div class="msg"><div class="name">王明远</div><div class="bubble">收到</div></div>',
        HEAD + '<div class="msg-row"><div class="msg-sender">王明远</div></div>',
        HEAD + "<p align='left'>通知</p>",
        '{"messages": []}',
    ],
)
def test_other_pages_are_left_alone(keep: Keep, page: str) -> None:
    assert not bubble_page.is_mine(page.encode(), "a.html")
    with pytest.raises(Unreadable):
        _read(keep, page)


def test_oneself_has_a_name_of_its_own_and_others_an_id(keep: Keep) -> None:
    found = list(_messages(keep, _page(PARAGRAPH, "收到")))
    assert [(one.sender, one.sender_id, one.text) for one in found] == [
        ("王明远", "10001", "收到"),
        ("我", None, "好"),
    ]


@pytest.mark.parametrize(
    ("form", "notice"),
    [
        (
            QQNT,
            '<div class="message-entry system-message" id="msg-5" data-sender=""><span class="system-text">'
            '甲撤回了一条消息</span><time title="2024-05-01 17:01:00">17:01</time></div>',
        ),
        (DECRYPT, '<div class="msg system"><div class="bubble">甲撤回了一条消息</div></div>'),
        (BOXU, '<div class="sys" title="2024-05-01 17:01:00">甲撤回了一条消息</div>'),
        (
            IOS,
            '<div class="msg chat-notice " msgid="5"><div class="content-box"><span>甲撤回了一条消息</span></div></div>',
        ),
    ],
)
def test_a_system_row_has_no_sender(keep: Keep, form: str, notice: str) -> None:
    found = list(_messages(keep, _page(form, "收到") + notice))[1]
    assert (found.sender, found.kind, found.recalled) == ("", MessageKind.RECALL, True)
    assert "甲撤回了一条消息" in found.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            QQNT,
            '<button class="quote quote-link"><div class="quote-sender">李婷</div><div>明天开会</div>'
            '<span class="quote-jump">↗</span></button><div class="text">好的</div>',
        ),
        (
            IOS,
            '<span class="refermsg msg-text">「李婷：明天开会」</span><br /><span>- - - - - - - - - - - - - - -</span>'
            '<br /><span class="msg-text">好的</span>',
        ),
    ],
)
def test_a_quote_is_taken_apart(keep: Keep, form: str, said: str) -> None:
    found = next(_messages(keep, _page(form, said)))
    assert (found.kind, found.text) == (MessageKind.QUOTE, "好的")
    assert found.quoted == Quote(sender="李婷", text="明天开会")


@pytest.mark.parametrize(
    ("said", "kind", "path"),
    [
        ('<img rawUrl="files/a.jpg" src="files/a_thumb.jpg"/>', AttachmentKind.IMAGE, "files/a.jpg"),
        ('<a href="files/方案.docx"><b>方案.docx</b></a>', AttachmentKind.FILE, "files/方案.docx"),
        ('<video src="files/a.mp4"></video>', AttachmentKind.VIDEO, "files/a.mp4"),
    ],
)
def test_files_of_a_message_are_attachments(keep: Keep, said: str, kind: AttachmentKind, path: str) -> None:
    (file,) = next(_messages(keep, _page(IOS, said))).attachments
    assert (file.kind, file.path) == (kind, path)


def test_a_link_to_the_web_is_text(keep: Keep) -> None:
    found = next(_messages(keep, _page(IOS, '<a href="https://x.cn/a.html">通知</a>')))
    assert (found.text, found.attachments) == ("通知", ())


def test_a_page_that_breaks_off_says_so(keep: Keep) -> None:
    page = _page(WEFLOW_CLI, "收到", "还有")
    found = _read(keep, page[: page.index("还有") + 1])
    assert next(item.text for item in found if isinstance(item, Message)) == "收到"
    assert any(isinstance(item, Skipped) for item in found)
    assert isinstance(found[-1], Conversation)
