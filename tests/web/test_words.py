"""How a clerk reads times, names and levels."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from leakwatch.model import Precision
from leakwatch.web import words
from tests.web.people import NOON


@pytest.mark.parametrize(
    ("actor", "expected"), [("shell", "命令行"), ("daemon", "常驻程序"), ("保密办王明远", "保密办王明远")]
)
def test_a_program_that_acted_is_named_in_words(actor: str, expected: str) -> None:
    assert words.who(actor) == expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(hours=3, minutes=20), "还剩 3 小时 20 分"),
        (timedelta(hours=3), "还剩 3 小时"),
        (timedelta(minutes=59, seconds=59), "还剩 59 分"),
        (timedelta(), "还剩 0 分"),
        (timedelta(seconds=-1), "已超期 0 分"),
        (-timedelta(hours=26, minutes=5), "已超期 26 小时 5 分"),
        (-timedelta(hours=90), "已超期 3 天"),
    ],
)
def test_what_is_left_is_told_in_hours_and_minutes(left: timedelta, expected: str) -> None:
    assert words.until(NOON + left, NOON) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("王明远", "王**"), ("李云", "李*"), ("赵", "赵"), ("", ""), ("Alexander", "A**")],
)
def test_of_a_name_the_first_character_is_left(name: str, expected: str) -> None:
    assert words.masked(name) == expected


@pytest.mark.parametrize(
    ("at", "precision", "expected"),
    [
        (NOON, Precision.SECOND, "2031-05-06 12:00:00"),
        (NOON, Precision.MINUTE, "2031-05-06 12:00"),
        (NOON, Precision.DAY, "2031-05-06"),
        (NOON, Precision.NONE, "时间不详"),
        (None, Precision.SECOND, "时间不详"),
    ],
)
def test_a_moment_is_no_finer_than_the_export_says(
    at: datetime | None, precision: Precision, expected: str
) -> None:
    assert words.sent(at, precision) == expected


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(hours=10), "昨晚 02:00"),
        (timedelta(hours=2), "今天 10:00"),
        (timedelta(hours=26), "昨天 10:00"),
        (timedelta(hours=74), "2031-05-03 10:00"),
    ],
)
def test_when_a_scan_ended_is_told_as_people_say_it(ago: timedelta, expected: str) -> None:
    assert words.night(NOON - ago, NOON) == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [("绝密", "red"), ("秘密", "red"), ("内部", "amber"), ("工作秘密", "amber"), ("", "grey")],
)
def test_state_secrets_are_red(level: str, expected: str) -> None:
    assert words.gravity(level) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (words.category("mk.state"), "国家秘密标志"),
        (words.category("xx.new"), "xx.new"),
        (words.state("second_look"), "待复核"),
        (words.action("lead.unmasked"), "查看原文"),
        (words.action("lead.new"), "lead.new"),
        (words.unread_reason("password"), "有密码"),
        (words.unread_reason("new"), "new"),
        (words.number(48_210), "48,210"),
        (words.moment(None), ""),
        (words.plainly("confirmed"), "已确认"),
        (words.plainly("review"), "审核本线索"),
        (words.plainly("3f" * 32), "3f3f3f3f3f3f…"),
        (words.plainly("wechat"), "wechat"),
        (words.plainly({"role": "owner", "is_active": True}), "角色 群主、可用 是"),
    ],
)
def test_ids_are_told_in_words_and_an_unknown_one_as_it_is(given: str, expected: str) -> None:
    assert given == expected


def test_every_act_of_the_log_has_a_word() -> None:
    package = Path(words.__file__).parents[1]
    texts = [
        path.read_text("utf-8")
        for room in ("store", "web", "daemon")
        for path in package.glob(f"{room}/*.py")
    ]
    sorts = "lead|scan|upload|unread|suppression|content|group|register|check|log|login|password|user"
    acts = {act for text in texts for act in re.findall(rf'"((?:{sorts})\.(?!html)[a-z_]+)"', text)}
    assert len(acts) > 30
    assert {act for act in acts if words.action(act) == act} == set()


def test_every_figure_of_the_log_has_a_word() -> None:
    package = Path(words.__file__).parents[1]
    texts = "".join(path.read_text("utf-8") for path in package.glob("store/*.py"))
    told = re.findall(r"details: dict\[str, Json\] = \{(.*?)\}", texts, re.DOTALL)
    names = {name for details in told for name in re.findall(r'"(\w+)":', details)}
    assert len(names) > 20
    assert {name for name in names if words.figure(name) == name} == set()


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("scan:3", "扫描 3"),
        ("arrival:12", "收到的内容 12"),
        ("user:2", "账号 zhou"),
        ("user:9", "账号 9"),
        ("register", "登记表"),
        ("unread", "未读内容"),
        ("XS-20310506-00ff3a", "XS-20310506-00ff3a"),
        ("ZC-20310506-00ff3a", "ZC-20310506-00ff3a"),
    ],
)
def test_what_a_row_of_the_log_is_about_is_said_in_words(id: str, said: str) -> None:
    assert words.subject(id, {"2": "zhou"}) == said
