"""Who posted it where first, and how sure that is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from leakwatch.model import SHANGHAI, Precision
from leakwatch.spread import Posting, Row, join, timeline

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
NUMBER = "云发〔2031〕3号"


def posting(
    sender: str, at: datetime | None, precision: Precision = Precision.SECOND, *, carrier: str = ""
) -> Posting:
    return Posting(
        place=f"{sender} {at}",
        carrier=carrier or f"{sender} {at}",
        document=NUMBER,
        numbers=frozenset({NUMBER}),
        channel="微信群「青石联络群」",
        sender=sender,
        moment="" if at is None else f"{at:%H:%M}",
        sent_at=at,
        precision=precision,
    )


def test_each_message_is_a_row_in_time_order_with_what_joins_it() -> None:
    later = posting("李青云", NOON + timedelta(hours=1))
    pair = [posting("王明远", NOON, carrier="1.jpg"), posting("王明远", NOON, carrier="2.jpg")]
    (matter,) = join([later, *pair])
    told = timeline(matter)
    row = Row(moment="12:00", channel="微信群「青石联络群」", sender="王明远", joined="", place=pair[0].place)
    assert told.rows == (
        row,
        Row(
            moment="13:00",
            channel="微信群「青石联络群」",
            sender="李青云",
            joined=f"同一文号（{NUMBER}）",
            place=later.place,
        ),
    )
    assert (told.first, told.is_first_sure, told.notes) == (row, True, ())


@pytest.mark.parametrize(
    ("first", "second", "is_sure"),
    [
        ((NOON, Precision.SECOND), (NOON + timedelta(seconds=1), Precision.SECOND), True),
        ((NOON, Precision.MINUTE), (NOON + timedelta(seconds=30), Precision.SECOND), False),
        ((NOON, Precision.MINUTE), (NOON + timedelta(minutes=1), Precision.MINUTE), True),
        ((NOON, Precision.DAY), (NOON + timedelta(hours=5), Precision.SECOND), False),
        ((NOON, Precision.DAY), (NOON + timedelta(hours=12), Precision.SECOND), True),
        ((NOON, Precision.SECOND), (None, Precision.NONE), False),
        ((NOON, Precision.SECOND), (NOON, Precision.SECOND), False),
        ((None, Precision.NONE), (None, Precision.NONE), False),
    ],
)
def test_the_first_is_sure_only_where_no_other_can_be_earlier(
    first: tuple[datetime | None, Precision], second: tuple[datetime | None, Precision], is_sure: bool
) -> None:
    (matter,) = join([posting("王明远", *first), posting("李青云", *second)])
    assert timeline(matter).is_first_sure is is_sure


def test_what_is_not_sure_is_told() -> None:
    (matter,) = join(
        [
            posting("王明远", NOON.replace(hour=0), Precision.DAY),
            posting("李青云", NOON),
            posting("", None, Precision.NONE),
        ]
    )
    assert timeline(matter).notes == (
        "1处没有日期，排在最后，可能早于其他各处",
        "1处只有日期没有时刻，同一天内的先后不明",
        "最先发送者不能确定，可能是：王明远、李青云、未载发送人",
    )


def test_the_same_sender_in_doubt_with_himself_is_sure_enough() -> None:
    (matter,) = join([posting("王明远", NOON, Precision.MINUTE), posting("王明远", NOON)])
    assert timeline(matter).notes == ()
