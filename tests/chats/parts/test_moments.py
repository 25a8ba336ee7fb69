"""Times as exporters write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from leakwatch.chats.parts.moments import Moment, from_epoch, parse_moment
from leakwatch.model import SHANGHAI, Precision

FIVE = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)
FIVE_SHARP = FIVE.replace(second=0)
MIDNIGHT = datetime(2024, 5, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01 17:00:05",
        "2024-5-1 17:00:05",
        "2024/5/1 17:00:05",
        "2024/05/01, 17:00:05",
        "2024.05.01 17:00:05",
        "2024年5月1日 17:00:05",
        "2024年05月01日17:00:05",
        "2024年5月1日 17时00分05秒",
        "2024年5月1日 星期三 17:00:05",
        "2024-05-01 周三 17:00:05",
        "2024-05-01T17:00:05",
        "2024-05-01 5:00:05 PM",
        "5/1/2024 5:00:05 PM",
        "5/1/2024 5:00:05\u202fPM",
        "2024-05-01 下午 5:00:05",
        "2024/5/1 下午5:00:05",
        "2024-05-01 5:00:05 下午",
        "２０２４-05-01 17：00：05",
        " 2024-05-01  17:00:05\t",
        "[2024-05-01 17:00:05]",
        "20240501170005",
        "45413.70839120370",
    ],
)
def test_local_text_is_read_to_the_second_in_the_assumed_zone(text: str) -> None:
    assert parse_moment(text) == Moment(at=FIVE, precision=Precision.SECOND, zone_assumed=True)


@pytest.mark.parametrize(
    "text", ["2024/5/1 17:00", "2024年5月1日 下午5:00", "2024-05-01 5:00 PM", "2024年5月1日 17点00分"]
)
def test_lost_seconds_are_said(text: str) -> None:
    assert parse_moment(text) == Moment(at=FIVE_SHARP, precision=Precision.MINUTE, zone_assumed=True)


@pytest.mark.parametrize(
    "text", ["2024-05-01", "2024/5/1", "2024年5月1日", "2024年5月1日 星期三", "5/1/2024", "20240501", "45413"]
)
def test_a_date_alone_is_midnight_by_day(text: str) -> None:
    assert parse_moment(text) == Moment(at=MIDNIGHT, precision=Precision.DAY, zone_assumed=True)


@pytest.mark.parametrize("text", ["17:00:05", "17:00", "5:00:05 PM", "下午5:00"])
def test_a_clock_alone_gets_no_date(text: str) -> None:
    assert parse_moment(text) == Moment(precision=Precision.TIME_ONLY, clock=text)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01T09:00:05Z",
        "2024-05-01T17:00:05+08:00",
        "2024-05-01T17:00:05+0800",
        "2024-05-01 17:00:05 +0800 CST",
        "2024-05-01 04:00:05 -0500",
        "2024-05-01 17:00:05 GMT+8",
        "2024-05-01 09:00:05 UTC",
        "1714554005",
        "1714554005.0",
    ],
)
def test_a_written_zone_is_not_assumed(text: str) -> None:
    assert parse_moment(text) == Moment(at=FIVE, precision=Precision.SECOND)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("12:05 AM", 0),
        ("12:05 PM", 12),
        ("1:05 AM", 1),
        ("凌晨12:05", 0),
        ("上午12:05", 0),
        ("凌晨1:05", 1),
        ("中午12:05", 12),
        ("中午1:05", 13),
        ("中午11:05", 11),
        ("晚上11:05", 23),
        ("晚上23:05", 23),
        ("11:05 p.m.", 23),
    ],
)
def test_twelve_hour_clocks_know_their_noon(text: str, hour: int) -> None:
    at = MIDNIGHT.replace(hour=hour, minute=5)
    assert parse_moment(f"2024-05-01 {text}") == Moment(at=at, precision=Precision.MINUTE, zone_assumed=True)


@pytest.mark.parametrize("text", ["2024-05-01T17:00:05.123456789+08:00", "1714554005123", "1714554005.123"])
def test_fractions_of_a_second_are_kept(text: str) -> None:
    moment = parse_moment(text)
    assert moment.precision == Precision.MILLISECOND
    assert moment.at is not None
    assert abs((moment.at - FIVE).total_seconds() - 0.123) < 0.001


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "刚刚",
        "昨天",
        "星期三",
        "2024-05-01 17:00:05 王明远",
        "王明远 2024-05-01 17:00:05",
        "2024-13-01 17:00:05",
        "2024-02-31",
        "2024-05-01 25:00",
        "2024-05-01 17:61",
        "05-01 17:00:05",
        "1.71455E+12",
        "12",
        "7000000000000000001000000000",
        "13800138000",
        "1:2:3:4",
        "9" * 5000,
        "\x00",
    ],
)
def test_what_is_no_time_gives_none(text: str) -> None:
    assert parse_moment(text) == Moment()


@pytest.mark.parametrize(
    ("value", "precision"),
    [
        (1714554005, Precision.SECOND),
        (1714554005.0, Precision.SECOND),
        ("1714554005", Precision.SECOND),
        (1714554005000, Precision.MILLISECOND),
        ("1714554005000", Precision.MILLISECOND),
        (1714554005000000, Precision.MILLISECOND),
    ],
)
def test_epochs_are_told_apart_by_their_size(value: int | float | str, precision: Precision) -> None:
    assert from_epoch(value) == Moment(at=FIVE, precision=precision)


@pytest.mark.parametrize("value", [0, -1, 12345, float("nan"), float("inf"), 10**400, "", "abc", "２月"])
def test_numbers_that_are_no_epoch_give_none(value: int | float | str) -> None:
    assert from_epoch(value) == Moment()
