"""The shapes that follow an agency code: bracketed year and serial, yearly issues, orders, dashes.

A bracket may be lost or misread on either side (〔→ t I c; 〕→ 】 ] J), and the 号 left out; how much of the
norm is there decides how well the code must be known.  Of 1,908 numbers in public texts 10 % stand in
brackets other than 〔〕.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from leakwatch.scanners.numbers.numerals import HAN_DIGITS, LOOSE, SHORT_YEAR, STRICT, YEAR, integer

_OPEN, _CLOSE = r"[\[(<〈{《«]", r"[\])>〉}》»]"
_YEAR = rf"(?:{YEAR}|{SHORT_YEAR}(?=\s?(?:年|{_CLOSE}|-|之|杠)))"
_MARK = r"[号期次]"
_MISREAD_MARK = r"[呈亏弓]|[皓浩毫耗]|hao(?![a-z])"
_PART = r"(?:\s?之\s?(?:\d{1,2}(?!\d)|十?[一二三四五六七八九]|十))?"
# What follows a number without 号 must not make it a date, a sum or a longer number.
# 〔2031〕30年度考核 is number 30; 〔2031〕2032年度 none.
_YEAR_SIGN = r"年(?!(?<!20\d\d年)(?:度|终|中|轻|休|底|初|报|检))"
_ENDS = rf"(?![\d月日%:：万亿元块个人名家户条项款份次天点时分秒页岁楼度届版米季]|\s?(?:{_YEAR_SIGN}|[月日])|[.\-/~]\d)"
_MORE = r"(?P<more>(?:\s?号?\s?[、和及至到]\s?第?\d{1,4}(?=\s?[、和及至到号])|-\d{1,4}(?=号))*)"
# 秘密★10年, and on the line below 云委办字〔2031〕30号: the term of a mark is no year of the number.
_NEXT_YEAR = rf"(?!{_OPEN}\s?{YEAR}\s?年?\s?{_CLOSE}\s?第?\s?\d)"
_SPELT = r"第?[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖十百拾佰廿卅]{2}"
"""A serial that is spelt out may stand behind a comma: 中办发，贰零叁壹，叁拾柒."""
TAIL = re.compile(
    rf"(?:第\s{{0,2}}|[,、]\s?)?(?P<open>{_OPEN}{_CLOSE}?|(?:(?<=[㐀-鿿])|(?<=[㐀-鿿] ))[tlic|])?\s{{0,4}}(?<!\d)(?<!\d[\-/.])"
    rf"(?P<year>{_YEAR})\s{{0,4}}(?P<nian>年)?\s{{0,4}}"
    rf"(?P<close>{_CLOSE}{{1,2}}|[jl|]|)\s{{0,4}}(?P<link>之|杠|[,、](?=\s?{_SPELT})|[^\w\s()\[\]，。、；：,;:!?]{{0,2}})\s{{0,4}}"
    rf"(?P<filler>(?:[㐀-鿿]{{1,3}}字\s?第?|第|那个|这个|的)?)\s{{0,4}}{_NEXT_YEAR}{_OPEN}?"
    rf"(?:(?P<serial>{LOOSE}){_MORE}{_PART}{_CLOSE}?\s{{0,4}}(?P<mark>{_MARK}|{_MISREAD_MARK})令?{_PART}"
    rf"|(?P<bare>{STRICT}|[lo]\d{{1,2}}|\d[lo]){_PART}{_ENDS})"
)
"""Everything behind the code of a number with a year."""
# TAIL begins with what may be missing, so the engine tries it at every place: ~1 µs each.
_CLOSED = re.compile(rf"\s?{_CLOSE}")
_PAIRS = dict(zip("[(<{《", "])>}》", strict=True))
_ANY_YEAR = re.compile(rf"[0-3l两廿卅十拾{HAN_DIGITS}](?<=(?={_YEAR}).)")
_BEFORE_YEAR = re.compile(r"[第,、\s\[(<〈{《«\])>tlic|]{0,8}$")
_BEFORE_YEAR_LENGTH = 8
_FILLER = r"(?:第|[今去前]年|[上下]半年|最?新|发来?的|印发的|下发的|出的|的|[那这][个份]|文|[(\[]|\s)"
YEARLESS = re.compile(
    rf"(?<=[字发函电办委局厅会要报阅参情映息件令央])(?P<filler>{_FILLER}{{0,4}})(?P<serial>{STRICT})\s{{0,2}}"
    rf"(?P<mark>{_MARK})(?![楼院门线桌房机车馆厅仓库台岗窗柜])\s?(?P<doc>文件?|通知)?"
)
"""Everything behind a code that is known without a year."""
UNNUMBERED = re.compile(
    rf"(?<=[㐀-鿿])\s{{0,2}}{_OPEN}\s?(?P<year>{YEAR})\s?年?{_CLOSE}\s{{0,4}}第?\s{{0,4}}"
    r"(?:(?:(?:(?P<told>待编|待定|待发|未编)|(?P<asked>[的那这哪个是]{0,3}(?:多少|几|哪个|什么|啥|第几))|[x×*○□_?]{1,4})\s?)?号"
    r"|(?P<lost>[^\d\n]{0,6}?(?:多少|十几|几十|忘|记不|不记得|想不起|看不清|不清楚)))"
)
"""Without a serial: a draft (〔2031〕待编号, 〔2031〕  号), or a number half remembered (〔2031〕多少号来着)."""
ISSUE = re.compile(
    rf"第\s{{0,4}}(?:(?P<year>{YEAR})\s{{0,4}}[年\-]\s{{0,4}}第?\s{{0,4}})?"
    rf"(?P<serial>{STRICT})\s{{0,4}}(?P<mark>{_MARK})"
    r"\s{0,2}[的《]?(?P<name>[㐀-鿿]{0,10}?(?:纪要|简报|快报|专报|内参|要情|参阅))"
)
"""The issue before the name of a periodical or minutes: 第2023年第7期局长办公会议纪要."""
WIRE = re.compile(
    r"(?<![手印相司主飞电耳录收动])机发\s?第?(?P<serial>\d\s?[\dolisb](?:\s?[\dolisb]){1,3})"
    r"\s?(?P<mark>[号呈亏弓])?"
)
"""The second number of a telegram: ×机发 NNNN号."""


BEGUN = re.compile(rf"(?<=[㐀-鿿])\s{{0,2}}{_OPEN}\s?(?P<year>{YEAR})\s?年?{_CLOSE}\s{{0,2}}第?\s*$")
"""A message that ends before the serial: 云委密办〔2031〕."""
ENDED = re.compile(
    rf"^\s*{_OPEN}\s?(?P<year>{YEAR})\s?年?{_CLOSE}\s{{0,2}}第?\s?(?P<serial>{LOOSE})\s{{0,2}}(?:号|(?=[,。;]|$))"
)
"""A message that begins behind the code: 〔2031〕9号."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Year and serials behind a code, and how much of the norm is there."""

    start: int
    year: int
    serials: tuple[tuple[str, int, int], ...]
    """Serial, start and end (folded text); the first starts at the tail, the last ends with its 号."""
    mark: str
    """号, 期 or 次; empty where none is written."""
    is_bracketed: bool
    is_closed: bool
    """Brackets on both sides."""
    is_linked: bool
    """A dash or another sign between year and serial."""
    has_year_sign: bool
    """年 behind the year."""
    is_full: bool
    """The year has four digits."""
    is_misread: bool
    """What stands for 号 is another character."""
    is_plain: bool
    """All digits are digits."""


def closed(match: re.Match[str], opening: str) -> int:
    """Where a number ends whose only opening bracket stands before the year or serial: 公告（2031年第7号）."""
    behind = _CLOSED.match(match.string, match.end())
    is_pair = behind and behind[0].strip() == _PAIRS.get(opening)
    return behind.end() if behind and is_pair else match.end()


def tails(text: str) -> Iterator[Tail]:
    """The year-and-serial ends of what may be document numbers, in the order of the text."""
    for match in tail_matches(text):
        year, serials = integer(match["year"]), tuple(_serials(match))
        if year is None or not serials:
            continue
        opening, closing = match["open"] or "", match["close"].strip("jl|")
        yield Tail(
            start=match.start(),
            year=year if year >= 1000 else year + (1900 if year >= 50 else 2000),
            serials=serials,
            mark=_plain_mark(match["mark"]),
            is_bracketed=bool(opening.strip("tlic|") or closing),
            is_closed=bool(opening.strip("tlic|") and closing),
            is_linked=bool(match["link"].strip()),
            has_year_sign=bool(match["nian"]),
            is_full=year >= 1000,
            is_misread=bool(match["mark"]) and match["mark"] not in "号期次",
            is_plain=(match["year"] + (match["serial"] or match["bare"])).isdecimal(),
        )


def tail_matches(text: str) -> Iterator[re.Match[str]]:
    """The same as TAIL.finditer."""
    end = 0
    for year in _ANY_YEAR.finditer(text):
        last = year.start()
        first = _BEFORE_YEAR.search(text, max(end, last - _BEFORE_YEAR_LENGTH), max(end, last))
        starts = range(first.start(), last + 1) if first else ()
        if match := next(filter(None, (TAIL.match(text, start) for start in starts)), None):
            yield match
            end = match.end()


def _plain_mark(mark: str | None) -> str:
    return "" if not mark else mark if mark in "期次" else "号"


def _serials(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Each serial of 3、5、7号; a 之N belongs to the last."""
    group = "serial" if match["serial"] else "bare"
    value = integer(match[group])
    if value is None:
        return
    part = re.search(
        r"之\s?(\d{1,2}|十?[一二三四五六七八九]|十)", match.group()[match.end(group) - match.start() :]
    )
    others = list(re.finditer(r"\d+", match["more"] or ""))
    ends = [match.end(group), *(match.start("more") + other.end() for other in others)]
    ends = [end + match.string.startswith("号", end) for end in ends]
    starts = [match.start(), *(match.start("more") + other.start() for other in others)]
    values = [str(value), *(str(int(other.group())) for other in others)]
    if part:
        values[-1] += f"之{integer(part.group(1))}"
    ends[-1] = closed(match, match["open"]) if match["open"] and not match["close"] else match.end()
    yield from zip(values, starts, ends, strict=True)
