"""What is taken in of a request before anybody knows whose it is."""

from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments

from leakwatch.store.models import Role
from leakwatch.web.bodies import SMALL_BYTES, Parser
from tests.web.people import account, visitor


def asked(*lines: str) -> Parser:
    """What is made of a header."""
    parser = Parser(Adjustments())
    parser.received("\r\n".join(("POST /upload HTTP/1.1", "Host: x", *lines, "", "")).encode())
    return parser


BIG = f"Content-Length: {100 << 20}"


@pytest.mark.parametrize(
    "cookie", [None, "leakwatch_session=", "leakwatch_session=x", "=;=", "leakwatch_session=" + "é" * 40]
)
@pytest.mark.parametrize("length", [BIG, "Transfer-Encoding: chunked"])
def test_nothing_of_100_mb_is_taken_from_a_stranger(cookie: str | None, length: str) -> None:
    lines = [length, "Expect: 100-continue", *([f"Cookie: {cookie}"] if cookie else [])]
    parser = asked(*lines)
    assert parser.error is not None
    assert (parser.completed, parser.error.code, parser.expect_continue) == (True, 403, False)


def test_a_session_that_is_not_logged_in_is_a_stranger_s(visitor_session: str) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session["x"] = 1
    session.save()
    assert asked(BIG, f"Cookie: leakwatch_session={session.session_key}").error is not None


@pytest.fixture
def visitor_session() -> str:
    """The cookie of somebody who is logged in."""
    return str(visitor(account(Role.OWNER)).cookies["leakwatch_session"].value)


def test_who_is_logged_in_sends_what_the_page_takes(visitor_session: str) -> None:
    parser = asked(BIG, f"Cookie: a=b; leakwatch_session={visitor_session}")
    assert (parser.completed, parser.error) == (False, None)


def test_what_is_too_big_is_said_in_words_for_people(visitor_session: str) -> None:
    lines = [f"Content-Length: {2 << 30}", f"Cookie: leakwatch_session={visitor_session}"]
    parser = Parser(Adjustments(max_request_body_size=(1024 + 1) << 20))
    parser.received("\r\n".join(("POST /upload HTTP/1.1", *lines, "", "")).encode())
    assert parser.error is not None
    assert (parser.error.code, parser.error.body) == (
        413,
        "文件太大，一次最多 1024 MB，请分开导出或分几次上传",
    )


def test_a_small_form_is_taken_from_anybody() -> None:
    parser = asked(f"Content-Length: {SMALL_BYTES}")
    assert (parser.completed, parser.error) == (False, None)
