"""Work secrets: a topic of the regulation's list, made specific by a figure, a name, a time or a place.

Whether it is public, taught or joked about is weighed in findings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from leakwatch.model import Hit, Kind, Rule
from leakwatch.rules import RuleBook
from leakwatch.scanners.borders import stands_alone
from leakwatch.scanners.sieve import Candidate, TermHit

_AROUND = 60
_HUSH = 0.15
"""For “not a word of it” in the same message, in whatever words (the pattern of mk.cue.hush)."""
_SHORT = 2
_LONG = 300
"""Characters: in 3,200 real laws, judgments and news a figure or a name is always near, so it says nothing."""
_SPECIFIC = (
    ("数目", re.compile(r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万几数半]+)\s*(?:余|多|来)?\s*(?:万|亿|元|块|人|名|个|户|票|成|%|棚|处|套|辆|公里|吨|毫克|倍|份|件|栋|亩|条|轮|天|年|分|例|头|只|家|楼|位|句|字|页|张)")),
    ("时间", re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:点|时|月|号|日)|今晚|明天|后天|明早|下周|下月|本周|周[一二三四五六日末]|凌晨|上午|下午|节前|节后|年底")),
    ("地点", re.compile(r"[东南西北]头|[一二三四五六七八九十\d]+楼|号楼|仓库|码头|展厅|大院|粮站|厂区|小区|[一-鿿]{1,6}(?:路|街|村|镇|乡|县|区|港|库|站)(?![一-鿿]{0,1}线)")),
    ("人或职务", re.compile(r"(?:局长|书记|主任|处长|科长|部长|市长|区长|县长|厅长|所长|队长|院长|校长|副局|副处|总)|二把手|一把手|法人|老板|那人|本人|[老小][王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高郑罗宋谢唐钱]")),
)  # fmt: skip


class WorkSecrets:
    """Topics by their words, with what makes them specific; conduct and contradictions by their patterns."""

    triggers: tuple[str, ...] = ()

    def __init__(self, book: RuleBook) -> None:
        rules = book.of_kind(Kind.WORKSECRET)
        self._hush = re.compile(book.rule("mk.cue.hush").pattern)
        self._patterns = {rule.id: re.compile(rule.pattern) for rule in rules if rule.pattern}

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """One hit a category at most, of its strongest rule, besides those of the rules with a pattern."""
        topics: dict[str, list[TermHit]] = {}
        acts: dict[str, Rule] = {}
        for found in candidate.terms:
            if found.rule.kind != Kind.WORKSECRET:
                continue
            if found.rule.id in self._patterns:
                acts[found.rule.id] = found.rule
            elif _is_word(candidate, found):
                topics.setdefault(found.rule.category, []).append(found)
        for rule in acts.values():
            yield from self._act(candidate, rule)
        for founds in topics.values():
            topic = _topic(candidate, founds)
            if self._is_hushed(candidate):
                topic = replace(
                    topic, score=min(1.0, topic.score + _HUSH), reason=f"{topic.reason}，并要求不说"
                )
            yield topic

    def _is_hushed(self, candidate: Candidate) -> bool:
        return len(candidate.piece.text) <= _LONG and self._hush.search(candidate.folded.text) is not None

    def _act(self, candidate: Candidate, rule: Rule) -> Iterator[Hit]:
        if spot := candidate.search(self._patterns[rule.id]):
            start, end, _ = spot
            yield Hit(
                rule=rule, piece=candidate.piece, start=start, end=end, score=rule.score, reason=rule.name
            )


def _distinct(founds: list[TermHit]) -> tuple[str, ...]:
    """The topic words, each place counted once by its longest word."""
    taken: list[TermHit] = []
    for found in sorted(founds, key=lambda found: found.start - found.end):
        if not any(found.start < other.end and other.start < found.end for other in taken):
            taken.append(found)
    return tuple(dict.fromkeys(found.term for found in sorted(taken, key=lambda found: found.start)))


def _is_word(candidate: Candidate, found: TermHit) -> bool:
    """前台|办理 holds no 台办: a term of two characters must stand between word borders."""
    text = candidate.piece.text
    return found.end - found.start > _SHORT or stands_alone(text, found.start, found.end)


def _topic(candidate: Candidate, founds: list[TermHit]) -> Hit:
    first = max(founds, key=lambda found: (found.rule.score, -found.start, found.end))
    words = _distinct(founds)
    reason = f"谈到{'、'.join(f'“{word}”' for word in words[:3])}（{first.rule.name}）"
    text = candidate.piece.text
    if len(text) > _LONG:
        score, reason = first.rule.score - 0.15, f"{reason}，全文较长，具体细节不作依据"
    else:
        near = text[max(0, first.start - _AROUND) : first.end + _AROUND]
        specific = [name for name, pattern in _SPECIFIC if pattern.search(near)]
        score = first.rule.score + 0.1 * min(2, len(words) - 1) + (0.0, 0.1, 0.15)[min(2, len(specific))]
        if specific:
            reason += f"，并有具体的{'、'.join(specific)}"
    return Hit(
        rule=first.rule,
        piece=candidate.piece,
        start=first.start,
        end=first.end,
        score=max(0.0, min(score, 1.0)),
        reason=reason,
    )
