"""One conversation in several formats: which one is read, and when the others are too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from leakwatch.chats.twins import Glance, Ledger, ranked
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    Precision,
    Quote,
    Reason,
    Skipped,
)

Keep = Callable[[str, bytes], Evidence]
CHAT = Chat(name="云岭区值班群", platform="wechat")
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)


def _said(second: int, text: str = "收到") -> Message:
    return Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        text=text,
        sent_at=AT + timedelta(seconds=second),
        precision=Precision.SECOND,
    )


def _photo(second: int) -> Message:
    return Message(
        chat=CHAT,
        number=1,
        sender="李婷",
        text="[图片]",
        sent_at=AT + timedelta(seconds=second),
        precision=Precision.SECOND,
        attachments=(Attachment(kind=AttachmentKind.IMAGE),),
    )


def _day(text: str) -> Message:
    return Message(chat=CHAT, number=1, sender="", text=text, sent_at=AT, precision=Precision.DAY)


def _ledger(*messages: Message) -> Ledger:
    ledger = Ledger()
    for message in messages:
        ledger.add(message)
    return ledger


@pytest.mark.parametrize(
    ("places", "order"),
    [
        (
            ["群/a.csv", "群/a.html", "群/a.html.json", "群/a.txt", "群/a.xlsx", "群/a_chat.txt"],
            ["群/a.html.json", "群/a.csv", "群/a.xlsx", "群/a.html", "群/a.txt", "群/a_chat.txt"],
        ),
        (["群/a.txt", "群/a_utf8.csv"], ["群/a_utf8.csv", "群/a.txt"]),
        (["群.zip!a.txt", "群.zip!a.json"], ["群.zip!a.json", "群.zip!a.txt"]),
    ],
)
def test_the_best_format_comes_first_and_knows_all_the_others(
    keep: Keep, places: list[str], order: list[str]
) -> None:
    first, *_ = ranked([(keep(place, b"x"), place) for place in places])

    assert [place for _, place in first] == order


@pytest.mark.parametrize(
    "places",
    [
        ["甲/a.csv", "乙/a.txt"],  # another folder
        ["a.csv", "a(1).txt"],  # exported again
        ["a.csv", "ab.txt"],
        ["a.csv", "a_0_5000.csv"],  # pages
        ["a.csv", "a.eml"],  # no format of an exporter
        ["群.zip!a.csv", "群2.zip!a.txt"],
    ],
)
def test_names_that_only_look_alike_are_nobodys_twins(keep: Keep, places: list[str]) -> None:
    groups = list(ranked([(keep(place, b"x"), place) for place in places]))

    assert [[place for _, place in group] for group in groups] == [[place] for place in places]


def test_every_export_has_its_turn_in_case_it_holds_more(keep: Keep) -> None:
    groups = list(ranked([(keep(place, b"x"), place) for place in ("a.txt", "a.json", "b.txt")]))

    assert [[place for _, place in group] for group in groups] == [["a.json", "a.txt"], ["a.txt"], ["b.txt"]]


@pytest.mark.parametrize(
    ("read", "other", "is_covered"),
    [
        ([_said(0), _said(1)], [_said(0), _said(1)], True),
        ([_said(0), _said(1)], [_said(1)], True),
        ([_said(0), _photo(1)], [_said(0), _photo(1)], True),
        ([_said(0)], [_said(0, "另一种写法")], True),
        ([_said(0)], [_said(0), _said(1)], False),  # one more
        ([_said(0)], [_said(0), _said(0, "同一秒")], False),
        ([_photo(0)], [_said(0)], False),  # words where the better file has none
        ([_said(0)], [_photo(0)], True),
        ([_photo(0)], [_said(0, "【红包】: ")], True),  # a label says nothing
        ([_photo(0)], [_said(0, "9999\n{'msg': {'@id': '12345678'}}")], True),
        ([_photo(0)], [_said(0, "9999\n{'msg': {'title': '接龙'}}")], False),
        ([_photo(0)], [_said(0, "13800138000")], False),
        ([_said(0)], [_said(3600)], False),  # another chat of the same name
        ([_said(0)], [], False),  # nothing to compare
        ([_said(0, "早上好，今天九点开会")], [_day("王明远:早上好，今天九点开会")], True),
        ([_photo(0)], [_day("王明远:早上好，今天九点在二楼开会，请带上昨天发的全部材料，不要迟到")], False),
        ([_said(0)], [_day("收到"), _said(9)], False),
    ],
)
def test_a_twin_is_covered_if_every_message_has_its_fellow(
    read: list[Message], other: list[Message], is_covered: bool
) -> None:
    assert _ledger(*read).covers([*other, Conversation(chat=CHAT, format="x")]) is is_covered


def test_a_twin_that_cannot_be_read_whole_is_not_covered(keep: Keep) -> None:
    gap = Skipped(evidence=keep("a", b"x"), name="a", reason=Reason.DAMAGED, detail="坏")

    assert not _ledger(_said(0)).covers([_said(0), gap])


def test_messages_without_a_time_cannot_be_compared() -> None:
    timeless = Message(chat=CHAT, number=1, sender="王明远", text="收到")

    assert not _ledger(_said(0)).covers([timeless])
    assert not _ledger(_said(0), timeless).covers([_said(0)])


def test_a_quote_counts_as_words() -> None:
    quoting = Message(
        chat=CHAT,
        number=1,
        sender="王明远",
        text="",
        sent_at=AT,
        precision=Precision.SECOND,
        quoted=Quote(sender="李婷", text="机密"),
    )

    assert not _ledger(_photo(0)).covers([quoting])


@pytest.mark.parametrize(("data", "holds_more"), [(b"known", False), (b"new", True)])
def test_pictures_inside_a_twin_count_if_they_lie_nowhere_else(data: bytes, holds_more: bool) -> None:
    glance = Glance([hashlib.sha256(b"known").hexdigest()])
    glance.embed("image1.png", data)

    assert glance.holds_more is holds_more
