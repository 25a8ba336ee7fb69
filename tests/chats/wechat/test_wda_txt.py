"""WeChatDataAnalysis, text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import wda, wda_txt
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
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
HEAD = "会话: 云岭区值班群 (1@chatroom)\n账号: wxid_me\n导出时间: 2024-05-02T09:00:00\n\n"


def _read(keep: Keep, text: str) -> list[Message | Skipped | Conversation]:
    return list(wda_txt.read(keep("messages.txt", text.encode()), Alone()))


def _rows(keep: Keep, text: str) -> list[tuple[str, str, str]]:
    return [(m.sender, m.kind.value, m.text) for m in _read(keep, HEAD + text) if isinstance(m, Message)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert _read(keep, HEAD + "[2024-05-01 17:00:05] 王明远(wxid_a): 收到\n")[0] == Message(
        chat=Chat(name="云岭区值班群", platform="wechat", id="1@chatroom", is_group=True),
        number=1,
        sender="王明远",
        text="收到",
        sender_id="wxid_a",
        sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
        precision=Precision.SECOND,
        zone_assumed=True,
    )


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[2024-05-01 17:00:05] [系统] 撤回了一条消息\n", [("", "recall", "撤回了一条消息")]),
        (
            "[2024-05-01 17:00:05] 甲: 乙(wxid_b) [avatar=media/avatars/a.jpg]: 收到\n",
            [("甲: 乙", "text", "收到")],
        ),
        ("[2024-05-01 17:00:05] 我: 一\n二: 三\n\n四\n", [("我", "text", "一\n二: 三\n\n四")]),
        (
            "[2024-05-01 17:00:05] 甲(a): 转：\n[2023-05-01 08:00:00] 乙(b): 旧\n",
            [("甲", "text", "转：\n[2023-05-01 08:00:00] 乙(b): 旧")],
        ),
        (
            "会话: 不是表头\n[2024-05-01 17:00:05] 甲(a): 好\n",
            [("", "other", "会话: 不是表头"), ("甲", "text", "好")],
        ),
    ],
)
def test_rows_are_told_from_bodies(keep: Keep, text: str, rows: list[tuple[str, str, str]]) -> None:
    assert _rows(keep, text) == rows


def test_paths_and_names_of_files_become_attachments(keep: Keep) -> None:
    text = (
        "[2024-05-01 17:00:05] 甲(a): [图片] media/images/ab.jpg\n"
        "[2024-05-01 17:00:06] 甲(a): 名单.docx size=12KB\n"
    )
    one, two, _ = _read(keep, HEAD + text)
    assert isinstance(one, Message)
    assert isinstance(two, Message)
    assert one.attachments == (
        Attachment(kind=AttachmentKind.IMAGE, name="ab.jpg", path="media/images/ab.jpg"),
    )
    assert (two.kind, two.attachments) == (
        MessageKind.FILE,
        (Attachment(kind=AttachmentKind.FILE, name="名单.docx"),),
    )


def test_what_was_not_chosen_for_export_is_said(keep: Keep) -> None:
    head = HEAD.replace("导出时间", "时间范围: 不限 ~ 2024-05-02 00:00:00\n消息类型: image, text\n导出时间")
    message, closed = _read(keep, head + "[2024-05-01 17:00:05] 甲(a): 好\n")
    assert isinstance(message, Message)
    assert isinstance(closed, Conversation)
    assert message.text == "好"
    assert closed.lossy[1:] == (wda.SOME_DAYS, wda.SOME_KINDS)


def test_it_alone_claims_its_files() -> None:
    data = (HEAD + "[2024-05-01 17:00:05] 甲(a): 好\n").encode("utf-8-sig")
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "messages.txt")] == ["wda-txt"]


@pytest.mark.parametrize(
    "text", ["", "会话: 甲\n", "会话: 甲\n账号: 乙\n正文\n", "会话: 甲\n导出时间: 乙\n\n"]
)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert not wda_txt.is_mine(text.encode(), "messages.txt")
