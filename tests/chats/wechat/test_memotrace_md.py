"""MemoTrace's Markdown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import memotrace_md
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
HEAD = "## 2024\n\n### 2024-05\n\n#### 2024-05-01\n\n"


def messages(keep: Keep, text: str) -> list[Message]:
    file = keep("样例群.md", (HEAD + text).encode())
    assert reader_for(file) is memotrace_md
    return [item for item in memotrace_md.read(file, Alone()) if isinstance(item, Message)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert messages(keep, "**17:00:05 王明远\\-科长**: 早\\(机密★10年\\)\n\n第二段\n\n") == [
        Message(
            chat=Chat(name="样例群", platform="wechat"),
            number=1,
            sender="王明远-科长",
            text="早(机密★10年)\n\n第二段",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
        )
    ]


def test_days_go_on(keep: Keep) -> None:
    text = "**17:00:05 李青**: 一\n\n## 2025\n\n### 2025-01\n\n#### 2025-01-02\n\n**08:00:00 李青**: 二\n\n"
    found = [(message.sent_at, message.text) for message in messages(keep, text)]
    assert found == [
        (datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI), "一"),
        (datetime(2025, 1, 2, 8, tzinfo=SHANGHAI), "二"),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "text", "quoted", "files"),
    [
        ("收到 \n> 秘密★5年\\.", MessageKind.QUOTE, "收到", Quote(sender="", text="秘密★5年."), ()),
        (
            "![图片](image/2024-05/20240501_170030_700000_0)",
            MessageKind.IMAGE,
            "",
            None,
            (
                Attachment(
                    kind=AttachmentKind.IMAGE,
                    name="20240501_170030_700000_0",
                    path="image/2024-05/20240501_170030_700000_0",
                ),
            ),
        ),
        ("[语音] 明天开会", MessageKind.VOICE, "明天开会", None, (Attachment(kind=AttachmentKind.VOICE),)),
        ("[文件]", MessageKind.FILE, "", None, (Attachment(kind=AttachmentKind.FILE),)),
    ],
)
def test_bodies_are_taken_apart(
    keep: Keep,
    body: str,
    kind: MessageKind,
    text: str,
    quoted: Quote | None,
    files: tuple[Attachment, ...],
) -> None:
    (message,) = messages(keep, f"**17:00:05 李青**: {body}\n\n")
    assert (message.kind, message.text, message.quoted, message.attachments) == (kind, text, quoted, files)


def test_a_system_row_has_no_sender(keep: Keep) -> None:
    _, row = messages(keep, '**17:00:05 李青**: 一\n\n> 2024-05-01 17:01:20 "李婷" 撤回了一条消息\n\n')
    assert (row.sender, row.kind, row.recalled) == ("", MessageKind.RECALL, True)


@pytest.mark.parametrize(
    "text",
    [
        "## 2024\n\n### 2024-05\n\n#### 2024-05-01\n\n今天开会，讨论方案。\n",
        "#### 2024-05-01\n\n**17:00:05 李青**: 一\n",
        "## 2024\n\n### 2024-06\n\n#### 2024-05-01\n\n**17:00:05 李青**: 一\n",
    ],
)
def test_diaries_are_no_chats(keep: Keep, text: str) -> None:
    assert reader_for(keep("日记.md", text.encode())) is not memotrace_md
