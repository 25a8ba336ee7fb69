"""Notices reach a folder, a program, a mail server and a robot; all of them on this machine."""

from __future__ import annotations

import json
import socketserver
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from leakwatch import config
from leakwatch.errors import ConfigError
from leakwatch.model import SHANGHAI
from leakwatch.notices import Notice, Subject, Undelivered, Way, ways

NIGHT = datetime(2031, 5, 6, 2, 10, tzinfo=SHANGHAI)
NOTICE = Notice(
    subject=Subject.NEW_LEADS,
    at=NIGHT,
    lead_ids=("XS-20310506-3f2a9c",),
    figures=(("没有读到的文件", 2),),
    link="http://127.0.0.1:8451/leads",
)
TEXT = (
    "保密检查：有新线索（1 件）\n时间：2031-05-06 02:10\n没有读到的文件：2\n"
    "线索编号：XS-20310506-3f2a9c\n请打开：http://127.0.0.1:8451/leads\n"
)


def one(way: str, to: str, base: Path, mail: config.Mail | None = None) -> Way:
    """The way of such a section."""
    setting = config.Notice(way=way, to=to)  # type: ignore[arg-type]
    return ways([setting], mail or config.Mail(), base)[0]


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    """The port of a server that runs for a while."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_notice_says_counts_and_numbers() -> None:
    assert NOTICE.text == TEXT


def test_many_leads_are_counted_and_the_first_listed() -> None:
    many = Notice(subject=Subject.OVERDUE, at=NIGHT, lead_ids=tuple(f"XS-{n}" for n in range(23)))
    lines = many.text.splitlines()
    assert (lines[0], len(lines), lines[-1]) == (
        "保密检查：线索已超过报告期限（23 件）",
        23,
        "另有 3 件，见审核页面",
    )


def test_two_notices_of_one_second_are_two_files(tmp_path: Path) -> None:
    way = one("file", "通知", tmp_path)
    way.send(NOTICE)
    way.send(NOTICE)
    assert {path.name: path.read_text("utf-8-sig") for path in (tmp_path / "通知").iterdir()} == {
        "20310506-021000-new_leads.txt": TEXT,
        "20310506-021000-new_leads-2.txt": TEXT,
    }


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "通知").write_text("")
    with pytest.raises(Undelivered, match="通知文件写不进去"):
        one("file", "通知", tmp_path).send(NOTICE)


def test_a_program_reads_the_notice(tmp_path: Path) -> None:
    script = tmp_path / "tell.py"
    script.write_text("import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())")
    one("command", f"{sys.executable} {script} {tmp_path / 'out'}", tmp_path).send(NOTICE)
    assert (tmp_path / "out").read_text("utf-8") == TEXT


@pytest.mark.parametrize("program", ["/nowhere/tell", f"{sys.executable} -c 'raise SystemExit(3)'"])
def test_a_program_that_fails_is_told(tmp_path: Path, program: str) -> None:
    with pytest.raises(Undelivered, match="通知程序没有正常结束"):
        one("command", program, tmp_path).send(NOTICE)


@contextmanager
def robot(answer: bytes, status: int = 200) -> Iterator[tuple[str, list[bytes]]]:
    """Address of a robot that answers so, and what it was sent."""
    sent: list[bytes] = []

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Robot)) as port:
        yield f"http://127.0.0.1:{port}/send?key=k", sent


@pytest.mark.parametrize(
    ("kind", "answer", "message"),
    [
        ("wecom", b'{"errcode":0}', {"msgtype": "text", "text": {"content": TEXT}}),
        ("dingtalk", b'{"errcode":0,"errmsg":"ok"}', {"msgtype": "text", "text": {"content": TEXT}}),
        ("feishu", b'{"code":0}', {"msg_type": "text", "content": {"text": TEXT}}),
    ],
)
def test_a_robot_is_sent_what_it_understands(
    tmp_path: Path, kind: str, answer: bytes, message: dict[str, object]
) -> None:
    with robot(answer) as (url, sent):
        one(kind, url, tmp_path).send(NOTICE)
    assert [json.loads(body) for body in sent] == [message]


@pytest.mark.parametrize(
    ("answer", "status"),
    [(b'{"errcode":93000}', 200), (b"", 500), (b"<html>", 200), (b"[]", 200), (b'{"errcode":0}', 302)],
)
def test_a_robot_that_does_not_take_it_is_told(tmp_path: Path, answer: bytes, status: int) -> None:
    with robot(answer, status) as (url, _), pytest.raises(Undelivered) as caught:
        one("wecom", url, tmp_path).send(NOTICE)
    assert "key=k" not in str(caught.value)


class MailServer(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as one letter needs."""

    letters: list[str]
    refused: bytes | None = None
    """In an address that it does not take."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                self.letters.append(letter.decode())
            is_refused = self.refused is not None and self.refused in line
            self.wfile.write(
                b"221 bye\r\n" if word == b"QUIT" else b"550 no\r\n" if is_refused else b"250 ok\r\n"
            )
            if word == b"QUIT":
                return


def test_an_address_that_is_refused_is_told(tmp_path: Path) -> None:
    class Server(MailServer):
        letters: list[str] = []  # noqa: RUF012
        refused = b"zr@"

    with serving(socketserver.TCPServer(("127.0.0.1", 0), Server)) as port:
        mail = config.Mail(host="127.0.0.1", port=port, sender="leakwatch@qs.lan")
        first, second = ways([config.Notice(way="mail", to="bmb@qs.lan zr@qs.lan")], mail, tmp_path)
        first.send(NOTICE)
        with pytest.raises(Undelivered, match="SMTPRecipientsRefused"):
            second.send(NOTICE)
    assert len(Server.letters) == 1


def test_each_address_gets_a_mail_of_its_own(tmp_path: Path) -> None:
    class Server(MailServer):
        letters: list[str] = []  # noqa: RUF012

    with serving(socketserver.TCPServer(("127.0.0.1", 0), Server)) as port:
        mail = config.Mail(host="127.0.0.1", port=port, sender="leakwatch@qs.lan")
        for way in ways([config.Notice(way="mail", to="bmb@qs.lan zr@qs.lan")], mail, tmp_path):
            way.send(NOTICE)
    heads = [letter.split("\r\n\r\n")[0].split("\r\n") for letter in Server.letters]
    assert [line for head in heads for line in head if line.startswith("To: ")] == [
        "To: bmb@qs.lan",
        "To: zr@qs.lan",
    ]


def test_a_mail_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with serving(socketserver.TCPServer(("127.0.0.1", 0), MailServer)) as port:
        pass
    mail = config.Mail(host="127.0.0.1", port=port, sender="leakwatch@qs.lan")
    with pytest.raises(Undelivered, match="邮件没有送出"):
        one("mail", "bmb@qs.lan", tmp_path, mail).send(NOTICE)


@pytest.mark.parametrize(
    ("way", "to"), [("mail", "bmb@qs.lan"), ("command", ""), ("wecom", "file:///etc/passwd"), ("feishu", "")]
)
def test_a_way_that_lacks_something_is_refused_at_the_start(tmp_path: Path, way: str, to: str) -> None:
    with pytest.raises(ConfigError):
        one(way, to, tmp_path)
