"""The nightly run: what newer rules would judge differently is read again, until the morning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from leakwatch import rules
from leakwatch.config import Config
from leakwatch.daemon import proving
from leakwatch.daemon.post import Post
from leakwatch.daemon.refusals import RULES_KEPT
from leakwatch.errors import RulesError
from leakwatch.model import SHANGHAI
from leakwatch.notices import Subject
from leakwatch.store import arrivals, jobs
from leakwatch.store.models import JobRun
from leakwatch.timers.schedule import trigger

NAME = "nightly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One night after the other; how far it is lies in the table of jobs."""

    config: Config
    post: Post
    rules_pass: Callable[[], bool]
    """Whether the rules that lie there pass their own examples; asked when nobody knows yet."""

    def begin(self, now: datetime) -> int:
        """How many arrivals are to be read again."""
        total = arrivals.outdated(self._rules_version())
        jobs.started(NAME, now)
        jobs.going(NAME, f"正在进行：0/{total}")
        return total

    def look_after(self, now: datetime) -> None:
        """How far it is; its end, once nothing is left or the morning has come."""
        row = JobRun.objects.filter(name=NAME).first()
        if row is None or row.tried_at is None or not row.detail.startswith(jobs.GOING):
            return
        total, left = int(row.detail.partition("/")[2].partition("，")[0] or 0), arrivals.again_left()
        done = max(0, total - left)
        if left and now < self._morning(row.tried_at):
            spent_s = (now - row.tried_at).total_seconds()
            rest = f"，预计还要 {spent_s * left / done / 60:.0f} 分钟" if done else ""
            jobs.going(NAME, f"{jobs.GOING}：{done}/{total}{rest}")
        elif left:
            arrivals.postpone(self._next(now))
            jobs.failed(NAME, now, f"重读 {done} 项，到点停下，剩 {left} 项下一夜继续")
            self.post.tell(Subject.NIGHT_MISSED, figures=(("已重读", done), ("留到下一夜", left)))
        else:
            away = arrivals.away_since(row.tried_at)
            read = max(0, done - away)
            rest = f"；另有 {away} 项已不在原处，没有按新规则重读" if away else ""
            jobs.succeeded(NAME, now, f"重读 {read} 项，全部读完{rest}")
            self.post.tell(Subject.NIGHT, figures=(("已重读", read), ("已不在原处", away)))

    def _rules_version(self) -> str:
        """Of the rules that the worker will have in force.

        Those that it refuses must not count: all that was ever read would be read again, every night.
        """
        data = self.config.paths.data_dir
        kept = data / RULES_KEPT
        try:
            version = rules.load(self.config.paths.keyword_lists).version
        except RulesError:
            if not kept.is_dir():
                raise
            return rules.load(kept).version
        if proving.have_passed(version, data) or not kept.is_dir() or self.rules_pass():
            return version
        return rules.load(kept).version

    def _morning(self, begun: datetime) -> datetime:
        """One that was made up for in the daytime goes on until the next one, behind what arrives."""
        return _next(self.config.timers.nightly_until, begun)

    def _next(self, now: datetime) -> datetime:
        return _next(self.config.timers.nightly, now)


def _next(cron: str, after: datetime) -> datetime:
    at = trigger(cron).get_next_fire_time(None, after.astimezone(SHANGHAI))
    assert isinstance(at, datetime)  # noqa: S101 - a cron line without an end
    return at
