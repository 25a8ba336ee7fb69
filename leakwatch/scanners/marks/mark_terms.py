"""The tail of a mark, read into values: how long, until when, and what is wrong with it.

LAW 20: at most 30, 20 and 10 years; a term, a date or a condition.  REG 19: the term runs from the day that
the document bears.  One year or more is counted in years, below in months.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from leakwatch.model import Level, Mark
from leakwatch.scanners.numbers.numerals import YEAR, integer

MAXIMUM_YEARS = {Level.JUEMI: 30, Level.JIMI: 20, Level.MIMI: 10}
_YEAR_MONTHS = 12
_LONGEST = 999
"""A count above is no term: 机密★2031年 without 至 is a year."""
_HAN = "一二两三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾零"
COUNT = rf"(?:x{{1,3}}[ivx1-9]{{0,4}}(?=\s?年)|[0-9loizsb〇][\s.]?[0-9loizsb〇]?|[{_HAN}〇]{{1,4}})"
_DAY = rf"{YEAR}\s*[年\-./]\s*(?:[\dlo]{{1,2}}|[{_HAN}]{{1,3}})(?:\s*[月\-./]\s*(?:[\dlo]{{1,2}}|[{_HAN}]{{1,3}})\s*日?|\s*月)?"
_CONDITION = (
    r"(?:启用|公布|公开|解密|实施|发布|宣布|印发|开考|开标|考试|结束|批复|批准|完成|签署|上市)[^\n]{0,4}?[前后]"
    r"|解密条件"
)
TERM = (
    rf"(?:{COUNT}\s*(?:年|个?\s*月)|半\s*年|长\s*期|(?:[至到]\s*)?{_DAY}|[至到]\s*{YEAR}\s*年|{_CONDITION}"
    r"|[㐀-鿿]{2,6}[前后](?![㐀-鿿]))"
)
"""What may follow a star."""
_NUMBER = rf"(?:[\dlo](?:\s?[\dlo])?|[{_HAN}]{{1,3}})"
_FULL_DAY = rf"{YEAR}\s?[年\-./]\s?{_NUMBER}\s?[月\-./]\s?{_NUMBER}(?!\d)(?:\s?日)?(?:\s?解\s?密)?"
PLAIN_TERM = (
    rf"(?:{COUNT}\s*(?:年|个\s*月)|长\s?期|[至到]\s*(?:{_DAY}|{YEAR}\s*年)|{_FULL_DAY}"
    r"|(?:启用|公布|公开|开考|发布)前|[㐀-鿿]{0,4}(?:启用|公布|公开|开考|开标|启封|发布|宣布|颁布|实施|生效|使用|印发|签署|批复|任命"
    r"|结束|完成|竣工)[前后](?:解密)?(?![㐀-鿿])|解密条件)"
)
"""What may follow a level without any star."""
BLURRED_TERM = rf"(?:{COUNT}\s*(?:[年午牛丰仵缶]|个\s*[月冃日目])|长\s*[期斯其])"
"""What engines read of a term where the photo is blurred."""
_LENGTH = re.compile(rf"({COUNT})\s*(?:([年午牛丰仵缶])|个?\s*[月冃日目])")
_DATE = re.compile(
    rf"(?P<year>{YEAR})\s*[年\-./]\s*(?P<month>[\dlo]{{1,2}}|[{_HAN}]{{1,3}})\s*[月\-./]"
    rf"\s*(?P<day>[\dlo]{{1,2}}|[{_HAN}]{{1,3}})"
)
_LONE_DATE = re.compile(rf"^[^\S\n]*{_DATE.pattern}\s*日[^\S\n]*$", re.MULTILINE)


def read(term: str, level: Level | None, below: str) -> Mark:
    """The values of a mark.

    term: as written, possibly empty; below: the text after the mark, which may name the day of issue.
    """
    term = re.sub(r"\s+", "", term)
    months = _months(term)
    until = _date(_DATE.search(term)) or _expiry(months, below)
    mark = Mark(term=term, months=months, until=until)
    return replace(mark, anomalies=tuple(_anomalies(mark, level)))


def _anomalies(mark: Mark, level: Level | None) -> Iterator[str]:
    if mark.months is None or level not in MAXIMUM_YEARS:
        return
    if mark.months > MAXIMUM_YEARS[level] * _YEAR_MONTHS:
        yield f"期限{mark.term}超过{level}级最长{MAXIMUM_YEARS[level]}年的法定期限，标注有误，仍须报告"
    if "月" in mark.term and mark.months >= _YEAR_MONTHS:
        yield f"期限满一年应以年计，标作{mark.term}不规范"


def _months(term: str) -> int | None:
    if term == "半年":
        return 6
    found = _LENGTH.fullmatch(term)
    count = integer(_plain(found.group(1))) if found else None
    if found is None or not count or count > _LONGEST:
        return None
    return count * _YEAR_MONTHS if found.group(2) else count


def _plain(count: str) -> str:
    """The number in the numerals that `integer` knows."""
    return count.replace("两", "二").replace("廿", "二十").replace("卅", "三十").replace(".", "")


def _expiry(months: int | None, below: str) -> date | None:
    """The day of issue plus the term, where exactly one date stands alone on a line below the mark."""
    issued = {_date(found) for found in _LONE_DATE.finditer(below)}
    day = issued.pop() if len(issued) == 1 else None
    if months is None or day is None:
        return None
    years, month = divmod(day.month - 1 + months, _YEAR_MONTHS)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _date(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    year, month, day = (integer(_plain(found.group(name))) for name in ("year", "month", "day"))
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
