"""Personal data: numbers that check out, rosters, illness, and who complained, testified or was harmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from leakwatch.model import Hit, Kind, Origin, Rule
from leakwatch.rules import RuleBook
from leakwatch.scanners.personal import digit_runs, person_numbers
from leakwatch.scanners.personal.ailments import Patient, patients
from leakwatch.scanners.personal.informants import informants
from leakwatch.scanners.personal.person_numbers import Number
from leakwatch.scanners.personal.persons import Persons
from leakwatch.scanners.personal.rosters import Rosters, Row
from leakwatch.scanners.sieving.sieve import Candidate

_LIST_WORDS = tuple(
    "姓名 户主 名单 名册 登记 补录 几个人 这几位 抄一份 汇总 通讯录 身份证 证号 证件号 "
    "护照 通行证 回乡证 台胞证 军官证 警官证 社保 社会保障 居住证 "
    "出生日期 出生年月 户籍 缴费基数 参保 政治面貌 家庭住址 家庭成员 监护人 床号 床位 月薪 就读 子女 家长 花名册 "
    "岁住 岁家住 岁租 岁现住 岁男 岁女 岁户口".split()
)
_DATA_WORDS = tuple(f"{sex}{digit}" for sex in "男女" for digit in range(10)) + tuple(
    f"{digit}岁" for digit in range(10)
)
_NAME_REACH = 20
_LONG = 300
"""Characters: news and judgments name everybody; a chat message of that length is a forward."""
_WORDY = 120
# What a message about a real person has and a review of a book has not: an age, an address, a unit.
_TRACE = re.compile(
    r"\d{1,3}岁|\d+(?:-\d+)?(?:栋|幢|单元|号|室|床|班)|\d{7}|姓名|身份证|电话|"
    r"(?:我们|咱们?|本)(?:局|科|所|院|校|村|镇|街道|社区|单位|辖区)|社区|街道|派出所|(?:科|局|村|所|镇)的"
)
_FILE = re.compile(r"\.(?:docx?|wps|xlsx?|et|csv|pdf|ofd|jpe?g|png|zip|rar|7z)(?![a-z0-9])")
"""The name of a file that a message speaks of."""
_HEALTH = "pd.health"
_NAMED_NUMBERS = frozenset({"personal.phone", "personal.bank", "personal.paper"})
_DOUBTFUL = frozenset({"personal.id.wrong", "personal.id.part", "personal.bank.wrong"})
_NAMED = "named_beside"
_OLD = "personal.oldid"
_MISTYPED = "personal.id.wrong"
"""Beside 身份证 and a name: whoever it is, with a typing error."""


class Personal:
    """Finds what identifies a person together with what that person would not want to be known."""

    grammars: tuple[re.Pattern[str], ...] = person_numbers.GRAMMARS

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        cues = book.cues
        self._persons = Persons(cues["surname"], cues["not_name"], cues["somebody"])
        self._health = tuple(rule for rule in book.of_kind(Kind.PERSONAL) if rule.category == _HEALTH)
        self._told_ill = {rule.id: re.compile(rule.pattern) for rule in self._health if rule.pattern}
        ailments = [term for rule in self._health if not rule.pattern for term in rule.terms]
        self._rosters = Rosters(
            self._persons, _any([*cues["hardship"].terms, *ailments]), _any(cues["programme"].terms)
        )
        self._case = book.grammar("personal.case")
        self._lists = (book.rule("pd.roster.title"), book.rule("pd.roster.file"))
        self.triggers: tuple[str, ...] = (
            *digit_runs.TRIGGERS,
            *_LIST_WORDS,
            *_DATA_WORDS,
            *cues["hardship"].terms,
            *cues["programme"].terms,
        )

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Numbers first, then the roster they form, then words."""
        numbers = person_numbers.find(candidate.folded.text, candidate.possible)
        yield from (self._number(candidate, number) for number in numbers)
        yield from self._roster(candidate, self._rosters.rows(candidate.folded.text, numbers))
        yield from self._named_list(candidate)
        yield from self._ill(candidate)
        yield from self._told(candidate)

    def _number(self, candidate: Candidate, number: Number) -> Hit:
        rule = self._book.grammar(number.grammar)
        text = candidate.folded.text
        signals = ["disguised"] if number.is_disguised else []
        if number.grammar in _NAMED_NUMBERS or number.grammar in (_MISTYPED, _OLD):
            near = (
                text[max(0, number.start - _NAME_REACH) : number.start],
                text[number.end : number.end + _NAME_REACH],
            )
            if any(map(self._persons.is_named, near)):
                signals.append("old_named" if number.grammar == _OLD else _NAMED)
        return self._hit(candidate, rule, (number.start, number.end), (rule.name, signals))

    def _roster(self, candidate: Candidate, rows: Sequence[Row]) -> Iterator[Hit]:
        if len(rows) < 2:
            return
        span = (rows[0].start, rows[-1].end)
        signals = self._rosters.traits(candidate.folded.text, rows)
        yield self._hit(
            candidate, self._book.grammar("personal.roster"), span, (f"共 {len(rows)} 人成行", signals)
        )

    def _named_list(self, candidate: Candidate) -> Iterator[Hit]:
        """A list that is only spoken of, or the name of its file, with what its columns hold."""
        termed = {found.rule.id for found in candidate.terms}
        is_file = candidate.piece.origin is Origin.FILENAME
        signals = ["row_columns"] if is_file else []
        for rule in self._lists if is_file or _FILE.search(candidate.folded.text) else self._lists[:1]:
            if rule.id in termed and (found := re.search(rule.pattern, candidate.folded.text)):
                yield self._hit(candidate, rule, found.span(), (rule.name, signals))

    def _ill(self, candidate: Candidate) -> Iterator[Hit]:
        """One hit a rule at most for each person and ailment."""
        termed = {found.rule.id for found in candidate.terms}
        for rule in (rule for rule in self._health if rule.id in termed):
            spots = self._spots(candidate, rule)
            told: list[Patient] = []
            for patient in patients(candidate.folded.text, spots, self._persons):
                if not told or patient.start >= told[-1].end:
                    told.append(patient)
                    span = (patient.start, patient.end)
                    yield self._hit(
                        candidate, rule, span, (rule.name, [f"patient_{patient.how}", *_length(candidate)])
                    )

    def _spots(self, candidate: Candidate, rule: Rule) -> list[tuple[int, int]]:
        """Folded spans of the rule's words, or of what its pattern says without any of the listed illnesses."""
        found = [hit for hit in candidate.terms if hit.rule.id == rule.id]
        if rule.id in self._told_ill:
            told = self._told_ill[rule.id].finditer(candidate.folded.text) if found else ()
            return [spot.span() for spot in told]
        return [_place(candidate, hit.start, hit.end) for hit in found]

    def _told(self, candidate: Candidate) -> Iterator[Hit]:
        if not any(found.rule.id == self._case.id for found in candidate.terms):
            return
        end = -1
        for informant in informants(candidate.folded.text, self._persons):
            if informant.start < end:
                continue
            end = informant.end
            signals = [f"informant_{informant.how}", *_length(candidate)]
            yield self._hit(candidate, self._case, (informant.start, end), (self._case.name, signals))

    def _hit(
        self, candidate: Candidate, rule: Rule, span: tuple[int, int], verdict: tuple[str, Sequence[str]]
    ) -> Hit:
        reason, signals = verdict
        start, end = candidate.folded.span(*span)
        return Hit(
            rule=rule,
            piece=candidate.piece,
            start=start,
            end=end,
            reason=reason,
            signals=tuple(map(self._book.signal, signals)),
            is_formal=rule.id == "pd.id",
            is_doubtful=rule.grammar in _DOUBTFUL and not (rule.grammar == _MISTYPED and _NAMED in signals),
        )


def _length(candidate: Candidate) -> list[str]:
    text = candidate.folded.text
    if len(text) > _LONG:
        return ["long"]
    return ["story"] if len(text) > _WORDY and not _TRACE.search(text) else []


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _place(candidate: Candidate, start: int, end: int) -> tuple[int, int]:
    """Folded span of a raw one."""
    first, last = np.searchsorted(candidate.folded.at, (start, end))
    return int(first), int(last)
