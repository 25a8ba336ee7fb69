"""What people may decide, in which order, and who wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from leakwatch.errors import Refused
from leakwatch.model import Level, Outcome
from leakwatch.store import log, reasons, review
from leakwatch.store.models import Finding, Lead, LeadState, LogEntry, Role, Suppression, User, Verdict
from leakwatch.store.review import Decision
from tests.conftest import NOON
from tests.store.scans import PERSONAL, SEALER, Post, put, user

pytestmark = pytest.mark.django_db
CONFIRMED, DISMISSED, UNCLEAR = LeadState.CONFIRMED, LeadState.DISMISSED, LeadState.UNCLEAR
PHONE = Post(text="电话13900000000", quote="13900000000", rule=PERSONAL, level=None)
DAY = timedelta(hours=24)


def verdict(by: User, verdict: LeadState, *, reason: str = "已核对原件", at: datetime = NOON) -> Decision:
    return Decision(by=by, verdict=verdict, reason=reason, at=at)


def lead(post: Post = PHONE) -> str:
    (id,) = put(post).opened
    return id


@pytest.mark.parametrize("state", [CONFIRMED, DISMISSED, UNCLEAR])
def test_a_decision_is_a_verdict_a_state_and_a_log_row(state: LeadState) -> None:
    id, zhao = lead(), user("zhao")
    assert review.decide(id, verdict(zhao, state), SEALER).state == state
    told = Verdict.objects.values_list("lead", "by__username", "verdict", "is_second_look")
    assert list(told) == [(id, "zhao", state, False)]
    assert reasons.of_verdict(Verdict.objects.get(), SEALER) == "已核对原件"
    assert "已核对原件".encode() not in bytes(Verdict.objects.get().sealed)
    entry = LogEntry.objects.get(seq=log.head().seq)
    assert (entry.actor, entry.action, entry.subject) == ("zhao", f"lead.{state}", id)
    assert "已核对原件" not in str(entry.details)


@pytest.mark.parametrize("role", [Role.OWNER, Role.AUDITOR, Role.ADMIN])
def test_who_only_looks_decides_nothing(role: Role) -> None:
    id, who = lead(), user("qian", role)
    acts: list[Callable[[], object]] = [
        lambda: review.claim(id, who, NOON),
        lambda: review.decide(id, verdict(who, CONFIRMED), SEALER),
        lambda: review.bulk("x", verdict(who, CONFIRMED), SEALER),
        lambda: review.report(id, who, NOON),
    ]
    for act in acts:
        with pytest.raises(Refused, match="没有审核权限"):
            act()
    assert Lead.objects.get().state == LeadState.NEW


def test_a_closed_account_decides_nothing() -> None:
    zhao = user("zhao")
    zhao.is_active = False
    with pytest.raises(Refused):
        review.claim(lead(), zhao, NOON)


def test_what_one_has_in_hand_no_other_takes() -> None:
    id, zhao, qian = lead(), user("zhao"), user("qian")
    review.claim(id, zhao, NOON)
    assert review.claim(id, zhao, NOON).claimed_by == zhao
    acts: list[Callable[[], object]] = [
        lambda: review.claim(id, qian, NOON),
        lambda: review.decide(id, verdict(qian, CONFIRMED), SEALER),
        lambda: review.release(id, qian, NOON),
    ]
    for act in acts:
        with pytest.raises(Refused, match="zhao"):
            act()
    assert review.decide(id, verdict(zhao, CONFIRMED), SEALER).claimed_by is None


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OFFICE])
def test_who_has_it_in_hand_and_the_office_may_give_it_back(role: Role) -> None:
    id, zhao = lead(), user("zhao")
    review.claim(id, zhao, NOON)
    by = zhao if role == Role.REVIEWER else user("bao", role)
    assert review.release(id, by, NOON).state == LeadState.NEW


@pytest.mark.parametrize("state", [CONFIRMED, DISMISSED])
def test_what_is_decided_stays_until_it_is_reopened(state: LeadState) -> None:
    id, zhao = lead(), user("zhao")
    review.decide(id, verdict(zhao, state), SEALER)
    with pytest.raises(Refused, match="已有结论"):
        review.decide(id, verdict(zhao, CONFIRMED), SEALER)
    with pytest.raises(Refused, match="须写明理由"):
        review.reopen(id, verdict(zhao, LeadState.IN_REVIEW, reason=" "), SEALER)
    assert (
        review.reopen(id, verdict(zhao, LeadState.IN_REVIEW, reason="收到新材料"), SEALER).state
        == LeadState.IN_REVIEW
    )
    assert review.decide(id, verdict(zhao, UNCLEAR), SEALER).state == UNCLEAR


def test_what_is_unclear_can_be_decided() -> None:
    id, zhao = lead(), user("zhao")
    review.decide(id, verdict(zhao, UNCLEAR), SEALER)
    assert review.decide(id, verdict(zhao, DISMISSED), SEALER).state == DISMISSED


@pytest.mark.parametrize(("state", "is_refused"), [(CONFIRMED, False), (DISMISSED, True), (UNCLEAR, True)])
def test_only_a_confirmation_needs_no_reason(state: LeadState, is_refused: bool) -> None:
    id, decision = lead(), verdict(user("zhao"), state, reason=" ")
    if is_refused:
        with pytest.raises(Refused, match="须写明理由"):
            review.decide(id, decision, SEALER)
    else:
        review.decide(id, decision, SEALER)


def test_new_is_no_verdict() -> None:
    with pytest.raises(Refused, match="结论应为"):
        review.decide(lead(), verdict(user("zhao"), LeadState.NEW), SEALER)


def test_an_unknown_lead_is_refused() -> None:
    with pytest.raises(Refused, match="没有编号为 XS-1 的线索"):
        review.claim("XS-1", user("zhao"), NOON)


MARKED = Post()
GRAVEST = Post(level=Level.JUEMI)
SPOKEN = Post(outcome=Outcome.REVIEW)


@pytest.mark.parametrize(
    ("post", "first", "state"),
    [
        (GRAVEST, CONFIRMED, "second_look"),
        (GRAVEST, DISMISSED, "second_look"),
        (GRAVEST, UNCLEAR, "unclear"),
        (MARKED, CONFIRMED, "confirmed"),
        (MARKED, DISMISSED, "second_look"),
        (SPOKEN, DISMISSED, "dismissed"),
        (PHONE, DISMISSED, "dismissed"),
    ],
)
def test_what_needs_another_persons_look(post: Post, first: LeadState, state: str) -> None:
    id, zhao = lead(post), user("zhao")
    assert review.decide(id, verdict(zhao, first), SEALER).state == state
    if state == "second_look":
        with pytest.raises(Refused, match="须由另一人复核"):
            review.decide(id, verdict(zhao, first), SEALER)


@pytest.mark.parametrize(
    ("first", "second", "final"),
    [
        (DISMISSED, DISMISSED, DISMISSED),
        (DISMISSED, CONFIRMED, CONFIRMED),
        (CONFIRMED, DISMISSED, CONFIRMED),
        (DISMISSED, UNCLEAR, UNCLEAR),
    ],
)
def test_of_two_who_differ_the_graver_counts(first: LeadState, second: LeadState, final: LeadState) -> None:
    id = lead(GRAVEST)
    review.decide(id, verdict(user("zhao"), first), SEALER)
    assert review.decide(id, verdict(user("qian"), second), SEALER).state == final
    assert list(Verdict.objects.order_by("id").values_list("is_second_look", flat=True)) == [False, True]


def test_a_reopened_lead_needs_a_second_look_of_its_own() -> None:
    id, zhao, qian = lead(GRAVEST), user("zhao"), user("qian")
    review.decide(id, verdict(zhao, DISMISSED), SEALER)
    review.decide(id, verdict(qian, DISMISSED), SEALER)
    review.reopen(id, verdict(zhao, LeadState.IN_REVIEW, reason="收到新材料"), SEALER)
    assert review.decide(id, verdict(zhao, DISMISSED), SEALER).state == LeadState.SECOND_LOOK


@pytest.mark.parametrize(("post", "due"), [(PHONE, NOON + 2 * DAY), (GRAVEST, NOON + DAY)])
def test_the_first_confirmation_starts_the_offices_clock(post: Post, due: datetime) -> None:
    id = lead(post)
    review.decide(id, verdict(user("zhao"), CONFIRMED, at=NOON + DAY), SEALER)
    row = Lead.objects.get()
    assert (row.verified_at, row.office_due_at) == (NOON + DAY, due)


@pytest.mark.parametrize("state", [DISMISSED, UNCLEAR])
def test_no_other_verdict_does(state: LeadState) -> None:
    review.decide(lead(), verdict(user("zhao"), state), SEALER)
    assert Lead.objects.get().office_due_at is None


def test_the_office_reports_a_confirmed_lead_once() -> None:
    id, zhao, bao = lead(), user("zhao"), user("bao", Role.OFFICE)
    with pytest.raises(Refused, match="还没有确认"):
        review.report(id, bao, NOON)
    review.decide(id, verdict(zhao, CONFIRMED), SEALER)
    with pytest.raises(Refused, match="只有保密办"):
        review.report(id, zhao, NOON)
    assert review.report(id, bao, NOON + DAY).reported_at == NOON + DAY
    with pytest.raises(Refused, match="登记过"):
        review.report(id, bao, NOON + DAY)


def test_a_dismissal_may_let_the_content_pass_until_a_day() -> None:
    id, zhao = lead(), user("zhao")
    decision = Decision(by=zhao, verdict=DISMISSED, reason="公开电话", at=NOON, suppress_until=NOON + DAY)
    review.decide(id, decision, SEALER)
    suppression = Suppression.objects.get()
    assert (suppression.owner, reasons.of_suppression(suppression, SEALER), suppression.expires_at) == (
        zhao,
        "公开电话",
        NOON + DAY,
    )
    assert suppression.fingerprint == Finding.objects.get().fingerprint
    assert put(replace(PHONE, text="拨13900000000", minute=4)).opened == ()


def test_a_first_look_lets_nothing_pass() -> None:
    id = lead(MARKED)
    decision = Decision(by=user("zhao"), verdict=DISMISSED, reason="样张", at=NOON, suppress_until=NOON + DAY)
    review.decide(id, decision, SEALER)
    assert Suppression.objects.count() == 0


def test_many_leads_of_one_content_are_decided_together() -> None:
    zhao, qian = user("zhao"), user("qian")
    same = [replace(PHONE, text=f"{n} 13900000000", minute=n) for n in range(3)]
    both = replace(PHONE, text="电话13900000000 13900000001", minute=9)
    ids = put(*same).opened
    mixed = put(both, replace(both, quote="13900000001")).opened
    review.claim(ids[0], qian, NOON)
    content = Finding.objects.get(lead=ids[1]).fingerprint
    done = review.bulk(content, verdict(zhao, DISMISSED), SEALER)
    assert (set(done.decided), set(done.left)) == ({*ids[1:]}, {ids[0], *mixed})
    assert Verdict.objects.count() == 2


def test_verdicts_are_never_changed() -> None:
    review.decide(lead(), verdict(user("zhao"), CONFIRMED), SEALER)
    with pytest.raises(Exception, match="append-only"):
        Verdict.objects.update(sealed=b"x")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["claim", "decide"])
def test_of_two_at_once_one_wins(together: Callable[[Callable[[int], None], int], None], what: str) -> None:
    id, people = lead(), [user(f"u{number}") for number in range(4)]
    outcomes: list[str] = []

    def work(number: int) -> None:
        try:
            if what == "claim":
                review.claim(id, people[number], NOON)
            else:
                review.decide(id, verdict(people[number], [CONFIRMED, DISMISSED][number % 2]), SEALER)
            outcomes.append(people[number].username)
        except Refused:
            outcomes.append("refused")

    together(work, 4)
    assert sorted(outcomes)[:3] == ["refused"] * 3
    row = Lead.objects.get()
    if what == "claim":
        assert row.claimed_by is not None
        assert row.claimed_by.username in outcomes
    else:
        assert list(Verdict.objects.values_list("verdict", flat=True)) == [row.state]
    assert list(log.verify(log.head())) == []
