"""Notices reach a folder and a program; what their ways lack is told at the start."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from leakwatch import config
from leakwatch.errors import ConfigError, Undelivered
from leakwatch.notices import Notice, Start, Subject, Way, take_secrets, ways
from leakwatch.notices.robots import Robot
from tests.notices.sending import NIGHT, NOTICE, TEXT


def start(base: Path, environ: Mapping[str, str] = MappingProxyType({})) -> Start:
    return Start(base=base, clock=lambda: NIGHT, environ=environ)


def one(way: str, to: str, base: Path, mail: config.Mail | None = None) -> Way:
    """The way of such a section."""
    setting = config.Notice(way=way, to=to)  # type: ignore[arg-type]
    return ways([setting], mail or config.Mail(), start(base))[0]


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


@pytest.mark.parametrize(
    ("way", "to"), [("mail", "bmb@qs.lan"), ("command", ""), ("wecom", "file:///etc/passwd"), ("feishu", "")]
)
def test_a_way_that_lacks_something_is_refused_at_the_start(tmp_path: Path, way: str, to: str) -> None:
    with pytest.raises(ConfigError):
        one(way, to, tmp_path)


def secret_of(notice: config.Notice, begun: Start) -> str:
    (way,) = ways([notice], config.Mail(), begun)
    assert isinstance(way, Robot)
    return way.secret


def robot_of(way: str, secret_file: str = "") -> config.Notice:
    return config.Notice(way=way, to="http://10.0.0.9/send", secret_file=secret_file)  # type: ignore[arg-type]


def test_a_robot_s_secret_lies_in_a_file_or_in_the_variable_of_its_kind(tmp_path: Path) -> None:
    (tmp_path / "加签.txt").write_text("\ufeffSEC1\n", "utf-8")
    begun = start(tmp_path, {"LEAKWATCH_DINGTALK_SECRET": "SEC2 ", "LEAKWATCH_FEISHU_SECRET": "F"})
    wanted = [("dingtalk", "加签.txt"), ("dingtalk", ""), ("feishu", ""), ("wecom", "")]
    assert [secret_of(robot_of(*one), begun) for one in wanted] == ["SEC1", "SEC2", "F", ""]
    assert secret_of(robot_of("feishu"), start(tmp_path)) == ""


@pytest.mark.parametrize(
    ("way", "content", "words"),
    [
        ("dingtalk", None, "读不出来"),
        ("feishu", b"\xff\xfe", "读不出来"),
        ("feishu", b" \n", "是空的"),
        ("wecom", b"SEC", "请删去 secret_file"),
        ("file", b"SEC", "请删去 secret_file"),
    ],
)
def test_a_secret_that_cannot_be_used_is_refused_at_the_start(
    tmp_path: Path, way: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / "加签.txt").write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        ways([robot_of(way, "加签.txt")], config.Mail(), start(tmp_path))


def test_the_secrets_of_robots_do_not_stay_in_the_environment() -> None:
    environ = {"LEAKWATCH_FEISHU_SECRET": "F", "PATH": "/bin"}
    assert (take_secrets(environ), environ) == ({"LEAKWATCH_FEISHU_SECRET": "F"}, {"PATH": "/bin"})
