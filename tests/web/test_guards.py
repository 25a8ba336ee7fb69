"""What stands before every page."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from leakwatch.store.models import Place, Role, User
from tests.web.failing import CANARY
from tests.web.people import Visit, account
from tests.web.rows import NUMBER, lead


def test_a_stranger_is_sent_to_the_login_and_back() -> None:
    answer = Client().get("/leads?due=soon&mine=1")
    assert (answer.status_code, answer["Location"]) == (302, "/login?next=/leads%3Fdue%3Dsoon%26mine%3D1")


def test_a_stranger_s_form_is_refused() -> None:
    assert Client().post("/accounts/new", {"username": "x"}).status_code == 403


def test_a_one_time_password_opens_nothing_but_its_own_change(visit: Visit) -> None:
    client = visit(Role.ADMIN)
    User.objects.update(must_change_password=True)
    assert client.get("/")["Location"] == "/password"


def test_pages_are_not_kept_and_take_nothing_from_elsewhere(visit: Visit) -> None:
    headers = visit(Role.REVIEWER).get("/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_another_site_s_name_is_refused() -> None:
    answer = Client(raise_request_exception=False).get("/login", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "不能用这个网址打开" in answer.content.decode()


def test_the_address_of_a_button_says_so(visit: Visit) -> None:
    answer = visit(Role.OFFICE).get("/leads/XS-1/claim")
    assert answer.status_code == 405
    assert "请用页面上的按钮" in answer.content.decode()


def test_a_form_that_another_site_sends_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account(Role.REVIEWER))
    answer = client.post("/leads/XS-1/claim")
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_an_unknown_address_has_a_page_of_its_own(visit: Visit) -> None:
    answer = visit(Role.OFFICE).get("/nothing/here")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_a_fault_says_its_number_and_none_of_the_words_it_failed_on(
    visit: Visit, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.ROOT_URLCONF = "tests.web.failing"
    with caplog.at_level(logging.DEBUG):
        answer = visit(Role.OFFICE).get("/")
    number = caplog.records[0].getMessage().split()[0]
    assert answer.status_code == 500
    assert number in answer.content.decode()
    assert CANARY not in answer.content.decode() + caplog.text


def test_sealed_words_that_were_changed_are_told_with_what_to_do(visit: Visit) -> None:
    place = Place.objects.get(finding__lead=lead())
    place.sealed = bytes(place.sealed)[:-1] + b"x"
    place.save()
    answer = visit(Role.REVIEWER).get(f"/leads/{NUMBER}")
    assert answer.status_code == 500
    assert "被改动过或密钥不对；请从备份恢复" in answer.content.decode()
