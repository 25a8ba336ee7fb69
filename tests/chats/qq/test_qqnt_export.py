"""QQNT_Export's text and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.qq import qqnt_export
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
HEAD = "2024-05-01 17:00:05 王明远\n"
PLAIN = HEAD + "[文本]\n收到\n\n2024-05-01 17:01:00 李婷\n[文本]\n好\n\n"


def _texts(keep: Keep, text: str) -> list[Message]:
    found = qqnt_export.read(keep("值班群.txt", text.encode()), Alone())
    return [item for item in found if isinstance(item, Message)]


def _rows(keep: Keep, *rows: object) -> list[Message]:
    found = qqnt_export.read(keep("值班群.json", json.dumps(rows).encode()), Alone())
    return [item for item in found if isinstance(item, Message)]


def _row(*contents: object) -> dict[str, object]:
    return {"time": "2024-05-01 17:00:05", "sender": "王明远", "sender_qq": 10001, "contents": list(contents)}


WHOLE = Message(
    chat=Chat(name="值班群", platform="qq"),
    number=1,
    sender="王明远",
    text="收到",
    sent_at=datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI),
    precision=Precision.SECOND,
    zone_assumed=True,
)


def test_a_message_of_the_text_is_whole(keep: Keep) -> None:
    assert _texts(keep, PLAIN)[0] == WHOLE


def test_a_message_of_the_json_is_whole(keep: Keep) -> None:
    (found,) = _rows(keep, _row(["[文本]", "收到"]))
    assert (found.sender_id, found.text, found.sent_at) == ("10001", WHOLE.text, WHOLE.sent_at)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("[文本]\n", "[文本]").encode(),
        (HEAD + "[图片]\na.jpg\n\n" + PLAIN).encode(),
        json.dumps([_row(["[图片]", "a.jpg"])]).encode(),
        json.dumps([_row("[应用消息]通知")], ensure_ascii=False).encode(),
    ],
)
def test_it_alone_claims_its_files(data: bytes) -> None:
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a")] == [qqnt_export.NAME]


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + "收到\n\n2024-05-01 17:01:00 李婷\n好\n\n").encode(),
        (HEAD + "[图片]\n\n2024-05-01 17:01:00 王明远\n[图片]\n\n").encode(),
        "值班表\n\n".encode() + PLAIN.encode(),
        json.dumps([{"time": "1", "contents": ["收到"]}]).encode(),
        json.dumps([{"contents": [["[文本]", "收到"]]}]).encode(),
        b"[]",
    ],
)
def test_look_alikes_are_left_alone(data: bytes) -> None:
    assert not qqnt_export.is_mine(data, "a")


ELEMENTS: list[tuple[str, str, MessageKind, str, tuple[Attachment, ...]]] = [
    ("[文本]", "收到\n\n第二段", MessageKind.TEXT, "收到\n\n第二段", ()),
    (
        "[图片]",
        "Cache_1.jpg 12.5 KB\nC:\\QQ\\a.jpg\nhttps://x.cn/a.jpg",
        MessageKind.IMAGE,
        "",
        (Attachment(kind=AttachmentKind.IMAGE, name="Cache_1.jpg", path="Cache_1.jpg"),),
    ),
    (
        "[文件]",
        "名单 终稿.xlsx 1.2MB",
        MessageKind.FILE,
        "",
        (Attachment(kind=AttachmentKind.FILE, name="名单 终稿.xlsx"),),
    ),
    (
        "[文件]",
        "名单\n请查收",
        MessageKind.FILE,
        "请查收",
        (Attachment(kind=AttachmentKind.FILE, name="名单"),),
    ),
    ("[语音]", "3″ 明天开会", MessageKind.VOICE, "3″ 明天开会", (Attachment(kind=AttachmentKind.VOICE),)),
    ("[提示]", "甲 加入群聊", MessageKind.SYSTEM, "甲 加入群聊", ()),
    ("[提示消息]", "甲 撤回了一条消息", MessageKind.RECALL, "甲 撤回了一条消息", ()),
    ("[通话]", "已取消", MessageKind.CALL, "[通话]已取消", ()),
    ("[动态消息]", "标题", MessageKind.OTHER, "[动态消息]标题", ()),
]


@pytest.mark.parametrize(("label", "said", "kind", "text", "files"), ELEMENTS)
@pytest.mark.parametrize("is_json", [True, False])
def test_every_element_says_what_it_is(
    keep: Keep,
    *,
    is_json: bool,
    label: str,
    said: str,
    kind: MessageKind,
    text: str,
    files: tuple[Attachment],
) -> None:
    rows = _rows(keep, _row([label, said])) if is_json else _texts(keep, f"{HEAD}{label}\n{said}\n\n")
    assert [(one.kind, one.text, one.attachments) for one in rows] == [(kind, text, files)]
    is_notice = kind in (MessageKind.SYSTEM, MessageKind.RECALL)
    assert rows[0].sender == ("" if is_notice else "王明远")
    assert rows[0].recalled is (kind is MessageKind.RECALL)


@pytest.mark.parametrize("between", ["\n", ""])
def test_a_quote_is_taken_apart(keep: Keep, between: str) -> None:
    text = f"{HEAD}[被引用的消息][文本]{between}几点开会\n在哪\n[文本]{between}九点\n\n"
    (found,) = _texts(keep, text)
    assert (found.kind, found.text) == (MessageKind.QUOTE, "九点")
    assert found.quoted == Quote(sender="", text="几点开会\n在哪")


def test_a_chat_of_two_says_the_way_of_a_message(keep: Keep) -> None:
    ways = ["收", "发", "转发"]
    text = "".join(f"2024-05-01 17:0{number}:00 {way}\n[文本]\n好\n\n" for number, way in enumerate(ways))
    assert [one.sender for one in _texts(keep, text)] == ["值班群", "我", ""]
    (row,) = _rows(keep, {"time": "2024-05-01 17:00:05", "direction": "收", "contents": [["[文本]", "好"]]})
    assert row.sender == "值班群"


def test_a_header_inside_a_body_is_body(keep: Keep) -> None:
    pasted = "转：\n2024-04-01 17:00:05 李婷\n[文本]\n旧\n\n2024-04-01 17:00:05 李婷\n[文本]\n旧"
    found = _texts(
        keep, f"{PLAIN}2024-05-01 17:02:00 李婷\n[文本]\n{pasted}\n\n2024-05-01 17:03:00 李婷\n无标签\n"
    )
    assert len(found) == 3
    assert "2024-04-01 17:00:05 李婷" in found[2].text
    assert found[2].text.endswith("无标签")


@pytest.mark.parametrize(
    ("contents", "text"),
    [
        ([[None, "收到"]], "收到"),
        ([["[文本]", None]], ""),
        ([[None, None], ["[文本]", "收到"]], "收到"),
        (["收到"], "收到"),
        ([{"type": "[文本]", "content": "收到"}], "收到"),
        ("收到", "收到"),
        (None, ""),
    ],
)
def test_contents_of_any_shape_keep_their_words(keep: Keep, contents: object, text: str) -> None:
    (found,) = _rows(keep, _row() | {"contents": contents})
    assert found.text == text


def test_elements_that_the_exporter_does_not_know_are_nothing(keep: Keep) -> None:
    assert [one.text for one in _texts(keep, HEAD + "None\nNone\n\n" + PLAIN)] == ["", "收到", "好"]


def test_words_under_other_keys_are_kept(keep: Keep) -> None:
    (found,) = _rows(keep, _row(["[文本]", "收到"]) | {"digest": "机密★10年"})
    assert found.text == "收到\ndigest：机密★10年"


def test_a_file_that_breaks_off_gives_what_it_has(keep: Keep) -> None:
    data = json.dumps([_row(["[文本]", "收到"]), _row(["[文本]", "好"])]).encode()[:-20]
    found = list(qqnt_export.read(keep("a.json", data), Alone()))
    assert isinstance(found[0], Message)
    assert isinstance(found[-1], Conversation)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="[]文本图片提示 2024-:05甲\n", max_size=200))
def test_nothing_is_lost_of_a_body(keep: Keep, noise: str) -> None:
    found = _texts(keep, f"{HEAD}[文本]\n{noise}")
    assert sum(f"{one.sender}{one.text}".count("甲") for one in found) == noise.count("甲")
