"""keyword_lists/ → rules, series of document numbers, cue lists; checked for their structure.

Every entry names its clause and carries examples that must fire and non-examples that must not;
`leakwatch rules check` runs them through the production road.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from leakwatch.errors import RulesError
from leakwatch.model import Clause, Kind, Level, Rule, Signal, Window
from leakwatch.rules.allowed import Allowed, load_allowed
from leakwatch.rules.disguised import DisguisedWords, disguised_words
from leakwatch.rules.entries import (
    CueFile,
    RegulationFile,
    RuleEntry,
    RuleFile,
    WeightFile,
    WindowEntry,
    joined,
    listed,
    table,
)
from leakwatch.rules.series import Series, Spelling, load_published, load_series
from leakwatch.text import tight_each

_NO_RULES = frozenset(
    {
        "regulations.toml",
        "cues.toml",
        "series.toml",
        "weights.toml",
        "allowed.toml",
        "disguised.toml",
        "published.toml",
    }
)
_BETWEEN = r"[^。!?\n禁勿严别得准]{0,22}"
"""Between a deed and what it is done to: one sentence, and no word that forbids it."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All that clerks may edit: rules, cues and series, with one version over them."""

    rules: tuple[Rule, ...]
    cues: dict[str, Window]
    """Cue lists by name; `weight` and `within` are the rule's business and stay at their defaults."""
    series: tuple[Series, ...]
    spelling: Spelling
    published: dict[str, str]
    """Canonical document number → where anybody can read it."""
    signals: dict[str, Signal]
    """What scanners may see at a hit, with its weight, by id."""
    version: str
    """Changes with any byte of any list."""
    allowed: tuple[Allowed, ...] = ()
    """What is left alone although a rule hits."""
    disguised: DisguisedWords = field(default_factory=DisguisedWords)
    """What is recognised however it is written."""

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

    def signal(self, name: str) -> Signal:
        """What a scanner saw, with its weight; RulesError if weights.toml no longer holds it."""
        if name not in self.signals:
            raise RulesError(f"weights.toml：缺少 signal {name}，请从发行包恢复")
        return self.signals[name]

    def of_kind(self, kind: Kind) -> tuple[Rule, ...]:
        """The rules of one kind in the order of the lists."""
        return tuple(rule for rule in self.rules if rule.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lists:
    """What the rules of one folder refer to."""

    folder: Path
    regulations: Mapping[str, str]
    cues: Mapping[str, Window]
    weights: WeightFile


def load(folder: Path) -> RuleBook:
    """The whole of keyword_lists/; RulesError names the file, the rule and the remedy."""
    if not folder.is_dir():
        raise RulesError(f"{folder}：没有找到规则目录，请检查 paths.keyword_lists")
    lists = _Lists(
        folder=folder,
        regulations=_regulations(folder / "regulations.toml"),
        cues=dict(_cues(folder / "cues.toml")),
        weights=table(folder / "weights.toml", WeightFile),
    )
    files = sorted(path for path in folder.glob("*.toml") if path.name not in _NO_RULES)
    rules = tuple(rule for path in files for rule in _rules(path, lists))
    _refuse_twins(rules)
    series, spelling = load_series(folder / "series.toml", {rule.id for rule in rules})
    return RuleBook(
        rules=rules,
        cues=dict(lists.cues),
        series=series,
        spelling=spelling,
        published=load_published(folder / "published.toml"),
        signals={
            name: Signal(id=name, weight=entry.weight, why=entry.why)
            for name, entry in lists.weights.signal.items()
        },
        version=_version(folder),
        allowed=load_allowed(folder / "allowed.toml", {rule.id for rule in rules} | set(CATEGORIES)),
        disguised=disguised_words(folder / "disguised.toml", spelling.letters),
    )


def _version(folder: Path) -> str:
    sha256 = hashlib.sha256()
    for path in sorted([*folder.rglob("*.toml"), *folder.rglob("*.txt")]):
        sha256.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sha256.hexdigest()[:16]


def _cues(path: Path) -> Iterator[tuple[str, Window]]:
    for name, cue in table(path, CueFile).cue.items():
        where = f"{path.name}：{name}"
        yield (
            name,
            Window(
                terms=_terms(where, [*cue.terms, *cue.loose], path.parent),
                loose=frozenset(tight_each(listed(where, cue.loose, path.parent))),
                patterns=tuple(joined(where, pattern) for pattern in cue.patterns),
                why=cue.why,
                least=cue.least,
                hushes=cue.hushes,
            ),
        )


def _rules(path: Path, lists: _Lists) -> Iterator[Rule]:
    file = table(path, RuleFile)
    for entry in file.rule:
        where = f"{path.name}：规则 {entry.id}"
        if entry.category not in CATEGORIES:
            raise RulesError(f"{where}：category 不认识“{entry.category}”，可用：{'、'.join(CATEGORIES)}")
        if not (entry.terms or entry.pattern or entry.grammar):
            raise RulesError(f"{where}：terms、pattern、grammar 至少要写一项")
        near, unless = _context(where, entry, lists)
        yield Rule(
            id=entry.id,
            name=entry.name,
            kind=_KINDS[entry.category[:2]],
            category=entry.category,
            score=entry.score,
            terms=_terms(where, entry.terms, lists.folder),
            loose=_terms(where, entry.loose, lists.folder),
            pattern=joined(where, list(_paired(entry, _patterns(where, entry, lists.cues)))),
            grammar=entry.grammar,
            level=_level(where, entry.level),
            near=near,
            unless=unless,
            clauses=tuple(_clause(where, clause, lists.regulations) for clause in entry.clauses),
            examples=tuple(entry.examples),
            non_examples=tuple(entry.non_examples),
            mode=entry.mode,
            owner=entry.owner or file.owner,
            since=entry.since or file.since,
        )


def _patterns(where: str, entry: RuleEntry, cues: Mapping[str, Window]) -> Iterator[str]:
    """The ways of saying it, one by one; for each @name the words and patterns of that cue."""
    for line in [entry.pattern] if isinstance(entry.pattern, str) else entry.pattern:
        if line.startswith("@"):
            cue = _window(where, WindowEntry(cue=line[1:], weight=0), cues)
            yield from (*map(re.escape, tight_each(cue.terms)), *cue.patterns)
        elif line:
            yield line


def _paired(entry: RuleEntry, ways: Iterable[str]) -> Iterator[str]:
    """Each way with what must stand beside it, in either order; 别, 严禁 before or between them forbids the deed."""
    if not entry.beside:
        yield from ways
        return
    beside = "|".join(entry.beside)
    for way in ways:
        yield rf"(?<![勿别严禁])(?:{way}){_BETWEEN}(?:{beside})"
        yield rf"(?<![勿别严禁])(?:{beside}){_BETWEEN}(?:{way})"


def _context(where: str, entry: RuleEntry, lists: _Lists) -> tuple[tuple[Window, ...], tuple[Window, ...]]:
    """What raises a rule and what lowers it."""
    if entry.context and entry.context not in lists.weights.context:
        raise RulesError(f"{where}：weights.toml 里没有 context“{entry.context}”")
    window = partial(_window, where, cues=lists.cues)
    near: list[Window] = []
    unless: list[Window] = []
    if entry.context:
        context = lists.weights.context[entry.context]
        near, unless = list(map(window, context.near)), list(map(window, context.unless))
    if entry.support:
        support = lists.weights.support
        near.append(window(WindowEntry(cue=entry.support, weight=support.weight, within=support.within)))
    return tuple(near), tuple(unless)


def _regulations(path: Path) -> dict[str, str]:
    return {key: entry.title for key, entry in table(path, RegulationFile).regulation.items()}


def _clause(where: str, clause: str, regulations: Mapping[str, str]) -> Clause:
    key, _, article = clause.partition(" ")
    if key not in regulations or not article:
        raise RulesError(f"{where}：依据“{clause}”应写作“文件代号 条款”，代号见 regulations.toml")
    return Clause(document=regulations[key], article=article)


def _level(where: str, level: str) -> Level | None:
    if level and level not in tuple(Level):
        raise RulesError(f"{where}：level 不认识“{level}”，可用：{'、'.join(Level)}")
    return Level(level) if level else None


def _window(where: str, entry: WindowEntry, cues: Mapping[str, Window]) -> Window:
    if entry.cue not in cues:
        raise RulesError(f"{where}：cues.toml 里没有“{entry.cue}”")
    return replace(cues[entry.cue], within=entry.within, weight=entry.weight)


def _terms(where: str, entries: list[str], folder: Path) -> tuple[str, ...]:
    terms = listed(where, entries, folder)
    folded = tight_each(terms)
    counts = Counter(folded)
    twins = [term for term, word in zip(terms, folded, strict=True) if counts[word] > 1 or not word]
    if twins:
        raise RulesError(f"{where}：这些词折叠后重复或为空：{'、'.join(twins)}")
    return terms


def _refuse_twins(rules: tuple[Rule, ...]) -> None:
    twins = [rule_id for rule_id, count in Counter(rule.id for rule in rules).items() if count > 1]
    if twins:
        raise RulesError(f"keyword_lists：规则编号重复：{'、'.join(twins)}")
