"""keyword_lists/ → rules, series of document numbers, cue lists; checked for their structure.

Every entry names its clause and carries examples that must fire and non-examples that must not;
`leakwatch rules check` runs them through the production road.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from leakwatch.errors import RulesError
from leakwatch.model import Clause, Kind, Level, Rule, Window
from leakwatch.text import tight

_KINDS = {
    "mk": Kind.MARKING,
    "dn": Kind.DOCNUMBER,
    "ws": Kind.WORKSECRET,
    "pd": Kind.PERSONAL,
    "im": Kind.IMAGE,
}
CATEGORIES = tuple(
    "mk.state mk.said mk.work mk.nopub mk.com mk.cue dn.jiyao dn.sec dn.tele dn.intern dn.public "
    "ws.draft ws.hr ws.audit ws.disc ws.data ws.emerg ws.trip ws.ctrl ws.fin ws.site ws.state ws.act "
    "pd.id pd.phone pd.bank pd.roster pd.health pd.case im.redhead im.seal".split()
)
_EXAMPLES_FLOOR = 3
_Shape = TypeVar("_Shape", bound="_Strict")


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A table of keyword_lists/; unknown keys are mistakes."""


class _WindowEntry(_Strict):
    cue: str
    weight: float
    within: int = 40


class _RuleEntry(_Strict):
    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}\.[a-z]+(\.[a-z_]+)?$")]
    name: str
    category: str
    score: Annotated[float, msgspec.Meta(ge=0, le=1)]
    clauses: Annotated[list[str], msgspec.Meta(min_length=1)]
    examples: Annotated[list[str], msgspec.Meta(min_length=_EXAMPLES_FLOOR)]
    non_examples: Annotated[list[str], msgspec.Meta(min_length=_EXAMPLES_FLOOR)]
    terms: list[str] = []
    pattern: str = ""
    grammar: str = ""
    level: str = ""
    near: list[_WindowEntry] = []
    unless: list[_WindowEntry] = []


class _RuleFile(_Strict):
    rule: list[_RuleEntry]


class _CueEntry(_Strict):
    why: str
    terms: Annotated[list[str], msgspec.Meta(min_length=1)]


class _CueFile(_Strict):
    cue: dict[str, _CueEntry]


class _RegulationEntry(_Strict):
    title: str
    source: str


class _RegulationFile(_Strict):
    regulation: dict[str, _RegulationEntry]


class _SeriesEntry(_Strict):
    rule: str
    why: str
    codes: list[str] = []
    pattern: str = ""


class _SeriesFile(_Strict):
    series: list[_SeriesEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A family of document numbers that share one risk; the first that fits a code decides."""

    rule: str
    why: str
    codes: frozenset[str]
    pattern: re.Pattern[str] | None

    def has(self, code: str) -> bool:
        """Whether a folded agency code belongs to this family."""
        return code in self.codes or bool(self.pattern and self.pattern.search(code))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All that clerks may edit: rules, cues and series, with one version over them."""

    rules: tuple[Rule, ...]
    cues: dict[str, Window]
    """Cue lists by name; `weight` and `within` are the rule's business and stay at their defaults."""
    series: tuple[Series, ...]
    version: str
    """Changes with any byte of any list."""

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; RulesError if a scanner asks for one that the lists no longer hold."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise RulesError(f"keyword_lists：缺少规则 {rule_id}，请从发行包恢复")

    def grammar(self, name: str) -> Rule:
        """The rule that describes a grammar of scanners/."""
        for rule in self.rules:
            if rule.grammar == name:
                return rule
        raise RulesError(f"keyword_lists：缺少语法 {name} 的规则，请从发行包恢复")

    def of_kind(self, kind: Kind) -> tuple[Rule, ...]:
        """The rules of one kind in the order of the lists."""
        return tuple(rule for rule in self.rules if rule.kind == kind)


def load(folder: Path) -> RuleBook:
    """The whole of keyword_lists/; RulesError names the file, the rule and the remedy."""
    if not folder.is_dir():
        raise RulesError(f"{folder}：没有找到规则目录，请检查 paths.keyword_lists")
    regulations = _regulations(folder / "regulations.toml")
    cues = {
        name: Window(terms=tuple(cue.terms), why=cue.why)
        for name, cue in _table(folder / "cues.toml", _CueFile).cue.items()
    }
    named = {"regulations.toml", "cues.toml", "series.toml"}
    files = sorted(path for path in folder.glob("*.toml") if path.name not in named)
    rules = tuple(rule for path in files for rule in _rules(path, regulations, cues))
    _refuse_twins(rules)
    series = tuple(_series(folder / "series.toml", {rule.id for rule in rules}))
    return RuleBook(rules=rules, cues=cues, series=series, version=_version(folder))


def _version(folder: Path) -> str:
    sha256 = hashlib.sha256()
    for path in sorted([*folder.glob("*.toml"), *folder.glob("*.txt")]):
        sha256.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sha256.hexdigest()[:16]


def _table(path: Path, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), shape)
    except FileNotFoundError as why:
        raise RulesError(f"{path.name}：文件不见了，请从发行包恢复") from why
    except OSError as why:
        raise RulesError(f"{path.name}：打不开（{why.strerror}），请检查文件权限") from why
    except UnicodeDecodeError as why:
        raise RulesError(f"{path.name}：不是 UTF-8 编码，请用 UTF-8 另存") from why
    except tomllib.TOMLDecodeError as why:
        raise RulesError(f"{path.name}：TOML 写法有误（{why}）") from why
    except msgspec.ValidationError as why:
        raise RulesError(f"{path.name}：内容不合要求（{why}）") from why


def _rules(path: Path, regulations: dict[str, str], cues: dict[str, Window]) -> Iterator[Rule]:
    for entry in _table(path, _RuleFile).rule:
        where = f"{path.name}：规则 {entry.id}"
        if entry.category not in CATEGORIES:
            raise RulesError(f"{where}：category 不认识“{entry.category}”，可用：{'、'.join(CATEGORIES)}")
        if not (entry.terms or entry.pattern or entry.grammar):
            raise RulesError(f"{where}：terms、pattern、grammar 至少要写一项")
        yield Rule(
            id=entry.id,
            name=entry.name,
            kind=_KINDS[entry.category[:2]],
            category=entry.category,
            score=entry.score,
            terms=_terms(where, entry.terms, path.parent),
            pattern=_pattern(where, entry.pattern).pattern if entry.pattern else "",
            grammar=entry.grammar,
            level=_level(where, entry.level),
            near=tuple(_window(where, near, cues) for near in entry.near),
            unless=tuple(_window(where, unless, cues) for unless in entry.unless),
            clauses=tuple(_clause(where, clause, regulations) for clause in entry.clauses),
            examples=tuple(entry.examples),
            non_examples=tuple(entry.non_examples),
        )


def _regulations(path: Path) -> dict[str, str]:
    return {key: entry.title for key, entry in _table(path, _RegulationFile).regulation.items()}


def _clause(where: str, clause: str, regulations: dict[str, str]) -> Clause:
    key, _, article = clause.partition(" ")
    if key not in regulations or not article:
        raise RulesError(f"{where}：依据“{clause}”应写作“文件代号 条款”，代号见 regulations.toml")
    return Clause(document=regulations[key], article=article)


def _level(where: str, level: str) -> Level | None:
    if level and level not in tuple(Level):
        raise RulesError(f"{where}：level 不认识“{level}”，可用：{'、'.join(Level)}")
    return Level(level) if level else None


def _pattern(where: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as why:
        raise RulesError(f"{where}：正则表达式有误（{why}）") from why


def _window(where: str, entry: _WindowEntry, cues: dict[str, Window]) -> Window:
    if entry.cue not in cues:
        raise RulesError(f"{where}：cues.toml 里没有“{entry.cue}”")
    cue = cues[entry.cue]
    return Window(terms=cue.terms, within=entry.within, weight=entry.weight, why=cue.why)


def _terms(where: str, entries: list[str], folder: Path) -> tuple[str, ...]:
    terms = [term for entry in entries for term in _listed(where, entry, folder)]
    folded = Counter(tight(term).text for term in terms)
    twins = [term for term, count in folded.items() if count > 1 or not term]
    if twins:
        raise RulesError(f"{where}：这些词折叠后重复或为空：{'、'.join(twins)}")
    return tuple(terms)


def _listed(where: str, entry: str, folder: Path) -> list[str]:
    """A term itself, or with a leading @ the lines of a .txt list."""
    if not entry.startswith("@"):
        return [entry]
    path = folder / entry[1:]
    if not path.is_file():
        raise RulesError(f"{where}：词表 {entry[1:]} 不存在")
    lines = path.read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _series(path: Path, rule_ids: set[str]) -> Iterator[Series]:
    for entry in _table(path, _SeriesFile).series:
        if entry.rule not in rule_ids:
            raise RulesError(f"{path.name}：系列指向不存在的规则 {entry.rule}")
        pattern = _pattern(f"{path.name}：{entry.rule}", entry.pattern) if entry.pattern else None
        yield Series(rule=entry.rule, why=entry.why, codes=frozenset(entry.codes), pattern=pattern)


def _refuse_twins(rules: tuple[Rule, ...]) -> None:
    twins = [rule_id for rule_id, count in Counter(rule.id for rule in rules).items() if count > 1]
    if twins:
        raise RulesError(f"keyword_lists：规则编号重复：{'、'.join(twins)}")
