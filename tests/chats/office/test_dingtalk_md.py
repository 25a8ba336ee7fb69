"""DingTalk as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.office import dingtalk_md
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
TEXT = (
    "# 云岭区值班群\n\n## 2024-05-01 (星期三)\n\n### 17:00:05 - 王明远\n\n收到\n\n### 小结\n一\n\n"
    "### 17:01 - 李婷 - 值班室\n\n![图片](media/1.jpg)\n\n## 2024-05-02\n\n### 08:00:00 - 王明远\n早\n"
)


def _messages(keep: Keep, text: str) -> list[Message]:
    found = dingtalk_md.read(keep("a.md", text.encode()), Alone())
    return [item for item in found if isinstance(item, Message)]


def test_messages_are_whole(keep: Keep) -> None:
    chat = Chat(name="云岭区值班群", platform="dingtalk")
    assert _messages(keep, TEXT) == [
        Message(
            chat=chat,
            number=1,
            sender="王明远",
            text="收到\n\n### 小结\n一",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
        ),
        Message(
            chat=chat,
            number=2,
            sender="李婷 - 值班室",
            text="![图片](media/1.jpg)",
            kind=MessageKind.IMAGE,
            sent_at=datetime(2024, 5, 1, 17, 1, tzinfo=SHANGHAI),
            precision=Precision.MINUTE,
            zone_assumed=True,
            attachments=(Attachment(kind=AttachmentKind.IMAGE, name="1.jpg", path="media/1.jpg"),),
        ),
        Message(
            chat=chat,
            number=3,
            sender="王明远",
            text="早",
            sent_at=datetime(2024, 5, 2, 8, 0, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
        ),
    ]


@pytest.mark.parametrize(
    ("body", "file"),
    [
        (
            "[名单.docx](<files/值班 名单.docx>)",
            Attachment(kind=AttachmentKind.FILE, name="名单.docx", path="files/值班 名单.docx"),
        ),
        (
            "![](https://x.invalid/a/1.png)",
            Attachment(
                kind=AttachmentKind.IMAGE, name="1.png", path="https://x.invalid/a/1.png", remote=True
            ),
        ),
    ],
)
def test_links_to_files_are_attachments(keep: Keep, body: str, file: Attachment) -> None:
    text = f"## 2024-05-01\n### 17:00:05 - 王明远\n{body}\n"
    assert _messages(keep, text)[0].attachments == (file,)


def test_what_stands_before_the_first_message_is_kept(keep: Keep) -> None:
    text = "# 群\n导出说明：内部资料\n## 2024-05-01\n### 17:00:05 - 王明远\n收到\n"
    assert [(m.sender, m.text) for m in _messages(keep, text)] == [
        ("", "导出说明：内部资料"),
        ("王明远", "收到"),
    ]


def test_it_alone_claims_its_files() -> None:
    data = TEXT.encode("utf-8-sig")
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a.md")] == ["dingtalk-md"]


@pytest.mark.parametrize(
    "text",
    [
        "## 2024-05-01\n### 议程\n一\n### 17:00 - 散会\n",
        "### 17:00:05 - 王明远\n收到\n### 17:00:06 - 李婷\n好\n",
        "## 2024-05-01 17:00:05 王明远\n收到\n## 2024-05-01 17:00:06 李婷\n好\n",
    ],
)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert not dingtalk_md.is_mine(text.encode(), "a.md")
