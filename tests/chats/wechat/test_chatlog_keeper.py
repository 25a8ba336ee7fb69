"""chatlog-keeper's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import chatlog_keeper
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Quote,
)

Keep = Callable[[str, bytes], Evidence]
ROW = {
    "ts": 1714554005.25,
    "sender": "王明远",
    "sender_wxid": "wxid_a",
    "chat_room": "云岭区值班群",
    "thread_id": "wxid_me::1@chatroom",
    "msg_type": 1,
    "is_self": False,
    "server_id": None,
    "content": "收到",
    "source_offset": 7,
}
CHAT = Chat(name="云岭区值班群", platform="wechat", id="wxid_me::1@chatroom")


def _read(keep: Keep, *rows: object) -> list[object]:
    return list(chatlog_keeper.read(keep("wechat_messages.json", json.dumps(rows).encode()), Alone()))


def _message(keep: Keep, **row: object) -> Message:
    found = _read(keep, {**ROW, **row})[0]
    assert isinstance(found, Message)
    return found


def test_a_message_is_whole(keep: Keep) -> None:
    assert _message(keep) == Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        text="收到",
        sender_id="wxid_a",
        sent_at=datetime(2024, 5, 1, 17, 0, 5, 250000, tzinfo=SHANGHAI),
        precision=Precision.MILLISECOND,
    )


def test_each_thread_is_a_conversation_of_its_own(keep: Keep) -> None:
    found = _read(keep, ROW, {**ROW, "thread_id": "wxid_me::2@chatroom"}, ROW)
    chats = [item.chat.id for item in found if isinstance(item, Conversation)]
    assert chats == ["wxid_me::1@chatroom", "wxid_me::2@chatroom"]


def test_a_qq_row_keeps_its_own_shape(keep: Keep) -> None:
    row = {
        "chat_uid": "10001",
        "sender_name": "李婷",
        "sender_qq": "10002",
        "content": "[图片]",
        "ts_iso": "2024-05-01T09:00:05Z",
        "is_self": True,
        "msg_type": 43,
    }
    assert _read(keep, row)[0] == Message(
        chat=Chat(name="10001", platform="qq", id="10001"),
        number=1,
        sender="李婷",
        sender_id="10002",
        text="",
        kind=MessageKind.IMAGE,
        sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
        precision=Precision.SECOND,
        attachments=(Attachment(kind=AttachmentKind.IMAGE),),
    )


def test_the_xml_of_a_message_is_read(keep: Keep) -> None:
    xml = (
        "<msg><appmsg><type>57</type><title>收到</title><refermsg><displayname>乙</displayname>"
        "<content>速报</content></refermsg></appmsg></msg>"
    )
    message = _message(keep, msg_type=49, content=xml)
    assert (message.text, message.quoted) == ("收到", Quote(sender="乙", text="速报"))


def test_a_recall_has_no_sender(keep: Keep) -> None:
    message = _message(keep, msg_type=10000, content="你撤回了一条消息")
    assert (message.kind, message.sender, message.recalled) == (MessageKind.RECALL, "", True)


@pytest.mark.parametrize(
    ("row", "is_mine"),
    [
        (ROW, True),
        ({"chat_uid": "a", "ts": 1, "is_self": True}, True),
        ({"ts": 1, "is_self": True}, False),
        ({"thread_id": "a", "is_self": True}, False),
        ({"talker": "a", "senderName": "", "isSelf": True, "seq": 1}, False),
    ],
)
def test_only_its_own_rows_are_claimed(row: dict[str, object], is_mine: bool) -> None:
    assert chatlog_keeper.is_mine(json.dumps([row]).encode(), "f.json") is is_mine
