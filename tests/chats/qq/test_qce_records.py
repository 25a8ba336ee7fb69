"""One message of QQ Chat Exporter's JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.chats.qq.qce_records import message_of
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Quote,
)

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="qq", id="700001", is_group=True)
MD5 = "5d41402abc4b2a76b9719d911017c592"
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)


def _row(text: str, *elements: object, **more: object) -> dict[str, object]:
    content = {"text": text, "html": text, "elements": list(elements), "resources": [], "mentions": []}
    return {
        "id": "70",
        "seq": "1",
        "timestamp": 1714554005000,
        "time": "2024-05-01 17:00:05",
        "sender": {"uid": "u_a", "uin": "10001", "name": "王明远", "nickname": "山高水长"},
        "type": "type_1",
        "content": {**content, **more.pop("content", {})},  # type: ignore[dict-item]
        "recalled": False,
        "system": False,
        **more,
    }


def _element(kind: str, **data: object) -> dict[str, object]:
    return {"type": kind, "data": data}


def _message(row: dict[str, object]) -> Message:
    return message_of(row, CHAT, 1)


def _plain(text: str, **more: object) -> Message:
    fields: dict[str, object] = {
        "chat": CHAT,
        "number": 1,
        "sender": "王明远",
        "sender_id": "10001",
        "text": text,
        "id": "70",
        "sent_at": AT,
        "precision": Precision.SECOND,
        **more,
    }
    return Message(**fields)  # type: ignore[arg-type]


def test_a_text_of_v5_is_read_whole() -> None:
    assert _message(_row("各位早上好", _element("text", text="各位早上好"))) == _plain("各位早上好")


def test_a_message_of_v4_gives_the_same() -> None:
    row = {
        "messageId": "70",
        "messageSeq": "1",
        "timestamp": "2024-05-01T09:00:05.000Z",
        "sender": {"uid": "u_a", "uin": "10001", "name": "王明远"},
        "messageType": 2,
        "isSystemMessage": False,
        "isRecalled": False,
        "content": {
            "text": "各位早上好",
            "raw": "[]",
            "resources": [
                {
                    "type": "image",
                    "fileName": "A.jpg",
                    "originalUrl": "",
                    "localPath": "images/A.jpg",
                    "md5": MD5.upper(),
                }
            ],
            "reply": {"messageId": "69", "senderName": "刘洋", "content": "早"},
        },
        "rawMessage": {"msgId": "70", "sendNickName": "山高水长的群主"},
    }
    assert _message(row) == _plain(
        "各位早上好",
        kind=MessageKind.QUOTE,
        quoted=Quote(sender="刘洋", text="早"),
        attachments=(Attachment(kind=AttachmentKind.IMAGE, name="A.jpg", path="images/A.jpg", md5=MD5),),
    )


def test_a_picture_is_said_twice_and_counted_once() -> None:
    row = _row(
        "[图片:A.jpg]",
        _element("text", text="[图片:A.jpg]"),
        _element("image", filename="A.jpg", md5=MD5),
        content={"resources": [{"type": "image", "filename": "A.jpg", "localPath": "images/A.jpg"}]},
    )
    picture = Attachment(kind=AttachmentKind.IMAGE, name="A.jpg", path="images/A.jpg", md5=MD5)
    assert _message(row) == _plain("[图片:A.jpg]", kind=MessageKind.IMAGE, attachments=(picture,))


@pytest.mark.parametrize(
    ("resource", "attachment"),
    [
        (
            {"type": "image", "filename": "A.jpg", "url": "https://multimedia.example.com/a?x=1"},
            Attachment(
                kind=AttachmentKind.IMAGE,
                name="A.jpg",
                path="https://multimedia.example.com/a?x=1",
                remote=True,
            ),
        ),
        ({"type": "file", "filename": "名单.xlsx"}, Attachment(kind=AttachmentKind.FILE, name="名单.xlsx")),
        (
            {"type": "audio", "filename": "a.amr", "localPath": r"C:\Users\w\.qq-chat-exporter\a.amr"},
            Attachment(kind=AttachmentKind.VOICE, name="a.amr", path=r"C:\Users\w\.qq-chat-exporter\a.amr"),
        ),
        (
            {"type": "image", "filename": "s.gif", "subType": "sticker"},
            Attachment(kind=AttachmentKind.STICKER, name="s.gif"),
        ),
        ({"type": "video"}, Attachment(kind=AttachmentKind.VIDEO)),
    ],
)
def test_a_resource_becomes_a_file(resource: dict[str, object], attachment: Attachment) -> None:
    assert _message(_row("看", content={"resources": [resource]})).attachments == (attachment,)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "机密★5年"), ("如下", "如下\ntext：机密★5年"), ("标着机密★5年的", "标着机密★5年的")],
)
def test_an_element_that_the_text_does_not_repeat_is_kept(text: str, said: str) -> None:
    message = _message(_row(text, _element("text", text="机密★5年")))
    assert message.text == said


def test_a_recalled_message_keeps_its_text() -> None:
    assert _message(_row("绝密", recalled=True)) == _plain("绝密", recalled=True)


@pytest.mark.parametrize(
    ("text", "kind", "recalled"),
    [
        ("王明远撤回了一条消息", MessageKind.RECALL, True),
        ("刘洋加入了群聊", MessageKind.SYSTEM, False),
    ],
)
def test_a_grey_line_has_no_sender(text: str, kind: MessageKind, recalled: bool) -> None:
    row = _row(text, system=True, type="system", sender={"uid": "未知", "uin": "0", "name": "未知用户"})
    expected = _plain(text, kind=kind, recalled=recalled, sender="", sender_id=None)
    assert _message(row) == expected


def test_a_placeholder_sender_of_a_text_is_nobody_and_the_text_stays() -> None:
    row = _row("收到", sender={"uid": "未知", "uin": "0", "name": "未知用户"})
    assert _message(row) == _plain("收到", sender="", sender_id=None)


def test_a_reply_quotes_what_it_answers() -> None:
    row = _row(
        "[回复消息]收到", _element("reply", senderName="刘洋", content="机密★5年", timestamp=1714554000)
    )
    expected = _plain("[回复消息]收到", kind=MessageKind.QUOTE, quoted=Quote(sender="刘洋", text="机密★5年"))
    assert _message(row) == expected


def _inner(name: str, text: str, *elements: object) -> dict[str, object]:
    return {
        "id": "8",
        "timestamp": 1714554005000,
        "time": "2024-05-01T09:00:05.000Z",
        "sender": {"uin": "10002", "name": name},
        "content": {"text": text, "elements": list(elements)},
    }


def test_forwards_are_read_to_their_bottom() -> None:
    deepest = _inner("赵六", "[图片:B.jpg]", _element("image", filename="B.jpg"))
    middle = _inner("刘洋", "[转发消息: 1条]", _element("forward", messages=[deepest]))
    message = _message(
        _row("[转发消息: 1条]\n  刘洋: [转发消息: 1条]", _element("forward", messages=[middle]))
    )
    lowest = message.forwarded[0].forwarded[0]
    assert (message.kind, message.summary_only, message.forwarded[0].sender) == (
        MessageKind.FORWARD,
        False,
        "刘洋",
    )
    assert lowest == _plain(
        "[图片:B.jpg]",
        id="8",
        sender="赵六",
        sender_id="10002",
        attachments=(Attachment(kind=AttachmentKind.IMAGE, name="B.jpg"),),
    )


@pytest.mark.parametrize(
    ("forward", "is_partial"),
    [
        ({"messageCount": 1, "messages": [_inner("刘洋", "一")]}, False),
        ({"messageCount": 9, "messages": [_inner("刘洋", "一")]}, True),
        ({"messages": [_inner("刘洋", "", _element("forward", messages=[]))]}, True),
    ],
)
def test_a_forward_that_lacks_some_of_its_messages_says_so(
    forward: dict[str, object], is_partial: bool
) -> None:
    assert _message(_row("[转发消息]", _element("forward", **forward))).summary_only is is_partial


@pytest.mark.parametrize(
    ("title", "text"), [("群聊的聊天记录", "[转发消息]"), ("机密★5年", "[转发消息]\n机密★5年")]
)
def test_a_title_that_qq_did_not_give_is_kept(title: str, text: str) -> None:
    forward = _element("forward", title=title, messages=[_inner("刘洋", "一")])
    assert _message(_row("[转发消息]", forward)).text == text


def test_a_forward_without_its_messages_is_a_digest_with_all_its_lines() -> None:
    row = _row(
        "[转发消息: 4条]\n  甲: 一",
        _element("forward", title="群聊的聊天记录", preview=["甲: 一", "丁: 四"], messages=[]),
    )
    message = _message(row)
    assert (message.text, message.summary_only) == (
        "[转发消息: 4条]\n  甲: 一\n群聊的聊天记录\n丁: 四",
        True,
    )


def test_a_forward_as_onebot_hands_it_over_is_read_too() -> None:
    inner = {
        "user_id": 10002,
        "time": 1714554005,
        "sender": {"user_id": 10002, "nickname": "刘洋", "card": ""},
        "message": [{"type": "text", "data": {"text": "机密"}}],
    }
    message = _message(_row("[转发消息]", _element("forward", id="x", content=[inner])))
    assert message.forwarded == (_plain("机密", id=None, sender="刘洋", sender_id="10002"),)


def test_the_entries_of_an_early_v5_forward_are_read() -> None:
    entries = [{"senderName": "刘洋", "senderUin": "10002", "text": "机密"}]
    message = _message(
        _row("[聊天记录]", content={"multiForward": {"title": "聊天记录", "messages": entries}})
    )
    assert [(one.sender, one.sender_id, one.text) for one in message.forwarded] == [("刘洋", "10002", "机密")]


def test_a_bottomless_forward_ends() -> None:
    row = _inner("刘洋", "底")
    for _ in range(30):
        row = _inner("刘洋", "上", _element("forward", messages=[row]))
    assert "底" in repr(_message({**_row(""), **row}))


def test_a_card_says_what_its_text_does_not() -> None:
    card = json.dumps({"app": "com.tencent.x", "meta": {"news": {"title": "防汛值守安排", "desc": "明日起"}}})
    message = _message(_row("[JSON消息]", _element("json", title="值守安排", content=card)))
    assert message.text == "[JSON消息]\ntitle：值守安排\ntitle：防汛值守安排\ndesc：明日起"


def test_an_announcement_is_decoded() -> None:
    text = base64.b64encode("请勿外传的内部名单".encode()).decode()
    card = json.dumps({"meta": {"mannounce": {"encode": 1, "text": text, "fid": "a"}}})
    assert "text：请勿外传的内部名单" in _message(_row("[JSON消息]", _element("json", content=card))).text


def test_what_the_exporter_did_not_understand_is_looked_for_in_the_raw_message() -> None:
    raw = {"elements": [{"textElement": {"content": "机密名单如下"}}]}
    assert "机密名单如下" in _message(_row("[解析失败: Unknown]", rawMessage=raw)).text


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "type data text content elements sender messages timestamp name url localPath".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_ANY, _ANY, _ANY)
def test_no_record_breaks_the_reader(content: object, sender: object, timestamp: object) -> None:
    row = {**_row("早"), "content": content, "sender": sender, "timestamp": timestamp}
    assert message_of(row, CHAT, 1).chat == CHAT
