"""Robots on this machine take what those of WeCom, DingTalk and Feishu take."""

from __future__ import annotations

import json
import socketserver
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from leakwatch.errors import Undelivered
from leakwatch.notices.robots import Robot, dingtalk_sign, feishu_sign
from tests.notices.sending import NIGHT, NOTICE, TEXT, robot, serving

_TAKEN = b'{"errcode":0}'


def of_kind(kind: str, url: str, secret: str = "") -> Robot:
    """It sends an hour after the notice was made."""
    return Robot(kind=kind, url=url, roles=(), clock=lambda: NIGHT + timedelta(hours=1), secret=secret)


@pytest.mark.parametrize(
    ("kind", "answer", "message"),
    [
        ("wecom", _TAKEN, {"msgtype": "text", "text": {"content": TEXT}}),
        ("dingtalk", b'{"errcode":0,"errmsg":"ok"}', {"msgtype": "text", "text": {"content": TEXT}}),
        ("feishu", b'{"code":0}', {"msg_type": "text", "content": {"text": TEXT}}),
    ],
)
def test_a_robot_is_sent_what_it_understands(kind: str, answer: bytes, message: dict[str, object]) -> None:
    with robot(answer) as (url, sent):
        of_kind(kind, f"{url}?key=k").send(NOTICE)
    assert [(path, json.loads(body)) for path, body in sent] == [("/send?key=k", message)]


@pytest.mark.parametrize(
    ("answer", "status"),
    [(b'{"errcode":93000}', 200), (b"", 500), (b"<html>", 200), (b"[]", 200), (_TAKEN, 302)],
)
def test_a_robot_that_does_not_take_it_is_told(answer: bytes, status: int) -> None:
    with robot(answer, status) as (url, _), pytest.raises(Undelivered) as caught:
        of_kind("dingtalk", f"{url}?key=k", "SEC秘").send(NOTICE)
    assert [word for word in ("key=k", "SEC", "sign") if word in str(caught.value)] == []


class _Garbler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"?" * 70_000 + b"\r\n\r\n")


@pytest.mark.parametrize("path", ["/send", "/an address that was copied badly"])
def test_whatever_answers_at_a_wrong_address_is_told(path: str) -> None:
    server = socketserver.TCPServer(("127.0.0.1", 0), _Garbler)
    with serving(server) as port, pytest.raises(Undelivered, match="没有收到通知"):
        of_kind("wecom", f"http://127.0.0.1:{port}{path}").send(NOTICE)


def test_signs_are_those_of_other_programs() -> None:
    """Feishu's is the example of its manual; DingTalk's was made of the same values by another program."""
    assert feishu_sign("xxx", 1661860880) == {
        "timestamp": "1661860880",
        "sign": "QnWVTSBe6FmQDE0bG6X0mURbI+DnvVyu1h+j5dHOjrU=",
    }
    assert dingtalk_sign("xxx", 1661860880) == {
        "timestamp": "1661860880",
        "sign": "dIUMcehSFkPlWOGqwoP5EFcartyN67QSY9wbVW+hTbE=",
    }


@pytest.mark.parametrize("query", ["", "?access_token=a%2Bb"])
def test_dingtalk_finds_the_sign_of_the_moment_in_the_address(query: str) -> None:
    with robot(_TAKEN) as (url, sent):
        of_kind("dingtalk", url + query, "SEC1").send(NOTICE)
    ((path, body),) = sent
    at_ms = int((NIGHT + timedelta(hours=1)).timestamp() * 1000)
    assert dict(parse_qsl(urlsplit(path).query)) == (
        ({"access_token": "a+b"} if query else {}) | dingtalk_sign("SEC1", at_ms)
    )
    assert set(json.loads(body)) == {"msgtype", "text"}


def test_feishu_finds_the_sign_of_the_moment_in_the_message() -> None:
    with robot(b'{"code":0}') as (url, sent):
        of_kind("feishu", url, "geheim").send(NOTICE)
    ((path, body),) = sent
    at_s = int((NIGHT + timedelta(hours=1)).timestamp())
    said = {"msg_type": "text", "content": {"text": TEXT}}
    assert (path, json.loads(body)) == ("/send", said | feishu_sign("geheim", at_s))


def test_neither_key_nor_secret_is_shown() -> None:
    shown = repr(of_kind("dingtalk", "http://127.0.0.1/send?access_token=k123", "SEC456"))
    assert "k123" not in shown
    assert "SEC456" not in shown
