"""Jobs at set times; what was missed is decided by values, what runs by a real scheduler."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event, Timer

import pytest

from leakwatch.errors import ConfigError, UsageError
from leakwatch.model import SHANGHAI
from leakwatch.timers import Job, Timers, is_missed
from leakwatch.timers.schedule import trigger

WAIT_S = 20
NIGHTLY = "10 2 * * *"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("2031-05-06 02:15", "2031-05-07 02:09", False),
        ("2031-05-06 02:15", "2031-05-07 02:10", True),
        ("2031-05-06 02:15", "2031-05-09 14:00", True),
        ("2031-05-06 02:09", "2031-05-06 02:10", True),
        ("2031-05-07 09:00", "2031-05-06 09:00", False),  # the clock was set back
    ],
)
def test_a_night_is_missed_when_its_time_went_by(last: str, now: str, expected: bool) -> None:
    assert is_missed(NIGHTLY, at(last), at(now)) is expected


def test_the_first_start_has_missed_nothing() -> None:
    assert not is_missed(NIGHTLY, None, at("2031-05-06 12:00"))


@pytest.mark.parametrize("cron", ["", "2:10", "99 2 * * *", "10 2 * *", "每天两点"])
def test_a_line_that_is_no_time_is_refused(cron: str) -> None:
    with pytest.raises(ConfigError, match="10 2"):
        is_missed(cron, at("2031-05-06 02:15"), at("2031-05-06 12:00"))


def test_a_clock_that_jumps_by_years_brings_one_run_and_not_a_million() -> None:
    times, now = trigger("* * * * *"), at("2031-05-06 02:15")
    assert times.get_next_fire_time(at("1970-01-01 00:00"), now) == at("2031-05-06 02:16")


class Kept:
    """A ledger in memory that says when something was written."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []
        self.written = Event()

    def succeeded(self, name: str, at: datetime, detail: str) -> None:
        self.rows.append((name, "ok", detail))
        self.written.set()

    def failed(self, name: str, at: datetime, detail: str) -> None:
        self.rows.append((name, "failed", detail))
        self.written.set()


def now() -> datetime:
    return datetime.now(SHANGHAI)


def test_what_was_missed_runs_at_the_start_and_is_kept_as_done() -> None:
    kept = Kept()
    jobs = [
        Job(name="night", cron=NIGHTLY, run=lambda: "扫描了 3 个文件"),
        Job(name="tick", cron=NIGHTLY, run=lambda: "还没到时候"),
    ]
    timers = Timers(jobs, kept, now)
    long_ago = at("2025-01-01 00:00")
    missed = timers.start({"night": long_ago, "tick": now()})
    assert kept.written.wait(WAIT_S)
    times = timers.next_times()
    timers.stop(WAIT_S)
    assert missed == ("night",)
    assert kept.rows == [("night", "ok", "扫描了 3 个文件")]
    assert {name: (time.hour, time.minute) for name, time in times.items()} == {
        "night": (2, 10),
        "tick": (2, 10),
    }


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (UsageError("磁盘满了，请清理后重试"), "磁盘满了，请清理后重试"),
        (ValueError("机密★1年"), "ValueError at "),
    ],
)
def test_a_job_that_fails_is_kept_as_failed_without_foreign_words(fault: Exception, told: str) -> None:
    def run() -> str:
        raise fault

    kept = Kept()
    timers = Timers([Job(name="night", cron=NIGHTLY, run=run)], kept, now)
    timers.start({"night": at("2025-01-01 00:00")})
    assert kept.written.wait(WAIT_S)
    timers.stop(WAIT_S)
    [(name, outcome, detail)] = kept.rows
    assert (name, outcome) == ("night", "failed")
    assert detail.startswith(told)
    assert "机密" not in detail


def test_a_job_that_does_not_end_is_left_and_said() -> None:
    begun, never = Event(), Event()

    def run() -> str:
        begun.set()
        never.wait()
        return ""

    kept = Kept()
    timers = Timers([Job(name="verify", cron=NIGHTLY, run=run)], kept, now)
    timers.start({"verify": at("2025-01-01 00:00")})
    assert begun.wait(WAIT_S)
    timers.stop(0.01)
    assert kept.rows == [("verify", "failed", "停止时还没有做完，下次启动接着做")]
    never.set()


def test_a_job_that_ends_in_time_is_waited_for() -> None:
    begun, go_on = Event(), Event()

    def run() -> str:
        begun.set()
        go_on.wait()
        return "做完了"

    kept = Kept()
    timers = Timers([Job(name="verify", cron=NIGHTLY, run=run)], kept, now)
    timers.start({"verify": at("2025-01-01 00:00")})
    assert begun.wait(WAIT_S)
    soon = Timer(0.1, go_on.set)
    soon.start()
    timers.stop(WAIT_S)
    soon.join()
    assert kept.rows == [("verify", "ok", "做完了")]


@pytest.mark.parametrize(("years", "runs"), [(-10, True), (0, False), (10, False)])
def test_a_clock_that_was_set_back_puts_no_job_off(years: int, runs: bool) -> None:
    shift = [0]
    kept = Kept()
    job = Job(name="night", cron=NIGHTLY, run=lambda: "好")
    timers = Timers([job], kept, lambda: now() + timedelta(days=365 * shift[0]))
    timers.start({})
    planned = timers.next_times()
    shift[0] = years
    timers.set_right()
    assert kept.written.wait(WAIT_S if runs else 0) is runs
    assert runs or timers.next_times() == planned
    timers.stop(WAIT_S)
