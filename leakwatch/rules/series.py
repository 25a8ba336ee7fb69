"""series.toml and published.toml → families of document numbers, and the numbers that are public already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from leakwatch.errors import RulesError
from leakwatch.rules.entries import Strict, joined, table
from leakwatch.text import fold

_NUMBER = re.compile(
    r"(?P<code>[㐀-鿿]{2,20})[\[(<](?P<year>(?:19|20)\d\d)[\])>]第?(?P<serial>\d{1,5})(?P<mark>[号期])"
)
_BODIES = "部局厅市省区县"
_PLAIN_WORDS = "的了是在和与见按据依及把将从于为这那有已再被给以用由对到就都也又令"


class Risk(StrEnum):
    """What the numbers of a series give away."""

    CENTRAL = "机要"
    SECRECY = "保密部门"
    TELEGRAM = "电报"
    INTERNAL = "内部"
    PUBLIC = "公开"
    NONE = "非文号"


CONFIDENTIAL = frozenset({Risk.CENTRAL, Risk.SECRECY, Risk.TELEGRAM})


class SeriesEntry(Strict):
    """A family of agency codes as clerks write it; a pattern may be a list, one family of codes in each line."""

    risk: Risk
    why: str
    rule: str = ""
    codes: tuple[str, ...] = ()
    pattern: str | list[str] = ""
    misread: tuple[str, ...] = ()


class SpellingEntry(Strict):
    """What agency codes are made of."""

    letters: str
    places: str
    organs: list[str]
    names: dict[str, str]
    stops: list[str]


class SeriesFile(Strict):
    """series.toml."""

    spelling: SpellingEntry
    series: list[SeriesEntry]


class PublishedEntry(Strict):
    """A number that anybody can read up."""

    number: str
    where: str
    who: str
    since: date


class PublishedFile(Strict):
    """published.toml."""

    published: tuple[PublishedEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A family of document numbers that share one risk; the first that fits a code decides."""

    risk: Risk
    why: str
    rule: str
    """Id of the rule of its hits; empty for what is no document number."""
    codes: frozenset[str]
    """Whole codes that are known even where other words are glued to them."""
    pattern: re.Pattern[str] | None
    misread: tuple[str, ...]
    """Ends of its codes that are recognised on photos with near shapes for their characters too."""

    def has(self, code: str) -> bool:
        """Whether a folded agency code belongs to this family."""
        return code in self.codes or bool(self.pattern and self.pattern.search(code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """What agency codes are made of, and where they begin in running text."""

    letters: frozenset[str]
    """Characters that stand for bodies and kinds of documents."""
    names: dict[str, str]
    """What is spelled out → what codes write for it (上海市 → 沪)."""
    stops: tuple[str, ...]
    """Words after which a code begins; the longest first."""
    organ: re.Pattern[str]
    """A code at the end of a text that begins with a body: 京财采购, 国卫办基层函."""


def load_series(path: Path, rule_ids: Collection[str]) -> tuple[tuple[Series, ...], Spelling]:
    """The families in their order, and the letters of codes."""
    content = table(path, SeriesFile)
    spelling = Spelling(
        letters=frozenset("".join([content.spelling.letters, *content.spelling.names.values()])),
        names=content.spelling.names,
        stops=tuple(sorted(content.spelling.stops, key=len, reverse=True)),
        organ=_organ(content.spelling),
    )
    return tuple(_series(path, entry, rule_ids) for entry in content.series), spelling


def _organ(spelling: SpellingEntry) -> re.Pattern[str]:
    """A place or none, a body, and up to six characters that name no other body.

    Behind a body of one character and no place only letters of codes: 法, 知, 气 end words of every day too.
    """
    by_length = sorted(spelling.organs, key=len, reverse=True)
    every, long = "|".join(by_length), "|".join(body for body in by_length if len(body) > 1)
    letters = "".join(sorted(set(spelling.letters) - set(_BODIES)))
    office = "厅(?=[发函字规办]|$)"
    wide = rf"(?:[㐀-鿿](?<![{_BODIES}{_PLAIN_WORDS}])|{office}){{0,5}}"
    return re.compile(
        rf"(?:[{spelling.places}](?:{every}){wide}|(?:{long}){wide}|(?:{every})(?:[{letters}]|{office}){{0,5}})$"
    )


def load_published(path: Path) -> dict[str, str]:
    """Canonical number → where it was published; RulesError for an entry that proves nothing."""
    published: dict[str, str] = {}
    for entry in table(path, PublishedFile).published:
        where = f"{path.name}：“{entry.number}”"
        key = canonical(entry.number)
        if key is None:
            raise RulesError(f"{where}：看不出文号，应写作 代字〔年份〕序号号，例如 青委发〔2031〕3号")
        if key in published:
            raise RulesError(f"{where}：写了两次，请删去一条")
        if not entry.where.strip() or not entry.who.strip():
            raise RulesError(f"{where}：须写明 where（公开出处）和 who（谁核实的）")
        published[key] = entry.where.strip()
    return published


def number_key(code: str, year: int | None, serial: str, mark: str) -> str:
    """How a number is written once and for all: 中办发〔2031〕45号; without a year 〔年份未写〕."""
    return f"{code}〔{year if year else '年份未写'}〕{serial}{mark}"


def canonical(number: str) -> str | None:
    """The key of a number that is written in full; None where it is none."""
    found = _NUMBER.fullmatch(re.sub(r"\s", "", fold(number).text))
    if found is None:
        return None
    return number_key(found["code"], int(found["year"]), str(int(found["serial"])), found["mark"])


def _series(path: Path, entry: SeriesEntry, rule_ids: Collection[str]) -> Series:
    where = f"{path.name}：系列“{entry.why}”"
    for why in _faults(entry, rule_ids):
        raise RulesError(f"{where}：{why}")
    return Series(
        risk=entry.risk,
        why=entry.why,
        rule=entry.rule,
        codes=frozenset(entry.codes),
        pattern=re.compile(joined(where, entry.pattern)) if entry.pattern else None,
        misread=entry.misread,
    )


def _faults(entry: SeriesEntry, rule_ids: Collection[str]) -> Iterator[str]:
    if not entry.codes and not entry.pattern:
        yield "codes、pattern 至少要写一项"
    if entry.risk is Risk.NONE and entry.rule:
        yield "不是文号的系列不写 rule"
    if entry.risk is not Risk.NONE and entry.rule not in rule_ids:
        yield f"rule 指向不存在的规则“{entry.rule}”"
