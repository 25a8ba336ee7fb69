"""Document numbers: agency code + year + serial, classed by the series of the code (keyword_lists/series.toml).

Also minutes and bulletins by issue, orders and announcements, telegrams by their second number, and the
colloquial 中办45号文 of the series that are confidential whatever they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from leakwatch.model import Hit, Kind, Origin, Signal
from leakwatch.rules import RuleBook
from leakwatch.rules.series import CONFIDENTIAL, Risk, number_key
from leakwatch.scanners.numbers.codes import Code, Codes, Reading, triggers
from leakwatch.scanners.numbers.norms import ISSUED, SPOKEN_ENDS, is_certain, is_number, is_said
from leakwatch.scanners.numbers.number_forms import (
    BEGUN,
    ENDED,
    ISSUE,
    TAIL,
    UNNUMBERED,
    WIRE,
    YEARLESS,
    closed,
    tails,
)
from leakwatch.scanners.numbers.numerals import integer
from leakwatch.scanners.sieving.sieve import Candidate

_YEARS = ("19", "20", "2o", "2〇", "二〇", "二零", "贰零", "一九")
_ENDINGS = "发字函办电委组干纪巡编党请局传密"
"""What most codes end with; before a year they are worth a look even where the 号 is left out."""
_INITIALS = "dn.initials"
_SPLIT, _REST = "dn.begun", "dn.ended"
_DRAFTED = "dn.intern"
_NAMES = tuple(
    "中办 中央办公厅 密办 密字 明电 密电 纪要 专报 快报 简报 内参 要情 情况反映 参阅 令第 机发 公告20".split()
)
_BODY = re.compile(r"[局委办会厅府室部院组镇街司处]$")
_SESSION = re.compile(r"第\s?[\d一二三四五六七八九十]{1,3}\s?$")
_HAN = re.compile(r"[㐀-鿿]")
_OPENING = re.compile(r"[\[(]")
_JOINT = re.compile(r"\s*[、,，和及跟与]?\s*")
_PAGE = frozenset({Origin.OCR, Origin.DOCUMENT})
_TELLING = frozenset({Origin.MESSAGE, Origin.QUOTE, Origin.FORWARD, Origin.OCR})
_MESSAGE = 300
"""Characters: longer ones are articles, whose numbers are mostly public."""
_SENTENCE = 6
"""Han characters beside a number that say something: 你那边收到没 is less."""
_ASKED = re.compile(
    r"[^。!;,\n]*(?:(?:谁|哪[个位里儿]|有没有|是不是|咋)[^。!;,\n]*|\?|[吗没](?=[,。!;\n]|$))"
)
_WIRED = re.compile(r"编号|报号|机号|报头|电报|明电|密电|来电|特提|特急|加急|平急")
"""What announces the number of a telegram that has no 号 behind it."""
_SAID = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A document number in folded text."""

    code: Code
    key: str
    start: int
    end: int
    why: str = ""
    is_doubtful: bool = False
    is_bare: bool = False
    """No brackets around the year."""
    is_rest: bool = False
    """No code before it."""


class Numbers:
    """Finds document numbers and says which series they belong to.

    The key of a number (`Hit.document`) is code〔year〕serial号 and joins what is certainly the same: any
    brackets, digits of any script and width, blanks and line breaks, 第, leading zeros, years of two digits,
    misread and disguised characters, and the names of bodies that have one short form (上海市委 is 沪委).
    It does not join a number without its place or its year to one that has them.
    """

    grammars: tuple[re.Pattern[str], ...] = (TAIL, ISSUE, YEARLESS, WIRE, UNNUMBERED, BEGUN, ENDED)

    def __init__(self, book: RuleBook) -> None:
        self._codes = Codes(book.series, book.spelling)
        self._rules = {rule.id: rule for rule in book.of_kind(Kind.DOCNUMBER)}
        self._published = {
            key: replace(book.signal("published"), why=f"已公开：{where}")
            for key, where in book.published.items()
        }
        self._misread = {reading: book.signal(reading) for reading in (Reading.BLURRED, Reading.GUESSED)}
        self._bare = book.signal("bare_initials")
        self._told = book.signal("number_told")
        self._file = book.signal("number_file")
        self.triggers: tuple[str, ...] = tuple(
            {
                *triggers(book.series, _YEARS),
                *_NAMES,
                *map("".join, product(_ENDINGS, _YEARS)),
                *map("".join, product("令", "123456789")),
                *map("".join, product(SPOKEN_ENDS, "123", "0123456789", "年")),
            }
        )

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Numbers in the order of the grammars; a span is reported once."""
        taken: set[int] = set()
        for number in self._found(candidate):
            span = range(number.start, number.end)
            if taken.isdisjoint(span):
                taken.update(span)
                yield self._hit(candidate, number)

    def _found(self, candidate: Candidate) -> Iterator[_Number]:
        if not candidate.possible:
            return
        text, is_page = candidate.folded.text, candidate.piece.origin in _PAGE
        ways = (
            self._dated, self._issues, self._yearless, self._wires, self._unnumbered, self._begun, self._ended,
        )  # fmt: skip
        for grammar, way in zip(self.grammars, ways, strict=True):
            if grammar.pattern in candidate.possible:
                yield from way(text, is_page)

    def _dated(self, text: str, is_page: bool) -> Iterator[_Number]:
        last: Code | None = None
        last_end = 0
        for tail in tails(text):
            code = self._codes.before(text, tail.start, is_page)
            if code is None and last and _JOINT.fullmatch(text, last_end, tail.start):
                code = replace(last, start=tail.start)
            if code is None or not is_number(text, code, tail, is_page):
                continue
            code = _with_session(text, code)
            last, last_end = code, tail.serials[-1][2]
            for place, (serial, start, end) in enumerate(tail.serials):
                key = number_key(self._codes.key(code.text), tail.year, serial, tail.mark or "号")
                yield _Number(
                    code=code,
                    key=key,
                    start=start if place else code.start,
                    end=end,
                    is_doubtful=tail.is_misread and not (is_page or is_certain(code, tail)),
                    is_bare=not tail.is_bracketed and tail.is_plain,
                )

    def _issues(self, text: str, is_page: bool) -> Iterator[_Number]:
        """水务局第2023年第7期局长办公会议纪要: the issue before the name."""
        for issue in ISSUE.finditer(text):
            serial = integer(issue["serial"])
            series = self._codes.family(issue["name"])
            if serial is None or series is None or series.rule not in ISSUED:
                continue
            body = self._codes.before(text, issue.start(), is_page)
            is_body = body is not None and _BODY.search(body.text) is not None
            start = body.start if body and is_body else issue.start()
            name = (body.text if body and is_body else "") + issue["name"]
            year = integer(issue["year"]) if issue["year"] else None
            code = Code(text=name, start=start, series=series)
            yield _Number(
                code=code,
                key=number_key(name, year, str(serial), issue["mark"]),
                start=start,
                end=issue.end(),
            )

    def _yearless(self, text: str, is_page: bool) -> Iterator[_Number]:
        """中办45号文, 省委密办9号, 信息专报第31期, 国务院令第588号."""
        for found in YEARLESS.finditer(text):
            serial = integer(found["serial"])
            code = self._codes.before(text, found.start(), is_page)
            if serial is None or code is None or not is_said(code, found):
                continue
            end = found.end("doc") if found["doc"] and code.risk is Risk.CENTRAL else found.end("mark")
            opening = _OPENING.search(found["filler"])
            end = closed(found, opening[0]) if opening and end == found.end() else end
            key = number_key(self._codes.key(code.text), None, str(serial), found["mark"])
            why = "（口头写法）" if code.risk in CONFIDENTIAL else ""
            is_doubtful = code.risk is Risk.TELEGRAM and not found["filler"].strip()
            yield _Number(code=code, key=key, start=code.start, end=end, why=why, is_doubtful=is_doubtful)

    def _wires(self, text: str, is_page: bool) -> Iterator[_Number]:
        for wire in WIRE.finditer(text):
            serial = integer(wire["serial"])
            body = self._codes.before(text, wire.start() + 2, is_page)
            if serial is None or body is None:
                continue
            yield _Number(
                code=replace(body, series=self._codes.family("密电")),
                key=number_key(body.text, None, str(serial), "号"),
                start=body.start,
                end=wire.end(),
                is_doubtful=not (
                    wire["mark"] or _WIRED.search(text, max(0, wire.start() - _SAID), wire.start())
                ),
            )

    def _unnumbered(self, text: str, is_page: bool) -> Iterator[_Number]:
        """青政干〔2031〕待编号: a draft; in a public series only where somebody says that it is one."""
        for found in UNNUMBERED.finditer(text):
            code = self._codes.before(text, found.start(), is_page)
            if code is None or code.series is None or code.reading is Reading.INITIALS:
                continue
            if code.risk is Risk.NONE or (code.risk is Risk.PUBLIC and not found["told"]):
                continue
            if code.risk is Risk.PUBLIC:
                code = replace(code, series=replace(code.series, rule=_DRAFTED))
            key = number_key(self._codes.key(code.text), integer(found["year"]), "", "号")
            is_asked = bool(found["asked"] or found["lost"])
            yield _Number(
                code=code,
                key=key,
                start=code.start,
                end=found.end(),
                why="（没有说全）" if is_asked else "（尚未编号的稿子）",
                is_doubtful=is_asked,
            )

    def _begun(self, text: str, is_page: bool) -> Iterator[_Number]:
        """云委密办〔2031〕, and the serial in the next message."""
        for found in BEGUN.finditer(text) if not is_page else ():
            code = self._codes.before(text, found.start(), is_page)
            if code is None or code.series is None or code.risk not in CONFIDENTIAL:
                continue
            code = replace(code, series=replace(code.series, rule=_SPLIT))
            key = number_key(self._codes.key(code.text), integer(found["year"]), "", "号")
            yield _Number(code=code, key=key, start=code.start, end=found.end(), why="（后半截没有写）")

    def _ended(self, text: str, is_page: bool) -> Iterator[_Number]:
        """〔2031〕9号, and the code in the message before: what is near it decides."""
        for found in ENDED.finditer(text) if not is_page else ():
            key = number_key("", integer(found["year"]), str(integer(found["serial"])), "号")
            code = Code(text="", start=found.start(), series=None)
            yield _Number(code=code, key=key, start=found.start(), end=found.end(), is_rest=True)

    def _hit(self, candidate: Candidate, number: _Number) -> Hit:
        code = number.code
        rule = self._rules[code.series.rule if code.series else "dn.public"]
        if code.reading is Reading.INITIALS:
            rule = self._rules[_INITIALS]
        if number.is_rest:
            rule = self._rules[_REST]
        start, end = candidate.folded.span(number.start, number.end)
        why = code.series.why if code.series else "没有写代字" if number.is_rest else "不在内部系列中"
        return Hit(
            rule=rule,
            piece=candidate.piece,
            start=start,
            end=end,
            reason=f"{rule.name}“{number.key}”：{why}{number.why}",
            signals=tuple(self._signals(candidate, number)),
            document=number.key,
            is_doubtful=number.is_doubtful or code.reading is Reading.GUESSED,
        )

    def _signals(self, candidate: Candidate, number: _Number) -> Iterator[Signal]:
        if signal := self._misread.get(number.code.reading):
            yield signal
        if number.code.reading is Reading.INITIALS and number.is_bare:
            yield self._bare
        if number.code.risk is Risk.INTERNAL and candidate.piece.origin is Origin.FILENAME:
            yield self._file
        if number.code.risk is Risk.INTERNAL and _is_told(candidate, number):
            yield self._told
        if signal := self._published.get(number.key):
            yield signal


def _is_told(candidate: Candidate, number: _Number) -> bool:
    """Whether a short message or a photographed page says something besides the number, and not only asks."""
    text = candidate.folded.text
    said = _HAN.findall(_ASKED.sub("", f"{text[: number.start]}…{text[number.end :]}"))
    return candidate.piece.origin in _TELLING and len(text) <= _MESSAGE and len(said) >= _SENTENCE


def _with_session(text: str, code: Code) -> Code:
    """第12次 belongs to the name of 次局长办公会议纪要."""
    found = _SESSION.search(text, max(0, code.start - 8), code.start) if code.text.startswith("次") else None
    return replace(code, text=code.text[1:], start=found.start()) if found else code
