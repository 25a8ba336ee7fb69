"""Exports of messengers that were cut, flipped, or written by somebody with other types in mind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats import ChatReader
from leakwatch.chats.beside import Alone
from leakwatch.chats.office import dingtalk_md, feishu, wecom, welink_txt
from leakwatch.chats.others import (
    bubble_page,
    line_txt,
    records_json,
    stamped_txt,
    telegram,
    whatsapp_txt,
)
from leakwatch.chats.qq import qqnt_export
from leakwatch.chats.wechat import chatlog, chatlog_keeper, chatlog_txt, wda, wda_txt
from leakwatch.errors import Unreadable
from leakwatch.model import Conversation, Evidence, Message, Skipped, TextPiece

Keep = Callable[[str, bytes], Evidence]
SAMPLES = Path(__file__).parents[2] / "samples"
WDA = {
    "schemaVersion": 1,
    "conversation": {"username": "1@chatroom", "displayName": "群", "isGroup": True},
    "messages": [
        {
            "createTime": 1714554005,
            "renderType": "chatHistory",
            "type": 49,
            "senderUsername": "a",
            "content": "记录",
            "title": "记录",
            "recordItem": "<recordinfo><datalist><dataitem datatype='17'><recordxml><recordinfo/></recordxml>"
            "</dataitem></datalist></recordinfo>",
            "quoteContent": "乙",
            "offlineMedia": [{"kind": "image", "path": "media/1.jpg", "md5": "ab"}],
        }
    ],
}
QQNT = [
    {
        "time": "2024-05-01 17:00:05",
        "sender": "甲",
        "sender_qq": 10001,
        "contents": [["[被引用的消息][文本]", "早"], ["[图片]", "a.jpg 1KB"], ["[文本]", "好"]],
    }
]
WDA_TXT = "会话: 群 (1@chatroom)\n账号: a\n导出时间: 2024-05-02T09:00:00\n\n[2024-05-01 17:00:05] 甲(a): 好\n"


def _sample(pattern: str) -> bytes:
    return next(SAMPLES.glob(f"[46]*/received/**/{pattern}")).read_bytes()


JSON: tuple[tuple[ChatReader, bytes], ...] = (
    (chatlog, _sample("值班群.json")),
    (chatlog_keeper, _sample("wechat_messages.json")),
    (feishu, _sample("im_messages.json")),
    (qqnt_export, json.dumps(QQNT).encode()),
    (records_json, _sample("信访群/chat.json")),
    (telegram, _sample("result.json")),
    (wda, json.dumps(WDA).encode()),
    (wecom, b"[" + b",".join(_sample("chatdata.jsonl").splitlines()) + b"]"),
)
TEXT: tuple[tuple[ChatReader, bytes], ...] = (
    (bubble_page, _sample("防汛群_part1.html")),
    (chatlog_txt, _sample("抄收.txt")),
    (dingtalk_md, _sample("云岭区协作群.md")),
    (line_txt, _sample("*云岭区商会群.txt")),
    (qqnt_export, _sample("云岭区护堤群.txt")),
    (stamped_txt, _sample("值守群.txt")),
    (wda_txt, WDA_TXT.encode()),
    (wecom, _sample("chatdata.jsonl")),
    (welink_txt, _sample("云岭区护林群.txt")),
    (whatsapp_txt, _sample("*WhatsApp*.txt")),
)
ALL = JSON + TEXT
IDS = [reader.NAME for reader, _ in ALL]
HOSTILE = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "{", '{"item":[{}]}', "[[]]", "<recordinfo>", "http://x", "1714554005", "@_user_1"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _exhaust(
    reader: ChatReader, keep: Keep, data: bytes
) -> list[Message | TextPiece | Skipped | Conversation]:
    """All that the reader yields before it ends or gives the file up; anything else is a failure."""
    found: list[Message | TextPiece | Skipped | Conversation] = []
    try:
        found.extend(reader.read(keep("群.json", data), Alone()))
    except Unreadable:
        return found
    assert any(isinstance(item, Conversation) for item in found)
    for message in (item for item in found if isinstance(item, Message)):
        assert message.key
    return found


def _with_value(data: Any, number: int, value: object) -> Any:
    """The JSON with its n-th value (counted around) replaced."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, inner in list(pairs):
            places.append((node, key))
            walk(inner)

    walk(data)
    holder, key = places[number % len(places)]
    holder[key] = value
    return data


@pytest.mark.parametrize(("reader", "data"), ALL, ids=IDS)
@HOSTILE
@given(cut=st.floats(0, 1), at=st.floats(0, 1), flips=st.binary(max_size=8))
def test_cut_and_overwritten_files_raise_nothing_else(
    keep: Keep, reader: ChatReader, data: bytes, cut: float, at: float, flips: bytes
) -> None:
    kept = data[: int(len(data) * cut)]
    place = int(len(kept) * at)
    _exhaust(reader, keep, kept[:place] + flips + kept[place + len(flips) :])


@pytest.mark.parametrize(("reader", "data"), JSON, ids=IDS[: len(JSON)])
@HOSTILE
@given(number=st.integers(0, 10_000), value=VALUES)
def test_values_of_any_other_type_raise_nothing_else(
    keep: Keep, reader: ChatReader, data: bytes, number: int, value: object
) -> None:
    changed = json.dumps(_with_value(json.loads(data), number, value)).encode("utf-8", "surrogatepass")
    _exhaust(reader, keep, changed)


@pytest.mark.parametrize(("reader", "data"), ALL, ids=IDS)
@HOSTILE
@given(noise=st.binary(max_size=400))
def test_noise_is_claimed_by_nobody_and_raises_nothing_else(
    keep: Keep, reader: ChatReader, data: bytes, noise: bytes
) -> None:
    assert not reader.is_mine(noise, "群.json")
    _exhaust(reader, keep, noise)
    _exhaust(reader, keep, data + noise)


@pytest.mark.parametrize(("reader", "data"), ALL, ids=IDS)
def test_the_whole_file_is_read_without_a_gap(keep: Keep, reader: ChatReader, data: bytes) -> None:
    assert reader.is_mine(data, "与群的 WhatsApp 聊天.txt")
    assert not any(isinstance(item, Skipped) for item in _exhaust(reader, keep, data))
