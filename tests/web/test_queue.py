"""The list of leads."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from leakwatch.model import Level
from leakwatch.store.models import Group, Role
from tests.web.people import NOON, Visit, account, visitor
from tests.web.rows import CANARY, Posted, lead, scan, unread


def listed(client: Client, query: str = "") -> list[str]:
    """The numbers of the leads on the page, in their order."""
    page = client.get(f"/leads{query}").content.decode()
    return list(dict.fromkeys(re.findall(r'href="/leads/(XS-\d{8}-[0-9a-f]+)"', page)))


A, B, C, D = (f"XS-20310506-00000{letter}" for letter in "abcd")


@pytest.fixture
def _four() -> None:
    """One of each sort, the most pressing last."""
    lead(A, due_at=NOON + timedelta(hours=20))
    lead(B, Posted(group="云岭区值班群"), level="", category="ws.hr", due_at=NOON + timedelta(hours=3))
    lead(C, level=Level.JUEMI, at_once=True, due_at=NOON - timedelta(hours=2))
    lead(D, state="dismissed", due_at=NOON + timedelta(hours=1))


@pytest.mark.usefixtures("_four")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [C, B, A]),
        ("?state=all", [C, D, B, A]),
        ("?state=dismissed", [D]),
        ("?due=at_once", [C]),
        ("?due=overdue", []),
        ("?due=soon", [B]),
        ("?due=unreported", []),
        ("?level=绝密", [C]),
        ("?category=ws.hr", [B]),
        ("?category=nonsense", []),
        ("?state=nonsense", [C, B, A]),
        ("?group=x", [C, B, A]),
        ("?mine=1", []),
        ("?group=99999999999999999999", [C, B, A]),
        ("?due=nonsense", [C, B, A]),
        ("?level=%00绝密", [C]),
        ("?q=%00", [C, B, A]),
        ("?page=99", [C, B, A]),
        ("?page=99999999999999999999", [C, B, A]),
        ("?page=-1", [C, B, A]),
        ("?q=XS-20310506", [A, B, C, D]),
        ("?q=nothing", []),
    ],
)
def test_the_address_narrows_the_list_and_the_most_pressing_come_first(
    visit: Visit, query: str, expected: list[str]
) -> None:
    assert listed(visit(Role.REVIEWER), query) == expected


@pytest.mark.usefixtures("_four")
def test_the_list_is_narrowed_to_a_group(visit: Visit) -> None:
    group = Group.objects.get(name="云岭区值班群")
    assert listed(visit(Role.REVIEWER), f"?group={group.pk}") == [B]


def test_mine_is_what_this_visitor_has_in_hand(visit: Visit) -> None:
    lead(A, state="in_review", claimed_by=account(Role.REVIEWER))
    lead(B, state="in_review", claimed_by=account(Role.OFFICE))
    assert listed(visit(Role.REVIEWER), "?mine=1") == [A]


def test_a_whole_number_leads_to_its_lead(visit: Visit) -> None:
    lead(A)
    assert visit(Role.REVIEWER).get(f"/leads?q={A}")["Location"] == f"/leads/{A}"


def test_an_owner_sees_the_leads_of_the_own_groups_alone(visit: Visit) -> None:
    lead(A)
    lead(B, Posted(group="云岭区值班群"))
    account(Role.OWNER).own_groups.add(Group.objects.get(name="云岭区值班群"))
    assert listed(visit(Role.OWNER)) == [B]
    assert listed(visit(Role.OWNER), f"?q={A}") == []


def test_the_list_holds_no_word_of_a_message(visit: Visit) -> None:
    lead(A)
    page = visit(Role.REVIEWER).get("/leads").content.decode()
    assert A in page
    assert CANARY not in page


def test_who_may_decide_finds_a_button_to_claim(visit: Visit) -> None:
    lead(A)
    account(Role.OWNER).own_groups.add(Group.objects.get())
    claim = f'formaction="/leads/{A}/claim"'
    assert claim in visit(Role.REVIEWER).get("/leads").content.decode()
    assert claim not in visit(Role.OWNER).get("/leads").content.decode()


def test_an_empty_list_says_what_was_scanned(visit: Visit) -> None:
    scan()
    page = visit(Role.REVIEWER).get("/leads").content.decode()
    assert "昨晚 02:10扫描了 312 个文件、48,210 条消息，没有未办结的线索" in page


def test_an_owner_without_groups_is_not_told_that_nothing_was_found(visit: Visit) -> None:
    scan()
    lead(A)
    page = visit(Role.OWNER).get("/leads").content.decode()
    assert ("不等于没有发现问题" in page, "没有未办结的线索" in page) == (True, False)
    lead(B, Posted(group="云岭区值班群"), state="dismissed")
    account(Role.OWNER).own_groups.add(Group.objects.get(name="云岭区值班群"))
    assert "云岭区值班群：没有未办结的线索" in visit(Role.OWNER).get("/leads").content.decode()


@pytest.mark.parametrize(("reported", "expected"), [(None, [A]), (NOON, [])])
def test_what_is_confirmed_and_not_reported_can_be_listed(
    visit: Visit, reported: datetime | None, expected: list[str]
) -> None:
    lead(A, state="confirmed", office_due_at=NOON, reported_at=reported)
    lead(B)
    assert listed(visit(Role.OFFICE), "?due=unreported") == expected


def test_an_empty_list_before_the_first_scan_says_what_to_do(visit: Visit) -> None:
    assert "还没有扫描过" in visit(Role.REVIEWER).get("/leads").content.decode()


def test_a_list_says_that_something_was_not_read(visit: Visit) -> None:
    unread()
    assert "另有 1 处内容没能读出" in visit(Role.REVIEWER).get("/leads").content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_a_longer_list_costs_no_more_queries(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        lead(f"XS-20310506-{number:06x}", Posted(group=f"云岭区第{number}街道群"))
    client = visitor(account(Role.REVIEWER))
    with django_assert_num_queries(8):
        client.get("/leads")


def test_a_second_page_keeps_the_filters(visit: Visit) -> None:
    for number in range(60):
        lead(f"XS-20310506-{number:06x}", level="秘密")
    page = visit(Role.REVIEWER).get("/leads?level=秘密").content.decode()
    assert "第 1 页，共 2 页" in page
    assert 'href="?level=%E7%A7%98%E5%AF%86&amp;page=2"' in page


def test_an_owner_may_choose_the_own_groups_alone(visit: Visit) -> None:
    lead(A, Posted(), Posted(group="云岭区值班群"))
    account(Role.OWNER).own_groups.add(Group.objects.get(name="云岭区值班群"))
    page = visit(Role.OWNER).get("/leads").content.decode()
    assert ("云岭区值班群" in page, "青石市应急工作群" in page) == (True, False)
