"""Telegram's result.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import telegram
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
    Reason,
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
ROW = {
    "id": 7,
    "type": "message",
    "date": "2024-05-01T17:00:05",
    "date_unixtime": "1714554005",
    "from": "王明远",
    "from_id": "user1",
    "text": "收到",
    "text_entities": [{"type": "plain", "text": "收到"}],
}
CHAT = Chat(name="云岭区值班群", platform="other", id="1", is_group=True)


def _data(*rows: object) -> bytes:
    return json.dumps(
        {"name": "云岭区值班群", "type": "private_supergroup", "id": 1, "messages": rows}
    ).encode()


def _message(keep: Keep, **row: object) -> Message:
    found = next(telegram.read(keep("result.json", _data({**ROW, **row})), Alone()))
    assert isinstance(found, Message)
    return found


def test_a_message_and_its_chat_are_whole(keep: Keep) -> None:
    assert list(telegram.read(keep("result.json", _data(ROW)), Alone())) == [
        Message(
            chat=CHAT,
            number=1,
            sender="王明远",
            text="收到",
            id="7",
            sender_id="user1",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
        ),
        Conversation(chat=CHAT, format="telegram-json"),
    ]


@pytest.mark.parametrize(
    ("row", "kind", "text", "attachments"),
    [
        (
            {"text": ["见 ", {"type": "text_link", "text": "通知", "href": "https://x.invalid"}, "。"]},
            MessageKind.TEXT,
            "见 通知(https://x.invalid)。",
            (),
        ),
        (
            {"text": "图", "photo": "photos/photo_1.jpg"},
            MessageKind.IMAGE,
            "图",
            (Attachment(kind=AttachmentKind.IMAGE, name="photo_1.jpg", path="photos/photo_1.jpg"),),
        ),
        (
            {"text": "", "file": "(File not included. Change data …)", "file_name": "名单.docx"},
            MessageKind.FILE,
            "",
            (Attachment(kind=AttachmentKind.FILE, name="名单.docx"),),
        ),
        (
            {"text": "", "file": "stickers/1.webp", "media_type": "sticker"},
            MessageKind.STICKER,
            "",
            (Attachment(kind=AttachmentKind.STICKER, name="1.webp", path="stickers/1.webp"),),
        ),
        ({"forwarded_from": "乙"}, MessageKind.TEXT, "收到\n转发自：乙", ()),
        (
            {"text": "", "poll": {"question": "谁值班", "answers": [{"text": "李婷"}]}},
            MessageKind.TEXT,
            "question：谁值班\ntext：李婷",
            (),
        ),
    ],
)
def test_all_that_a_row_says_is_kept(
    keep: Keep,
    row: dict[str, object],
    kind: MessageKind,
    text: str,
    attachments: tuple[Attachment, ...],
) -> None:
    message = _message(keep, **row)
    assert (message.kind, message.text, message.attachments) == (kind, text, attachments)


def test_a_service_row_has_no_sender(keep: Keep) -> None:
    message = _message(
        keep, type="service", actor="王明远", action="edit_group_title", title="专班群", text=""
    )
    assert (message.sender, message.kind) == ("", MessageKind.SYSTEM)
    assert message.text == "王明远 edit_group_title\ntitle：专班群"


def test_all_chats_of_an_account_are_read(keep: Keep) -> None:
    chats = [json.loads(_data(ROW)), {"name": None, "type": "saved_messages", "id": 2, "messages": [ROW]}]
    file = keep("result.json", json.dumps({"about": "…", "chats": {"about": "…", "list": chats}}).encode())
    assert reader_for(file) is telegram
    found = [item.chat for item in telegram.read(file, Alone()) if isinstance(item, Conversation)]
    assert found == [CHAT, Chat(name="result", platform="other", id="2", is_group=False)]


def test_a_cut_export_is_said(keep: Keep) -> None:
    found = list(telegram.read(keep("result.json", _data(ROW, ROW)[:-30]), Alone()))
    assert [item.reason for item in found if isinstance(item, Skipped)] == [Reason.INCOMPLETE]


@pytest.mark.parametrize(
    "data",
    [
        {"name": "a", "type": "group", "id": 1, "messages": [ROW]},
        {"name": "a", "type": "personal_chat", "id": 1, "messages": [{"text": "b"}]},
        {"about": "a", "chats": [{"title": "b"}]},
    ],
)
def test_look_alikes_are_left_alone(data: object) -> None:
    assert not telegram.is_mine(json.dumps(data).encode(), "result.json")
