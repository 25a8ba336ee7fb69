"""Findings → by when they must be reported; a clock and the time → how long is left.

One 绝密 or two or more 机密 件 are reported at once (泄密事件报告和查处工作机制, 一); everything else within
24 hours: by the unit from discovery (微信使用保密管理工作规范, 第五条（一）), by the secrecy office from its
first verification (工作机制, 一). Levels count as marked: nobody has verified them yet, and a clock that waits
for that would run out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from leakwatch.model import SHANGHAI, Finding, Kind, Level

_STATE_LEVELS = (Level.JUEMI, Level.JIMI, Level.MIMI)
"""Gravest first; the order of the enum is no order of its values, which compare as strings."""
_ENOUGH = ((Level.JUEMI, 1), (Level.JIMI, 2))
_ORDINARY = timedelta(hours=24)


def marked(findings: Iterable[Finding]) -> dict[str, Level]:
    """Each document that bears a state mark, with the gravest that is marked on it."""
    return together(
        {finding.document or finding.id: finding.level}
        for finding in findings
        if finding.rule.kind is Kind.MARKING and finding.level in _STATE_LEVELS
    )


def together(parts: Iterable[Mapping[str, Level]]) -> dict[str, Level]:
    """The documents of several scans, each once, at the gravest level."""
    gravest: dict[str, Level] = {}
    for part in parts:
        for document, level in part.items():
            gravest[document] = min(gravest.get(document, level), level, key=_STATE_LEVELS.index)
    return gravest


def count(levels: Mapping[str, Level]) -> dict[Level, int]:
    """How many 件 are 绝密, 机密 and 秘密, gravest first, without levels that do not occur."""
    counts = Counter(levels.values())
    return {level: counts[level] for level in _STATE_LEVELS if counts[level]}


def documents(findings: Iterable[Finding]) -> dict[Level, int]:
    """How many 件 are marked 绝密, 机密 and 秘密, gravest first, without levels that do not occur.

    A document counts once, at the gravest level that is marked on it, however often it was posted.
    """
    return count(marked(findings))


def urgent(counts: Mapping[Level, int]) -> frozenset[Level]:
    """The levels of which there are enough documents for a major leak: one 绝密, two 机密."""
    return frozenset(level for level, enough in _ENOUGH if counts.get(level, 0) >= enough)


def urgent_levels(findings: Iterable[Finding]) -> frozenset[Level]:
    """The levels of which the findings hold enough documents for a major leak."""
    return urgent(documents(findings))


def is_at_once(findings: Iterable[Finding]) -> bool:
    """Whether the findings of one case are a major leak: one 绝密 or at least two 机密 件."""
    return bool(urgent_levels(findings))


def due(findings: Iterable[Finding], found_at: datetime) -> datetime:
    """By when the findings of one case must be reported; `found_at` itself means at once."""
    return found_at if is_at_once(findings) else found_at + _ORDINARY


class Duty(StrEnum):
    """Whose clock it is."""

    UNIT = "unit"
    OFFICE = "office"

    @property
    def words(self) -> str:
        """Who reports to whom, from when on (Chinese)."""
        return _DUTIES[self]


_DUTIES = {
    Duty.UNIT: "单位自发现起向局保密办和上级主管部门报告",
    Duty.OFFICE: "局保密办自初步核实起向区保密部门和上级主管部门报告",
}


class Stage(StrEnum):
    """How near the time limit is."""

    QUIET = "quiet"
    HALF = "12h"
    SOON = "20h"
    LAST = "23h"
    OVERDUE = "overdue"
    AT_ONCE = "at once"


_STAGES = (
    (timedelta(hours=12), Stage.HALF),
    (timedelta(hours=20), Stage.SOON),
    (timedelta(hours=23), Stage.LAST),
    (_ORDINARY, Stage.OVERDUE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One duty to report, running."""

    duty: Duty
    started_at: datetime
    """When it was found, or first verified."""
    major_at: datetime | None = None
    """When it was known to be a major leak; None for an ordinary one."""

    @property
    def due_at(self) -> datetime:
        """By when; the moment it proved major, if that was within the 24 hours."""
        ordinary = _utc(self.started_at) + _ORDINARY
        limit = ordinary if self.major_at is None else min(ordinary, _utc(self.major_at))
        return limit.astimezone(SHANGHAI)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A clock at one moment."""

    remaining: timedelta
    """Below zero when the limit has passed."""
    stage: Stage
    words: str
    """Chinese."""


def state(clock: Clock, now: datetime) -> State:
    """How long is left, and how loud that must be said."""
    remaining = _utc(clock.due_at) - _utc(now)
    elapsed = _utc(now) - _utc(clock.started_at)
    if clock.major_at is not None and now >= clock.major_at:
        words = f"须立即报告，已过{_length(-remaining)}"
        return State(remaining=remaining, stage=Stage.AT_ONCE, words=words)
    stage = next((stage for after, stage in reversed(_STAGES) if elapsed >= after), Stage.QUIET)
    past = f"已超过报告时限{_length(-remaining)}，请立即报告"
    words = past if stage is Stage.OVERDUE else f"距报告时限还有{_length(remaining)}"
    return State(remaining=remaining, stage=stage, words=words)


def alarms(clock: Clock) -> tuple[tuple[datetime, Stage], ...]:
    """When the clock must be heard, and as what; for timers."""
    if clock.major_at is not None:
        return ((clock.major_at.astimezone(SHANGHAI), Stage.AT_ONCE),)
    start = _utc(clock.started_at)
    return tuple(((start + after).astimezone(SHANGHAI), stage) for after, stage in _STAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A reviewer's word on the level of one document."""

    document: str
    level: Level | None
    """As verified; None: no state secret."""
    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """How grave a lead is, as marked and as verified; what was marked is never forgotten."""

    as_marked: dict[Level, int]
    as_verified: dict[Level, int]
    record: tuple[str, ...]
    """What was changed by whom (Chinese), in time order."""

    @property
    def is_at_once(self) -> bool:
        """By the verified levels."""
        return bool(urgent(self.as_verified))


def severity(levels: Mapping[str, Level], rulings: Sequence[Ruling]) -> Severity:
    """The documents of a whole lead after the rulings; the last one on a document counts."""
    verified: dict[str, Level | None] = dict(levels)
    record = []
    for ruling in sorted(rulings, key=lambda ruling: ruling.at):
        before, after = verified.get(ruling.document), ruling.level
        verified[ruling.document] = after
        record.append(
            f"{ruling.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} {ruling.by}将{ruling.document}"
            f"由{before or '未标密'}核定为{after or '非国家秘密'}：{ruling.why}"
        )
    states = {document: level for document, level in verified.items() if level in _STATE_LEVELS}
    as_marked, as_verified = count(levels), count({key: level for key, level in states.items() if level})
    if urgent(as_marked) and not urgent(as_verified):
        record.append("按标注原须立即报告，核定后改按24小时报告；原判断保留备查")
    return Severity(as_marked=as_marked, as_verified=as_verified, record=tuple(record))


def _utc(moment: datetime) -> datetime:
    """Two moments of one zone are subtracted by their clock faces, which summer time (1986–1991) moves."""
    return moment.astimezone(UTC)


def _length(time: timedelta) -> str:
    """23小时10分, rounded down; never below zero."""
    minutes = max(0, int(time.total_seconds() // 60))
    return f"{minutes // 60}小时{minutes % 60}分"
