"""The administrator's pages."""

from __future__ import annotations

import re

from django.test import Client

from leakwatch.store.models import LogEntry, Role, User
from tests.web.people import Visit, account, visitor


def one_time(page: str) -> str:
    """The password on the page."""
    found = re.search(r'class="password">([^<]+)<', page)
    return found.group(1) if found else ""


def test_a_new_account_gets_a_password_that_asks_for_another(visit: Visit) -> None:
    sent = {"username": "王审核", "role": "reviewer"}
    page = visit(Role.ADMIN).post("/accounts/new", sent).content.decode()
    client = Client()
    client.post("/login", {"username": "王审核", "password": one_time(page)})
    assert client.get("/leads")["Location"] == "/password"


def test_a_name_is_given_once(visit: Visit) -> None:
    account(Role.OWNER, "王审核")
    page = visit(Role.ADMIN).post("/accounts/new", {"username": "王审核", "role": "owner"})
    assert "已经有人用" in page.content.decode()


def test_a_new_one_time_password_ends_the_old_visits(visit: Visit) -> None:
    user = account(Role.OWNER, "刘群主")
    client = visitor(user)
    page = visit(Role.ADMIN).post(f"/accounts/{user.pk}", {"reset": "1"}).content.decode()
    assert one_time(page)
    assert client.get("/").status_code == 302


def test_role_and_standing_are_changed_and_logged(visit: Visit) -> None:
    user = account(Role.OWNER, "刘群主")
    visit(Role.ADMIN).post(f"/accounts/{user.pk}", {"role": "auditor"})
    changed = User.objects.get(pk=user.pk)
    assert (changed.role, changed.is_active) == ("auditor", False)
    assert LogEntry.objects.get().details == {
        "was": {"role": "owner", "unit": None, "is_active": True},
        "now": {"role": "auditor", "unit": None, "is_active": False},
    }


def test_the_last_administrator_stays(visit: Visit) -> None:
    client = visit(Role.ADMIN)
    admin = User.objects.get()
    page = client.post(f"/accounts/{admin.pk}", {"role": "owner", "is_active": "on"})
    assert "至少要留一个可用的管理员账号" in page.content.decode()
    assert User.objects.get().role == "admin"


def test_no_password_stands_in_the_log(visit: Visit) -> None:
    page = visit(Role.ADMIN).post("/accounts/new", {"username": "王审核", "role": "reviewer"})
    assert one_time(page.content.decode()) not in str(list(LogEntry.objects.values()))


def test_accounts_are_listed_by_how_they_stand(visit: Visit) -> None:
    User.objects.filter(pk=account(Role.OWNER, "刘群主").pk).update(is_active=False)
    User.objects.filter(pk=account(Role.OWNER, "陈群主").pk).update(must_change_password=True)
    page = visit(Role.ADMIN).get("/accounts").content.decode()
    assert re.findall(r"<td>(可用|已停用|未改初始密码)</td>", page) == ["可用", "未改初始密码", "已停用"]
