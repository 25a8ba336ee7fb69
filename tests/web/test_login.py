"""Logging in and out, and one's own password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings

from leakwatch.store.models import LogEntry, Role, User
from leakwatch.web.site import Office
from tests.web.people import NOON, Visit, account, visitor

PASSWORD = "qingshi-2031-ok"  # noqa: S105
WRONG = "用户名或密码不对"


@pytest.fixture
def wang() -> User:
    """A reviewer with a password."""
    user = account(Role.REVIEWER, "王审核")
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(client: Client, password: str, name: str = "王审核", **more: str) -> str:
    """Where the visitor is sent, or the page that refuses."""
    answer = client.post("/login", {"username": name, "password": password, **more})
    return str(answer.get("Location") or answer.content.decode())


def actions() -> list[str]:
    """What the log says was done."""
    return list(LogEntry.objects.order_by("seq").values_list("action", flat=True))


@pytest.mark.usefixtures("wang")
def test_the_right_password_leads_home() -> None:
    client = Client()
    assert enter(client, PASSWORD) == "/"
    assert client.get("/").status_code == 200
    assert actions() == ["login"]


@pytest.mark.usefixtures("wang")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/leads?due=soon", "/leads?due=soon"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_the_login_the_wanted_page_follows_if_it_is_ours(wanted: str, expected: str) -> None:
    assert enter(Client(), PASSWORD, next=wanted) == expected


@pytest.mark.usefixtures("wang")
def test_a_wrong_name_and_a_wrong_password_read_the_same() -> None:
    wrong, unknown = enter(Client(), "x"), enter(Client(), "x", name="李小梅")
    assert WRONG in wrong
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", wrong).replace("王审核", "李小梅") == token.sub("", unknown)


def test_the_fifth_wrong_password_locks_the_account_for_a_while(wang: User) -> None:
    for _ in range(5):
        enter(Client(), "x")
    assert WRONG in enter(Client(), PASSWORD)
    assert actions() == ["login.locked"]
    later = NOON + timedelta(minutes=16)
    given = settings.OFFICE
    office = Office(config=given.config, clock=lambda: later, sealer=given.sealer, originals=given.originals)
    with override_settings(OFFICE=office):
        assert enter(Client(), PASSWORD) == "/"


def test_a_closed_account_does_not_open_and_ends_where_it_is_open(wang: User) -> None:
    client = visitor(wang)
    wang.is_active = False
    wang.save()
    assert WRONG in enter(Client(), PASSWORD)
    assert client.get("/").status_code == 302


def test_who_leaves_is_out(visit: Visit) -> None:
    client = visit(Role.OFFICE)
    assert client.post("/logout")["Location"] == "/login"
    assert client.get("/").status_code == 302
    assert actions() == ["logout"]


@pytest.mark.parametrize(
    ("old", "new", "again", "wrong"),
    [
        ("x", "a-new-one-2031", "a-new-one-2031", "当前密码不对"),
        (PASSWORD, "a-new-one-2031", "a-new-two-2031", "两次输入的新密码不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码与当前密码相同"),
        (PASSWORD, "short", "short", "密码太短，至少要 10 位"),
        (PASSWORD, "20310506123456", "20310506123456", "密码只包含数字"),
        (PASSWORD, "qwertyuiop", "qwertyuiop", "太常见"),
    ],
)
def test_a_new_password_that_is_none_is_refused(
    wang: User, old: str, new: str, again: str, wrong: str
) -> None:
    page = visitor(wang).post("/password", {"old": old, "new": new, "again": again})
    assert wrong in page.content.decode()
    assert actions() == []


def test_a_new_password_keeps_this_visit_and_ends_the_others(wang: User) -> None:
    here, elsewhere = visitor(wang), visitor(wang)
    new = {"old": PASSWORD, "new": "a-new-one-2031", "again": "a-new-one-2031"}
    assert here.post("/password", new)["Location"] == "/"
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert actions() == ["password.change"]
