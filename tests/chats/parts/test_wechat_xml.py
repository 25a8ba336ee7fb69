"""WeChat's own XML."""

from __future__ import annotations

import pytest

from leakwatch.chats.parts.forwards import Inner
from leakwatch.chats.parts.wechat_xml import Content, is_xml, read_xml
from leakwatch.model import Attachment, AttachmentKind, MessageKind, Quote


def _app(code: int, inside: str) -> str:
    return f'<?xml version="1.0"?>\n<msg><appmsg appid=""><type>{code}</type>{inside}</appmsg></msg>'


@pytest.mark.parametrize(
    ("xml", "content"),
    [
        (
            _app(6, "<title>名单.xlsx</title><md5>ab</md5>"),
            Content(
                kind=MessageKind.FILE,
                text="",
                attachments=(Attachment(kind=AttachmentKind.FILE, name="名单.xlsx", md5="ab"),),
            ),
        ),
        (
            _app(
                57,
                "<title>收到</title><refermsg><displayname>甲</displayname><content>早</content></refermsg>",
            ),
            Content(kind=MessageKind.QUOTE, text="收到", quoted=Quote(sender="甲", text="早")),
        ),
        (
            _app(
                19,
                "<title>记录</title><recorditem>&lt;recordinfo&gt;&lt;datalist&gt;&lt;dataitem datatype='8'&gt;"
                "&lt;sourcename&gt;甲&lt;/sourcename&gt;&lt;datatitle&gt;名单.xlsx&lt;/datatitle&gt;"
                "&lt;/dataitem&gt;&lt;/datalist&gt;&lt;/recordinfo&gt;</recorditem>",
            ),
            Content(
                kind=MessageKind.FORWARD,
                text="记录",
                inner=(Inner(level=0, sender="甲", text="[文件] 名单.xlsx"),),
            ),
        ),
        (
            'wxid_a:\n<msg><img md5="ab"/></msg>',
            Content(
                kind=MessageKind.IMAGE,
                text="",
                attachments=(Attachment(kind=AttachmentKind.IMAGE, md5="ab"),),
            ),
        ),
        (
            '<sysmsg type="revokemsg"><revokemsg><replacemsg>甲撤回了一条消息</replacemsg></revokemsg></sysmsg>',
            Content(kind=MessageKind.RECALL, text="甲撤回了一条消息"),
        ),
        (
            "<recordinfo><title>记录</title><datalist><dataitem datatype='1'><sourcename>甲</sourcename>"
            "<datadesc>收到</datadesc></dataitem></datalist></recordinfo>",
            Content(kind=MessageKind.FORWARD, text="记录", inner=(Inner(level=0, sender="甲", text="收到"),)),
        ),
        ("<msg", Content(kind=MessageKind.OTHER, text="<msg")),
    ],
)
def test_xml_says_what_a_reader_of_the_chat_saw(xml: str, content: Content) -> None:
    assert read_xml(xml) == content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<msg><img/></msg>", True),
        ("  <?xml version='1.0'?><msg/>", True),
        ("<b>通知</b>", False),
        ("通知 <msg>", False),
    ],
)
def test_only_message_xml_is_taken_for_it(text: str, expected: bool) -> None:
    assert is_xml(text) is expected
