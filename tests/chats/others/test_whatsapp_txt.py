"""WhatsApp's text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import whatsapp_txt
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Evidence,
    Message,
    MessageKind,
    Precision,
)

Keep = Callable[[str, bytes], Evidence]


def _messages(keep: Keep, text: str, name: str = "与云岭群的 WhatsApp 聊天.txt") -> list[Message]:
    found = whatsapp_txt.read(keep(name, text.encode()), Alone())
    return [item for item in found if isinstance(item, Message)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert _messages(keep, "[2024/5/1 17:00:05] 王明远: 收到\n第二行: 好\n") == [
        Message(
            chat=Chat(name="云岭群", platform="other"),
            number=1,
            sender="王明远",
            text="收到\n第二行: 好",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
        )
    ]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("2024/5/1 17:00 - 甲: 好", "05-01 17:00:00"),
        ("2024/5/1 下午5:00 - 甲: 好", "05-01 17:00:00"),
        ("[2024/5/1 下午5:00:05] 甲: 好", "05-01 17:00:05"),
        ("5/1/24, 5:00\u202fPM - 甲: 好", "05-01 17:00:00"),
        ("\u200e[5/1/24, 5:00:05\u202fPM] 甲: 好", "05-01 17:00:05"),
        ("[13/5/24, 17:00:05] 甲: 好", "05-13 17:00:05"),
        ("01/05/2024, 17:00 - 甲: 好", "05-01 17:00:00"),
        ("13.05.24, 17:00 - 甲: 好", "05-13 17:00:00"),
        ("5/1/24, 5:00 p.m. - 甲: 好", "05-01 17:00:00"),
    ],
)
def test_the_times_of_every_phone_are_read(keep: Keep, line: str, at: str) -> None:
    message = _messages(keep, line + "\n")[0]
    assert message.sent_at is not None
    assert (message.sent_at.strftime("%m-%d %H:%M:%S"), message.sender, message.text) == (at, "甲", "好")


def test_the_order_of_day_and_month_is_learnt_from_the_whole_file(keep: Keep) -> None:
    months = [
        message.sent_at.month
        for message in _messages(keep, "[1/5/24, 09:00:00] 甲: 好\n[14/5/24, 09:00:00] 甲: 好\n")
        if message.sent_at
    ]
    assert months == [5, 5]


def test_else_by_which_lets_time_run_on(keep: Keep) -> None:
    text = "[1/12/24, 09:00:00] 甲: 好\n[2/11/24, 09:00:00] 甲: 好\n"
    assert [m.sent_at.month for m in _messages(keep, text) if m.sent_at] == [1, 2]


@pytest.mark.parametrize(
    ("said", "kind", "files"),
    [
        (
            "\u200e<附件：00000012-PHOTO-2024-05-01-17-00-05.jpg>",
            MessageKind.IMAGE,
            (
                Attachment(
                    kind=AttachmentKind.IMAGE,
                    name="00000012-PHOTO-2024-05-01-17-00-05.jpg",
                    path="00000012-PHOTO-2024-05-01-17-00-05.jpg",
                ),
            ),
        ),
        (
            "值班 名单.docx (文件附件)\n请看",
            MessageKind.FILE,
            (Attachment(kind=AttachmentKind.FILE, name="值班 名单.docx", path="值班 名单.docx"),),
        ),
        ("<媒体文件已省略>", MessageKind.IMAGE, (Attachment(kind=AttachmentKind.IMAGE),)),
        ("<省略影音内容>", MessageKind.IMAGE, (Attachment(kind=AttachmentKind.IMAGE),)),
        ("<已省略多媒體檔案>", MessageKind.IMAGE, (Attachment(kind=AttachmentKind.IMAGE),)),
        ("影片已略去", MessageKind.VIDEO, (Attachment(kind=AttachmentKind.VIDEO),)),
        ("貼圖已忽略", MessageKind.STICKER, (Attachment(kind=AttachmentKind.STICKER),)),
        ("\u200evideo omitted", MessageKind.VIDEO, (Attachment(kind=AttachmentKind.VIDEO),)),
        ("请看 image omitted 是什么", MessageKind.TEXT, ()),
    ],
)
def test_media_are_named_or_counted(
    keep: Keep, said: str, kind: MessageKind, files: tuple[Attachment, ...]
) -> None:
    message = _messages(keep, f"[2024/5/1 17:00:05] 甲: {said}\n")[0]
    assert (message.sender, message.kind, message.attachments) == ("甲", kind, files)


@pytest.mark.parametrize(
    "line",
    [
        "2024/5/1 17:00 - 王明远创建了群组“专班”",
        "[2024/5/1 17:00:05] 专班: \u200e王明远创建了此群组",
        "[2024/5/1 17:00:05] 专班: 消息和通话已进行端到端加密。",
    ],
)
def test_what_the_client_wrote_has_no_sender(keep: Keep, line: str) -> None:
    message = _messages(keep, line + "\n")[0]
    assert (message.sender, message.kind) == ("", MessageKind.SYSTEM)


@pytest.mark.parametrize(
    "said",
    [
        "此消息已删除",
        "这条消息已删除",
        "此訊息已刪除",
        "你已刪除此訊息",
        "This message was deleted.",
        "\u200e你删除了此消息",
    ],
)
def test_what_was_deleted_is_marked(keep: Keep, said: str) -> None:
    message = _messages(keep, f"[2024/5/1 17:00:05] 甲: {said}\n")[0]
    assert (message.sender, message.kind, message.recalled) == ("甲", MessageKind.RECALL, True)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("WhatsApp Chat - 云岭群.zip!_chat.txt", "云岭群"),
        ("与云岭群的 WhatsApp 聊天.txt", "云岭群"),
        ("WhatsApp Chat with 云岭群.txt", "云岭群"),
        ("专班/_chat.txt", "专班"),
    ],
)
def test_the_chat_is_named_by_its_file(keep: Keep, place: str, name: str) -> None:
    assert _messages(keep, "[2024/5/1 17:00:05] 甲: 好\n", place)[0].chat.name == name


SIGNED = "2024/5/1 17:00 - 消息和通话已进行端到端加密。\n2024/5/1 17:01 - 甲: 好\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (SIGNED, "a.txt"),
        ("[2024/5/1 17:00:05] 甲: 好\n[2024/5/1 17:00:06] 乙: 好\n", "_chat.txt"),
        (SIGNED, "_chat.txt"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_it_alone_claims_its_files(text: str, name: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert [reader.NAME for reader in READERS if reader.is_mine(data, name)] == ["whatsapp-txt"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[2024/5/1 17:00:05] INFO: 启动\n[2024/5/1 17:00:06] INFO: 停止\n", "service.log"),
        ("会议纪要\n2024/5/1 17:00 - 甲: 好\n", "_chat.txt"),
        ("", "_chat.txt"),
    ],
)
def test_look_alikes_are_left_alone(text: str, name: str) -> None:
    assert not whatsapp_txt.is_mine(text.encode(), name)
