"""chatlog's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import chatlog
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
    Quote,
    Reason,
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
ROW = {
    "seq": 1714554005000,
    "time": "2024-05-01T17:00:05+08:00",
    "talker": "1@chatroom",
    "talkerName": "云岭区值班群",
    "isChatRoom": True,
    "sender": "wxid_a",
    "senderName": "王明远",
    "isSelf": False,
    "type": 1,
    "subType": 0,
    "content": "收到",
}
CHAT = Chat(name="云岭区值班群", platform="wechat", id="1@chatroom", is_group=True)


def _read(keep: Keep, *rows: object) -> list[Message | Skipped | Conversation]:
    return list(chatlog.read(keep("f.json", json.dumps(rows).encode()), Alone()))


def _message(keep: Keep, **row: object) -> Message:
    found = _read(keep, {**ROW, **row})[0]
    assert isinstance(found, Message)
    return found


def test_a_message_and_its_chat_are_whole(keep: Keep) -> None:
    assert _read(keep, ROW) == [
        Message(
            chat=CHAT,
            number=1,
            sender="王明远",
            text="收到",
            id="1714554005000",
            sender_id="wxid_a",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
        ),
        Conversation(chat=CHAT, format="chatlog-json", lossy=chatlog.LOSSY),
    ]


@pytest.mark.parametrize(
    ("row", "kind", "text", "attachments"),
    [
        (
            {"type": 49, "subType": 6, "contents": {"title": "名单.docx", "md5": "FF"}},
            MessageKind.FILE,
            "",
            (Attachment(kind=AttachmentKind.FILE, name="名单.docx", md5="ff"),),
        ),
        (
            {"type": 3, "contents": {"md5": "ab", "imgfile": "msg\\attach\\1.dat", "thumb": "t.dat"}},
            MessageKind.IMAGE,
            "",
            (Attachment(kind=AttachmentKind.IMAGE, path="msg\\attach\\1.dat", md5="ab"),),
        ),
        (
            {"type": 3, "contents": {"thumb": "t.dat"}},
            MessageKind.IMAGE,
            "",
            (Attachment(kind=AttachmentKind.IMAGE, path="t.dat", thumbnail=True),),
        ),
        (
            {"type": 43, "contents": {"path": "http://127.0.0.1:5030/video/1"}},
            MessageKind.VIDEO,
            "",
            (Attachment(kind=AttachmentKind.VIDEO, path="http://127.0.0.1:5030/video/1", remote=True),),
        ),
        (
            {"type": 49, "subType": 5, "contents": {"title": "通知", "url": "https://x.invalid/a"}},
            MessageKind.LINK,
            "通知\nhttps://x.invalid/a",
            (),
        ),
        (
            {"type": 49, "subType": 99, "contents": {"title": "甲", "新字段": "青石市云岭区"}},
            MessageKind.OTHER,
            "甲\n新字段：青石市云岭区",
            (),
        ),
    ],
)
def test_what_stands_in_contents_alone_is_kept(
    keep: Keep,
    row: dict[str, object],
    kind: MessageKind,
    text: str,
    attachments: tuple[Attachment, ...],
) -> None:
    message = _message(keep, content="", **row)
    assert (message.kind, message.text, message.attachments) == (kind, text, attachments)


def test_a_forward_keeps_the_messages_of_all_its_levels(keep: Keep) -> None:
    deep = {
        "DataType": "1",
        "SourceName": "丙",
        "SourceTime": "2024-05-01 08:00:00",
        "DataDesc": "值班电话",
    }
    rows = [
        {"DataType": "8", "SourceName": "乙", "DataTitle": "名单.docx"},
        {
            "DataType": "17",
            "SourceName": "乙",
            "DataTitle": "群聊的聊天记录",
            "RecordXML": {"RecordInfo": {"DataList": {"DataItems": [deep]}}},
        },
    ]
    contents = {"title": "群聊的聊天记录", "recordInfo": {"Title": "…", "DataList": {"DataItems": rows}}}
    message = _message(keep, type=49, subType=19, content="", contents=contents)
    one, two = message.forwarded
    assert (message.text, message.kind, message.summary_only) == (
        "群聊的聊天记录",
        MessageKind.FORWARD,
        False,
    )
    assert [file.name for file in one.attachments] == ["名单.docx"]
    assert [(inner.sender, inner.text) for inner in two.forwarded] == [("丙", "值班电话")]


def test_a_forward_without_its_records_is_a_digest(keep: Keep) -> None:
    message = _message(keep, type=49, subType=19, content="", contents={"title": "记录", "desc": "乙：收到"})
    assert (message.summary_only, message.text) == (True, "记录\n乙：收到")


def test_a_quote_carries_what_it_answers(keep: Keep) -> None:
    refer = {"senderName": "乙", "type": 49, "subType": 6, "content": "", "contents": {"title": "名单.docx"}}
    message = _message(keep, type=49, subType=57, content="收到", contents={"refer": refer})
    assert (message.text, message.quoted) == ("收到", Quote(sender="乙", text="名单.docx"))


def test_a_recall_has_no_sender(keep: Keep) -> None:
    message = _message(keep, type=10000, sender="系统消息", senderName="", content='"王明远" 撤回了一条消息')
    assert (message.kind, message.sender, message.recalled) == (MessageKind.RECALL, "", True)


def test_the_rows_of_several_talkers_are_told_apart(keep: Keep) -> None:
    other = {**ROW, "talker": "wxid_b", "talkerName": "", "isChatRoom": False}
    found = _read(keep, ROW, other)
    assert [item.chat for item in found if not isinstance(item, Skipped)] == [
        CHAT,
        Chat(name="wxid_b", platform="wechat", id="wxid_b", is_group=False),
        CHAT,
        Chat(name="wxid_b", platform="wechat", id="wxid_b", is_group=False),
    ]


def test_a_fork_wraps_the_rows(keep: Keep) -> None:
    data = json.dumps({"total": 1, "items": [ROW]}).encode()
    assert chatlog.is_mine(data, "f.json")
    assert [m.text for m in chatlog.read(keep("f.json", data), Alone()) if isinstance(m, Message)] == ["收到"]


def test_a_cut_file_gives_its_first_rows_and_says_so(keep: Keep) -> None:
    data = json.dumps([ROW, ROW]).encode()[:-20]
    first, cut, closed = chatlog.read(keep("f.json", data), Alone())
    assert isinstance(first, Message)
    assert isinstance(cut, Skipped)
    assert cut.reason is Reason.INCOMPLETE
    assert closed == Conversation(chat=CHAT, format="chatlog-json", lossy=chatlog.LOSSY, coverage=Coverage())


@pytest.mark.parametrize(
    "data",
    [
        [{"seq": 1, "talker": "a", "content": ""}],
        [{"ts": 1, "thread_id": "a", "is_self": False}],
        {"items": [{"message_id": "om_1"}]},
        [],
        {"items": {}},
    ],
)
def test_look_alikes_are_left_alone(data: object) -> None:
    assert not chatlog.is_mine(json.dumps(data).encode(), "f.json")
