"""Who sees what, in which order, and how many questions it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from leakwatch.errors import Refused
from leakwatch.model import Level, Outcome, Said, Talk
from leakwatch.store import dossier, queries, review
from leakwatch.store.models import Group, JobRun, Lead, LeadState, Role, User
from leakwatch.store.queries import Filters, Precision
from leakwatch.store.records import record
from leakwatch.store.review import Decision
from tests.conftest import NOON
from tests.store.scans import ASKED, MEANS, PERSONAL, SEALER, Post, put, scan, user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ALL = Filters()
NUMBER = "青办密发〔2031〕3号"
HERE, THERE = "青石市防汛联络群", "云岭值班群"


def owner_of(group: str, name: str = "sun") -> User:
    owner = user(name, Role.OWNER)
    Group.objects.get(name=group).owners.add(owner)
    return owner


def ids(user: User, filters: Filters = ALL) -> list[str]:
    return [row.id for row in queries.queue(user, filters, 1).rows]


@pytest.mark.parametrize(
    ("role", "count"),
    [(Role.REVIEWER, 2), (Role.OFFICE, 2), (Role.AUDITOR, 2), (Role.ADMIN, 0), (Role.OWNER, 0)],
)
def test_each_role_sees_its_share(role: Role, count: int) -> None:
    put(Post(), Post(minute=1, group=THERE))
    assert queries.queue(user("zhao", role), ALL, 1).total == count


def test_the_owner_of_a_group_sees_its_leads_alone() -> None:
    put(Post(), Post(minute=1, group=THERE))
    (row,) = queries.queue(owner_of(THERE), ALL, 1).rows
    assert row.groups == (THERE,)


def test_a_closed_account_sees_nothing() -> None:
    put(Post())
    closed = user("zhao")
    closed.is_active = False
    assert queries.queue(closed, ALL, 1).total == 0


def test_what_is_due_first_stands_first() -> None:
    (late,) = put(Post()).opened
    (first,) = put(Post(minute=1), at=NOON - 3 * HOUR).opened
    (urgent,) = put(Post(minute=2, level=Level.JUEMI), at=NOON + HOUR).opened
    assert ids(user("zhao")) == [urgent, first, late]


def test_the_gravest_of_one_scan_stands_first() -> None:
    put(
        Post(text="内部资料", quote="内部资料", level=None, outcome=Outcome.REVIEW),
        Post(text="他的身份证号", quote="身份证号", level=None, rule=PERSONAL, minute=1),
        Post(text="秘密★5年", quote="秘密★5年", level=Level.MIMI, minute=2),
        Post(minute=3),
    )
    rows = queries.queue(user("zhao"), ALL, 1).rows
    assert [(row.is_draft, row.level) for row in rows] == [
        (True, "机密"),
        (True, "秘密"),
        (True, ""),
        (False, ""),
    ]


def test_a_merged_lead_is_not_listed() -> None:
    put(Post())
    Lead.objects.update(merged_into=Lead.objects.get())
    assert ids(user("zhao")) == []


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (ALL, 3),
        (Filters(states=("new",)), 2),
        (Filters(states=("new", "confirmed")), 3),
        (Filters(level="机密"), 2),
        (Filters(category="pd.id"), 1),
        (Filters(rule="mk.state"), 2),
        (Filters(drafts_only=True), 2),
        (Filters(due_before=NOON + 24 * HOUR), 0),
        (Filters(due_before=NOON + 25 * HOUR), 3),
        (Filters(rule="mk.state", states=("confirmed",)), 0),
    ],
)
def test_a_list_can_be_narrowed(filters: Filters, count: int) -> None:
    phone = Post(text="13900000000", quote="13900000000", rule=PERSONAL, level=None, minute=2)
    put(Post(), Post(minute=1, outcome=Outcome.REVIEW), phone)
    Lead.objects.filter(category="pd.id").update(state=LeadState.CONFIRMED)
    assert queries.queue(user("zhao"), filters, 1).total == count


def test_a_list_can_be_narrowed_to_a_group() -> None:
    put(Post(), Post(minute=1, group=THERE))
    filters = Filters(group=Group.objects.get(name=THERE).pk)
    assert [row.groups for row in queries.queue(user("zhao"), filters, 1).rows] == [(THERE,)]


def test_a_row_counts_its_findings_and_places() -> None:
    put(Post(document=NUMBER), Post(document=NUMBER, minute=1))
    put(Post(document=NUMBER, group=THERE, minute=2), export="云岭群.json")
    (row,) = queries.queue(user("zhao"), ALL, 1).rows
    assert (row.findings, row.places, row.groups, row.rule_name) == (3, 3, (THERE, HERE), "密级标志")


@pytest.mark.parametrize(
    ("page", "number", "rows"), [(1, 1, 50), (2, 2, 1), (9, 2, 1), (0, 1, 50), (-1, 1, 50)]
)
def test_a_page_beyond_the_last_is_the_last(page: int, number: int, rows: int) -> None:
    put(*(Post(minute=minute) for minute in range(51)))
    shown = queries.queue(user("zhao"), ALL, page)
    assert (shown.number, shown.pages, shown.total, len(shown.rows)) == (number, 2, 51, rows)


def test_the_number_of_questions_never_changes(django_assert_num_queries: Callable[[int], Any]) -> None:
    zhao = user("zhao")
    (id,) = put(Post(document=NUMBER), Post(document=NUMBER, group=THERE, minute=50)).opened
    for _ in range(2):
        with django_assert_num_queries(4):
            queries.queue(zhao, ALL, 1)
        with django_assert_num_queries(5):
            queries.dashboard(zhao, NOON)
        with django_assert_num_queries(7):
            dossier.lead(zhao, id, SEALER)
        put(*(Post(document=NUMBER, minute=minute, group=f"群{minute}") for minute in range(40)))


def test_the_dashboard_counts_what_is_pressing() -> None:
    put(Post(), Post(minute=1, outcome=Outcome.REVIEW), Post(minute=2, level=Level.JUEMI, group=THERE))
    Group.objects.filter(name=THERE).update(is_registered=True)
    JobRun.objects.create(name="nightly", succeeded_at=NOON - HOUR)
    board = queries.dashboard(user("zhao"), NOON + 21 * HOUR)
    assert (board.new, board.at_once, board.soon, board.overdue) == (3, 1, 2, 0)
    assert (board.unregistered_groups, board.last_nightly, board.unread) == (1, NOON - HOUR, 0)


def test_the_dashboard_of_an_owner_counts_their_own() -> None:
    put(Post(), Post(minute=1, group=THERE))
    board = queries.dashboard(owner_of(THERE), NOON)
    assert (board.new, board.unregistered_groups) == (1, 0)


def test_precision_comes_from_verdicts() -> None:
    zhao = user("zhao")
    opened = put(*(Post(minute=minute, outcome=Outcome.REVIEW) for minute in range(4))).opened
    for id, state in zip(opened, ("confirmed", "confirmed", "dismissed"), strict=False):
        review.decide(id, Decision(by=zhao, verdict=LeadState(state), reason="已核", at=NOON), SEALER)
    assert queries.precision(zhao) == (
        Precision(rule="mk.state", rule_name="密级标志", confirmed=2, dismissed=1),
    )


def test_the_dossier_opens_what_is_sealed() -> None:
    (id,) = put(Post(document=NUMBER, file="照片.jpg", text="防汛方案机密★10年")).opened
    zhao = user("zhao")
    review.decide(id, Decision(by=zhao, verdict=LeadState.UNCLEAR, reason="等原件", at=NOON), SEALER)
    seen = dossier.lead(zhao, id, SEALER)
    (place,), (found,) = seen.places, seen.findings
    assert place.content.text[slice(*place.content.spans[0])] == "机密★10年"
    assert (place.group, place.content.name, place.content.document) == (HERE, "照片.jpg", NUMBER)
    assert (found.clauses, found.content.reasons) == (
        ("《微信使用保密管理工作规范》第四条",),
        ("有密级有期限（0.90）",),
    )
    assert [(event.action, event.note) for event in seen.events] == [
        ("lead.created", ""),
        ("lead.unclear", "等原件"),
    ]
    assert seen.content is not None
    assert NUMBER in seen.content.documents_and_levels


def test_what_was_said_around_it_is_shown() -> None:
    found = scan(Post())
    hit = found.findings[0].hits[0]
    message = hit.piece.message
    assert message is not None
    said = Said(sender="王明远", text="收到", sent_at=None, precision=message.precision)
    shown = replace(found.findings[0], hits=(replace(hit, talk=Talk.of((said,), (said, said))),))
    (id,) = record(replace(found, findings=(shown,)), ASKED, MEANS).opened
    content = dossier.lead(user("zhao"), id, SEALER).places[0].content
    assert [one.sender for one in (*content.before, *content.after)] == ["王明远"] * 3


def test_an_owner_sees_the_places_in_their_own_group_alone() -> None:
    (id,) = put(Post(document=NUMBER), Post(document=NUMBER, group=THERE, minute=5)).opened
    seen = dossier.lead(owner_of(THERE), id, SEALER)
    assert [place.group for place in seen.places] == [THERE]
    assert (seen.content, seen.groups, len(seen.findings)) == (None, (THERE,), 1)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN, Role.OWNER])
def test_who_may_not_see_words_opens_no_dossier(role: Role) -> None:
    (id,) = put(Post()).opened
    with pytest.raises(Refused, match="无权查看"):
        dossier.lead(user("li", role), id, SEALER)


def test_places_stand_in_time_order_unknown_times_last() -> None:
    loose = Post(document=NUMBER, file="扫描件.jpg", loose=True)
    (id,) = put(loose, Post(document=NUMBER, minute=5), Post(document=NUMBER, minute=1)).opened
    times = [place.sent_at for place in dossier.lead(user("zhao"), id, SEALER).places]
    assert times == [NOON - timedelta(days=1) + timedelta(minutes=minute) for minute in (1, 5)] + [None]


def test_many_places_are_cut_and_told() -> None:
    posts = (Post(document=NUMBER, minute=minute) for minute in range(dossier.MOST_PLACES + 2))
    (id,) = put(*posts).opened
    seen = dossier.lead(user("zhao"), id, SEALER)
    assert (len(seen.places), seen.more_places) == (dossier.MOST_PLACES, 2)


def test_two_groups_of_one_name_are_told_apart_by_their_platforms() -> None:
    put(Post(document=NUMBER), Post(document=NUMBER, group=THERE, minute=2))
    Group.objects.filter(name=THERE).update(name=HERE, platform="qq")
    assert [row.groups for row in queries.queue(user("zhao"), ALL, 1).rows] == [
        (f"{HERE}（QQ）", f"{HERE}（微信）")
    ]
