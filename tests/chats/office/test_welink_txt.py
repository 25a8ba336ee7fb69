"""WeLink's text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.office import welink_txt
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
    "王明远(w00123456)\t2026-03-31 09:15:32\n收到\n第二行\n\n"
    "李婷(l00123457)\t2026-03-31 09:16:45 \n[文件] 名单.docx\n"
)


def _messages(keep: Keep, text: str) -> list[Message]:
    found = welink_txt.read(keep("云岭区值班群.txt", text.encode()), Alone())
    return [item for item in found if isinstance(item, Message)]


def test_messages_are_whole(keep: Keep) -> None:
    chat = Chat(name="云岭区值班群", platform="welink")
    assert _messages(keep, TEXT) == [
        Message(
            chat=chat,
            number=1,
            sender="王明远",
            sender_id="w00123456",
            text="收到\n第二行",
            sent_at=datetime(2026, 3, 31, 9, 15, 32, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
        ),
        Message(
            chat=chat,
            number=2,
            sender="李婷",
            sender_id="l00123457",
            text="[文件] 名单.docx",
            kind=MessageKind.FILE,
            sent_at=datetime(2026, 3, 31, 9, 16, 45, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
            attachments=(Attachment(kind=AttachmentKind.FILE, name="名单.docx", path="名单.docx"),),
        ),
    ]


def test_a_pasted_header_stays_in_the_body_it_stands_in(keep: Keep) -> None:
    pasted = "周敏(z00123458)\t2026-03-30 08:00:00\n昨天的"
    text = TEXT + f"王明远(w00123456)\t2026-03-31 09:20:00\n转：\n{pasted}\n"
    assert [m.text for m in _messages(keep, text)][2:] == [f"转：\n{pasted}"]


def test_an_export_with_the_newest_first_is_read_too(keep: Keep) -> None:
    rows = [f"王明远(w00123456)\t2026-03-31 09:{n:02}:00\n第{n}条\n" for n in range(50, 10, -20)]
    assert [m.text for m in _messages(keep, "".join(rows))] == ["第50条", "第30条"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_it_alone_claims_its_files(encoding: str) -> None:
    data = TEXT.encode(encoding)
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a.txt")] == ["welink-txt"]


@pytest.mark.parametrize(
    "text",
    [
        "王明远(w00123456) 2026-03-31 09:15:32\n收到\n",
        "王明远(10001)\t2026-03-31 09:15:32\n收到\n",
        "值班表\n王明远(w00123456)\t2026-03-31 09:15:32\n",
        "",
    ],
)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert not welink_txt.is_mine(text.encode(), "a.txt")
