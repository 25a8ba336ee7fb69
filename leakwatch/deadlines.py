"""Findings → by when they must be reported.

One 绝密 or two or more 机密 件 are reported at once (泄密事件报告和查处工作机制, 一); everything else within
24 hours of discovery (微信使用保密管理工作规范, 第五条（一）). Levels count as marked: nobody has verified
them yet, and a clock that waits for that would run out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from leakwatch.model import Finding, Kind, Level

_STATE_LEVELS = (Level.JUEMI, Level.JIMI, Level.MIMI)
"""Gravest first; the order of the enum is no order of its values, which compare as strings."""
_ENOUGH = ((Level.JUEMI, 1), (Level.JIMI, 2))
_ORDINARY = timedelta(hours=24)


def documents(findings: Iterable[Finding]) -> dict[Level, int]:
    """How many 件 are marked 绝密, 机密 and 秘密, gravest first, without levels that do not occur.

    A document counts once, at the gravest level that is marked on it, however often it was posted.
    """
    gravest: dict[str, Level] = {}
    for finding in findings:
        if finding.rule.kind is not Kind.MARKING or finding.level not in _STATE_LEVELS:
            continue
        key = finding.document or finding.id
        gravest[key] = min(gravest.get(key, finding.level), finding.level, key=_STATE_LEVELS.index)
    counts = Counter(gravest.values())
    return {level: counts[level] for level in _STATE_LEVELS if counts[level]}


def urgent_levels(findings: Iterable[Finding]) -> frozenset[Level]:
    """The levels of which there are enough documents for a major leak: one 绝密, two 机密."""
    counts = documents(findings)
    return frozenset(level for level, enough in _ENOUGH if counts.get(level, 0) >= enough)


def is_at_once(findings: Iterable[Finding]) -> bool:
    """Whether the findings of one case are a major leak: one 绝密 or at least two 机密 件."""
    return bool(urgent_levels(findings))


def due(findings: Iterable[Finding], found_at: datetime) -> datetime:
    """By when the findings of one case must be reported; `found_at` itself means at once."""
    return found_at if is_at_once(findings) else found_at + _ORDINARY
