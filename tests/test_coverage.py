"""What was not there to be read is counted and said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from msgspec import structs

from leakwatch.coverage import Account
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    Precision,
    Reason,
    Skipped,
)

CHAT = Chat(name="工作群", platform="wechat")
MESSAGE = Message(chat=CHAT, number=1, sender="王明远", text="")


@pytest.fixture
def export(keep: Callable[[str, bytes], Evidence]) -> Evidence:
    """An export file."""
    return keep("群.txt", b"export")


def test_all_attachments_are_counted_and_the_gaps_said(export: Evidence) -> None:
    account = Account(export)
    account.message(MESSAGE)
    image = Attachment(kind=AttachmentKind.IMAGE)
    named = Attachment(kind=AttachmentKind.FILE, name="名单.docx")
    rows = [
        *account.attachment(MESSAGE, image, export),
        *account.attachment(MESSAGE, image, None),
        *account.attachment(MESSAGE, named, None),
        *account.attachment(MESSAGE, Attachment(kind=AttachmentKind.VOICE), None),
    ]

    conversation, *gaps = account.closed(Conversation(chat=CHAT, format="qq-txt", declared=1))

    assert conversation == Conversation(
        chat=CHAT,
        format="qq-txt",
        declared=1,
        parsed=1,
        coverage=Coverage(images_present=1, images_missing=1, files_missing=1, voice=1),
    )
    assert [(row.name, row.reason) for row in rows] == [("名单.docx", Reason.MISSING_ATTACHMENT)]
    assert [gap.reason for gap in gaps if not isinstance(gap, Conversation)] == [
        Reason.MISSING_ATTACHMENT,
        Reason.UNSUPPORTED,
    ]


def test_voice_is_never_heard_but_a_film_is_looked_into_where_there_is_one(export: Evidence) -> None:
    account = Account(export)
    account.message(MESSAGE)
    voice, video = (Attachment(kind=kind) for kind in (AttachmentKind.VOICE, AttachmentKind.VIDEO))
    for attachment, file in ((voice, export), (video, export), (video, None), (video, None)):
        list(account.attachment(MESSAGE, attachment, file))

    _, *gaps = account.closed(Conversation(chat=CHAT, format="x"))

    assert [gap.detail for gap in gaps if not isinstance(gap, Conversation)] == [
        "1 条语音未检查（不识别声音），请人工听",
        "2 条视频没有随记录导出，未检查；请连同视频重新导出，或人工观看",
    ]


@pytest.mark.parametrize(("declared", "messages"), [(2, 1), (None, 0), (0, 0)])
def test_fewer_than_declared_or_none_at_all_is_incomplete(
    export: Evidence, declared: int | None, messages: int
) -> None:
    account = Account(export)
    for _ in range(messages):
        account.message(MESSAGE)

    _, *gaps = account.closed(Conversation(chat=CHAT, format="x", declared=declared))

    assert [gap.reason for gap in gaps if not isinstance(gap, Conversation)] == [Reason.INCOMPLETE]


def test_many_missing_files_end_in_one_row(export: Evidence) -> None:
    account = Account(export)
    account.message(MESSAGE)
    rows = [
        row
        for number in range(150)
        for row in account.attachment(
            MESSAGE, Attachment(kind=AttachmentKind.FILE, name=f"{number}.docx"), None
        )
    ]

    _, *gaps = account.closed(Conversation(chat=CHAT, format="x"))

    assert len(rows) == 100
    assert [gap.detail for gap in gaps if not isinstance(gap, Conversation)] == [
        "另有 50 个附件不在所放的文件中，未能检查"
    ]


def test_a_forward_of_which_only_the_digest_is_left_is_said(export: Evidence) -> None:
    account = Account(export)
    account.message(MESSAGE)

    _, *gaps = account.closed(Conversation(chat=CHAT, format="x", coverage=Coverage(forwards_summary=1)))

    assert [gap.reason for gap in gaps if not isinstance(gap, Conversation)] == [Reason.INCOMPLETE]


def test_the_newest_dated_message_is_told(export: Evidence) -> None:
    account = Account(export)
    days = [datetime(2031, 5, day, tzinfo=SHANGHAI) for day in (6, 8, 7)]
    for day in days:
        account.message(structs.replace(MESSAGE, sent_at=day, precision=Precision.DAY))
    timeless = datetime(2031, 5, 9, tzinfo=SHANGHAI)
    account.message(structs.replace(MESSAGE, sent_at=timeless, precision=Precision.TIME_ONLY))
    (conversation, *_) = account.closed(Conversation(chat=CHAT, format="微信"))
    assert isinstance(conversation, Conversation)
    assert conversation.last_at == days[1]


def test_characters_that_could_not_be_decoded_are_no_clean_chat(export: Evidence) -> None:
    account = Account(export)
    account.message(MESSAGE)
    closed = Conversation(chat=CHAT, format="qq-txt", coverage=Coverage(decode_replacements=3))
    _, *gaps = account.closed(closed)
    assert [(gap.reason, "3 处字符" in gap.detail) for gap in gaps if isinstance(gap, Skipped)] == [
        (Reason.DAMAGED, True)
    ]
