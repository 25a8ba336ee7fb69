"""JSON of exporters that nobody has named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import records_json
from leakwatch.errors import Unreadable
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
ROW = {"time": "2024-05-01 17:00:05", "sender": "王明远", "type": "文本", "content": "收到"}
OTHER = ROW | {"time": "2024-05-01 17:01:00", "sender": "李婷"}


def _read(keep: Keep, whole: object) -> list[Message | Skipped | Conversation]:
    data = json.dumps(whole, ensure_ascii=False).encode()
    return list(records_json.read(keep("值班群.json", data), Alone()))


def _messages(keep: Keep, *rows: dict[str, Any]) -> list[Message]:
    return [item for item in _read(keep, list(rows)) if isinstance(item, Message)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert _messages(keep, ROW) == [
        Message(
            chat=Chat(name="值班群", platform="other"),
            number=1,
            sender="王明远",
            text="收到",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
            precision=Precision.SECOND,
            zone_assumed=True,
        )
    ]


@pytest.mark.parametrize(
    "whole",
    [
        [ROW, OTHER],
        {"chat": "值班群", "messages": [ROW, OTHER]},
        {"count": 2, "items": [ROW, OTHER]},
        {"ok": True, "data": {"messages": [ROW, OTHER], "has_more": False}},
        {"code": 0, "data": [ROW, OTHER]},
        {"exported": "2024", "results": [ROW, OTHER]},
        {"hasMore": False, "chatLogs": [ROW, OTHER]},
    ],
)
def test_the_records_are_found_wherever_they_lie(keep: Keep, whole: object) -> None:
    data = json.dumps(whole, ensure_ascii=False).encode()
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "值班群.json")] == [records_json.NAME]
    found = [item for item in _read(keep, whole) if isinstance(item, Message)]
    assert [(one.sender, one.text) for one in found] == [("王明远", "收到"), ("李婷", "收到")]


@pytest.mark.parametrize(
    "row",
    [
        {"create_time": 1714554005, "sender": "王明远", "content": "收到"},
        {"ts": 1714554005, "sender": "王明远", "text": "收到", "image_path": None},
        {"create_time": "2024-05-01 17:00", "sender": {"id": "ou_a", "name": "王明远"}, "content": "收到"},
        {"date": "2024-05-01 17:00:05", "from": "王明远", "message": "收到"},
        {"msgTime": 1714554005, "sendMemberName": "王明远", "elements": ["收到"], "msgSeq": 7},
        {"时间": "2024-05-01 17:00:05", "发送人": "王明远", "内容": "收到"},
    ],
)
def test_keys_are_known_as_the_columns_of_a_table_are(keep: Keep, row: dict[str, Any]) -> None:
    assert records_json.is_mine(json.dumps([row]).encode(), "a.json")
    (found,) = _messages(keep, row)
    assert (found.sender, found.text) == ("王明远", "收到")
    assert found.sent_at is not None
    assert found.sent_at.strftime("%Y-%m-%d %H:%M") == "2024-05-01 17:00"


@pytest.mark.parametrize(
    "whole",
    [
        [],
        {},
        {"messages": []},
        [{"time": "2024-05-01 17:00:05", "level": "INFO", "message": "启动"}],
        [{"time": "2024-05-01 17:00:05", "name": "值班", "msg": "启动", "pid": 7}],
        [{"date": "2024-05-01", "name": "王明远", "content": "白班"}],
        [{"name": "王明远", "content": "收到"}],
        {"messages": [{"role": "user", "content": "你好"}]},
        {"messages": "收到"},
        ["2024-05-01 17:00:05", "王明远", "收到"],
    ],
    ids=[
        "no row",
        "nothing",
        "no message",
        "log",
        "log of a program",
        "roster",
        "no time",
        "model",
        "text",
        "strings",
    ],
)
def test_other_json_is_left_alone(keep: Keep, whole: object) -> None:
    data = json.dumps(whole, ensure_ascii=False).encode()
    assert not records_json.is_mine(data, "a.json")
    with pytest.raises(Unreadable):
        _read(keep, whole)


def test_the_name_and_the_count_beside_the_records_are_kept(keep: Keep) -> None:
    last = _read(keep, {"display_name": "云岭群", "message_count": 9, "messages": [ROW]})[-1]
    assert isinstance(last, Conversation)
    assert (last.chat.name, last.declared, last.format) == ("云岭群", 9, "records-json")


def test_a_name_inside_an_object_is_one(keep: Keep) -> None:
    last = _read(keep, {"chat": {"name": "云岭群", "is_group": True}, "messages": [ROW]})[-1]
    assert isinstance(last, Conversation)
    assert last.chat.name == "云岭群"


def test_all_files_of_a_list_are_attachments(keep: Keep) -> None:
    (found,) = _messages(keep, ROW | {"content": "两份", "media_files": ["media/a.docx", "media/b.jpg"]})
    assert found.text == "两份"
    assert found.attachments == (
        Attachment(kind=AttachmentKind.FILE, name="a.docx", path="media/a.docx"),
        Attachment(kind=AttachmentKind.IMAGE, name="b.jpg", path="media/b.jpg"),
    )


def test_a_record_without_some_keys_is_read_by_the_first(keep: Keep) -> None:
    notice = {"time": "2024-05-01 17:02:00", "content": '"李婷" 撤回了一条消息', "type": "系统"}
    found = _messages(keep, ROW, notice)[1]
    assert (found.sender, found.kind, found.text) == ("", MessageKind.RECALL, '"李婷" 撤回了一条消息')


def test_text_under_a_key_that_nobody_knows_is_kept(keep: Keep) -> None:
    (found,) = _messages(keep, ROW | {"transcript": "明天上午九点开会"})
    assert found.text == "收到\ntranscript：明天上午九点开会"


@pytest.mark.parametrize(
    ("elements", "text", "files"),
    [
        ([{"type": "text", "data": {"text": "收到"}}], "收到", []),
        (
            [{"type": "at", "data": {"qq": "1", "name": "甲"}}, {"type": "text", "data": {"text": "好"}}],
            "@甲 好",
            [],
        ),
        ([{"type": "reply", "data": {"id": "7"}}, {"type": "text", "data": {"text": "好"}}], "好", []),
        ([{"type": "image", "data": {"file": "a.jpg"}}], "", ["a.jpg"]),
        ([{"type": "json", "data": {"data": "群公告"}}], "群公告", []),
        ([{"type": "forward", "data": {}}], "[聊天记录]", []),
        (
            [
                {
                    "type": "forward",
                    "data": {"content": [{"sender": {"nickname": "甲"}, "message": ["机密"]}, "乙"]},
                }
            ],
            "[聊天记录]\n甲：机密\n：乙",
            [],
        ),
        ([{"type": "text", "data": {"text": "group"}}], "group", []),
    ],
)
def test_the_elements_of_onebot_are_its_text(
    keep: Keep, elements: list[object], text: str, files: list[str]
) -> None:
    row = {
        "time": 1714554005,
        "user_id": 10001,
        "message_type": "group",
        "sender": {"user_id": 10001, "nickname": "老王", "card": "王明远"},
        "raw_message": "[CQ:x]",
        "message": elements,
    }
    (found,) = _messages(keep, row)
    assert (found.sender, found.sender_id, found.text) == ("王明远", "10001", text)
    assert [one.name for one in found.attachments] == files


def test_an_object_a_line_is_a_record(keep: Keep) -> None:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (ROW, OTHER)).encode()
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a.jsonl")] == [records_json.NAME]
    found = [item for item in records_json.read(keep("a.jsonl", data), Alone()) if isinstance(item, Message)]
    assert [(one.sender, one.number) for one in found] == [("王明远", 1), ("李婷", 2)]


def test_a_chunk_of_another_exporter_is_left_to_its_manifest() -> None:
    chunk = ROW | {
        "sender": {"uid": "u_a", "name": "王明远"},
        "content": {"text": "收到", "elements": [], "resources": []},
    }
    assert not records_json.is_mine(json.dumps(chunk, ensure_ascii=False).encode(), "c000001.jsonl")


def test_a_file_that_breaks_off_gives_what_it_has(keep: Keep) -> None:
    data = json.dumps([ROW, OTHER], ensure_ascii=False).encode()[:-20]
    found = list(records_json.read(keep("a.json", data), Alone()))
    assert isinstance(found[0], Message)
    assert any(isinstance(item, Skipped) for item in found)
    assert isinstance(found[-1], Conversation)
