"""Feishu's open platform."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.office import feishu
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
CHAT = Chat(name="oc_1", platform="feishu", id="oc_1")


def _row(kind: str = "text", content: object = None, **row: object) -> dict[str, object]:
    said = {"text": "收到"} if content is None else content
    return {
        "message_id": "om_1",
        "msg_type": kind,
        "create_time": "1714554005123",
        "deleted": False,
        "chat_id": "oc_1",
        "sender": {"id": "ou_a", "id_type": "open_id", "sender_type": "user"},
        "body": {"content": said if isinstance(said, str) else json.dumps(said)},
        **row,
    }


def _page(*rows: object, has_more: bool = False) -> bytes:
    return json.dumps({"code": 0, "data": {"has_more": has_more, "items": rows}}).encode()


def _read(keep: Keep, data: bytes) -> list[Message | Skipped | Conversation]:
    return list(feishu.read(keep("f.json", data), Alone()))


def _messages(keep: Keep, *rows: object) -> list[Message]:
    return [item for item in _read(keep, _page(*rows)) if isinstance(item, Message)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert _messages(keep, _row()) == [
        Message(
            chat=CHAT,
            number=1,
            sender="ou_a",
            text="收到",
            id="om_1",
            sender_id="ou_a",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, 123000, tzinfo=SHANGHAI),
            precision=Precision.MILLISECOND,
        )
    ]


POST = [
    [{"tag": "text", "text": "第一段 "}, {"tag": "a", "href": "https://x.invalid", "text": "链接"}],
    [{"tag": "img", "image_key": "img_1"}],
    [{"tag": "at", "user_id": "@_user_1", "user_name": "李婷"}, {"tag": "text", "text": " 请看"}],
]


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("post", {"title": "通知", "content": POST}, "通知\n第一段 链接(https://x.invalid)\n@李婷 请看"),
        (
            "post",
            {"zh_cn": {"title": "通知", "content": POST[:1]}},
            "通知\n第一段 链接(https://x.invalid)",
        ),
        ("location", {"name": "云岭宾馆", "longitude": "1.0"}, "云岭宾馆\n1.0"),
        (
            "interactive",
            {"title": "审批", "elements": [[{"tag": "text", "text": "值班表"}], [{"tag": "hr"}]]},
            "审批\n值班表",
        ),
        ("vote", {"topic": "值班", "options": ["甲", "乙"]}, "值班\n甲\n乙"),
        ("没有见过", {"说明": {"正文": "青石市"}}, "青石市"),
        ("text", "不是 JSON", "不是 JSON"),
        ("text", '{"text": "断', '{"text": "断'),
    ],
)
def test_the_words_of_every_type_are_kept(keep: Keep, kind: str, content: object, said: str) -> None:
    assert _messages(keep, _row(kind, content))[0].text == said


@pytest.mark.parametrize(
    ("kind", "content", "file"),
    [
        (
            "file",
            {"file_key": "file_1", "file_name": "名单.docx"},
            Attachment(kind=AttachmentKind.FILE, name="名单.docx", path="file_1"),
        ),
        ("image", {"image_key": "img_1"}, Attachment(kind=AttachmentKind.IMAGE, path="img_1")),
        (
            "media",
            {"file_key": "file_1", "image_key": "img_1", "file_name": "演练.mp4"},
            Attachment(kind=AttachmentKind.VIDEO, name="演练.mp4", path="file_1"),
        ),
        (
            "post",
            {"title": "", "content": POST[1:2]},
            Attachment(kind=AttachmentKind.IMAGE, path="img_1"),
        ),
    ],
)
def test_a_file_is_named(keep: Keep, kind: str, content: object, file: Attachment) -> None:
    message = _messages(keep, _row(kind, content))[0]
    assert (message.text, message.attachments) == ("", (file,))


def test_mentions_are_spelt_out(keep: Keep) -> None:
    mentions = [{"key": "@_user_1", "name": "李婷"}, {"key": "@_user_10", "name": "周敏"}]
    text = {"text": "@_user_10 @_user_1 @_user_2 请看"}
    assert _messages(keep, _row("text", text, mentions=mentions))[0].text == "@周敏 @李婷 @_user_2 请看"


def test_what_was_taken_back_is_marked_and_kept(keep: Keep) -> None:
    gone = _messages(keep, _row("text", "This message was recalled", deleted=True))[0]
    kept = _messages(keep, _row("file", {"file_key": "f", "file_name": "名单.docx"}, deleted=True))[0]
    assert (gone.kind, gone.recalled) == (MessageKind.RECALL, True)
    assert (kept.kind, kept.recalled, kept.attachments[0].name) == (MessageKind.FILE, True, "名单.docx")


def test_forwarded_messages_lie_inside_wherever_they_stand(keep: Keep) -> None:
    rows = [
        _row("text", {"text": "最里"}, message_id="om_5", upper_message_id="om_4"),
        _row("merge_forward", "Merged and Forwarded Message", message_id="om_2"),
        _row("text", {"text": "之后"}, message_id="om_3"),
        _row("merge_forward", "Merged and Forwarded Message", message_id="om_4", upper_message_id="om_2"),
        _row("text", {"text": "外层"}, message_id="om_6", upper_message_id="om_2"),
    ]
    forward, after = _messages(keep, *rows)
    nested, outer = forward.forwarded
    assert (forward.kind, forward.summary_only, after.text, outer.text) == (
        MessageKind.FORWARD,
        False,
        "之后",
        "外层",
    )
    assert [message.text for message in nested.forwarded] == ["最里"]


def test_a_forwarded_message_without_its_forward_stands_for_itself(keep: Keep) -> None:
    assert [m.text for m in _messages(keep, _row(upper_message_id="om_9"))] == ["收到"]


def test_a_forward_without_its_messages_is_a_digest(keep: Keep) -> None:
    assert _messages(keep, _row("merge_forward", "Merged and Forwarded Message"))[0].summary_only


@pytest.mark.parametrize(
    "data",
    [
        _page(_row(), _row()),
        json.dumps([_row(), _row()]).encode(),
        json.dumps({"items": [_row(), _row()]}).encode(),
        json.dumps({"ok": True, "data": {"messages": [_row(), _row()]}}).encode(),
        json.dumps(_row()).encode() + b"\n" + json.dumps(_row()).encode(),
        _page(_row(), has_more=True) + b"\n" + _page(_row()),
    ],
)
def test_messages_are_found_however_they_are_wrapped(keep: Keep, data: bytes) -> None:
    file = keep("f.json", data)
    assert reader_for(file) is feishu
    assert sum(isinstance(item, Message) for item in feishu.read(file, Alone())) == 2


def test_a_long_answer_is_still_known(keep: Keep) -> None:
    file = keep("f.json", _page(*[_row("text", {"text": "值班" * 99})] * 6000))
    assert reader_for(file) is feishu
    assert sum(isinstance(item, Message) for item in feishu.read(file, Alone())) == 6000


def test_one_page_of_several_is_said(keep: Keep) -> None:
    skipped = [item for item in _read(keep, _page(_row(), has_more=True)) if isinstance(item, Skipped)]
    assert [item.reason for item in skipped] == [Reason.INCOMPLETE]


def test_a_cut_file_is_said(keep: Keep) -> None:
    found = _read(keep, _page(_row(), _row())[:-40])
    assert [item.reason for item in found if isinstance(item, Skipped)] == [Reason.INCOMPLETE]


@pytest.mark.parametrize(
    "data",
    [
        b'{"code":0,"data":{"items":[{"chat_id":"oc_1","name":"\xe7\xbe\xa4"}]}}',
        b'[{"message_id":"77","msg_type":"text","body":{"content":"{}"}}]',
        b'"message_id":"om_1" "msg_type":"text" "body":{"content":""}',
    ],
)
def test_look_alikes_are_left_alone(data: bytes) -> None:
    assert not feishu.is_mine(data, "f.json")
