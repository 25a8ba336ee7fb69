"""The first page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from leakwatch.store.models import Group, JobRun, Role
from tests.web.people import NOON, Visit, account
from tests.web.rows import Posted, lead, scan, unread

A, B, C, D, E = (f"XS-20310506-00000{letter}" for letter in "abcde")


def figures(page: str) -> dict[str, tuple[str, str]]:
    """Title → number and address."""
    found = re.findall(r'class="figure[^"]*"(?: href="([^"]*)")?><strong>([\d,]+)</strong>([^<]+)<', page)
    return {title: (number, address.replace("&amp;", "&")) for address, number, title in found}


def test_figures_lead_to_what_they_count(visit: Visit) -> None:
    lead(A, due_at=NOON - timedelta(hours=1))
    lead(B, due_at=NOON + timedelta(hours=3), state="second_look")
    lead(C, state="confirmed", office_due_at=NOON - timedelta(hours=1))
    lead(D, state="confirmed", office_due_at=NOON + timedelta(hours=1))
    lead(E, due_at=NOON - timedelta(hours=2), at_once=True)
    unread()
    assert figures(visit(Role.REVIEWER).get("/").content.decode()) == {
        "须立即报告": ("1", "/leads?due=at_once"),
        "已超期": ("1", "/leads?due=overdue"),
        "4 小时内到期": ("1", "/leads?due=soon"),
        "新线索": ("2", "/leads?state=new"),
        "待复核": ("1", "/leads?state=second_look"),
        "已确认，还没有上报": ("2", "/leads?state=confirmed&due=unreported"),
        "没能读出的内容": ("1", "/unread"),
        "未登记的工作群": ("1", "/groups"),
    }


def test_an_owner_sees_the_figures_of_the_own_groups_alone(visit: Visit) -> None:
    lead(A)
    lead(B, Posted(group="云岭区值班群"))
    account(Role.OWNER).own_groups.add(Group.objects.get(name="云岭区值班群"))
    assert figures(visit(Role.OWNER).get("/").content.decode()) == {
        "须立即报告": ("0", "/leads?due=at_once"),
        "已超期": ("0", "/leads?due=overdue"),
        "4 小时内到期": ("0", "/leads?due=soon"),
        "新线索": ("1", "/leads?state=new"),
    }


def test_figures_lead_an_auditor_nowhere(visit: Visit) -> None:
    lead(A)
    assert {where for _, where in figures(visit(Role.AUDITOR).get("/").content.decode()).values()} == {""}


def test_an_administrator_sees_no_figures(visit: Visit) -> None:
    lead(A)
    page = visit(Role.ADMIN).get("/").content.decode()
    assert figures(page) == {}
    assert "管理账号" in page


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (0, "昨晚 02:10（夜间）扫描了 312 个文件、48,210 条消息，没有新线索。"),
        (2, "昨晚 02:10（夜间）扫描了 312 个文件、48,210 条消息，发现 2 处新情况"),
    ],
)
def test_the_last_scan_is_told_whatever_it_found(visit: Visit, found: int, sentence: str) -> None:
    scan(new=found)
    assert sentence in visit(Role.REVIEWER).get("/").content.decode()


def test_what_a_scan_found_is_told_to_who_sees_every_group(visit: Visit) -> None:
    scan(new=1, reactivated=1, unread=1)
    page = visit(Role.AUDITOR).get("/").content.decode()
    assert "48,210 条消息，发现 2 处新情况；有 1 处没能读出。" in page


def test_an_owner_is_told_of_no_scan_but_of_the_own_groups(visit: Visit) -> None:
    scan()
    lead(A)
    assert "还没有工作群登记给您" in visit(Role.OWNER).get("/").content.decode()
    account(Role.OWNER).own_groups.add(Group.objects.get())
    page = visit(Role.OWNER).get("/").content.decode()
    assert ("青石市应急工作群" in page, "48,210" in page, "没有工作群登记" in page) == (True, False, False)


def test_before_the_first_scan_the_page_says_what_to_do(visit: Visit) -> None:
    page = visit(Role.REVIEWER).get("/").content.decode()
    assert "还没有扫描过" in page
    assert "夜间扫描还没有成功运行过" in page


def test_the_last_good_nightly_run_is_told(visit: Visit) -> None:
    JobRun.objects.create(name="nightly", succeeded_at=NOON - timedelta(hours=9))
    assert "夜间扫描最近一次成功：2031-05-06 03:00" in visit(Role.REVIEWER).get("/").content.decode()


def test_rules_are_shown_by_how_often_people_agreed(visit: Visit) -> None:
    for number, state in enumerate(("confirmed", "confirmed", "dismissed", "new")):
        lead(f"XS-20310506-{number:06x}", state=state, office_due_at=NOON)
    page = visit(Role.REVIEWER).get("/").content.decode()
    assert 'aria-label="67%"' in page
    assert "2 / 3" in page
