"""WeFlow's JSON and its dialects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats.beside import Alone
from leakwatch.chats.others import chatlab
from leakwatch.chats.wechat import weflow
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Quote,
    Reason,
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="wechat", id="1@chatroom", is_group=True)
SESSION = {"wxid": "1@chatroom", "displayName": "云岭区值班群", "type": "群聊", "messageCount": 1}
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)


def _row(kind: str, content: object, **more: object) -> dict[str, object]:
    return {
        "localId": 1,
        "createTime": 1714554005,
        "formattedTime": "2024-05-01 09:00:05",
        "type": kind,
        "localType": 1,
        "content": content,
        "isSend": 0,
        "senderUsername": "wxid_a",
        "senderDisplayName": "王明远",
        "platformMessageId": "70",
        **more,
    }


def _file(*rows: object, **more: object) -> bytes:
    data = {"weflow": {"version": "1.0.3"}, "session": SESSION, "messages": rows, **more}
    return json.dumps(data, ensure_ascii=False).encode()


def _read(keep: Keep, data: bytes) -> list[Message | Skipped | Conversation]:
    return list(weflow.read(keep("云岭区值班群.json", data), Alone()))


def _message(keep: Keep, kind: str, content: object, **more: object) -> Message:
    found = _read(keep, _file(_row(kind, content, **more)))[0]
    assert isinstance(found, Message)
    return found


def test_a_text_message_keeps_every_field(keep: Keep) -> None:
    assert _message(keep, "文本消息", "收到\n第二行") == Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        text="收到\n第二行",
        id="70",
        sender_id="wxid_a",
        sent_at=AT,
        precision=Precision.SECOND,
    )


def test_the_conversation_follows_with_what_the_file_declares(keep: Keep) -> None:
    *_, last = _read(keep, _file(_row("文本消息", "收到")))
    assert last == Conversation(
        chat=CHAT,
        format="weflow-json",
        declared=1,
        coverage=Coverage(),
        lossy=("WeFlow 导出不含被撤回消息的原文", "WeFlow 可能去掉正文开头“某某:”形式的文字"),
    )


@pytest.mark.parametrize(
    ("kind", "content", "text", "attachment"),
    [
        (
            "图片消息",
            "media\\images\\2_aa.jpg",
            "",
            Attachment(kind=AttachmentKind.IMAGE, name="2_aa.jpg", path="media\\images\\2_aa.jpg"),
        ),
        ("图片消息", "[图片]", "", Attachment(kind=AttachmentKind.IMAGE)),
        (
            "图片消息",
            "[图片] images/20231115/102_abc.jpg",
            "",
            Attachment(kind=AttachmentKind.IMAGE, name="102_abc.jpg", path="images/20231115/102_abc.jpg"),
        ),
        (
            "文件消息",
            "../media/file/docx/值班表 终稿.docx",
            "",
            Attachment(
                kind=AttachmentKind.FILE, name="值班表 终稿.docx", path="../media/file/docx/值班表 终稿.docx"
            ),
        ),
        ("文件消息", "[文件] 值班表.docx", "", Attachment(kind=AttachmentKind.FILE, name="值班表.docx")),
        ("文件消息", None, "", Attachment(kind=AttachmentKind.FILE)),
        ("语音消息", "明天上午/下午开会", "明天上午/下午开会", Attachment(kind=AttachmentKind.VOICE)),
        (
            "视频消息",
            "https://example.invalid/v.mp4",
            "",
            Attachment(
                kind=AttachmentKind.VIDEO, name="v.mp4", path="https://example.invalid/v.mp4", remote=True
            ),
        ),
    ],
)
def test_media_become_attachments(
    keep: Keep, kind: str, content: object, text: str, attachment: Attachment
) -> None:
    found = _message(keep, kind, content)
    assert (found.text, found.attachments) == (text, (attachment,))


def test_a_quote_is_taken_off_the_reply(keep: Keep) -> None:
    found = _message(
        keep, "引用消息", "收到[引用 李思齐：[图片]]", quotedSender="李思齐", quotedContent="[图片]"
    )
    assert (found.text, found.quoted) == ("收到", Quote(sender="李思齐", text="[图片]"))


def test_an_ambiguous_quote_stays_in_the_text(keep: Keep) -> None:
    content = "甲[引用 乙：一][引用 丙：二]"
    found = _message(keep, "引用消息", content, quotedContent="二")
    assert (found.text, found.quoted) == (content, None)


def test_a_forward_is_taken_apart_level_by_level(keep: Keep) -> None:
    content = "[转发的聊天记录]群聊的聊天记录\n甲: 第一条\n接着说\n乙: [文件] 名单.xlsx\n丙: [转发的聊天记录]内层\n  丁: 里面\n戊: 完"
    found = _message(keep, "聊天记录", content)
    assert found.text == "[转发的聊天记录]群聊的聊天记录"
    assert [
        (m.sender, m.text, [a.name for a in m.attachments], len(m.forwarded)) for m in found.forwarded
    ] == [
        ("甲", "第一条\n接着说", [], 0),
        ("乙", "", ["名单.xlsx"], 0),
        ("丙", "[转发的聊天记录]内层", [], 1),
        ("戊", "完", [], 0),
    ]
    assert [(m.sender, m.text) for m in found.forwarded[2].forwarded] == [("丁", "里面")]
    assert not found.summary_only


def test_placeholders_inside_a_forward_are_attachments(keep: Keep) -> None:
    content = (
        "[转发的聊天记录]群聊的聊天记录\n甲: 看这个\n[图片]\n[文件] 方案.docx\n乙: [图片]\n"
        "丙: [文件] 一.docx\n[文件] 二.docx"
    )
    found = _message(keep, "聊天记录", content)
    assert [[(a.kind, a.name) for a in m.attachments] for m in found.forwarded] == [
        [(AttachmentKind.IMAGE, ""), (AttachmentKind.FILE, "方案.docx")],
        [(AttachmentKind.IMAGE, "")],
        [(AttachmentKind.FILE, "一.docx"), (AttachmentKind.FILE, "二.docx")],
    ]


def test_fields_that_nobody_knows_are_kept(keep: Keep) -> None:
    found = _message(
        keep,
        "链接消息",
        "[链接] 通知",
        digest="云岭区停水摘要",
        rawContent="<msg><appmsg><title>通知</title><des>停水范围</des><type>5</type></appmsg></msg>",
        senderRemark="老王头",
        quotedContent="昨天的话",
        quotedTitle="昨天的话",
    )
    assert found.text == "[链接] 通知\ndigest：云岭区停水摘要\nrawContent：停水范围"


def test_the_raw_form_of_a_recall_adds_nothing(keep: Keep) -> None:
    raw = (
        "<sysmsg type='revokemsg'><revokemsg><session>1@chatroom</session><msgid>17145540051</msgid>"
        "<replacemsg>王明远 撤回了一条消息</replacemsg></revokemsg></sysmsg>"
    )
    assert _message(keep, "系统消息", "王明远 撤回了一条消息", rawContent=raw).text == "王明远 撤回了一条消息"


def test_a_forward_without_lines_is_a_digest(keep: Keep) -> None:
    assert _message(keep, "聊天记录合并转发", "[聊天记录]").summary_only


def test_a_recall_loses_the_room_that_stands_as_its_sender(keep: Keep) -> None:
    found = _message(keep, "系统消息", '"王明远" 撤回了一条消息', senderUsername="1@chatroom")
    assert (found.kind, found.sender, found.sender_id, found.recalled) == (MessageKind.RECALL, "", None, True)


def test_text_beside_the_content_is_kept_once(keep: Keep) -> None:
    found = _message(
        keep, "位置消息", "[位置] 云岭路", locationPoiname="云岭路", locationLabel="青石市云岭区云岭路1号"
    )
    assert found.text == "[位置] 云岭路\n青石市云岭区云岭路1号"


@pytest.mark.parametrize(
    ("content", "text"), [(None, ""), (7, "7"), ({"t": "甲"}, '{"t": "甲"}'), (["甲"], '["甲"]')]
)
def test_content_may_be_anything(keep: Keep, content: object, text: str) -> None:
    assert _message(keep, "从未见过的类型", content, localType="x", createTime=None).text == text


def test_arkme_senders_are_looked_up(keep: Keep) -> None:
    row = {"createTime": 1714554005, "type": "文本消息", "content": "收到", "senderID": 2}
    senders = [
        {"senderID": 2, "accountId": "wxid_b", "displayName": "李思齐", "groupNickname": "李思齐-值班室"}
    ]
    found = _read(keep, _file(row, weflow={"format": "arkme-json"}, senders=senders))[0]
    assert isinstance(found, Message)
    assert (found.sender, found.sender_id) == ("李思齐-值班室", "wxid_b")


def test_ciphertalk_forwards_come_from_the_raw_xml(keep: Keep) -> None:
    xml = (
        "<msg><appmsg><title>群聊的聊天记录</title><type>19</type><recorditem><![CDATA[<recordinfo><datalist>"
        '<dataitem datatype="1"><sourcename>甲</sourcename><sourcetime>2024-05-01 15:00:00</sourcetime>'
        "<datadesc>里面</datadesc></dataitem></datalist></recordinfo>]]></recorditem></appmsg></msg>"
    )
    found = _message(keep, "聊天记录", "[聊天记录]", rawContent=xml)
    assert [(m.sender, m.text) for m in found.forwarded] == [("甲", "里面")]


def test_a_truncated_file_keeps_what_is_whole(keep: Keep) -> None:
    data = _file(*(_row("文本消息", f"第{n}条") for n in range(7)))
    cut = data.index("第5条".encode())
    *messages, skipped, last = _read(keep, data[:cut])
    assert [m.text for m in messages if isinstance(m, Message)] == [f"第{n}条" for n in range(5)]
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, "5 条" in skipped.detail) == (Reason.INCOMPLETE, True)
    assert isinstance(last, Conversation)


def test_rows_that_are_no_objects_stay_as_text(keep: Keep) -> None:
    found = _read(keep, _file("甲", None, _row("文本消息", "乙")))
    assert [(m.number, m.kind, m.text) for m in found if isinstance(m, Message)] == [
        (1, MessageKind.OTHER, "甲"),
        (2, MessageKind.TEXT, "乙"),
    ]
    last = found[-1]
    assert isinstance(last, Conversation)
    assert last.coverage.skipped_lines == 1


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (_file(), True),
        (b'{"avatars":{"a":"AAAA"},"weflow":{},"messages":[', True),
        (b'{"exportInfo":{"generator":"CipherTalk"},"session":{},"messages":[]}', True),
        (b'{"session":{},"messages":[{"createTime":1,"localType":1}]}', True),
        (b'{"messages":[{"createTime":1,"isSend":0,"localType":1,"senderUsername":"a"},{"crea', True),
        (b'{"messages":[{"createTime":1,"localType":1}]}', False),
        (b'{"session":{},"messages":[{"text":1}]}', False),
        (b'{"chatlab":{},"meta":{"platform":"wechat"},"messages":[]}', False),
        (b'{"exportInfo":{"generator":"Other"},"session":{},"messages":[]}', False),
        (b'[{"weflow":{}}]', False),
        (b'"weflow"', False),
        (b"weflow session messages", False),
        (b"", False),
        (b"PK\x03\x04", False),
    ],
)
def test_only_its_own_files_are_claimed(head: bytes, expected: bool) -> None:
    assert weflow.is_mine(head, "f.json") is expected
    assert not (expected and chatlab.is_mine(head, "f.json"))


def test_ciphertalk_forwards_without_raw_xml_come_from_its_list(keep: Keep) -> None:
    rows = [
        {"sender": "甲", "senderDisplayName": "李婷", "timestamp": 1714546800, "content": "机密★10年"},
        {
            "sender": "乙",
            "timestamp": 0,
            "formattedTime": "2024-05-01 15:00",
            "content": "[文件] 值班表.docx",
        },
        "没有字段",
    ]
    found = _message(keep, "聊天记录", "[聊天记录] 群聊的聊天记录", chatRecords=rows)

    assert [(inner.sender, inner.text) for inner in found.forwarded] == [
        ("李婷", "机密★10年"),
        ("乙", ""),
        ("", "没有字段"),
    ]
    assert found.forwarded[1].precision is Precision.MINUTE
    assert not found.summary_only


def test_ciphertalk_quotes_come_from_the_raw_xml(keep: Keep) -> None:
    raw = (
        "wxid_a:\n<msg><appmsg><title>收到</title><type>57</type><refermsg><displayname>李婷</displayname>"
        "<content>几点开会</content></refermsg></appmsg></msg>"
    )
    found = _message(keep, "引用消息", "收到", rawContent=raw)

    assert (found.text, found.quoted) == ("收到", Quote(sender="李婷", text="几点开会"))


def test_echotrace_of_the_first_versions_calls_the_room_username(keep: Keep) -> None:
    data = {
        "session": {
            "username": "1@chatroom",
            "displayName": "云岭区值班群",
            "type": "群聊",
            "messageCount": 1,
        },
        "messages": [_row("文本消息", "收到")],
    }
    found = _read(keep, json.dumps(data).encode())[-1]

    assert isinstance(found, Conversation)
    assert found.chat == CHAT
    assert "EchoTrace" in found.lossy[0]
