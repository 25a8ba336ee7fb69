"""Every value of the model has its Chinese word, and times are no finer than they are known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from leakwatch.model import Chat, Message, Origin, Outcome, Precision, Reason
from leakwatch.reports import words
from leakwatch.rules import CATEGORIES

SENT = Message(
    chat=Chat(name="", platform="qq"),
    number=7,
    sender="",
    text="",
    sent_at=datetime(2031, 5, 6, 4, 5, 6, tzinfo=UTC),
)


def test_every_value_has_a_word() -> None:
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(words.ORIGINS) == set(Origin)
    assert set(words.REASONS) == set(Reason)
    assert set(words.CATEGORIES) == set(CATEGORIES)


@pytest.mark.parametrize(
    ("precision", "moment"),
    [
        (Precision.MILLISECOND, "2031-05-06 12:05:06"),
        (Precision.SECOND, "2031-05-06 12:05:06"),
        (Precision.MINUTE, "2031-05-06 12:05"),
        (Precision.DAY, "2031-05-06"),
        (Precision.NONE, "时间不详"),
    ],
)
def test_a_time_is_shown_in_shanghai_no_finer_than_it_is_known(precision: Precision, moment: str) -> None:
    assert words.moment(replace(SENT, precision=precision)) == moment


def test_a_message_without_names_and_time_still_has_a_place() -> None:
    assert words.speaker(replace(SENT, sent_at=None)) == "（未命名会话） · （未署名） · 时间不详 · 第7条"


def test_a_clock_without_a_date_is_told_as_written() -> None:
    message = Message(
        chat=Chat(name="群", platform="qq"),
        number=1,
        sender="李云",
        text="",
        precision=Precision.TIME_ONLY,
        clock="9:05",
    )

    assert words.moment(message) == "9:05（日期不详）"
