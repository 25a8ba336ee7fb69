"""The arithmetic of the measure, and one walk down the road."""

from __future__ import annotations

from datetime import date

import pytest

from leakwatch.corpus import Label, Sort, Wanted
from leakwatch.measure import Difference, Measured, Row, Share, Verdict, figures, measure
from leakwatch.model import Level, Origin, Outcome
from leakwatch.rules import RuleBook

NOTED = Verdict(outcome=Outcome.NOTE)


def label(sort: Sort, expect: Wanted, category: str | None = None, place: str = "") -> Label:
    """A message of that sort whose words do not matter."""
    return Label(text="略", sort=sort, expect=expect, category=category, place=place)


def flagged(outcome: Outcome, *categories: str) -> Verdict:
    """A message that rules of those categories flagged."""
    return Verdict(outcome=outcome, categories=frozenset(categories))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert Share(part, whole).interval == pytest.approx((low, high), abs=5e-5)


def test_each_sort_and_category_has_its_shares() -> None:
    labels = [
        label(Sort.WORKSECRET, Wanted.LEAD, "ws.hr"),
        label(Sort.WORKSECRET, Wanted.REVIEW, "ws.hr"),
        label(Sort.NEGATIVE, Wanted.NONE),
        label(Sort.NEGATIVE, Wanted.REVIEW),
    ]
    verdicts = (
        flagged(Outcome.LEAD, "ws.hr", "mk.cue"),
        NOTED,
        flagged(Outcome.REVIEW, "ws.hr"),
        flagged(Outcome.LEAD, "ws.fin"),
    )
    made = figures(labels, Measured(verdicts=verdicts, allowed_unused=()), None)
    nothing = Share(0, 0)
    half = Share(1, 2)

    assert made.rows == (
        Row(name="worksecret", lead=half, found=half, precision=Share(2, 3), level=nothing, span=nothing),
        Row(name="negative", lead=half, found=Share(2, 2), precision=nothing, level=nothing, span=nothing),
        Row(name="ws.hr", lead=half, found=half, precision=half, level=nothing, span=nothing),
    )
    assert (made.leads, made.found, made.against) == (half, Share(2, 3), None)


def test_two_rule_sets_are_compared_place_by_place() -> None:
    labels = [label(Sort.MARK, Wanted.LEAD, "mk.state", f"a.jsonl:{number}") for number in range(1, 6)]
    lead, review = flagged(Outcome.LEAD, "mk.state"), flagged(Outcome.REVIEW, "mk.state")
    before = Measured(verdicts=(NOTED, lead, review, lead, NOTED), allowed_unused=())
    after = Measured(verdicts=(review, NOTED, lead, lead, NOTED), allowed_unused=())

    assert figures(labels, after, before).against == Difference(
        new=("a.jsonl:1",), lost=("a.jsonl:2",), changed=("a.jsonl:3",)
    )


def test_messages_go_down_the_road_each_in_a_chat_of_its_own(book: RuleBook) -> None:
    labels = [
        Label(text="机密★10年", sort=Sort.MARK, expect=Wanted.LEAD, level=Level.JIMI, origin=Origin.OCR),
        Label(text="中午吃面", sort=Sort.EVERYDAY, expect=Wanted.NONE),
        Label(
            text="（秘密）",
            sort=Sort.MARK,
            expect=Wanted.LEAD,
            before=("绝密★30年",),
            after=("晚上加班",),
        ),
    ]
    measured = measure(labels, book, date(2031, 5, 6))

    assert [verdict.outcome for verdict in measured.verdicts] == [Outcome.LEAD, Outcome.NOTE, Outcome.LEAD]
    assert measured.verdicts[0].levels == {Level.JIMI}
    assert "绝密★30年" in measured.verdicts[2].quotes
