"""Jobs at set times, and what was missed while the machine was off.

APScheduler's own store would drop a missed night when jobs are added anew at each start, and holds pickles: the
times of success are kept by the caller instead, and a missed run is caught up at the start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Thread, Timer
from typing import Any, Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from leakwatch.errors import ConfigError, LeakwatchError, whereabouts
from leakwatch.model import SHANGHAI

_log = logging.getLogger(__name__)

_NO_GRACE = None
"""Late is better than never: APScheduler's own default drops a job that is a second late (#182, #292)."""
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to be done at set times."""

    name: str
    cron: str
    """minute hour day month weekday, in Shanghai's time."""
    run: Callable[[], str]
    """Returns what came of it, a Chinese sentence without words of messages."""


class Left(LeakwatchError):
    """A job that was still running when everything had to end."""


class Ledger(Protocol):
    """Where it is kept what came of each job."""

    def succeeded(self, name: str, at: datetime, detail: str) -> None:
        """The job ended well."""

    def failed(self, name: str, at: datetime, detail: str) -> None:
        """It did not."""


class _Times(CronTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """Of a cron line; the next one is always reckoned from now.

    From the last one on, a clock that jumps by ten years costs five million steps for a job of each minute:
    APScheduler stands still for many minutes.
    """

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> Any:
        """The first one after now."""
        return super().get_next_fire_time(None, now + _LEAST)


def trigger(cron: str) -> CronTrigger:
    """The times of a cron line; ConfigError if it is none."""
    try:
        return _Times.from_crontab(cron, timezone=SHANGHAI)
    except ValueError as why:
        raise ConfigError(
            f"时间 {cron!r} 的写法不对：应为“分 时 日 月 星期”，例如每天凌晨两点十分写作 10 2 * * *"
        ) from why


def is_missed(cron: str, last: datetime | None, now: datetime) -> bool:
    """Whether a time of that cron line went by since the last success without one; never for the first start."""
    if last is None:
        return False
    due = trigger(cron).get_next_fire_time(last, last)
    return due is not None and due <= now


class Timers:
    """Runs jobs until it is stopped; a job never overlaps itself."""

    def __init__(self, jobs: Sequence[Job], ledger: Ledger, clock: Callable[[], datetime]) -> None:
        defaults = {"coalesce": True, "misfire_grace_time": _NO_GRACE, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone=SHANGHAI, job_defaults=defaults)
        self._scheduler.add_listener(self._told, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._scheduler.add_listener(_still_running, EVENT_JOB_MAX_INSTANCES)
        self._jobs, self._ledger, self._clock = jobs, ledger, clock
        self._leaving: Future[str] = Future()

    def start(self, last: Mapping[str, datetime]) -> tuple[str, ...]:
        """The jobs that were missed since their last success: they run at once.

        last: name → when it last ended well.
        """
        now = self._clock()
        missed = []
        for job in self._jobs:
            self._scheduler.add_job(partial(self._tended, job.run), trigger(job.cron), id=job.name)
            if is_missed(job.cron, last.get(job.name), now):
                missed.append(job.name)
        self._scheduler.start()
        for name in missed:
            self._scheduler.modify_job(name, next_run_time=now)
        return tuple(missed)

    def set_right(self) -> None:
        """Jobs that a clock set back has put off, for years perhaps, are due when their times say."""
        now = self._clock()
        for job in self._scheduler.get_jobs():
            due = job.trigger.get_next_fire_time(None, now)
            if due is not None and job.next_run_time is not None and job.next_run_time > due:
                job.modify(next_run_time=due)

    def next_times(self) -> dict[str, datetime]:
        """Name → when it runs next."""
        return {job.id: job.next_run_time for job in self._scheduler.get_jobs() if job.next_run_time}

    def stop(self, patience_s: float) -> None:
        """Waits so long for what is running; what is left then ends with the process, and its row says so."""
        over = Timer(patience_s, self._leaving.set_result, ("",))
        over.daemon = True
        over.start()
        self._scheduler.shutdown(wait=True)
        over.cancel()

    def _tended(self, run: Callable[[], str]) -> str:
        """What came of the job, which runs in a thread that the end of the process does not wait for."""
        done: Future[str] = Future()
        Thread(target=_fulfil, args=(run, done), daemon=True).start()
        wait((done, self._leaving), return_when=FIRST_COMPLETED)
        if not done.done():
            raise Left("停止时还没有做完，下次启动接着做")
        return done.result()

    def _told(self, event: JobExecutionEvent) -> None:
        now = self._clock()
        if event.exception is None:
            self._ledger.succeeded(event.job_id, now, str(event.retval or ""))
            return
        known = isinstance(event.exception, LeakwatchError)
        detail = str(event.exception) if known else whereabouts(event.exception)
        _log.error("job %s failed: %s", event.job_id, whereabouts(event.exception))
        self._ledger.failed(event.job_id, now, detail)


def _fulfil(run: Callable[[], str], done: Future[str]) -> None:
    try:
        done.set_result(run())
    except BaseException as why:  # noqa: BLE001 - told by whoever waits for the result
        done.set_exception(why)


def _still_running(event: JobExecutionEvent) -> None:
    _log.warning("job %s is still running from last time", event.job_id)
