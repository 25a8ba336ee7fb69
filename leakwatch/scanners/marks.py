"""Classification marks by their forms, and words that call a carrier classified or not to be passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.model import Hit, Kind, Level, Rule
from leakwatch.rules import RuleBook
from leakwatch.scanners.borders import is_inside
from leakwatch.scanners.mark_forms import FORMS, LEVEL, YEARS
from leakwatch.scanners.sieve import Candidate, hit

_MAXIMUM_YEARS = {Level.JUEMI: 30, Level.JIMI: 20, Level.MIMI: 10}
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


class Marks:
    """Finds marks by their grammar and the marking rules by their terms."""

    triggers: tuple[str, ...] = ("绝密", "机密", "秘密", "密级", "涉密等级", "商密", "工作秘密", "内部")

    def __init__(self, book: RuleBook) -> None:
        self._forms = tuple((form, book.grammar(form.grammar)) for form in FORMS)
        self._compounds = book.cues["compound"].terms
        self._said = tuple(
            (rule, re.compile(rule.pattern)) for rule in book.of_kind(Kind.MARKING) if rule.pattern
        )
        self._patterned = frozenset(rule.id for rule, _ in self._said)

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Marks, words that call a carrier classified, and cues not to pass on."""
        yield from self._marks(candidate)
        yield from self._sayings(candidate)
        for found in candidate.terms:
            if found.rule.kind == Kind.MARKING and found.rule.id not in self._patterned:
                yield hit(found, candidate.piece, f"出现“{found.term}”（{found.rule.name}）")

    def _marks(self, candidate: Candidate) -> Iterator[Hit]:
        taken: list[tuple[int, int]] = []
        for form, rule in self._forms:
            for match in form.pattern.finditer(candidate.folded.text):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                if "★" not in match.group() and self._is_compound(candidate, match):
                    continue
                bonus = form.fits(candidate, match)
                if bonus is not None:
                    taken.append(match.span())
                    yield _as_hit(candidate, match, rule, (bonus, form.is_formal))

    def _is_compound(self, candidate: Candidate, match: re.Match[str]) -> bool:
        marked = "level" if match.group("level") else "level2"
        return is_inside(candidate.folded.text, match.span(marked), self._compounds)

    def _sayings(self, candidate: Candidate) -> Iterator[Hit]:
        for rule, pattern in self._said:
            found = candidate.search(pattern)
            if found is None:
                continue
            start, end, words = found
            level = re.search(LEVEL, words)
            yield Hit(
                rule=rule,
                piece=candidate.piece,
                start=start,
                end=end,
                score=rule.score,
                reason=f"文字{'' if rule.category == 'mk.cue' else '称所说的材料涉密，'}属于“{rule.name}”",
                level=_level(level.group()) if level else rule.level,
            )


def _as_hit(candidate: Candidate, match: re.Match[str], rule: Rule, verdict: tuple[float, bool]) -> Hit:
    bonus, is_formal = verdict
    groups = match.groupdict()
    marked = groups.get("level") or groups.get("level2")
    start, end = candidate.folded.span(
        match.start("level") if "blank" in groups else match.start(), match.end()
    )
    level = _level(marked) if marked else rule.level
    return Hit(
        rule=rule,
        piece=candidate.piece,
        start=start,
        end=end,
        score=max(0.0, min(1.0, rule.score + bonus)),
        reason=_reason(rule, level, groups.get("term") or groups.get("term2") or ""),
        level=level,
        is_formal=is_formal,
    )


def _reason(rule: Rule, level: Level | None, term: str) -> str:
    said = f"{rule.name}：密级“{level}”" if level else rule.name
    if term:
        said += f"，期限“{term.strip()}”"
    years = _years(term)
    if level in _MAXIMUM_YEARS and years is not None and years > _MAXIMUM_YEARS[level]:
        said += f"（超过{level}级最长{_MAXIMUM_YEARS[level]}年的法定期限，标注有误，仍须报告）"
    if level in (Level.WORK, Level.INTERNAL) and "★" in rule.name:
        said += "（工作秘密不应使用★，标注有误）"
    return said


def _years(term: str) -> int | None:
    found = re.match(rf"({YEARS})\s*年", term)
    if found is None:
        return None
    text = re.sub(r"\s", "", found.group(1)).translate(str.maketrans("loi〇", "1010"))
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones if ten else tens, 0)


def _level(text: str) -> Level:
    return {"绝": Level.JUEMI, "机": Level.JIMI, "秘": Level.MIMI, "工": Level.WORK, "内": Level.INTERNAL}[
        text[0]
    ]
