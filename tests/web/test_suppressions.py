"""Content that opens no lead for a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django.asserts import assertNumQueries

from leakwatch.store import reasons
from leakwatch.store.models import Group, LogEntry, Role, Suppression
from tests.web.people import NOON, Visit, account
from tests.web.rows import SEALER, lead


def suppression(**changed: Any) -> Suppression:
    """One that the office made."""
    values: dict[str, Any] = {"fingerprint": "f", "rule": "mk.state", "owner": account(Role.OFFICE)}
    values |= {"created_at": NOON, "expires_at": NOON + timedelta(days=90)} | changed
    place = reasons.suppression_place(values["fingerprint"], values["created_at"])
    values["sealed"] = reasons.sealed("公示名单", SEALER, place)
    made: Suppression = Suppression.objects.create(**values)
    return made


def page(visit: Visit) -> str:
    """As the office sees it."""
    return visit(Role.OFFICE).get("/suppressions").content.decode()


def test_each_stands_with_rule_reach_reason_and_end(visit: Visit) -> None:
    lead()
    group = Group.objects.create(name="云岭区值班群")
    suppression(group=group)
    for words in ("密级标志", "云岭区值班群", "公示名单", "2031-08-04 12:00", "提前结束"):
        assert words in page(visit)


OLD = NOON - timedelta(days=60)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"expires_at": NOON + timedelta(days=365)}, "对所有工作群有效，且超过半年"),
        ({"uses": 20}, "已挡下 20 处"),
        ({"created_at": OLD}, "一个月来没有用上"),
        ({"created_at": OLD, "uses": 1}, ""),
        ({"created_at": OLD, "expires_at": NOON}, "已到期"),
    ],
)
def test_what_reaches_too_far_or_for_nothing_is_said(
    visit: Visit, changed: dict[str, Any], said: str
) -> None:
    suppression(**changed)
    all_said = ["对所有工作群有效，且超过半年", "已挡下 20 处", "一个月来没有用上", "已到期"]
    assert [words for words in all_said if words in page(visit)] == [
        words for words in all_said if words == said
    ]


def test_one_is_ended_early_and_that_is_logged(visit: Visit) -> None:
    made = suppression()
    client = visit(Role.OFFICE)
    assert "已结束" in client.post(f"/suppressions/{made.pk}/end", follow=True).content.decode()
    made.refresh_from_db()
    assert made.expires_at == NOON
    assert "已经到期" in client.post(f"/suppressions/{made.pk}/end", follow=True).content.decode()
    assert list(LogEntry.objects.values_list("actor", "action", "subject")) == [
        ("office", "suppression.ended", f"suppression:{made.pk}")
    ]


def test_the_empty_list_says_how_one_comes_about(visit: Visit) -> None:
    assert "审核线索时选“非泄密”" in page(visit)


def test_the_list_costs_the_same_however_long(visit: Visit) -> None:
    client = visit(Role.OFFICE)
    for number in range(3):
        suppression(rule=f"r{number}", group=Group.objects.create(name=str(number)))
    with assertNumQueries(5):
        client.get("/suppressions")
