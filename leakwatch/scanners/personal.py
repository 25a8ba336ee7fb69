"""Personal data: numbers with their check digits, rosters, and talk of illness and informants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from leakwatch.model import Hit, Kind
from leakwatch.rules import RuleBook
from leakwatch.scanners import numerals
from leakwatch.scanners.sieve import Candidate, hit

_ID = re.compile(r"(?<![0-9a-z])[1-9]\d{5}[ -]?(?:1[89]|20)\d{2}[ -]?\d{4}[ -]?\d{3}[0-9x](?![0-9a-z])")
# Every digit set apart by one blank or sign, and Chinese numerals: ways around a search for eighteen digits.
_SPREAD_ID = re.compile(r"(?<![0-9a-z])[1-9](?:[^\w\n]\d){16}[^\w\n][0-9x](?![0-9a-z])")
_OLD_ID = re.compile(r"(?<![0-9a-z])[1-9]\d{14}(?![0-9a-z])")
_CARD = re.compile(r"(?<![0-9a-z])(?:\d{4}[ -]?){3}\d{4}(?:[ -]?\d{1,3})?(?![0-9a-z])")
_PHONE = re.compile(r"(?<![0-9a-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9a-z])")
# GB/T 2260: the first two digits of a residence number; 81–83 are residence permits for HK, Macao, Taiwan.
_REGIONS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD_LENGTHS = {"62": (16, 17, 18, 19), "4": (16,), "5": (16,), "3": (15, 16), "9": (16, 17, 18, 19)}
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐向申葛柴伍覃骆关焦柳欧祝纪尚毕耿芦左季管符辛苗詹曲靳祁裴涂卜霍"
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|令狐|慕容|夏侯|端木|南宫|长孙|轩辕|呼延|百里"
_NAME = re.compile(rf"(?<![㐀-鿿])(?:(?:{_DOUBLE})[㐀-鿿]{{1,2}}|[{_SURNAMES}][㐀-鿿]{{1,2}})(?![㐀-鿿])")
_ROW_BREAK = re.compile(r"[\n;。]")
_ROW_CHARACTERS = 150
_CLAUSE_BREAK = re.compile(r"[\n;。,、]")


class Personal:
    """Finds personal numbers that check out, rosters, and the categories told in words."""

    triggers: tuple[str, ...] = ()

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._patterns = tuple(
            (rule, re.compile(rule.pattern)) for rule in book.of_kind(Kind.PERSONAL) if rule.pattern
        )
        self._patterned = frozenset(rule.id for rule, _ in self._patterns)

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Numbers first, then the roster they form, then words."""
        numbers = list(self._numbers(candidate))
        yield from numbers
        yield from self._roster(candidate)
        yield from self._words(candidate)

    def _numbers(self, candidate: Candidate) -> Iterator[Hit]:
        text = candidate.folded.text
        for match in (
            *_ID.finditer(text),
            *_SPREAD_ID.finditer(text),
            *numerals.LONG.finditer(text),
        ):
            if is_identity(_digits(match.group())):
                yield self._hit(
                    candidate, match.span(), ("personal.id", "身份证号码，校验位、日期、地区均相符", True)
                )
        for match in _OLD_ID.finditer(text):
            if is_old_identity(match.group()):
                yield self._hit(
                    candidate, match.span(), ("personal.oldid", "十五位身份证号码，日期、地区相符", False)
                )
        for match in _CARD.finditer(text):
            digits = _digits(match.group())
            if is_card(digits) and not is_identity(digits):
                yield self._hit(
                    candidate, match.span(), ("personal.bank", "银行卡号，发卡行前缀与校验位相符", False)
                )
        for match in _PHONE.finditer(text):
            yield self._hit(candidate, match.span(), ("personal.phone", "手机号码", False))

    def _roster(self, candidate: Candidate) -> Iterator[Hit]:
        """Two persons or more, each a name and a checked number that stand together in a row or a clause."""
        text = candidate.folded.text
        rows = _rows(text, _ROW_BREAK) or _rows(text, _CLAUSE_BREAK) or _columns(text)
        if len(rows) < 2:
            return
        span = (rows[0][0], rows[-1][1])
        found = self._hit(candidate, span, ("personal.roster", f"共 {len(rows)} 行姓名与号码", False))
        is_checked = any(is_identity(_digits(number)) for number in _ID.findall(text))
        yield replace(found, score=min(1.0, found.score + 0.02 * (len(rows) - 2) + 0.1 * is_checked))

    def _words(self, candidate: Candidate) -> Iterator[Hit]:
        for rule, pattern in self._patterns:
            if spot := candidate.search(pattern):
                start, end, _ = spot
                yield Hit(
                    rule=rule, piece=candidate.piece, start=start, end=end, score=rule.score, reason=rule.name
                )
        for found in candidate.terms:
            if found.rule.kind == Kind.PERSONAL and found.rule.id not in self._patterned:
                yield hit(found, candidate.piece, f"出现“{found.term}”（{found.rule.name}）")

    def _hit(self, candidate: Candidate, span: tuple[int, int], verdict: tuple[str, str, bool]) -> Hit:
        grammar, reason, is_formal = verdict
        rule = self._book.grammar(grammar)
        start, end = candidate.folded.span(*span)
        return Hit(
            rule=rule,
            piece=candidate.piece,
            start=start,
            end=end,
            score=rule.score,
            reason=reason,
            is_formal=is_formal,
        )


def _rows(text: str, breaks: re.Pattern[str]) -> list[tuple[int, int]]:
    """Spans of the rows with a name and a checked number; none where there are fewer than two."""
    rows, start = [], 0
    for end in [*(found.start() for found in breaks.finditer(text)), len(text)]:
        row = text[start:end]
        name = _NAME.search(row)
        if name and len(row) <= _ROW_CHARACTERS and _has_number(row):
            rows.append((start + name.start(), end))  # 通讯录: before the first name is no part of it
        start = end + 1
    return rows if len(rows) > 1 else []


def _columns(text: str) -> list[tuple[int, int]]:
    """One row a person where each cell of the table stands on a line of its own: name, then its number."""
    rows, name_start, start = [], -1, 0
    for line in text.split("\n"):
        if _NAME.fullmatch(line.strip()):
            name_start = start
        elif name_start >= 0 and _has_number(line):
            rows.append((name_start, start + len(line)))
            name_start = -1
        start += len(line) + 1
    return rows


def is_identity(number: str) -> bool:
    """An 18-digit residence number: region, date of birth and check digit (GB 11643) agree."""
    if len(number) != 18 or number[:2] not in _REGIONS or not _is_date(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10x98765432"[total % 11] == number[17]


def is_old_identity(number: str) -> bool:
    """A 15-digit residence number (issued until 1999): region and date of birth are plausible."""
    return len(number) == 15 and number[:2] in _REGIONS and _is_date("19" + number[6:12])


def is_card(number: str) -> bool:
    """A bank card number: known issuer prefix, its lengths, Luhn check digit."""
    lengths = next((sizes for prefix, sizes in _CARD_LENGTHS.items() if number.startswith(prefix)), ())
    if len(number) not in lengths or len(set(number)) < 4:
        return False
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _has_number(row: str) -> bool:
    if any(is_identity(_digits(found)) for found in _ID.findall(row)) or _PHONE.search(row):
        return True
    return any(is_card(_digits(found)) for found in _CARD.findall(row))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9x]", "", numerals.digits(text))


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return 1890 <= int(text[:4]) <= 2040
