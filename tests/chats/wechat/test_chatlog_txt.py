"""chatlog's plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import chatlog_txt
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
FULL = "王明远(wxid_a) 2024-05-01 17:00:05\n收到\n\n李婷(我) 2024-05-01 17:01:00\n好\n\n"


def _read(keep: Keep, text: str) -> list[Message | Conversation]:
    found = chatlog_txt.read(keep("值班群.txt", text.encode()), Alone())
    return [item for item in found if isinstance(item, Message | Conversation)]


def _messages(keep: Keep, text: str) -> list[Message]:
    return [item for item in _read(keep, text) if isinstance(item, Message)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert _messages(keep, FULL)[0] == Message(
        chat=Chat(name="值班群", platform="wechat"),
        number=1,
        sender="王明远",
        text="收到",
        sender_id="wxid_a",
        sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
        precision=Precision.SECOND,
        zone_assumed=True,
    )


@pytest.mark.parametrize("clock", ["17:00:05", "05-01 17:00:05"])
def test_a_time_without_year_or_date_stays_as_written(keep: Keep, clock: str) -> None:
    message = _messages(keep, f"王明远(wxid_a) {clock}\n收到\n\n")[0]
    assert (message.sent_at, message.precision, message.clock) == (None, Precision.TIME_ONLY, clock)


def test_the_exporters_own_name_is_no_id(keep: Keep) -> None:
    assert [(m.sender, m.sender_id) for m in _messages(keep, FULL)] == [
        ("王明远", "wxid_a"),
        ("李婷", None),
    ]


def test_oneself_is_written_without_an_id_where_the_exporter_knew_no_name(keep: Keep) -> None:
    found = _messages(keep, "王明远(wxid_a) 17:00:05\n收到\n\n我 17:01:00\n好\n\n")
    assert [(m.sender, m.text) for m in found] == [("王明远", "收到"), ("我", "好")]


def test_lines_that_only_look_like_headers_stay_in_the_body(keep: Keep) -> None:
    text = "甲(wxid_a) 17:00:05\n名单：\n乙(wxid_b) 17:00:06\n\nMeeting 18:00:00\n结束\n\n甲(wxid_a) 17:02:00\n好\n\n"
    assert [m.text for m in _messages(keep, text)] == [
        "名单：\n乙(wxid_b) 17:00:06\n\nMeeting 18:00:00\n结束",
        "好",
    ]


def test_a_link_to_the_other_computer_is_remote(keep: Keep) -> None:
    text = "甲(wxid_a) 17:00:05\n[文件|名单.docx](http://127.0.0.1:5030/file/0123456789abcdef0123456789abcdef)\n\n"
    message = _messages(keep, text)[0]
    assert message.attachments == (
        Attachment(
            kind=AttachmentKind.FILE,
            name="名单.docx",
            path="http://127.0.0.1:5030/file/0123456789abcdef0123456789abcdef",
            md5="0123456789abcdef0123456789abcdef",
            remote=True,
        ),
    )


def test_a_quote_and_a_forward_are_taken_apart(keep: Keep) -> None:
    text = (
        "甲(wxid_a) 17:00:05\n> 乙(wxid_b) 05-01 16:00:00\n> 速报\n> 名单\n收到\n\n"
        "乙(wxid_b) 17:01:00\n[合并转发|群聊的聊天记录]\n  丙 05-01 15:00\n  转发一\n\n  丁 05-01 15:01\n  转发二\n\n\n"
    )
    quote, forward = _messages(keep, text)
    assert (quote.text, quote.quoted) == ("收到", Quote(sender="乙", text="速报\n名单"))
    assert [(m.sender, m.text) for m in forward.forwarded] == [("丙", "转发一"), ("丁", "转发二")]


def test_a_system_row_has_no_sender(keep: Keep) -> None:
    text = 'X(wxid_a) 17:00:00\n在\n\n系统消息 17:00:05\n"王明远" 撤回了一条消息\n\n'
    message = _messages(keep, text)[1]
    assert (message.sender, message.kind, message.recalled) == ("", MessageKind.RECALL, True)


def test_the_rooms_of_one_file_are_told_apart(keep: Keep) -> None:
    text = "\n".join(
        f"甲(wxid_a) [{room}({n}@chatroom)] 17:00:0{n}\n收到\n"
        for n, room in enumerate(["一群", "二群", "一群"])
    ).replace("2@chatroom", "0@chatroom")
    found = _read(keep, text)
    assert [(item.chat.name, item.number) for item in found if isinstance(item, Message)] == [
        ("一群", 1),
        ("二群", 2),
        ("一群", 3),
    ]
    assert [item.chat.id for item in found if isinstance(item, Conversation)] == ["0@chatroom", "1@chatroom"]


@pytest.mark.parametrize(
    "text",
    [
        "王明远(10001) 9:05:00\n好\n\n李婷(10002) 9:06:00\n好\n",
        "王明远(x00123456)\t2026-03-31 09:15:32\n好\n",
        "会议 09:00:00\n议程\n\n休息 10:00:00\n茶歇\n",
        "请看：王明远(wxid_a) 2024-05-01 17:00:05 发的\n",
        "值班表\n\n王明远(wxid_a) 17:00:05\n收到\n",
    ],
)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert not chatlog_txt.is_mine(text.encode(), "a.txt")


@pytest.mark.parametrize("text", [FULL, FULL.replace("2024-05-01 ", ""), FULL.replace("2024-", "")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_it_alone_claims_its_files(text: str, encoding: str) -> None:
    assert [r.NAME for r in READERS if r.is_mine(text.encode(encoding), "a.txt")] == ["chatlog-txt"]


def test_the_number_that_forks_write_of_a_message_is_no_room(keep: Keep) -> None:
    text = (
        "王明远(wxid_a) [1772413000000000] 2024-05-01 17:00:05\n收到\n\n"
        "李婷(wxid_b) [1772413000000001] [一群(1@chatroom)] 2024-05-01 17:01:00\n好\n\n"
    )
    assert [(one.sender, one.chat.name) for one in _messages(keep, text)] == [
        ("王明远", "值班群"),
        ("李婷", "一群"),
    ]
