"""What stands beside a disguised word and tells that it is meant: a star and a term, 件, 级, a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from leakwatch.rules.disguised import Follows
from leakwatch.scanners.numbers.numerals import LOOSE, YEAR, integer

SYMBOL = r"[^0-9a-zà-ǜ㐀-鿿\n，。！？；：、,!?;:]"
"""Neither a letter, a digit, a character nor the end of a clause: what is set between to disguise."""
_SOFT = SYMBOL[:-1] + "★]"
_ANY = r"[^0-9a-zà-ǜ㐀-鿿★，。；,;]"
_HAN_DIGIT = "〇零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_NUMBER = rf"(?P<number>x{{1,3}}[ivx1-9]{{0,4}}(?=\s?年)|\d(?:{_SOFT}{{0,2}}[\do])?|[{_HAN_DIGIT}]{{1,3}})(?!{_SOFT}{{0,2}}\d)"
_UNIT = rf"{_SOFT}{{0,3}}有?(?P<unit>年(?:头|期)?|载|个?{_SOFT}{{0,3}}月|nian|years?|[ny](?![a-z]))"
_NO_UNIT = rf"(?![\w.%]|{_SOFT}{{0,3}}[\d个年月])"
_OPEN_END = r"(?:长\s?期|启\s?用|qi\W?yong|公布前|解密|至\s?2)"
_SPELT_STAR = rf"{_SOFT}{{0,2}}(?:[加带后]?面?(?:一?[颗个])?)?(?:五角星|小?星星?号?){_SOFT}{{0,2}}(?:然后|后面|接着|再)?是?"
_STAR = rf"(?P<star>{_ANY}{{0,4}}?★(?!{_ANY}{{0,2}}★){_ANY}{{0,4}}?|{_SOFT}{{0,2}}[*※·•+×x]\s?|{_SPELT_STAR})"
_NO_BOX = "(?![夹柜袋盒架])"
_BEFORE = 8
_REACH = 10
_WHOLE_NUMBER = re.compile(
    rf"{_SOFT}{{0,4}}{YEAR}{_SOFT}{{0,3}}(?:[年)\]]|nian|{_SOFT}){_SOFT}{{0,3}}第?\s?{LOOSE}\s{{0,2}}(?:号|hao(?![a-z]))"
)
_KNOWN_TERM = re.compile(
    r"[^a-z㐀-鿿]*(?:(?:保密)?期限?[^a-z㐀-鿿]*)?x?\s?(?:[\s\dlo〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾两]+|x+)\s?(?:年|个?\s?月)?"
)
_REVERSED_TERM = re.compile(rf"年\s?(?P<number>\d{{1,2}}|[{_HAN_DIGIT}]{{1,3}})\s?★\s?$")
_TERM_REVERSED_ALONE = re.compile(rf"\s?★\s?年\s?(?P<number>\d{{1,2}}|[{_HAN_DIGIT}]{{1,3}})")
_ANNOUNCED = re.compile(
    r"(?:密\s*级|级别|等级|标的?是?|标着|上标|写着?的?|盖着|盖了|算|定的?是?|属于?|只是|就是)"
    r"[^\w，。,;；\n]{0,3}(?:个|的)?\s?$"
)


class Sign(StrEnum):
    """What sort of thing follows a word."""

    NONE = "none"
    FORMAL = "formal"
    """A star with a term, the number of a series: nothing else is written so."""
    TERM = "term"
    STAR = "star"
    GRADE = "grade"
    """件 or 级 right behind it."""
    CARRIER = "carrier"
    """文件, 那份, 的材料."""
    NUMBER = "number"
    """A bare number: next to nothing."""


# The first that fits decides.
_SIGNS: dict[Follows, tuple[tuple[Sign, re.Pattern[str]], ...]] = {
    Follows.ANYTHING: ((Sign.CARRIER, re.compile(_NO_BOX)),),
    Follows.MARK: (
        (Sign.FORMAL, re.compile(rf"{_STAR}(?:{_NUMBER}(?:{_UNIT}(?!级)|{_NO_UNIT})|{_OPEN_END})")),
        (
            Sign.TERM,
            re.compile(
                rf"{_SOFT}{{0,2}}[,、]?{_SOFT}{{0,4}}(?:(?:保密)?期限?{_SOFT}{{0,2}})?"
                rf"(?:{_NUMBER}{_UNIT}(?:(?=[的那这])|(?![㐀-鿿]))|{_OPEN_END})"
            ),
        ),
        (Sign.STAR, re.compile(rf"{_SOFT}{{0,3}}★(?!{_SOFT}?[★\d])")),
        (Sign.GRADE, re.compile(rf"{_SOFT}{{0,2}}(?:件|级(?![别数差联])|ji(?!\w)|jian(?!\w)|j(?![\w\-]))")),
        (
            Sign.CARRIER,
            re.compile(
                rf"(?:的|那种|这种|级的|[a-z](?![a-z]))?{_SOFT}{{0,2}}(?:件|文件{_NO_BOX}|材料|资料|电报|红头|载体|卷宗|信封"
                r"|文(?![化艺明字具学章本凭书静体身案员人件])|[那这](?:份|本|摞|批|套|张|几[份本张]|盒|袋|叠|册)"
                rf"|的(?=[到来要得放在没送收退还]|[,。!~]|\s*$))"
            ),
        ),
        (Sign.NUMBER, re.compile(rf"{_SOFT}{{0,3}}{_NUMBER}(?:{_UNIT}|{_NO_UNIT})")),
    ),
    Follows.PAPER: (
        (
            Sign.CARRIER,
            re.compile(
                rf"(?:的|类|性)?{_SOFT}{{0,2}}(?:文件{_NO_BOX}|资料|材料|事项|掌握|传阅|参考|通报|使用|件|文(?!件)|会议|电报|传真"
                r"|名单|数据|刊物|级|室|柜|局|[那这](?:份|个|本|摞|批|套|张|几[份本张]|盒|袋|叠|册)|:|是|为|(?:请|不要|不得|注意|严禁|勿)[保外妥传转])"
            ),
        ),
    ),
    Follows.SERIES: (
        (
            Sign.FORMAL,
            re.compile(
                rf"[,、]?{_SOFT}{{0,4}}(?:[今去前]年|的|那个|第){{0,3}}{_SOFT}{{0,4}}[\do{_HAN_DIGIT}廿卅]"
            ),
        ),
    ),
    Follows.MATTER: ((Sign.CARRIER, re.compile("")),),
}
STARTS: dict[Follows, str] = {
    Follows.ANYTHING: "",
    Follows.MARK: f"0123456789{_HAN_DIGIT}件级文材资电红载卷那这的长启至j五颗星加带",
    Follows.PAPER: "文资材事掌传参通使件会电名数刊级室柜局那这的类性是为请不注严勿",
    Follows.SERIES: f"0123456789{_HAN_DIGIT}廿卅第今去前的那",
    Follows.MATTER: "",
}
"""What a tail begins with, in tight text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What follows a word, as far as it bears on it."""

    sign: Sign
    last: int
    """Where it ends in the folded text."""
    end: int
    """The same if it is rewritten; else where the word ends."""
    plain: str = ""
    """A term in plain writing, to put in its place: ★10年."""
    is_odd: bool = False
    """The term is written as no grammar knows it: 10nian, 五载, 一颗星十年."""
    is_whole: bool = False
    """With the word it is a mark with its term, or a number with brackets or dash, year and 号."""


def tail(text: str, end: int, follows: Follows) -> Tail:
    """What stands behind a word that ends there."""
    for sign, pattern in _SIGNS[follows]:
        if found := pattern.match(text, end):
            plain = _plain(found)
            is_whole = sign is Sign.FORMAL and (
                follows is not Follows.SERIES or _WHOLE_NUMBER.match(text, end) is not None
            )
            last = found.end()
            is_odd = bool(plain) and _KNOWN_TERM.fullmatch(found.group()) is None
            return Tail(
                sign=sign,
                last=last,
                end=last if plain else end,
                plain=plain,
                is_odd=is_odd,
                is_whole=is_whole,
            )
    return Tail(sign=Sign.NONE, last=end, end=end)


def reversed_term(text: str, end: int) -> tuple[int, str] | None:
    """Where a term and a star that are written backwards begin, and the term in plain writing: 年十★."""
    found = _REVERSED_TERM.search(text, max(0, end - _REACH), end)
    value = integer(found["number"][::-1].replace("两", "二")) if found else None
    return (found.start(), f"★{value}年") if found and value else None


def term_reversed_alone(text: str, end: int) -> Tail | None:
    """A term behind a star of which only the characters are turned: 密机★年十."""
    found = _TERM_REVERSED_ALONE.match(text, end)
    value = integer(found["number"][::-1].replace("两", "二")) if found else None
    if not found or not value:
        return None
    return Tail(sign=Sign.FORMAL, last=found.end(), end=found.end(), plain=f"★{value}年")


def is_announced(text: str, start: int) -> bool:
    """Whether the words before say that a mark comes: 密级：, 标的是, 写着."""
    return _ANNOUNCED.search(text, max(0, start - _BEFORE), start) is not None


def _plain(found: re.Match[str]) -> str:
    """A term of some length as the grammars know it; empty for anything else."""
    groups = found.groupdict()
    if not groups.get("number") or not (groups.get("unit") or groups.get("star")):
        return ""
    value = integer(re.sub(r"\W", "", groups["number"]).replace("两", "二"))
    unit = "个月" if (groups.get("unit") or "").endswith("月") else "年"
    return f"{'★' if groups.get('star') else ''}{value}{unit}" if value else ""
