from __future__ import annotations

import pytest
from msgspec.structs import replace

from leakwatch.chats.parts.blocks import Header, Lines, Opening, Source, assemble, day_rule
from leakwatch.model import Chat, Conversation, Message
from leakwatch.text import Encoding

FIRST, SECOND = Chat(name="甲群", platform="qq"), Chat(name="乙群", platform="qq")
SOURCE = Source(format="x", chat=FIRST, encoding=Encoding(name="utf-8"), lossy=())


def test_body_before_any_header_becomes_a_message_of_nobody() -> None:
    items = list(
        assemble(["\n", "前言\n", Header("王明远"), "好\n", Opening(SECOND), Header("李婷")], SOURCE)
    )
    shown = [
        (item.chat.name, item.number, item.sender, item.text) if isinstance(item, Message) else item.chat.name
        for item in items
    ]
    assert shown == [
        ("甲群", 1, "", "前言"),
        ("甲群", 2, "王明远", "好"),
        "甲群",
        ("乙群", 1, "李婷", ""),
        "乙群",
    ]


def test_an_endless_body_goes_on_as_a_further_message_of_its_sender() -> None:
    line = "字" * 999_999 + "\n"
    items = [item for item in assemble([Header("王明远"), *[line] * 9], SOURCE) if isinstance(item, Message)]
    assert [item.sender for item in items] == ["王明远"] * 2
    assert sum(len(item.text.replace("\n", "")) for item in items) == 9 * 999_999


def test_a_file_without_messages_gives_one_empty_conversation() -> None:
    assert list(assemble([Opening(SECOND)], SOURCE)) == [Conversation(chat=SECOND, format="x")]


def test_lines_can_be_looked_at_before_they_are_read() -> None:
    lines = Lines(["a\n", "\n", "b\n"])
    seen = [(lines.previous, line, lines.peek(0), lines.next_written()) for line in lines]
    assert seen == [("", "a\n", "\n", "b\n"), ("a\n", "\n", "b\n", "b\n"), ("\n", "b\n", "", "")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("—————  2026-04-06  —————", "2026-04-06"),
        ("—————2016-4-13—————", "2016-4-13"),
        ("— —  2020-2-21  — —", "2020-2-21"),
        ("----- 2026年4月6日 -----", "2026年4月6日"),
        ("－－ 2026/4/6 星期一 －－", "2026/4/6"),
        ("—— 2026-13-06 ——", ""),
        ("2026-04-06", ""),
        ("—— 2026-04-06 会议 ——", ""),
    ],
)
def test_day_rules_are_told_from_dates(text: str, day: str) -> None:
    assert day_rule(text) == day


def test_a_format_may_take_its_messages_apart_further() -> None:
    source = Source(
        format="x",
        chat=FIRST,
        encoding=Encoding(name="utf-8"),
        lossy=(),
        declared=3,
        finish=lambda message: replace(message, text=message.text.upper(), summary_only=True),
    )

    message, last = assemble([Header("王明远"), "abc\n"], source)

    assert isinstance(message, Message)
    assert isinstance(last, Conversation)
    assert message.text == "ABC"
    assert (last.declared, last.coverage.forwards_summary) == (3, 1)
