"""Findings → by when they must be reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from leakwatch.deadlines import documents, due, is_at_once, urgent_levels
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
