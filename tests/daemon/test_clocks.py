"""Leads and their clocks → notices, each told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from leakwatch.daemon import clocks
from leakwatch.daemon.post import Post
from leakwatch.errors import Undelivered
from leakwatch.model import Level
from leakwatch.notices import Notice, Subject
from leakwatch.store import letters
from leakwatch.store.models import Lead, LeadState, Letter
from tests.conftest import NOON
from tests.store.scans import Post as Posted
from tests.store.scans import put

pytestmark = pytest.mark.django_db


@dataclass(slots=True)
class Wall:
    """A way that keeps what it was given, or refuses it."""

    roles: tuple[str, ...] = ("office",)
    name: str = "墙"
    is_broken: bool = False
    got: list[Notice] = field(default_factory=list)

    def send(self, notice: Notice) -> None:
        if self.is_broken:
            raise Undelivered("墙倒了")
        self.got.append(notice)


@dataclass(slots=True)
class Hands:
    """A clock that the test sets."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def post(wall: Wall, hands: Hands) -> Post:
    return Post(ways=[wall], link="http://127.0.0.1:8451/", clock=hands)


def subjects(wall: Wall) -> list[tuple[Subject, int]]:
    return [(notice.subject, len(notice.lead_ids)) for notice in wall.got]


def test_a_new_lead_is_told_once_and_the_gravest_on_their_own() -> None:
    put(Posted(quote="机密★10年"), Posted(text="绝密★30年", quote="绝密★30年", level=Level.JUEMI, minute=9))
    wall, hands = Wall(), Hands()
    for _ in range(2):
        clocks.tell_new(post(wall, hands), NOON)
        post(wall, hands).deliver()
    assert subjects(wall) == [(Subject.AT_ONCE, 1), (Subject.NEW_LEADS, 1)]


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ([1], []),
        ([11.9], []),
        ([12], [Subject.DUE]),
        ([12, 13, 19.9], [Subject.DUE]),
        ([12, 20, 23, 24, 48], [Subject.DUE, Subject.DUE, Subject.DUE, Subject.OVERDUE]),
        ([30, 31], [Subject.OVERDUE]),
        ([23, 12, 23], [Subject.DUE, Subject.DUE]),
    ],
)
def test_each_warning_is_told_once_however_the_clock_is_set(hours: list[float], told: list[Subject]) -> None:
    put(Posted())
    wall, hands = Wall(), Hands()
    for hour in hours:
        hands.now = NOON + timedelta(hours=hour)
        clocks.tick(post(wall, hands), hands.now)
        post(wall, hands).deliver()
    assert [notice.subject for notice in wall.got] == told


@pytest.mark.parametrize("state", [LeadState.DISMISSED, LeadState.CONFIRMED])
def test_a_decided_lead_is_heard_of_no_more(state: LeadState) -> None:
    put(Posted())
    Lead.objects.update(state=state)
    wall, hands = Wall(), Hands(NOON + timedelta(hours=30))
    assert clocks.tick(post(wall, hands), hands.now) == ""


def test_the_clock_of_the_office_runs_from_the_confirmation() -> None:
    put(Posted())
    Lead.objects.update(state=LeadState.CONFIRMED, verified_at=NOON, office_due_at=NOON + timedelta(hours=24))
    wall, hands = Wall(), Hands(NOON + timedelta(hours=21))
    clocks.tick(post(wall, hands), hands.now)
    post(wall, hands).deliver()
    assert subjects(wall) == [(Subject.DUE, 1)]


def test_a_notice_that_fails_is_tried_again_later_and_then_no_more() -> None:
    wall, hands = Wall(is_broken=True), Hands()
    post(wall, hands).tell(Subject.FAULT)
    assert post(wall, hands).deliver() == "送出 0 条，未送出 1 条"
    assert (letters.undelivered(), post(wall, hands).deliver()) == (1, "")
    wall.is_broken, hands.now = False, NOON + timedelta(minutes=2)
    assert post(wall, hands).deliver() == "送出 1 条，未送出 0 条"
    assert (letters.undelivered(), post(wall, hands).deliver(), len(wall.got)) == (0, "", 1)


def test_behind_a_way_that_fails_no_other_one_waits() -> None:
    broken, wall, hands = Wall(is_broken=True), Wall(), Hands()
    both = Post(ways=[broken, wall], link="", clock=hands)
    for subject in (Subject.FAULT, Subject.SILENT):
        both.tell(subject)
    assert both.deliver() == "送出 2 条，未送出 1 条"
    assert (letters.undelivered(), letters.faults()) == (1, ("墙倒了",))
    broken.is_broken = False
    assert both.deliver() == "送出 1 条，未送出 0 条"
    hands.now += timedelta(minutes=2)
    assert both.deliver() == "送出 1 条，未送出 0 条"
    assert (len(broken.got), letters.faults()) == (2, ())


def test_a_notice_put_down_by_a_clock_far_ahead_is_delivered_when_it_is_set_right() -> None:
    wall, hands = Wall(), Hands(NOON + timedelta(days=30_000))
    post(wall, hands).tell(Subject.FAULT)
    hands.now = NOON
    assert post(wall, hands).deliver() == "送出 1 条，未送出 0 条"


def test_whom_a_notice_does_not_concern_gets_none() -> None:
    wall, hands = Wall(roles=("reviewer",)), Hands()
    post(wall, hands).tell(Subject.NIGHT_MISSED)
    assert Letter.objects.count() == 0


def test_a_notice_holds_no_word_of_a_message() -> None:
    put(Posted(text="这份机密★10年，王明远", quote="机密★10年"))
    wall, hands = Wall(), Hands()
    clocks.tell_new(post(wall, hands), NOON)
    post(wall, hands).deliver()
    lead_id = Lead.objects.get().id
    assert wall.got[0].text == (
        "保密检查：有新线索（1 件）\n时间：2031-05-06 12:00\n"
        f"线索编号：{lead_id}\n请打开：http://127.0.0.1:8451/\n"
    )
