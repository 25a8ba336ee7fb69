"""What the daemon does at set times; each is a plain function that says what came of it (Chinese)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F, Q

from leakwatch.config import Config
from leakwatch.daemon import canary, clocks
from leakwatch.daemon.night import NAME as NIGHTLY
from leakwatch.daemon.night import Night
from leakwatch.daemon.post import Post
from leakwatch.errors import LeakwatchError
from leakwatch.keeping import Keeping
from leakwatch.model import SHANGHAI
from leakwatch.notices import Subject
from leakwatch.reports import morning
from leakwatch.store import backup, jobs, letters, purging, standing, terms, verifying
from leakwatch.store.models import Group, JobRun, Told
from leakwatch.store.plain import column
from leakwatch.timers import Job, is_missed
from leakwatch.vault import make_folder
from leakwatch.vault.files import name_file, unnamed

_REPORT = "report"
_REMINDERS = frozenset({1, 8, 12, 14, 15})
"""Days of June on which the register is spoken of; it is to be handed in by the fifteenth."""
_KEEPS_REPORTS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the jobs work with."""

    config: Config
    keeping: Keeping
    post: Post
    night: Night
    roots: Sequence[Path]
    clock: Callable[[], datetime]


class Books:
    """The table of jobs as the timers write to it; faults are told."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def succeeded(self, name: str, at: datetime, detail: str) -> None:
        """The night has its own end: when all is read."""
        if name != NIGHTLY:
            jobs.succeeded(name, at, detail)
        connection.close()

    def failed(self, name: str, at: datetime, detail: str) -> None:
        """Told once a day for each job."""
        jobs.failed(name, at, detail)
        if letters.tell_once(f"fault:{name}:{at:%Y%m%d}", at):
            self._post.tell(Subject.FAULT)
        connection.close()


def timetable(desk: Desk) -> tuple[Job, ...]:
    """All of them with their times."""
    return tuple(replace(job, run=partial(_apart, job.run)) for job in _timetable(desk))


def _apart(run: Callable[[], str]) -> str:
    """Each runs in a thread of its own, whose connection nobody else would close."""
    try:
        return run()
    finally:
        connection.close()


def _timetable(desk: Desk) -> Iterator[Job]:
    times = desk.config.timers
    yield Job(name="clocks", cron="*/10 * * * *", run=partial(_clocks, desk))
    yield Job(name="letters", cron="* * * * *", run=partial(_letters, desk))
    yield Job(name=NIGHTLY, cron=times.nightly, run=partial(_night, desk))
    yield Job(name="backup", cron=times.backup, run=partial(_backup, desk))
    yield Job(name="verify", cron=times.verify, run=partial(_verify, desk))
    yield Job(name=_REPORT, cron=times.report, run=partial(_report, desk))
    yield Job(name="register", cron=times.register, run=partial(_register, desk))
    yield Job(name="canary", cron=times.canary, run=partial(_canary, desk))
    yield Job(name="tidying", cron="40 0 * * *", run=partial(_tidy, desk))
    if terms.of_config(desk.config).given:
        yield Job(name="purge", cron="50 0 * * *", run=partial(_purge, desk))


def last_runs(names: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Name → when it last ended well, or when it was first planned: the first night too may be missed."""
    for name in names:
        letters.tell_once(f"planned:{name}", now)
    planned = Told.objects.filter(key__startswith="planned:").values_list("key", "at")
    return {key.removeprefix("planned:"): at for key, at in planned} | jobs.last()


def _clocks(desk: Desk) -> str:
    now = desk.clock()
    clocks.tell_new(desk.post, now)
    said = clocks.tick(desk.post, now)
    since = JobRun.objects.filter(name="canary").values_list("succeeded_at", flat=True).first()
    # One that is due takes the place of the last: after a week off nobody waits for that any more.
    if since is not None and not is_missed(desk.config.timers.canary, since, now):
        _listen(desk, since, now)
    _tell_of_faults(desk, now)
    return said


def _tell_of_faults(desk: Desk, now: datetime) -> None:
    """Of the worker, which tells nobody itself: it falls, rules refused, forms not written, uploads not sealed."""
    names = ("worker", "rules", "forms", "uploads")
    rows = JobRun.objects.filter(name__in=names, tried_at__isnull=False)
    broken = rows.filter(Q(succeeded_at=None) | Q(succeeded_at__lt=F("tried_at")))
    for name in broken.values_list("name", flat=True):
        if letters.tell_once(f"fault:{name}:{now:%Y%m%d}", now):
            desk.post.tell(Subject.FAULT)


def _listen(desk: Desk, since: datetime, now: datetime) -> None:
    silent = canary.unanswered(desk.roots, since)
    if not silent:
        jobs.succeeded("silence", now, f"{len(desk.roots)} 个收件箱都有回音")
    elif now >= since + timedelta(minutes=desk.config.timers.canary_minutes) and letters.tell_once(
        f"silent:{since.timestamp():.0f}", now
    ):
        figures = (("没有回音的收件箱", len(silent)), ("收件箱", len(desk.roots)))
        desk.post.tell(Subject.SILENT, figures=figures)
        named = "、".join(map(str, silent))
        jobs.failed("silence", now, column(f"没有回音：{named}；请检查这些文件夹在不在、能不能写入", 500))
    canary.clear(desk.roots)


def _letters(desk: Desk) -> str:
    return desk.post.deliver()


def _night(desk: Desk) -> str:
    return f"{desk.night.begin(desk.clock())} 项按新规则重读"


def _backup(desk: Desk) -> str:
    store = desk.config.store
    if store.database:
        return "数据库是 PostgreSQL，请用它自己的工具（pg_dump）备份"
    made = backup.make(desk.config.paths.data_dir, store.backup_dir, store.backup_keep, desk.clock())
    return f"备份 {made.folder.name}，新增原件 {made.originals} 个"


def _verify(desk: Desk) -> str:
    keeping = desk.keeping
    return verifying.verify(keeping.vault, keeping.sealer, desk.config.store.anchor_file, desk.clock())


def _report(desk: Desk) -> str:
    """Since the last one, a day at least, so that nothing falls between two."""
    now = desk.clock()
    last = JobRun.objects.filter(name=_REPORT).values_list("succeeded_at", flat=True).first()
    day = standing.day(min(last or now, now - timedelta(days=1)), now)
    folder = desk.config.paths.reports_dir
    make_folder(folder)
    stem = f"早报-{now.astimezone(SHANGHAI):%Y%m%d}"
    for suffix, data in ((".html", morning.html(day).encode()), (".xlsx", morning.workbook(day))):
        with unnamed(folder) as file:
            file.write(data)
            name_file(file, folder / f"{stem}{suffix}", 0o600)
    if day.unread or day.given_up:
        figures = (("没有读到", day.unread), ("已放弃", day.given_up))
        desk.post.tell(Subject.UNREAD, figures=figures)
    for old in sorted(folder.glob("早报-*"))[: -2 * _KEEPS_REPORTS]:
        old.unlink()
    return morning.summary(day)


def _register(desk: Desk) -> str:
    """From the first of June on, until the day on which it is to be handed in."""
    today = desk.clock().astimezone(SHANGHAI).date()
    if today.month != 6 or today.day not in _REMINDERS:
        return ""
    if not letters.tell_once(f"register:{today:%Y%m%d}", desk.clock()):
        return ""
    unknown = Group.objects.filter(is_registered=False).count()
    figures = (("距 6 月 15 日还有几天", 15 - today.day), ("未登记的群", unknown))
    desk.post.tell(Subject.REGISTER, figures=figures)
    return "已提醒报送登记表"


def _canary(desk: Desk) -> str:
    laid = canary.lay(desk.roots, desk.clock())
    return f"放入 {laid} 个自检文件，共 {len(desk.roots)} 个收件箱"


def _purge(desk: Desk) -> str:
    """Leads whose term is over since they were handed over or dismissed."""
    keeps = purging.Keeps(vault=desk.keeping.vault, drafts=desk.config.paths.drafts_dir)
    purged, swept = purging.purge_due(desk.clock(), terms.of_config(desk.config), keeps)
    said = f"清除已满期限的线索 {len(purged)} 条"
    if swept.stayed:
        raise LeakwatchError(
            f"{said}；已清除的线索还有 {len(swept.stayed)} 份报告表没有删：{swept.stayed[0]}"
        )
    return said


def _tidy(desk: Desk) -> str:
    now = desk.clock()
    Session.objects.filter(expire_date__lt=now).delete()
    return f"清理旧通知 {letters.forget(now)} 条、旧自检 {canary.forget(now)} 条"
