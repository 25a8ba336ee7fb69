"""MemoTrace's text files: `<chat>.txt` of all versions, and the days of `<chat>_chat.txt`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.wechat import memotrace_txt
from leakwatch.model import (
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
from leakwatch.vault import Vault
from tests.conftest import NOON

Keep = Callable[[str, bytes], Evidence]
V3 = """2024-05-01 17:00:00
"王明远"邀请"李婷"加入了群聊

2024-05-01 17:00:05 王明远
各位早上好

第三行（前面有空行）

2024-05-01 08:00:00 像头一样的一行
还有一行

2024-05-01 17:00:20 李婷
【图片】

2024-05-01 17:00:30 李婷
【文件】值班表.docx 0.00 MB file/值班表.docx docx ffffffffffffffffffffffffffffffff

2024-05-01 17:00:40 王明远
收到，谢谢
引用：李婷: 几点开会

2024-05-01 17:00:50 李婷
【合并转发的聊天记录】

    - 2024-05-01 15:00:00 王明远: 转发一
    - 2024-05-01 16:10:00 王明远: 【合并转发的聊天记录】

        - 2024-05-01 15:53:20 李婷: 内层第一条



2024-05-01 17:01:20
"李婷" 撤回了一条消息

2024-05-01 17:01:40 王明远
最后一条"""
V1 = """2024-05-01 17:00:05 王明远
各位早上好

2024-05-01 17:00:10 李婷加入了群聊

2024-05-01 17:00:20 李婷
[图片]

2024-05-01 17:00:40 王明远
收到
引用:李婷:几点开会

2024-05-01 17:01:40 王明远
            [链接]:title:标题
            description:描述

"""
DAYS = """

********************2024-05-01********************

王明远:各位早上好
手机 [phone xxx]

李婷:收到

********************2024-05-02********************
明天见
"""


def _read(keep: Keep, text: str, name: str = "云岭区值班群.txt") -> list[object]:
    return list(memotrace_txt.read(keep(name, text.encode()), Alone()))


def _messages(keep: Keep, text: str) -> list[Message]:
    return [found for found in _read(keep, text) if isinstance(found, Message)]


def test_version_3_is_told_apart_by_headers_after_empty_lines(keep: Keep) -> None:
    assert [(found.kind, found.sender, found.text) for found in _messages(keep, V3)] == [
        (MessageKind.SYSTEM, "", '"王明远"邀请"李婷"加入了群聊'),
        (
            MessageKind.TEXT,
            "王明远",
            "各位早上好\n\n第三行（前面有空行）\n\n2024-05-01 08:00:00 像头一样的一行\n还有一行",
        ),
        (MessageKind.IMAGE, "李婷", ""),
        (MessageKind.FILE, "李婷", ""),
        (MessageKind.QUOTE, "王明远", "收到，谢谢"),
        (MessageKind.FORWARD, "李婷", "【合并转发的聊天记录】"),
        (MessageKind.RECALL, "", '"李婷" 撤回了一条消息'),
        (MessageKind.TEXT, "王明远", "最后一条"),
    ]


def test_bodies_give_their_files_quotes_and_forwards(keep: Keep) -> None:
    found = _messages(keep, V3)

    assert found[3].attachments == (
        Attachment(kind=AttachmentKind.FILE, name="值班表.docx", path="file/值班表.docx", md5="f" * 32),
    )
    assert found[4].quoted == Quote(sender="李婷", text="几点开会")
    assert [inner.text for inner in found[5].forwarded] == ["转发一", "【合并转发的聊天记录】"]
    assert [inner.text for inner in found[5].forwarded[1].forwarded] == ["内层第一条"]
    assert found[1].precision is Precision.SECOND
    assert found[1].zone_assumed


def test_a_forward_may_begin_at_the_margin(keep: Keep) -> None:
    lines = "- 2024-05-01 08:00:00 李婷: 【合并转发的聊天记录】\n    - 2024-05-01 08:00:01 孙伟: 内层\n"
    text = (
        f"2024-05-01 17:00:05 王明远\n【合并转发的聊天记录】群聊\n{lines}\n2024-05-01 17:00:06 王明远\n好\n"
    )
    (first,) = _messages(keep, text)[0].forwarded
    assert (first.text, [inner.text for inner in first.forwarded]) == ("【合并转发的聊天记录】", ["内层"])


def test_version_1_has_system_rows_in_the_line_of_their_time(keep: Keep) -> None:
    assert [(found.kind, found.sender, found.text) for found in _messages(keep, V1)] == [
        (MessageKind.TEXT, "王明远", "各位早上好"),
        (MessageKind.SYSTEM, "", "李婷加入了群聊"),
        (MessageKind.IMAGE, "李婷", ""),
        (MessageKind.QUOTE, "王明远", "收到"),
        (MessageKind.LINK, "王明远", "[链接]:title:标题\n            description:描述"),
    ]


def test_days_come_as_paragraphs_without_a_sender_and_are_called_lossy(keep: Keep) -> None:
    *messages, last = _read(keep, DAYS, "云岭区值班群_chat.txt")

    assert [
        (found.sender, found.text, f"{found.sent_at:%m-%d}", found.precision)
        for found in messages
        if isinstance(found, Message)
    ] == [
        ("", "王明远:各位早上好\n手机 [phone xxx]", "05-01", Precision.DAY),
        ("", "李婷:收到", "05-01", Precision.DAY),
        ("", "明天见", "05-02", Precision.DAY),
    ]
    assert isinstance(last, Conversation)
    assert last.chat == Chat(name="云岭区值班群", platform="wechat")
    assert "替换" in last.lossy[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_resaved_file_reads_the_same(keep: Keep, encoding: str) -> None:
    file = keep("云岭区值班群.txt", V3.replace("\n", "\r\n").encode(encoding))
    found = reader_for(file)

    assert found is not None
    assert found.NAME == "memotrace-txt"
    assert [
        message.text for message in memotrace_txt.read(file, Alone()) if isinstance(message, Message)
    ] == [message.text for message in _messages(keep, V3)]


@pytest.mark.parametrize(
    ("text", "is_mine"),
    [
        (V3, True),
        (V1, True),
        (DAYS, True),
        (DAYS.replace("*" * 20, "*" * 16), True),
        ("2024-05-01 17:00:05 王明远\n早\n\n2024-05-01 17:00:06 王明远\n好\n", True),
        # a diary, a log, minutes: nobody speaks twice, or no empty lines stand between
        ("2024-05-01 17:00:05 晨会\n讨论预算\n\n2024-05-02 09:00:00 例会\n讨论人事\n", False),
        ("2024-05-01 17:00:05 INFO start\n2024-05-01 17:00:06 INFO stop\n", False),
        ("2024-05-01 17:00:05 INFO start\n\n2024-05-01 17:00:06 INFO start\n\n", False),
        # WeFlow's, QQ's, a letter
        ("2024-05-01 17:00:05 '王明远'\n早\n\n2024-05-01 17:00:06 '王明远'\n好\n", False),
        ("关于2024-05-01 17:00:05的通知\n\n2024-05-01 17:00:05 王明远\n好\n", False),
        ("***2024-05-01***\n\n王明远:好\n", False),
        ("", False),
    ],
)
def test_only_its_own_shape_is_claimed(text: str, is_mine: bool) -> None:
    assert memotrace_txt.is_mine(text.encode(), "云岭群.txt") is is_mine


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_bytes_make_it_raise(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([V3, V1, DAYS])).encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 9)) :]
    memotrace_txt.is_mine(broken, "a.txt")
    file = Vault(tmp_path, lambda: NOON).keep_stream([broken], "云岭群.txt")

    assert isinstance(list(memotrace_txt.read(file, Alone()))[-1], Conversation)


def test_forks_of_version_1_say_first_whose_history_it_is(keep: Keep) -> None:
    text = f"Chat History with 值班群\nExported on 2024-05-02 09:00:00\n\n{V1}"
    assert reader_for(keep("a.txt", text.encode())) is memotrace_txt
    assert _messages(keep, text) == _messages(keep, V1)
