"""WeCom's message archive."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from leakwatch.bundle import Bundle
from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.office import wecom
from leakwatch.errors import Unreadable
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
    Reason,
    Skipped,
)
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
ROW = {
    "msgid": "CAQQ1_external",
    "action": "send",
    "from": "wangmingyuan",
    "tolist": ["liting"],
    "roomid": "wr1",
    "msgtime": 1714554005123,
    "msgtype": "text",
    "text": {"content": "收到"},
}
CHAT = Chat(name="wr1", platform="wecom", id="wr1", is_group=True)
LOSSY = ("企业微信会话存档只有账号，没有姓名和群名；可把含 userid、name 两列的通讯录 CSV 放在旁边",)


def _lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def _read(keep: Keep, *rows: object) -> list[Message | Skipped | Conversation]:
    return list(wecom.read(keep("chatdata.jsonl", _lines(*rows)), Alone()))


def _messages(keep: Keep, *rows: object) -> list[Message]:
    return [item for item in _read(keep, *rows) if isinstance(item, Message)]


def _message(keep: Keep, kind: str, body: object, key: str = "") -> Message:
    row = {name: value for name, value in ROW.items() if name != "text"}
    return _messages(keep, {**row, "msgtype": kind, key or kind: body})[0]


def test_a_message_and_its_chat_are_whole(keep: Keep) -> None:
    assert _read(keep, ROW) == [
        Message(
            chat=CHAT,
            number=1,
            sender="wangmingyuan",
            text="收到",
            id="CAQQ1_external",
            sender_id="wangmingyuan",
            sent_at=datetime(2024, 5, 1, 17, 0, 5, 123000, tzinfo=SHANGHAI),
            precision=Precision.MILLISECOND,
        ),
        Conversation(chat=CHAT, format="wecom-archive", lossy=LOSSY),
    ]


@pytest.mark.parametrize(
    ("kind", "key", "body", "expected"),
    [
        ("markdown", "info", {"content": "**通知**"}, (MessageKind.TEXT, "**通知**")),
        (
            "link",
            "",
            {
                "title": "通知",
                "description": "请看",
                "link_url": "https://x.invalid",
                "image_url": "https://p",
            },
            (MessageKind.LINK, "通知\n请看\nhttps://x.invalid"),
        ),
        (
            "docmsg",
            "doc",
            {"title": "名单", "link_url": "https://doc.invalid", "doc_creator": "li"},
            (MessageKind.LINK, "名单\nhttps://doc.invalid\nli"),
        ),
        (
            "meeting",
            "",
            {"topic": "碰头会", "starttime": 1714554000, "address": "三楼", "meetingid": 12345678},
            (MessageKind.NOTICE, "碰头会\n2024-05-01 17:00\n三楼"),
        ),
        (
            "vote",
            "",
            {"votetitle": "值班", "voteitem": ["甲", "乙"], "votetype": 101},
            (MessageKind.NOTICE, "值班\n甲\n乙"),
        ),
        (
            "collect",
            "",
            {"title": "登记", "details": [{"id": 1, "ques": "姓名", "type": "Text"}]},
            (MessageKind.NOTICE, "登记\n姓名"),
        ),
        (
            "news",
            "info",
            {"item": [{"title": "要闻", "description": "青石市", "url": "u", "picurl": "p"}]},
            (MessageKind.LINK, "要闻\n青石市\nu"),
        ),
        ("新类型", "", {"说明": "青石市云岭区"}, (MessageKind.OTHER, "青石市云岭区")),
        ("agree", "", {"userid": "a", "agree_time": 1714554000123}, (MessageKind.SYSTEM, "2024-05-01 17:00")),
    ],
)
def test_the_words_of_every_type_are_kept(
    keep: Keep, kind: str, key: str, body: object, expected: tuple[MessageKind, str]
) -> None:
    message = _message(keep, kind, body, key)
    assert (message.kind, message.text) == expected


@pytest.mark.parametrize(
    ("kind", "key", "body", "file"),
    [
        ("image", "", {"md5sum": "AB", "sdkfileid": "x"}, (AttachmentKind.IMAGE, "", "CAQQ1_external", "ab")),
        (
            "file",
            "",
            {"md5sum": "ab", "filename": "值班表.docx", "fileext": "docx"},
            (AttachmentKind.FILE, "值班表.docx", "CAQQ1_external", "ab"),
        ),
        (
            "qydiskfile",
            "info",
            {"filename": "台账.xlsx"},
            (AttachmentKind.FILE, "台账.xlsx", "CAQQ1_external", ""),
        ),
        (
            "meeting_voice_call",
            "",
            {"demofiledata": [{"filename": "汇报.pptx"}]},
            (AttachmentKind.FILE, "汇报.pptx", "", ""),
        ),
    ],
)
def test_a_file_is_named_and_can_be_found(
    keep: Keep, kind: str, key: str, body: object, file: tuple[AttachmentKind, str, str, str]
) -> None:
    file_kind, name, path, md5 = file
    message = _message(keep, kind, body, key)
    assert message.attachments == (Attachment(kind=file_kind, name=name, path=path, md5=md5),)
    assert message.text == ""


def test_media_named_by_the_id_of_their_message_are_found(keep: Keep) -> None:
    export, photo = keep("存档/chatdata.jsonl", b""), keep("存档/data/image/CAQQ1_external.jpg", b"jpg")
    file = _message(keep, "image", {"md5sum": "ab"}).attachments[0]
    assert Bundle([export, photo], [export]).claim(file, export) == photo


def test_a_forward_keeps_what_stands_as_json_in_its_strings(keep: Keep) -> None:
    deep = {"title": "内层", "item": [{"type": "ChatRecordText", "content": '{"content":"值班电话"}'}]}
    rows = [
        {"type": "ChatRecordText", "msgtime": 1714546800, "content": '{"content":"转发一"}'},
        {"type": "ChatRecordFile", "msgtime": 1714546800, "content": '{"filename":"附件.docx"}'},
        {"type": "ChatRecord", "msgtime": 1714546800, "content": json.dumps(deep)},
        {"type": "ChatRecordText", "msgtime": 1714546800, "content": '{"content":"断'},
    ]
    message = _message(keep, "chatrecord", {"title": "群聊的聊天记录", "item": rows})
    one, two, three, four = message.forwarded
    assert one.sent_at == datetime(2024, 5, 1, 15, 0, tzinfo=SHANGHAI)
    assert (one.text, two.attachments[0].name, four.text) == ("转发一", "附件.docx", '{"content":"断')
    assert (three.text, [inner.text for inner in three.forwarded]) == ("内层", ["值班电话"])


def test_a_mixed_message_keeps_all_its_parts(keep: Keep) -> None:
    parts = [
        {"type": "text", "content": '{"content":"第一段"}'},
        {"type": "image", "content": '{"md5sum":"ab"}'},
        {"type": "text", "content": '{"content":"第二段"}'},
    ]
    message = _message(keep, "mixed", {"item": parts})
    assert message.text == "第一段\n第二段"
    assert message.attachments == (Attachment(kind=AttachmentKind.IMAGE, md5="ab"),)


RECALL = {**ROW, "msgid": "r", "action": "recall", "msgtype": "revoke"}


def test_the_message_that_was_taken_back_is_marked(keep: Keep) -> None:
    found = _read(keep, ROW, {**RECALL, "revoke": {"pre_msgid": "CAQQ1_external"}})
    one, two, closed = found
    assert isinstance(one, Message)
    assert isinstance(two, Message)
    assert (one.recalled, one.text, two.recalled, two.kind) == (True, "收到", False, MessageKind.RECALL)
    assert (two.sender, two.text) == (one.sender, f"{one.sender}撤回了一条消息")
    assert isinstance(closed, Conversation)
    assert closed.coverage == Coverage(recalled=1)


def test_a_recall_of_what_is_not_in_the_file_counts_itself(keep: Keep) -> None:
    assert _messages(keep, {**RECALL, "revoke": {"pre_msgid": "elsewhere"}})[0].recalled


def test_a_switch_belongs_to_no_chat_of_its_own(keep: Keep) -> None:
    row = {"msgid": "s", "action": "switch", "time": 1714554090000, "user": "liting"}
    found = _read(keep, row, ROW)
    assert [item.chat for item in found if not isinstance(item, Skipped)] == [CHAT, CHAT, CHAT]
    first = found[0]
    assert isinstance(first, Message)
    assert (first.sender, first.text) == ("", "liting 切换了所登录的企业")


def test_a_chat_without_a_room_is_named_by_its_people(keep: Keep) -> None:
    one = _messages(keep, {**ROW, "roomid": ""})[0]
    other = _messages(keep, {**ROW, "roomid": "", "from": "liting", "tolist": ["wangmingyuan"]})[0]
    assert one.chat == other.chat
    assert one.chat == Chat(
        name="liting、wangmingyuan", platform="wecom", id="liting|wangmingyuan", is_group=False
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_names_come_from_a_contacts_list_beside(keep: Keep, vault: Vault, encoding: str) -> None:
    export = keep("存档/chatdata.jsonl", _lines(ROW))
    rows = "name,userid,department\n王明远,wangmingyuan,值班室\n云岭区值班群,wr1,\n".encode(encoding)
    contacts = keep("存档/通讯录.csv", rows)
    bundle = Bundle([export, contacts], [export])
    message, closed = wecom.read(export, bundle.beside(export, vault))
    assert isinstance(message, Message)
    assert isinstance(closed, Conversation)
    assert (message.sender, message.chat.name, closed.lossy) == ("王明远", "云岭区值班群", ())
    assert bundle.unclaimed([contacts]) == [contacts]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"errcode": 0, "chatdata": [{"seq": 1, "encrypt_chat_msg": "a=="}]}).encode(),
        _lines({"seq": 1, "msgid": "a", "encrypt_random_key": "b", "encrypt_chat_msg": "c"}),
    ],
)
def test_what_is_still_encrypted_is_refused_with_advice(keep: Keep, data: bytes) -> None:
    file = keep("chatdata.json", data)
    assert reader_for(file) is wecom
    with pytest.raises(Unreadable, match="私钥解密") as why:
        list(wecom.read(file, Alone()))
    assert why.value.reason is Reason.PASSWORD


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"errcode": 0, "chatdata": rows}])
def test_an_array_is_read_too(keep: Keep, wrap: Callable[[list[object]], object]) -> None:
    file = keep("chatdata.json", json.dumps(wrap([ROW, ROW])).encode())
    assert reader_for(file) is wecom
    assert sum(isinstance(item, Message) for item in wecom.read(file, Alone())) == 2


@pytest.mark.parametrize("wrap", [lambda row: row, json.dumps])
def test_a_message_inside_a_row_of_a_program_is_read(keep: Keep, wrap: Callable[[object], object]) -> None:
    rows = [{"seq": number, "message": wrap(ROW), "备注": "已核"} for number in (1, 2)]
    found = _messages(keep, *rows)
    assert [(message.sender, message.text) for message in found] == [("wangmingyuan", "收到\n备注：已核")] * 2
    assert reader_for(keep("rows.json", json.dumps(rows).encode())) is wecom


def test_a_cut_last_line_is_said(keep: Keep) -> None:
    found = list(wecom.read(keep("a.jsonl", _lines(ROW, ROW)[:-30]), Alone()))
    assert [item.reason for item in found if isinstance(item, Skipped)] == [Reason.INCOMPLETE]


@pytest.mark.parametrize(
    "row",
    [
        {"msgid": "a", "text": "b"},
        {"action": "send", "from": "a"},
        {"msgtype": "text", "text": {"content": "webhook"}},
        {"message_id": "om_1", "msg_type": "text"},
    ],
)
def test_look_alikes_are_left_alone(row: object) -> None:
    assert not wecom.is_mine(_lines(row), "a.jsonl")
