"""Nights, canaries, reports: what the jobs do at their times."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from leakwatch.config import Config, Paths
from leakwatch.daemon import canary
from leakwatch.daemon.jobs import last_runs
from leakwatch.daemon.night import NAME, Night
from leakwatch.daemon.post import Post
from leakwatch.daemon.refusals import RULES_KEPT
from leakwatch.reports import morning
from leakwatch.rules import RuleBook
from leakwatch.store import arrivals, jobs, standing
from leakwatch.store.models import Arrival, ArrivalState, JobRun, Letter, ScanKind
from leakwatch.store.queue import Queue
from leakwatch.timers import is_missed
from tests.conftest import LISTS, NOON
from tests.daemon.test_clocks import Hands, Wall
from tests.store.scans import Post as Posted
from tests.store.scans import put

pytestmark = pytest.mark.django_db

AT_TWO = NOON.replace(hour=2, minute=10)


OWN_RULE = """
owner = "青石市生态环境局"
since = 2026-01-01

[[rule]]
id = "ws.act.codename"
name = "本局行动代号"
category = "ws.act"
pattern = "代号海东青"
terms = ["海东青"]
score = 0.9
clauses = ["work 二（一）2"]
examples = ["代号海东青今晚出发", "行动方案定了，代号海东青", "代号海东青的名单收好"]
non_examples = ["海燕来了", "青海东部下雪", "海东市"]
"""


def night(folder: Path, lists: Path = LISTS, passes: bool = True) -> Night:
    config = Config(paths=Paths(data_dir=folder, keyword_lists=lists))
    post = Post(ways=[Wall()], link="", clock=Hands(AT_TWO))
    return Night(config=config, post=post, rules_pass=lambda: passes)


def read(name: str, rules_version: str = "old") -> Arrival:
    row: Arrival = Arrival.objects.create(
        root="/收件",
        name=name,
        signature="s",
        kind=ScanKind.INBOX,
        files=1,
        size=1,
        state=ArrivalState.DONE,
        arrived_at=NOON - timedelta(days=2),
        rules_version=rules_version,
    )
    return row


def finish(count: int) -> None:
    for row in Arrival.objects.filter(state=ArrivalState.WAITING)[:count]:
        Arrival.objects.filter(pk=row.pk).update(state=ArrivalState.DONE, rules_version="new")


def detail() -> str:
    return str(JobRun.objects.get(name=NAME).detail)


def test_a_night_shows_how_far_it_is_and_ends_when_all_is_read(tmp_path: Path) -> None:
    for name in "甲乙丙":
        read(name)
    work = night(tmp_path)
    assert work.begin(AT_TWO) == 3
    finish(1)
    work.look_after(AT_TWO + timedelta(minutes=5))
    assert detail() == "正在进行：1/3，预计还要 10 分钟"
    finish(2)
    work.look_after(AT_TWO + timedelta(minutes=15))
    assert detail() == "重读 3 项，全部读完"
    assert jobs.last()[NAME] == AT_TWO + timedelta(minutes=15)


def test_a_night_says_what_was_not_there_to_be_read(tmp_path: Path) -> None:
    for name in "甲乙丙":
        read(name)
    work = night(tmp_path)
    work.begin(AT_TWO)
    finish(2)
    claimed = Queue("w").claim(AT_TWO)
    assert claimed is not None
    arrivals.gone(claimed, AT_TWO)
    work.look_after(AT_TWO + timedelta(minutes=5))
    assert detail() == "重读 2 项，全部读完；另有 1 项已不在原处，没有按新规则重读"


def test_the_morning_stops_a_night_which_goes_on_in_the_next(tmp_path: Path) -> None:
    for name in "甲乙丙":
        read(name)
    work = night(tmp_path)
    work.begin(AT_TWO)
    finish(1)
    work.look_after(AT_TWO + timedelta(hours=4))
    assert detail() == "重读 1 项，到点停下，剩 2 项下一夜继续"
    assert Queue("w").claim(AT_TWO + timedelta(hours=5)) is None
    assert [letter.subject for letter in Letter.objects.all()] == ["NIGHT_MISSED"]
    assert arrivals.again_left() == 0
    work.begin(AT_TWO + timedelta(days=1))
    assert arrivals.again_left() >= 2


@pytest.mark.parametrize(("passes", "again"), [(True, 1), (False, 0)])
def test_rules_that_do_not_pass_have_nothing_read_again(
    book: RuleBook, tmp_path: Path, passes: bool, again: int
) -> None:
    shutil.copytree(LISTS, tmp_path / RULES_KEPT)
    lists = shutil.copytree(LISTS, tmp_path / "edited")
    (lists / "own.toml").write_text(OWN_RULE, "utf-8")
    read("甲", book.version)
    assert night(tmp_path, lists, passes).begin(AT_TWO) == again


def test_the_first_night_can_be_missed_too() -> None:
    planned = last_runs([NAME], NOON)[NAME]
    assert (is_missed("10 2 * * *", planned, NOON), planned) == (False, NOON)
    later = NOON + timedelta(days=2)
    assert is_missed("10 2 * * *", last_runs([NAME], later)[NAME], later)


def test_our_own_export_is_ours_to_its_last_byte_only(tmp_path: Path) -> None:
    assert canary.lay([tmp_path, tmp_path / "没有"], NOON) == 1
    (laid,) = tmp_path.iterdir()
    assert canary.is_one(laid)
    other = tmp_path / "别的.txt"
    other.write_bytes(laid.read_bytes())
    assert not canary.is_one(other)
    laid.write_bytes(laid.read_bytes() + "机密★10年".encode())
    assert not canary.is_one(laid)


def test_an_inbox_from_which_none_came_back_is_silent() -> None:
    row = read("自检")
    Arrival.objects.filter(pk=row.pk).update(kind=ScanKind.CANARY, ended_at=NOON + timedelta(minutes=1))
    roots = [Path("/收件"), Path("/别处")]
    assert canary.unanswered(roots, NOON) == [Path("/别处")]
    assert canary.unanswered(roots, NOON + timedelta(hours=1)) == roots


def test_our_own_export_is_in_no_count() -> None:
    row = read("自检")
    Arrival.objects.filter(pk=row.pk).update(kind=ScanKind.CANARY, ended_at=NOON)
    assert standing.now_standing(NOON).arrivals == {}
    assert standing.day(NOON - timedelta(days=3), NOON + timedelta(days=1)).read == 0


def test_the_morning_report_says_by_how_much_was_looked_at() -> None:
    put(Posted(), at=NOON)
    Arrival.objects.filter(pk=read("甲").pk).update(ended_at=NOON)
    day = standing.day(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    assert morning.summary(day) == "共检查 1 批、1 个文件、9 条消息、9 段文字，全部读到；新线索 1 件。"
    assert "青石市防汛联络群" in morning.html(day)
    late = standing.day(NOON - timedelta(hours=1), NOON + timedelta(days=2))
    assert morning.summary(late).endswith("；新线索 1 件。已超过报告期限 1 件，请立即处理。")
    assert "<td>已超期</td><td>2031-05-07 12:00</td><td>新</td>" in morning.html(late)
    quiet = standing.day(NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    assert morning.summary(quiet) == "这段时间没有收到新的导出文件，没有检查任何内容。"


def test_the_sheet_of_the_report_holds_no_formula(tmp_path: Path) -> None:
    put(Posted(group="=HYPERLINK(1)"), at=NOON)
    day = standing.day(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    (tmp_path / "早报.xlsx").write_bytes(morning.workbook(day))
    sheet = load_workbook(tmp_path / "早报.xlsx")["各群覆盖"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["'=HYPERLINK(1)", "1", "9", "0"]
    ]
