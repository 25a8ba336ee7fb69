"""WeChatDataAnalysis, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.bundle import Bundle
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import wda
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
    Reason,
    Skipped,
)
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
FOLDER = "导出.zip!conversations/0001_云岭区值班群_1@chatroom_ab12cd34"
ROW = {
    "id": "message_0:Msg_x:1",
    "serverId": 77,
    "createTime": 1714554005,
    "type": 1,
    "renderType": "text",
    "senderUsername": "wxid_a",
    "senderDisplayName": "王明远",
    "content": "收到",
}
CHAT = Chat(name="云岭区值班群", platform="wechat", id="1@chatroom", is_group=True)


def _data(*rows: object, account: str = "wxid_me") -> bytes:
    conversation = {"username": "1@chatroom", "displayName": "云岭区值班群", "isGroup": True}
    head = {"schemaVersion": 1, "account": account, "conversation": conversation, "filters": {}}
    return json.dumps({**head, "messages": rows}).encode()


def _message(keep: Keep, **row: object) -> Message:
    found = next(wda.read(keep("messages.json", _data({**ROW, **row})), Alone()))
    assert isinstance(found, Message)
    return found


def test_a_message_and_its_chat_are_whole(keep: Keep) -> None:
    assert list(wda.read(keep("messages.json", _data(ROW)), Alone())) == [
        Message(
            chat=CHAT,
            number=1,
            sender="王明远",
            text="收到",
            id="77",
            sender_id="wxid_a",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
        ),
        Conversation(chat=CHAT, format="wda-json"),
    ]


@pytest.mark.parametrize(
    ("row", "kind", "text", "attachments"),
    [
        (
            {
                "renderType": "file",
                "title": "名单.docx",
                "content": "[文件]",
                "offlineMedia": [{"kind": "file", "path": "media/files/名单_ab.docx", "md5": "AB"}],
            },
            MessageKind.FILE,
            "",
            (
                Attachment(
                    kind=AttachmentKind.FILE, name="名单.docx", path="media/files/名单_ab.docx", md5="ab"
                ),
            ),
        ),
        (
            {"renderType": "image", "content": "[图片]", "imageMd5": "AB"},
            MessageKind.IMAGE,
            "[图片]",
            (Attachment(kind=AttachmentKind.IMAGE, md5="ab"),),
        ),
        (
            {
                "renderType": "video",
                "content": "[视频]",
                "offlineMedia": [{"kind": "video_thumb", "path": "media/video_thumbs/1.jpg"}],
            },
            MessageKind.VIDEO,
            "[视频]",
            (
                Attachment(
                    kind=AttachmentKind.IMAGE, name="1.jpg", path="media/video_thumbs/1.jpg", thumbnail=True
                ),
            ),
        ),
        (
            {"renderType": "link", "content": "通知", "title": "通知", "url": "https://x.invalid"},
            MessageKind.LINK,
            "通知\nhttps://x.invalid",
            (),
        ),
        (
            {"renderType": "voice", "content": "[语音 3秒]", "voiceTranscript": "请看绝密件"},
            MessageKind.VOICE,
            "[语音 3秒]\nvoiceTranscript：请看绝密件",
            (Attachment(kind=AttachmentKind.VOICE),),
        ),
    ],
)
def test_what_stands_beside_the_content_is_kept(
    keep: Keep,
    row: dict[str, object],
    kind: MessageKind,
    text: str,
    attachments: tuple[Attachment, ...],
) -> None:
    message = _message(keep, **row)
    assert (message.kind, message.text, message.attachments) == (kind, text, attachments)


def test_a_quote_and_a_forward_are_read(keep: Keep) -> None:
    quote = _message(keep, renderType="quote", quoteTitle="乙", quoteContent="速报")
    xml = (
        "<recordinfo><datalist><dataitem datatype='1'><sourcename>丙</sourcename>"
        "<datadesc>值班电话</datadesc></dataitem></datalist></recordinfo>"
    )
    forward = _message(keep, renderType="chatHistory", content="群聊的聊天记录", recordItem=xml)
    escaped = _message(keep, renderType="chatHistory", recordItem=xml.replace("<", "&lt;"))
    assert quote.quoted == Quote(sender="乙", text="速报")
    assert [(m.sender, m.text) for m in forward.forwarded] == [("丙", "值班电话")]
    assert escaped.forwarded == forward.forwarded
    assert _message(keep, renderType="chatHistory").summary_only


def test_a_system_row_has_no_sender(keep: Keep) -> None:
    message = _message(keep, renderType="system", type=10000, content="撤回了一条消息")
    assert (message.sender, message.kind, message.recalled) == ("", MessageKind.RECALL, True)


def test_the_files_around_it_tell_what_is_missing(keep: Keep, vault: Vault) -> None:
    report = {
        "missingMedia": [
            {"kind": "image", "id": "ab", "conversation": "1@chatroom"},
            {"kind": "image", "id": "cd", "conversation": "2@chatroom"},
        ],
        "errors": [{"error": "x"}],
    }
    export = keep(f"{FOLDER}/messages.json", _data(ROW))
    files = [
        export,
        keep(f"{FOLDER}/meta.json", b'{"schemaVersion":1,"messageCount":5}'),
        keep("导出.zip!report.json", json.dumps(report).encode()),
        keep("导出.zip!manifest.json", b'{"schemaVersion":1}'),
    ]
    bundle = Bundle(files, [export])
    found = list(wda.read(export, bundle.beside(export, vault)))
    assert [item.reason for item in found if isinstance(item, Skipped)] == [
        Reason.MISSING_ATTACHMENT,
        Reason.INCOMPLETE,
    ]
    assert found[-1] == Conversation(chat=CHAT, format="wda-json", declared=5)
    assert bundle.unclaimed(files) == [export]


def test_a_blanked_export_says_that_nothing_was_checked(keep: Keep) -> None:
    _, skipped, closed = wda.read(keep("messages.json", _data(ROW, account="hidden")), Alone())
    assert isinstance(skipped, Skipped)
    assert isinstance(closed, Conversation)
    assert (skipped.detail, closed.lossy) == (wda.HIDDEN, (wda.HIDDEN,))


@pytest.mark.parametrize(
    ("filters", "lossy"),
    [
        ({"startTime": None, "endTime": None, "messageTypes": None}, ()),
        ({"startTime": 1714554000, "endTime": None}, (wda.SOME_DAYS,)),
        ({"messageTypes": ["text"]}, (wda.SOME_KINDS,)),
    ],
)
def test_what_was_not_chosen_for_export_is_said(
    keep: Keep, filters: dict[str, object], lossy: tuple[str, ...]
) -> None:
    data = json.dumps({**json.loads(_data(ROW)), "filters": filters}).encode()
    *_, closed = wda.read(keep("messages.json", data), Alone())
    assert isinstance(closed, Conversation)
    assert closed.lossy == lossy


@pytest.mark.parametrize(
    "data",
    [
        {"schemaVersion": 1, "username": "a", "messageCount": 1},
        {"schemaVersion": 1, "format": "json", "stats": {}},
        {"conversation": {"username": "a"}, "messages": []},
        {"schemaVersion": 1, "conversation": "a", "messages": []},
    ],
)
def test_look_alikes_are_left_alone(data: object) -> None:
    assert not wda.is_mine(json.dumps(data).encode(), "messages.json")
