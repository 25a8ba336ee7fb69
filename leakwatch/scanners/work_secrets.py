"""Work secrets: a topic of the regulation's list, made specific by a figure, a name, a time or a place.

Whether it is public, taught or joked about is weighed in findings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.model import Hit, Kind, Rule
from leakwatch.rules import RuleBook
from leakwatch.scanners.sieve import Candidate, TermHit

_AROUND = 60
_SPECIFIC = (
    ("数目", re.compile(r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万几数半]+)\s*(?:余|多|来)?\s*(?:万|亿|元|块|人|名|个|户|票|成|%|棚|处|套|辆|公里|吨|毫克|倍|份|件|栋|亩|条|轮|天|年|分|例|头|只|家|楼|位|句|字|页|张)")),
    ("时间", re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:点|时|月|号|日)|今晚|明天|后天|明早|下周|下月|本周|周[一二三四五六日末]|凌晨|上午|下午|节前|节后|年底")),
    ("地点", re.compile(r"[东南西北]头|[一二三四五六七八九十\d]+楼|号楼|仓库|码头|展厅|大院|粮站|厂区|小区|[一-鿿]{1,6}(?:路|街|村|镇|乡|县|区|港|库|站)(?![一-鿿]{0,1}线)")),
    ("人或职务", re.compile(r"(?:局长|书记|主任|处长|科长|部长|市长|区长|县长|厅长|所长|队长|院长|校长|副局|副处|总)|二把手|一把手|法人|老板|那人|本人")),
)  # fmt: skip


class WorkSecrets:
    """One hit a rule and piece: the first topic word, with what makes it specific."""

    kind = Kind.WORKSECRET
    triggers: tuple[str, ...] = ()

    def __init__(self, book: RuleBook) -> None:
        rules = book.of_kind(Kind.WORKSECRET)
        self._patterns = {rule.id: re.compile(rule.pattern) for rule in rules if rule.pattern}

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Hits in the order of the rules' first topic words."""
        topics: dict[str, list[TermHit]] = {}
        for found in candidate.terms:
            if found.rule.kind == Kind.WORKSECRET:
                topics.setdefault(found.rule.id, []).append(found)
        for rule_id, founds in topics.items():
            if rule_id in self._patterns:
                yield from self._act(candidate, founds[0].rule)
            else:
                yield _topic(candidate, founds)

    def _act(self, candidate: Candidate, rule: Rule) -> Iterator[Hit]:
        match = self._patterns[rule.id].search(candidate.folded.text)
        if match:
            start, end = candidate.folded.span(*match.span())
            yield Hit(
                rule=rule, piece=candidate.piece, start=start, end=end, score=rule.score, reason=rule.name
            )


def _topic(candidate: Candidate, founds: list[TermHit]) -> Hit:
    first = founds[0]
    words = tuple(dict.fromkeys(found.term for found in founds))
    text = candidate.piece.text[max(0, first.start - _AROUND) : first.end + _AROUND]
    specific = [name for name, pattern in _SPECIFIC if pattern.search(text)]
    score = first.rule.score + 0.1 * min(2, len(words) - 1) + 0.1 * min(2, len(specific))
    reason = f"谈到{'、'.join(f'“{word}”' for word in words[:3])}（{first.rule.name}）"
    if specific:
        reason += f"，并有具体的{'、'.join(specific)}"
    return Hit(
        rule=first.rule,
        piece=candidate.piece,
        start=first.start,
        end=first.end,
        score=min(score, 1.0),
        reason=reason,
    )
