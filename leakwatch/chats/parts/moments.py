"""Times as exporters write them → one `Moment`; a part that is not written is never made up.

Read: epoch in seconds, milliseconds or microseconds (numbers or digits as text), ISO 8601 with Z, an
offset or without, `2024-5-1 17:00[:05[.123]]` with - / . or 年月日, `5/1/2024 5:00:05 PM` (QQ on an
English Windows), 上午/下午 and their kin on either side of the clock, Excel serials, dates and clocks alone.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from msgspec import Struct

from leakwatch.model import SHANGHAI, Precision

_DATE = r"""(?:(?P<year>(?:19|20)\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?日?
    |(?P<us_month>\d{1,2})/(?P<us_day>\d{1,2})/(?P<us_year>(?:19|20)\d\d))"""
_WEEKDAY = r"(?:\(?(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*)\)?)?"
_MORNING = "凌晨|清晨|早上|早晨|上午"
_AFTERNOON = "中午|下午|傍晚|晚上|夜里"
_HALF = rf"{_MORNING}|{_AFTERNOON}|[AP]\.?\s?M\.?"
_CLOCK = rf"""(?P<before>{_HALF})?\s*(?P<hour>\d{{1,2}})\s?[:时点]\s?(?P<minute>\d\d?)分?
    (?:\s?:?\s?(?P<second>\d\d?)(?:[.,](?P<fraction>\d+))?秒?)?\s*(?P<after>{_HALF})?"""
_ZONE = r"(?:\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?)(?:\s+\(?[A-Z]{3,5}\)?)?)?"
_TEXT = re.compile(
    rf"(?:{_DATE}(?:[T,\s]\s*|(?=\D))?)?\s*{_WEEKDAY},?\s*(?:{_CLOCK}{_ZONE})?", re.VERBOSE | re.IGNORECASE
)
# How nearly all exporters write, to the character or nearly: 0.4 and 1.2 µs instead of 5.6 for the whole pattern.
_ISO_CHARACTERS, _CENTURIES = 19, ("19", "20")
_PLAIN = re.compile(r"((?:19|20)\d\d)[-/](\d\d?)[-/](\d\d?)[T ](\d\d?):(\d\d):(\d\d)", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d*)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:([0-2]\d)([0-5]\d)([0-5]\d))?")
_INVISIBLE = {ord(c): None for c in "\u200b\u200e\u200f\ufeff\u2060"}
# 1990 to 2100: no chat is older or younger, so a number outside is an id, a size or a broken cell.
_EPOCH_FLOOR, _EPOCH_CEILING = 631_152_000, 4_102_444_800
_EXCEL_FLOOR, _EXCEL_CEILING = 32_874, 73_050
_EXCEL_ZERO = datetime(1899, 12, 30, tzinfo=SHANGHAI)


class Moment(Struct, frozen=True, kw_only=True, gc=False):
    """A time as far as it was written: `at` is None without a date, midnight if only the date is there."""

    at: datetime | None = None
    """Aware, in Asia/Shanghai."""
    precision: Precision = Precision.NONE
    zone_assumed: bool = False
    clock: str = ""
    """The time of day as written, where there is no date."""


def parse_moment(text: str) -> Moment:
    """The moment that the whole of `text` writes; `Moment()` if it is anything else."""
    is_exact = len(text) == _ISO_CHARACTERS and text[4] == "-" and text[10] in " T"
    if is_exact and text[:2] in _CENTURIES and (at := _iso(text)) is not None:
        return Moment(at=at, precision=Precision.SECOND, zone_assumed=True)
    if (plain := _PLAIN.fullmatch(text)) is not None:
        return _from_plain(plain.groups())
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    text = text.strip().strip("[]'\"")
    if not text or len(text) > 64:
        return Moment()
    if _NUMBER.fullmatch(text):
        return _from_digits(text)
    found = _TEXT.fullmatch(text)
    return _from_match(found) if found else Moment()


def from_epoch(value: int | float | str) -> Moment:
    """The moment of seconds, milliseconds or microseconds since 1970, told apart by their size."""
    if isinstance(value, int) and _EPOCH_FLOOR <= value < _EPOCH_CEILING:  # nearly always
        return Moment(at=datetime.fromtimestamp(value, SHANGHAI), precision=Precision.SECOND)
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return Moment()
    if not math.isfinite(seconds):
        return Moment()
    precision = Precision.SECOND if seconds.is_integer() else Precision.MILLISECOND
    while seconds > 1e11:
        seconds /= 1000
        precision = Precision.MILLISECOND
    if not _EPOCH_FLOOR <= seconds < _EPOCH_CEILING:
        return Moment()
    return Moment(at=datetime.fromtimestamp(seconds, SHANGHAI), precision=precision)


def _iso(text: str) -> datetime | None:
    """Wall-clock time in Asia/Shanghai of ISO 8601; None if it is written otherwise."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def _from_plain(parts: Iterable[str]) -> Moment:
    year, month, day, hour, minute, second = map(int, parts)
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return Moment()
    return Moment(at=at, precision=Precision.SECOND, zone_assumed=True)


def _from_digits(text: str) -> Moment:
    """20240501, 20240501170005, 45413.70839 (Excel) or an epoch."""
    if (compact := _COMPACT.fullmatch(text)) is not None:
        year, month, day, *clock = (int(part or 0) for part in compact.groups())
        precision = Precision.SECOND if compact[4] else Precision.DAY
        return _local(
            (year, month, day), timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2]), precision
        )
    days = float(text)
    if not _EXCEL_FLOOR <= days < _EXCEL_CEILING:
        return from_epoch(text)
    if days.is_integer():
        return Moment(at=_EXCEL_ZERO + timedelta(days=days), precision=Precision.DAY, zone_assumed=True)
    # A serial has about a microsecond of noise; exporters and Excel itself show whole seconds.
    at = _EXCEL_ZERO + timedelta(seconds=round(days * 86_400))
    return Moment(at=at, precision=Precision.SECOND, zone_assumed=True)


def _from_match(found: re.Match[str]) -> Moment:
    if found["hour"] is None:
        clock, precision = timedelta(), Precision.DAY
    else:
        clock, precision = _clock(found)
    if clock >= timedelta(days=1):
        return Moment()
    if found["year"] is None and found["us_year"] is None:
        return Moment(precision=Precision.TIME_ONLY, clock=found.group()) if found["hour"] else Moment()
    moment = _local(_date(found), clock, precision)
    if moment.at is None or found["zone"] is None:
        return moment
    at = moment.at.replace(tzinfo=_zone(found["zone"])).astimezone(SHANGHAI)
    return Moment(at=at, precision=precision)


def _date(found: re.Match[str]) -> tuple[int, int, int]:
    if found["year"]:
        return int(found["year"]), int(found["month"]), int(found["day"])
    month, day = int(found["us_month"]), int(found["us_day"])
    return (int(found["us_year"]), day, month) if month > 12 else (int(found["us_year"]), month, day)


def _clock(found: re.Match[str]) -> tuple[timedelta, Precision]:
    """Time since midnight; a day or more if the clock shows what no clock shows."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        return timedelta(days=1), Precision.NONE
    half = (found["before"] or found["after"] or "").upper()
    if half.startswith("P") or half in _AFTERNOON.split("|"):
        is_late_morning = half == "中午" and hour >= 11  # 中午11:50 is no 23:50
        hour = hour if hour >= 12 or is_late_morning else hour + 12
    elif half and hour == 12:
        hour = 0  # 12:05 AM, and 上午12:05 as zh-CN systems write it
    fraction = found["fraction"] or ""
    clock = timedelta(
        hours=hour, minutes=minute, seconds=second, microseconds=int(fraction[:6].ljust(6, "0"))
    )
    if found["second"] is None:
        return clock, Precision.MINUTE
    return clock, Precision.MILLISECOND if fraction else Precision.SECOND


def _zone(text: str) -> timezone:
    digits = re.sub(r"\D", "", text)
    if not digits:
        return UTC
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    offset = timedelta(hours=min(hours, 14), minutes=minutes)
    return timezone(-offset if "-" in text else offset)


def _local(date: tuple[int, int, int], clock: timedelta, precision: Precision) -> Moment:
    """Wall-clock time in Asia/Shanghai, or `Moment()` on a 31st of February."""
    try:
        midnight = datetime(*date, tzinfo=SHANGHAI)
    except ValueError:
        return Moment()
    return Moment(at=midnight + clock, precision=precision, zone_assumed=True)
