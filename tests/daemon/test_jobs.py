"""What the daemon does at set times, each job run as the timers run it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.config import Config, Inbox, Paths, Store
from leakwatch.daemon.jobs import Books, Desk, timetable
from leakwatch.daemon.night import Night
from leakwatch.daemon.post import Post
from leakwatch.errors import LeakwatchError
from leakwatch.keeping import Keeping
from leakwatch.model import SHANGHAI, Reason, Skipped
from leakwatch.notices import Subject
from leakwatch.store import jobs, log
from leakwatch.store.models import Arrival, Group, Lead, LeadState
from leakwatch.store.standing import Run
from tests.conftest import NOON
from tests.daemon.test_clocks import Hands, Wall
from tests.daemon.test_night import read
from tests.store import kept
from tests.store.scans import MEANS, SEALER, evidence
from tests.store.scans import Post as Posted

pytestmark = pytest.mark.django_db(transaction=True)  # each job closes its connection

Told = list[tuple[Subject, tuple[tuple[str, int], ...]]]


@dataclass(slots=True)
class Office:
    """The jobs, with a clock and a wall that the test looks at."""

    folder: Path
    config: Config
    home: kept.House
    hands: Hands = field(default_factory=Hands)
    wall: Wall = field(default_factory=Wall)

    def post(self) -> Post:
        return Post(ways=[self.wall], link="", clock=self.hands)

    def jobs(self) -> dict[str, Callable[[], str]]:
        """By their names."""
        units, inboxes = MEANS.units, self.config.inbox
        desk = Desk(
            config=self.config,
            keeping=Keeping(vault=self.home.vault, sealer=SEALER, units=units, inboxes=inboxes),
            post=self.post(),
            night=Night(config=self.config, post=self.post(), rules_pass=lambda: True),
            roots=[inbox.path for inbox in inboxes],
            clock=self.hands,
        )
        return {job.name: job.run for job in timetable(desk)}

    def run(self, name: str, at: datetime = NOON) -> str:
        """What came of the job at that time."""
        self.hands.now = at
        return self.jobs()[name]()

    def told(self) -> Told:
        """What hangs on the wall."""
        self.post().deliver()
        return [(notice.subject, notice.figures) for notice in self.wall.got]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    paths = Paths(data_dir=tmp_path / "data", reports_dir=tmp_path / "reports")
    store = Store(backup_dir=tmp_path / "backups", backup_keep=2, anchor_file=tmp_path / "anchors" / "log")
    config = Config(paths=paths, store=store, inbox=(Inbox(path=tmp_path / "inbox"),))
    (tmp_path / "inbox").mkdir()
    return Office(folder=tmp_path, config=config, home=kept.house(tmp_path))


@pytest.mark.parametrize(
    ("month", "day", "left"),
    [(5, 31, None), (6, 1, 14), (6, 2, None), (6, 8, 7), (6, 12, 3), (6, 14, 1), (6, 15, 0), (6, 16, None)],
)
def test_the_register_is_spoken_of_on_some_days_of_june_once_on_each(
    office: Office, month: int, day: int, left: int | None
) -> None:
    Group.objects.create(name="没有登记的群")
    Group.objects.create(name="登记的群", is_registered=True)
    at = datetime(2031, month, day, 9, tzinfo=SHANGHAI)
    for hour in (9, 10):
        office.run("register", at.replace(hour=hour))
    figures = (("距 6 月 15 日还有几天", left or 0), ("未登记的群", 1))
    assert office.told() == ([] if left is None else [(Subject.REGISTER, figures)])


def test_originals_and_log_are_checked_and_the_anchor_is_set(office: Office) -> None:
    office.home.put(Posted())
    assert office.run("verify") == f"原件 1 件、日志 {log.head().seq} 条，全部相符"
    assert (office.folder / "anchors" / "log").exists()
    (sealed,) = (path for path in (office.folder / "evidence").rglob("*") if len(path.name) == 64)
    sealed.chmod(0o600)
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(LeakwatchError, match=r"核对发现 \d 处问题；第一处："):
        office.run("verify")


def test_a_backup_is_made_and_the_newest_are_kept(office: Office) -> None:
    office.config.paths.data_dir.mkdir()
    with closing(sqlite3.connect(office.config.paths.data_dir / "leakwatch.sqlite3")) as database, database:
        database.execute("CREATE TABLE kept (word TEXT)")
    said = [office.run("backup", NOON + timedelta(days=day)) for day in range(3)]
    assert said[0] == "备份 20310506-120000，新增原件 0 个"
    made = {path.name for path in (office.folder / "backups").iterdir()} - {"evidence"}
    assert made == {"20310507-120000", "20310508-120000"}
    with closing(
        sqlite3.connect(office.folder / "backups" / "20310508-120000" / "leakwatch.sqlite3")
    ) as copy:
        assert copy.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]


def test_another_database_is_backed_up_by_its_own_tools(office: Office) -> None:
    office.config = structs.replace(office.config, store=Store(database="postgresql://a@b/c"))
    assert "pg_dump" in office.run("backup")


def test_the_morning_report_is_two_files_and_what_was_not_read_is_told(office: Office) -> None:
    file = evidence("照片.jpg")
    unread = Skipped(evidence=file, name=file.name, reason=Reason.NO_ENGINE, detail="没有安装文字识别")
    office.home.put(Posted(), skipped=(unread,))
    _was_read(NOON)
    assert "新线索 1 件" in office.run("report", NOON + timedelta(hours=1))
    names = {path.name for path in (office.folder / "reports").iterdir()}
    assert names == {"早报-20310506.html", "早报-20310506.xlsx"}
    assert office.told() == [(Subject.UNREAD, (("没有读到", 1), ("已放弃", 0)))]


def test_the_report_after_days_off_covers_all_of_them(office: Office) -> None:
    office.home.put(Posted())
    _was_read(NOON)
    jobs.succeeded("report", NOON - timedelta(hours=1))
    assert "新线索 1 件" in office.run("report", NOON + timedelta(days=3))
    jobs.succeeded("report", NOON + timedelta(days=3))
    assert "没有检查任何内容" in office.run("report", NOON + timedelta(days=4))


def _was_read(at: datetime) -> None:
    Arrival.objects.filter(pk=read("群.txt").pk).update(ended_at=at)


def test_what_is_kept_long_enough_is_purged_where_the_config_says_so(office: Office) -> None:
    office.home.put(Posted())
    lead: Lead = Lead.objects.get()
    for person in ("zhao", "qian"):
        kept.decided(lead.pk, LeadState.DISMISSED, person)
    assert "purge" not in office.jobs()
    office.config = structs.replace(office.config, store=structs.replace(office.config.store, keep_days=30))
    assert office.run("purge", NOON + timedelta(days=29)) == "清除已满期限的线索 0 条"
    assert office.run("purge", NOON + timedelta(days=31)) == "清除已满期限的线索 1 条"
    lead.refresh_from_db()
    assert (lead.purged_at, bytes(lead.sealed)) == (NOON + timedelta(days=31), b"")


def test_our_own_export_is_laid_into_each_inbox_that_is_there(office: Office) -> None:
    gone = Inbox(path=office.folder / "网络盘")
    office.config = structs.replace(office.config, inbox=(*office.config.inbox, gone))
    assert office.run("canary") == "放入 1 个自检文件，共 2 个收件箱"
    assert len(list((office.folder / "inbox").iterdir())) == 1


@pytest.mark.parametrize("name", ["rules", "forms"])
def test_what_the_worker_cannot_do_is_told_once_a_day_until_it_can(office: Office, name: str) -> None:
    jobs.failed(name, NOON, "规则改动后没有通过检查")
    for hours in (0, 1, 24):
        office.run("clocks", NOON + timedelta(hours=hours))
    assert office.told() == [(Subject.FAULT, ())] * 2
    jobs.succeeded(name, NOON + timedelta(hours=25))
    office.run("clocks", NOON + timedelta(hours=48))
    assert len(office.told()) == 2


def test_a_job_that_fails_is_told_once_a_day_and_keeps_its_last_success(office: Office) -> None:
    books = Books(office.post())
    books.succeeded("backup", NOON, "备份 1")
    for hours in (12, 13, 36):
        books.failed("backup", NOON + timedelta(hours=hours), "备份没有做成")
    assert office.told() == [(Subject.FAULT, ())] * 2
    assert jobs.last()["backup"] == NOON


def test_old_letters_are_forgotten(office: Office) -> None:
    office.post().tell(Subject.FAULT)
    office.post().deliver()
    assert office.run("tidying", NOON + timedelta(days=89)) == "清理旧通知 0 条、旧自检 0 条"
    assert office.run("tidying", NOON + timedelta(days=91)) == "清理旧通知 1 条、旧自检 0 条"


@pytest.mark.parametrize(
    ("tried", "succeeded", "detail", "failed"),
    [
        (NOON, NOON, "", False),
        (NOON, None, "磁盘已满", True),
        (NOON, NOON - timedelta(days=1), "磁盘已满", True),
        (NOON, NOON - timedelta(days=1), "正在进行：3/9", False),
        (None, None, "", False),
    ],
)
def test_a_job_has_failed_once_its_last_try_ended_badly(
    tried: datetime | None, succeeded: datetime | None, detail: str, failed: bool
) -> None:
    run = Run(name="backup", tried_at=tried, succeeded_at=succeeded, detail=detail)
    assert run.has_failed is failed
