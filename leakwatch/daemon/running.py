"""The composition root of the daemon: settings → inboxes, worker, timers, page; loaded once Django is ready."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from math import inf
from pathlib import Path
from threading import Event
from time import monotonic, sleep

from django.db import DatabaseError

from leakwatch.config import Config
from leakwatch.daemon import canary, clocks, forms, jobs, systemd, uploads
from leakwatch.daemon.instance import alone
from leakwatch.daemon.logbook import keep_log
from leakwatch.daemon.night import NAME as NIGHTLY
from leakwatch.daemon.night import Night
from leakwatch.daemon.post import Post, page_link
from leakwatch.daemon.proving import pass_now
from leakwatch.daemon.rounds import Root, Round, Rounds
from leakwatch.daemon.watchman import Watchman, make_inboxes
from leakwatch.daemon.worker import Desk
from leakwatch.daemon.working import Reading, Rules, stay
from leakwatch.daemon.workshop import Workshop, command
from leakwatch.errors import LeakwatchError, whereabouts
from leakwatch.keeping import Keeping
from leakwatch.model import Scan
from leakwatch.notices import Start, Subject, take_secrets, ways
from leakwatch.store import jobs as job_rows
from leakwatch.store.models import Arrival, ScanKind
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.records import Asked, record
from leakwatch.store.uploads import UPLOADS
from leakwatch.timers import Timers
from leakwatch.vault import system_clock
from leakwatch.watch.alarm import Alarm
from leakwatch.watch.inbox import Inbox

_log = logging.getLogger(__name__)

_SHOWN_S = 30.0
"""Between two rows that say how the inboxes stand."""
_PATIENCE_S = 60.0
"""How long a job that is running may go on when the daemon ends: checking a large vault takes hours."""
_PAUSE_S = 0.1
"""As long as SQLite sleeps at most before it tries again."""
_TOLD_S = 60.0
"""Between two notices of new leads: a drop of a thousand files is no thousand notices."""


def roots(config: Config) -> tuple[Root, ...]:
    """The inboxes of the config, and that of the page."""
    listed = [
        Root(path=inbox.path, kind=ScanKind.INBOX.value, moves=inbox.after == "move")
        for inbox in config.inbox
    ]
    # moves: earlier versions left what was read below it.
    own = Root(path=config.paths.data_dir / UPLOADS, kind=ScanKind.UPLOAD.value, moves=True)
    return (*listed, own)


@contextmanager
def watchman(config: Config, config_file: Path | None, environ: Mapping[str, str]) -> Iterator[Watchman]:
    """Ready to keep watch, as the only daemon of this store; its alarm ends with the block.

    environ: for the worker, with the master key if it lay there.
    """
    kept, for_worker = roots(config), dict(environ)
    take_secrets(for_worker)
    make_inboxes([root.path for root in kept])
    bell = Event()
    with alone(config.paths.data_dir, "daemon"):
        keep_log(config.paths.data_dir, "daemon")
        alarm = Alarm(bell.set)
        try:
            yield Watchman(
                roots=kept,
                rounds=Rounds(
                    roots=kept,
                    start=Inbox(
                        stability_s=config.watch.stability_s, partial_names=config.watch.partial_names
                    ),
                    clock=system_clock,
                    seconds=monotonic,
                    beat=partial(systemd.notify, systemd.ALIVE, os.environ),
                    pause=partial(sleep, _PAUSE_S),
                ),
                alarm=alarm,
                workshop=Workshop(
                    command(
                        str(config_file) if config_file else "",
                        config.paths.keyword_lists,
                        config.paths.data_dir,
                    ),
                    for_worker,
                    system_clock,
                ),
                bell=bell,
                rescan_s=config.watch.rescan_s,
            )
        finally:
            alarm.close()


@contextmanager
def timers(config: Config, keeping: Keeping, watchman: Watchman, config_file: Path | None) -> Iterator[None]:
    """The jobs run at their times, and the watchman's rounds tell of what is new, until the block ends.

    config_file: in whose folder the folders of file notices lie; None: the current one.
    """
    base = config_file.resolve().parent if config_file else Path.cwd()
    start = Start(base=base, clock=system_clock, environ=take_secrets(os.environ))
    post = Post(ways=ways(config.notice, config.mail, start), link=page_link(config.web), clock=system_clock)
    desk = jobs.Desk(
        config=config,
        keeping=keeping,
        post=post,
        night=Night(config=config, post=post, rules_pass=partial(pass_now, config_file)),
        roots=[root.path for root in watchman.roots],
        clock=system_clock,
    )
    table = jobs.timetable(desk)
    running = Timers(table, jobs.Books(post), system_clock)
    missed = running.start(jobs.last_runs([job.name for job in table], system_clock()))
    if NIGHTLY in missed:
        post.tell(Subject.NIGHT_MISSED)
    watchman.after = Heartbeat(desk, running)
    try:
        yield
    finally:
        running.stop(_PATIENCE_S)


class Heartbeat:
    """After each round: how the inboxes stand, what is new since the last scan, how far the night is."""

    def __init__(self, desk: jobs.Desk, timers: Timers) -> None:
        self._desk, self._timers = desk, timers
        self._scan = 0
        self._said = ""
        self._shown_s = self._told_s = -inf

    def __call__(self, round: Round) -> None:
        systemd.notify(systemd.ALIVE, os.environ)
        self._timers.set_right()
        now = system_clock()
        last = ScanRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if last != self._scan and monotonic() >= self._told_s + _TOLD_S:
            self._scan, self._told_s = last, monotonic()
            clocks.tell_new(self._desk.post, now)
        words = said(round)
        if round.queued or words != self._said or monotonic() >= self._shown_s + _SHOWN_S:
            self._shown_s, self._said = monotonic(), words
            self._desk.night.look_after(now)
            job_rows.succeeded("watch", now, words)


def said(round: Round) -> str:
    """How the inboxes stand (Chinese)."""
    unfinished = len(round.growing) + round.held
    parts = [f"等待传完 {unfinished} 项"] if unfinished else []
    parts += [f"{root.path} 打不开或不存在，请检查网络盘，或重建这个文件夹" for root in round.missing]
    parts += [f"无权进入的文件夹 {round.closed} 个，请放开权限"] if round.closed else []
    return "，".join(parts) or "正常"


def work(config: Config, keeping: Keeping, owner: str, is_over: Callable[[], bool]) -> None:
    """The worker's life: until it is over, or nothing came for a while.

    LeakwatchError if the database is out of reach at its start: the daemon starts another worker.
    """
    keep_log(config.paths.data_dir, "worker")
    try:
        _work(config, keeping, owner, is_over)
    except DatabaseError as why:
        _log.error("worker gives up: %s", whereabouts(why))
        raise LeakwatchError(
            f"数据库打不开或正忙（{type(why).__name__}），读取进程已结束，随后自动重新启动；一直这样请运行 leakwatch doctor"
        ) from why


def _work(config: Config, keeping: Keeping, owner: str, is_over: Callable[[], bool]) -> None:
    data = config.paths.data_dir
    means, deposited = keeping.means(), keeping.deposits()

    def keep(scanned: Scan, row: Arrival, along: Callable[[ScanRow], None]) -> None:
        asked = Asked(kind=ScanKind(row.kind), by=row.asked_by, actor="daemon", root=row.root)
        record(scanned, asked, means, along)

    def put_away() -> None:
        uploads.put_away(data / UPLOADS, deposited, system_clock)
        forms.catch_up(config.paths.drafts_dir, keeping.sealer)

    with closing(Reading(config, lambda: rules.judge)) as reading:
        reading.warm_up()
        rules = Rules(config, _tell_of_rules)
        desk = Desk(
            owner=owner,
            clock=system_clock,
            rules_version=lambda: rules.current().book.version,
            scan=reading,
            record=keep,
            prove=lambda path: reading(path, lambda _progress: None, lambda: False, canary.check),
            free_bytes=lambda: shutil.disk_usage(data).free,
            lay_open=lambda row: uploads.laid_open(row, deposited, data),
            after=put_away,
        )
        stay(desk, data, is_over)


def _tell_of_rules(sentence: str) -> None:
    if sentence:
        job_rows.failed("rules", system_clock(), sentence)
    else:
        job_rows.succeeded("rules", system_clock())
