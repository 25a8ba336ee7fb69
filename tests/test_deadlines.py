"""Findings → by when they must be reported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from leakwatch.deadlines import (
    Clock,
    Duty,
    Ruling,
    Severity,
    Stage,
    State,
    alarms,
    documents,
    due,
    is_at_once,
    marked,
    severity,
    state,
    together,
    urgent_levels,
)
from leakwatch.model import (
    SHANGHAI,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Origin,
    Outcome,
    Rule,
    TextPiece,
    digest,
)

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
JUEMI, JIMI, MIMI = Level.JUEMI, Level.JIMI, Level.MIMI


def found(document: str, level: Level | None, kind: Kind = Kind.MARKING) -> Finding:
    file = Evidence(
        sha256="0" * 64, size=2, name="群.txt", inner_path="群.txt", path=Path("群.txt"), taken_at=NOON
    )
    rule = Rule(id="mk.state", name="密级标志", kind=kind, category="mk.state", score=0.9)
    piece = TextPiece(text="机密", origin=Origin.MESSAGE, evidence=file)
    hit = Hit(rule=rule, piece=piece, start=0, end=2, reason="密级标志")
    return Finding(
        id=digest(document, str(level)),
        rule=rule,
        level=level,
        score=0.9,
        outcome=Outcome.LEAD,
        document=document,
        reasons=(),
        hits=(hit,),
    )


@pytest.mark.parametrize(
    ("findings", "counts"),
    [
        ([], {}),
        ([found("甲", JIMI), found("甲", JIMI)], {JIMI: 1}),
        ([found("甲", MIMI), found("甲", JUEMI), found("甲", JIMI)], {JUEMI: 1}),
        ([found("甲", MIMI), found("乙", JIMI), found("丙", MIMI)], {JIMI: 1, MIMI: 2}),
        ([found("甲", Level.WORK), found("乙", Level.INTERNAL), found("丙", None)], {}),
        ([found("甲", JUEMI, Kind.DOCNUMBER), found("乙", JIMI, Kind.IMAGE)], {}),
        ([found("", JIMI), found("", MIMI)], {JIMI: 1, MIMI: 1}),
    ],
)
def test_a_document_counts_once_at_its_gravest_state_mark(
    findings: list[Finding], counts: dict[Level, int]
) -> None:
    assert documents(findings) == counts


def test_levels_are_listed_gravest_first() -> None:
    assert list(documents([found("甲", MIMI), found("乙", JUEMI), found("丙", JIMI)])) == [JUEMI, JIMI, MIMI]


@pytest.mark.parametrize(
    ("findings", "at_once"),
    [
        ([found("甲", JUEMI)], True),
        ([found("甲", JIMI), found("乙", JIMI)], True),
        ([found("甲", JIMI)], False),
        ([found("甲", JIMI), found("甲", JIMI)], False),
        ([found("甲", JIMI), found("乙", MIMI), found("丙", MIMI)], False),
        ([found("甲", JUEMI, Kind.WORKSECRET)], False),
        ([], False),
    ],
)
def test_one_top_secret_or_two_secret_documents_are_reported_at_once(
    findings: list[Finding], at_once: bool
) -> None:
    assert is_at_once(findings) is at_once


@pytest.mark.parametrize(
    ("findings", "levels"),
    [
        ([found("甲", JUEMI), found("乙", JIMI)], {JUEMI}),
        ([found("甲", JUEMI), found("乙", JIMI), found("丙", JIMI)], {JUEMI, JIMI}),
        ([found("甲", JIMI), found("乙", MIMI), found("丙", MIMI)], set()),
    ],
)
def test_each_level_is_urgent_by_its_own_number_of_documents(
    findings: list[Finding], levels: set[Level]
) -> None:
    assert urgent_levels(findings) == levels


def test_at_once_is_the_moment_of_discovery() -> None:
    assert due([found("甲", JUEMI)], NOON) == NOON


def test_everything_else_is_due_a_day_after_discovery() -> None:
    assert due([found("甲", MIMI)], NOON) == NOON + timedelta(hours=24)


def test_findings_may_be_any_iterable() -> None:
    assert due(iter([found("甲", JIMI), found("乙", JIMI)]), NOON) == NOON


def test_documents_of_several_scans_count_once_at_the_gravest() -> None:
    before = {"甲": MIMI, "乙": JIMI}
    assert together([before, marked([found("甲", JIMI), found("丙", MIMI)])]) == {
        "甲": JIMI,
        "乙": JIMI,
        "丙": MIMI,
    }


def clock(major_at: datetime | None = None, duty: Duty = Duty.UNIT) -> Clock:
    return Clock(duty=duty, started_at=NOON, major_at=major_at)


def after(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "stage", "words"),
    [
        (-1, Stage.QUIET, "距报告时限还有25小时0分"),
        (0, Stage.QUIET, "距报告时限还有24小时0分"),
        (11.99, Stage.QUIET, "距报告时限还有12小时0分"),
        (12, Stage.HALF, "距报告时限还有12小时0分"),
        (19.5, Stage.HALF, "距报告时限还有4小时30分"),
        (20, Stage.SOON, "距报告时限还有4小时0分"),
        (23, Stage.LAST, "距报告时限还有1小时0分"),
        (23.99, Stage.LAST, "距报告时限还有0小时0分"),
        (24, Stage.OVERDUE, "已超过报告时限0小时0分，请立即报告"),
        (49.5, Stage.OVERDUE, "已超过报告时限25小时30分，请立即报告"),
    ],
)
def test_a_clock_warns_at_twelve_twenty_and_twenty_three_hours(
    hours: float, stage: Stage, words: str
) -> None:
    left = timedelta(hours=24) - timedelta(hours=hours)
    assert state(clock(), after(hours)) == State(remaining=left, stage=stage, words=words)


def test_a_major_leak_is_due_the_moment_it_is_known() -> None:
    major = clock(after(5))
    assert major.due_at == after(5)
    assert state(major, after(8.5)) == State(
        remaining=timedelta(hours=-3.5), stage=Stage.AT_ONCE, words="须立即报告，已过3小时30分"
    )


def test_what_proves_major_after_the_day_was_due_before() -> None:
    assert clock(after(30)).due_at == after(24)


@pytest.mark.parametrize("duty", Duty)
def test_both_clocks_run_a_day(duty: Duty) -> None:
    assert clock(duty=duty).due_at == after(24)
    assert duty.words.endswith("报告")


def test_timers_are_told_when_a_clock_must_be_heard() -> None:
    assert alarms(clock()) == (
        (after(12), Stage.HALF),
        (after(20), Stage.SOON),
        (after(23), Stage.LAST),
        (after(24), Stage.OVERDUE),
    )
    assert alarms(clock(after(2))) == ((after(2), Stage.AT_ONCE),)


@pytest.mark.parametrize(
    "zone", [SHANGHAI, UTC, timezone(timedelta(hours=9)), ZoneInfo("Asia/Shanghai")], ids=str
)
def test_summer_time_moves_no_clock(zone: timezone | ZoneInfo) -> None:
    """In 1991 Shanghai put its clocks forward on 14 April."""
    start = datetime(1991, 4, 13, 12, 0, tzinfo=SHANGHAI)
    old = Clock(duty=Duty.UNIT, started_at=start.astimezone(zone))
    assert old.due_at == start + timedelta(hours=24)
    assert old.due_at.utcoffset() == timedelta(hours=8)
    assert state(old, (start + timedelta(hours=23)).astimezone(zone)).stage is Stage.LAST


MARKED = {"甲": JIMI, "乙": JIMI}


def ruling(document: str, level: Level | None, hours: float) -> Ruling:
    return Ruling(document=document, level=level, by="王明远", at=after(hours), why="定密清单已核")


def test_a_downgrade_stays_on_record() -> None:
    assert severity(MARKED, [ruling("乙", None, 2)]) == Severity(
        as_marked={JIMI: 2},
        as_verified={JIMI: 1},
        record=(
            "2031-05-06 14:00 王明远将乙由机密核定为非国家秘密：定密清单已核",
            "按标注原须立即报告，核定后改按24小时报告；原判断保留备查",
        ),
    )


@pytest.mark.parametrize(
    ("rulings", "is_major"),
    [
        ([], True),
        ([ruling("乙", MIMI, 1)], False),
        ([ruling("乙", MIMI, 1), ruling("乙", JIMI, 2)], True),
        ([ruling("乙", JIMI, 2), ruling("乙", MIMI, 1)], True),
        ([ruling("乙", Level.INTERNAL, 1)], False),
        ([ruling("甲", None, 1), ruling("乙", None, 1), ruling("丙", JUEMI, 1)], True),
    ],
)
def test_the_last_ruling_on_a_document_counts(rulings: list[Ruling], is_major: bool) -> None:
    assert severity(MARKED, rulings).is_at_once is is_major
