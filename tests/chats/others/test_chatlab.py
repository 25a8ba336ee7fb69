"""ChatLab's exchange format, JSON and JSONL."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.others import chatlab, chatlab_jsonl
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
HEADER = {
    "chatlab": {"version": "0.0.2"},
    "meta": {"name": "云岭区值班群", "platform": "feishu", "groupId": "g1"},
}
MEMBERS = [{"platformId": "a", "accountName": "王明远", "groupNickname": "王明远-值班室"}]
CHAT = Chat(name="云岭区值班群", platform="feishu", id="g1")


def _read(keep: Keep, *rows: object) -> list[Message | Skipped | Conversation]:
    data = {**HEADER, "members": MEMBERS, "messages": rows}
    return list(chatlab.read(keep("f.json", json.dumps(data).encode()), Alone()))


def _message(keep: Keep, **row: object) -> Message:
    found = _read(keep, {"sender": "a", "timestamp": 1714554005, "type": 0, **row})[0]
    assert isinstance(found, Message)
    return found


def test_a_message_takes_its_name_from_the_members(keep: Keep) -> None:
    assert _message(keep, content="收到", platformMessageId=70) == Message(
        chat=CHAT,
        number=1,
        sender="王明远-值班室",
        text="收到",
        id="70",
        sender_id="a",
        sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
        precision=Precision.SECOND,
    )


def test_the_conversation_comes_last(keep: Keep) -> None:
    assert _read(keep) == [Conversation(chat=CHAT, format="chatlab-json")]


@pytest.mark.parametrize(
    "stamp", [1714554005, "1714554005", 1714554005.0, 1714554005000, "2024-05-01T09:00:05Z"]
)
def test_times_in_the_wild_are_read(keep: Keep, stamp: object) -> None:
    assert _message(keep, timestamp=stamp).sent_at == datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize("stamp", [None, "", 0, {}, float("nan"), True])
def test_a_time_that_is_none_is_none(keep: Keep, stamp: object) -> None:
    assert _message(keep, timestamp=stamp).sent_at is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1, MessageKind.IMAGE),
        ("4", MessageKind.FILE),
        (20, MessageKind.TRANSFER),
        (26, MessageKind.FORWARD),
        (80, MessageKind.SYSTEM),
        (81, MessageKind.RECALL),
        (99, MessageKind.OTHER),
        (None, MessageKind.OTHER),
        ("text", MessageKind.TEXT),
        ("²", MessageKind.OTHER),
    ],
)
def test_types_are_mapped(keep: Keep, code: object, kind: MessageKind) -> None:
    assert _message(keep, type=code, content="甲").kind is kind


def test_a_media_path_in_the_content_is_an_attachment(keep: Keep) -> None:
    found = _message(keep, type=1, content="media/images/1_a.jpg")
    assert found.attachments == (
        Attachment(kind=AttachmentKind.IMAGE, name="1_a.jpg", path="media/images/1_a.jpg"),
    )
    assert found.text == ""


def test_null_media_content_is_a_bare_attachment(keep: Keep) -> None:
    assert _message(keep, type=3, content=None).attachments == (Attachment(kind=AttachmentKind.VIDEO),)


def test_records_nest_and_are_not_said_twice(keep: Keep) -> None:
    deep = {"sender": "丁", "timestamp": 1714554000, "type": 0, "content": "最里面"}
    rows = [
        {"sender": "丙", "accountName": "丙", "timestamp": 1714554001, "type": 0, "content": "第一条"},
        {"sender": "丙", "timestamp": 1714554002, "type": 26, "content": "[聊天记录]", "chatRecords": [deep]},
    ]
    found = _message(
        keep,
        type=26,
        content="[转发的聊天记录]标题\n丙: 第一条\n丙: [聊天记录]\n没有别处的一行",
        chatRecords=rows,
    )
    assert (found.kind, found.text) == (MessageKind.FORWARD, "[转发的聊天记录]标题\n没有别处的一行")
    assert [m.text for m in found.forwarded] == ["第一条", "[聊天记录]"]
    assert [m.text for m in found.forwarded[1].forwarded] == ["最里面"]


def test_a_bottomless_forward_ends_with_its_text_kept(keep: Keep) -> None:
    row: dict[str, object] = {"content": "最底下"}
    for _ in range(40):
        row = {"content": "层", "chatRecords": [row]}
    message = _message(keep, **row)
    while message.forwarded:
        message = message.forwarded[0]
    assert "最底下" in message.text


def test_a_recalled_message_keeps_its_text_and_sender(keep: Keep) -> None:
    found = _message(keep, type=81, content="不该发的")
    assert (found.text, found.sender, found.recalled) == ("不该发的", "王明远-值班室", True)


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("wechat", "wechat"),
        ("WeChat", "wechat"),
        ("qq", "qq"),
        ("lark", "feishu"),
        ("discord", "other"),
        (None, "other"),
    ],
)
def test_platforms_are_named_our_way(platform: object, expected: str) -> None:
    assert chatlab.chat_of({"platform": platform}, "群.json") == Chat(name="群", platform=expected)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"chatlab":{"version":"0.0.2"},"meta":{},"members":[],"messages":[]}', True),
        (b'{"messages":[{"sender":"a"}],"chatlab":{}}', True),
        (b'{"chatlab":{}}', False),
        (b'{"chatlab":1,"messages":[]}', False),
        (b'{"note":{"chatlab":{}},"messages":[]}', False),
        (b'{"_type":"header","chatlab":{},"meta":{}}\n', False),
    ],
)
def test_only_chatlab_json_is_claimed(head: bytes, expected: bool) -> None:
    is_lines = b"_type" in head
    assert chatlab.is_mine(head, "f.json") is expected
    assert chatlab_jsonl.is_mine(head, "f.jsonl") is is_lines


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'\xef\xbb\xbf# x\n\n{"_type":"header","chatlab":{}}', True),
        (b'{"_type":"message","sender":"a","timestamp":1}\n', True),
        (b'{"_type":"member","platformId":"a"}\n', True),
        (b'{"_type":"header"}', False),
        (b'{"_type":"chatlab","version":"1.0","generator":"WeFlow"}\n', True),
        (b'{"_type":"chatlab","version":"1.0"}\n', False),
        (b'{"_type":"meta","name":"a"}\n', False),
        (b'{"_type":"export","sender":1}', False),
        (b"# only a comment", False),
        (b"", False),
    ],
)
def test_only_chatlab_jsonl_is_claimed(head: bytes, expected: bool) -> None:
    assert chatlab_jsonl.is_mine(head, "f.jsonl") is expected


def test_jsonl_is_read_line_by_line(keep: Keep) -> None:
    lines = [
        "# 注释",
        json.dumps({"_type": "header", **HEADER}),
        json.dumps({"_type": "member", **MEMBERS[0]}),
        json.dumps({"_type": "message", "sender": "a", "timestamp": 1714554005, "type": 0, "content": "一"}),
        "{坏行}",
        json.dumps({"_type": "note", "text": "二"}),
        json.dumps({"_type": "message", "sender": "b", "timestamp": 1714554005, "type": 0, "content": "三"})[
            :-3
        ],
    ]
    found = list(chatlab_jsonl.read(keep("f.jsonl", "\n".join(lines).encode()), Alone()))
    assert [(m.sender, m.kind) for m in found if isinstance(m, Message)] == [
        ("王明远-值班室", MessageKind.TEXT),
        ("", MessageKind.OTHER),
        ("", MessageKind.OTHER),
    ]
    assert [skipped.reason for skipped in found if isinstance(skipped, Skipped)] == [
        Reason.INCOMPLETE,
        Reason.DAMAGED,
    ]
    assert found[-1] == Conversation(chat=CHAT, format="chatlab-jsonl")


def test_weflows_streaming_export_names_the_chat_and_leaves_xml(keep: Keep) -> None:
    xml = "<msg><appmsg><title>名单.docx</title><type>6</type></appmsg></msg>"
    row = {"_type": "message", "sender": "a", "accountName": "王明远", "timestamp": 1714554005}
    lines: list[dict[str, object]] = [
        {"_type": "chatlab", "version": "1.0", "generator": "WeFlow"},
        {"_type": "meta", "name": "云岭区会务群", "platform": "wechat"},
        {**row, "type": 0, "content": "一", "platformMessageId": "1"},
        {**row, "type": 99, "content": xml, "platformMessageId": "2"},
    ]
    data = "".join(json.dumps(line) + "\n" for line in lines).encode()
    *messages, conversation = chatlab_jsonl.read(keep("f.jsonl", data), Alone())
    found = [(m.sender, m.kind, m.text, m.attachments) for m in messages if isinstance(m, Message)]
    file = Attachment(kind=AttachmentKind.FILE, name="名单.docx")
    assert found == [("王明远", MessageKind.TEXT, "一", ()), ("王明远", MessageKind.FILE, "", (file,))]
    assert conversation == Conversation(
        chat=Chat(name="云岭区会务群", platform="wechat"), format="chatlab-jsonl"
    )


BESIDE: list[tuple[dict[str, object], str]] = [
    ({"title": "关于防汛的通知"}, "看\ntitle：关于防汛的通知"),
    ({"voiceTranscript": "明天开会", "description": "明天开会"}, "看\nvoiceTranscript：明天开会"),
    ({"link": {"a": {"digest": "云岭摘要"}}}, "看\ndigest：云岭摘要"),
    ({"files": [{"title": "值班表"}, "名单草稿"]}, "看\ntitle：值班表\nfiles：名单草稿"),
    ({"note": "电话 13900000000"}, "看\nnote：电话 13900000000"),
    (
        {"rawContent": "<msg><appmsg><title>云岭通知</title><des>停水</des><type>5</type></appmsg></msg>"},
        "看\nrawContent：云岭通知\n停水",
    ),
    ({"rawContent": "wxid_a:\n看"}, "看"),
    ({"rawContent": "机密:\n另见"}, "看\nrawContent：机密:\n另见"),
    ({"remark": "王明远"}, "看"),
    ({"update": "更新说明", "monkey": "猴子名单"}, "看\nupdate：更新说明\nmonkey：猴子名单"),
    ({"title": "看"}, "看"),
    ({"title": "好"}, "看"),
    ({"title": None, "more": 7, "flag": True}, "看"),
    ({"formattedTime": "2024-05-01 12345", "messageType": "文本消息", "source": "来源甲"}, "看"),
    ({"svrMsgId": "1234567890123", "senderAvatarKey": "头像甲", "senderNickname": "老王头"}, "看"),
    ({"blob": "QUJD12345" * 20, "pic": "data:image/png;base64," + "QUJD12345" * 20}, "看"),
    ({"a": {"b": {"c": {"d": {"e": "太深的字"}}}}}, '看\nd：{"e": "太深的字"}'),
]


@pytest.mark.parametrize(("fields", "text"), BESIDE)
def test_text_in_fields_that_nobody_knows_is_kept(keep: Keep, fields: dict[str, object], text: str) -> None:
    assert _message(keep, content="看", **fields).text == text


def test_unknown_fields_of_system_rows_and_inner_records_are_kept_too(keep: Keep) -> None:
    assert _message(keep, type=80, content="通知", digest="系统摘要").text == "通知\ndigest：系统摘要"
    found = _message(
        keep,
        type=26,
        content="[聊天记录]",
        digest="内层",
        chatRecords=[{"content": "内层", "title": "标题甲"}],
    )
    assert (found.text, found.forwarded[0].text) == ("[聊天记录]", "内层\ntitle：标题甲")


def test_two_documents_in_one_file_are_both_read_and_named(keep: Keep) -> None:
    one = json.dumps({**HEADER, "messages": [{"sender": "a", "type": 0, "content": "一"}]})
    messages, skipped = [], []
    for item in chatlab.read(keep("f.json", f"{one}\n{one}".encode()), Alone()):
        if isinstance(item, Message):
            messages.append(item.text)
        elif isinstance(item, Skipped):
            skipped.append(item.reason)
    assert (messages, skipped) == (["一", "一"], [Reason.DAMAGED])
