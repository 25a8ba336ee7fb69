"""The worker's own process: loads the rules once, reads what waits, ends when nothing came for a while."""

from __future__ import annotations

import gc
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack, suppress
from math import inf
from pathlib import Path
from stat import S_ISREG
from time import monotonic, sleep

from django.db import DatabaseError, close_old_connections
from msgspec import structs

from leakwatch import kit
from leakwatch.config import Config
from leakwatch.daemon import proving
from leakwatch.daemon.instance import alone
from leakwatch.daemon.refusals import RULES_KEPT
from leakwatch.daemon.worker import AFTER_S, Desk, work_off
from leakwatch.daemon.workshop import owners
from leakwatch.errors import RulesError, whereabouts
from leakwatch.kit import Judge, Places, Readers
from leakwatch.model import Progress, Reason, Scan
from leakwatch.ocr.worker import FOLDER as READER_FOLDER
from leakwatch.pipeline import scan
from leakwatch.store import arrivals
from leakwatch.vault import private_folder
from leakwatch.vault.files import copy_whole

_log = logging.getLogger(__name__)

IDLE_S = 600.0
"""Without work for so long, a worker ends and gives its memory back."""
_COPIES, _CHILDREN = "copies", "children"
"""What lies in the private folder of a worker: the copies of what is being read, the litter of child processes."""
_ASKS_S = 0.2
_REACHES_S = 5.0


class Rules:
    """The rules in force; edited ones take their place once they pass their own examples.

    Those that passed last are kept in data_dir: a worker that starts after a bad edit works with them.
    """

    def __init__(self, config: Config, told: Callable[[str], None]) -> None:
        """told: is given a Chinese sentence about rules that do not pass, and nothing once they do."""
        self._config, self._told = config, told
        self._seen = ""
        self.judge = self._first()
        _leave_alone()

    def current(self) -> Judge:
        """Those of the folder as it is now, if they can be used."""
        now = signature(self._config.paths.keyword_lists)
        if now != self._seen:
            gc.unfreeze()  # those that others take the place of may go
            try:
                self.judge = self._load(now)
            except (RulesError, OSError) as why:
                self._refuse(why)
            _leave_alone()
            self._seen = now
        return self.judge

    def _first(self) -> Judge:
        """RulesError if neither those of the folder nor any kept ones can be used."""
        self._seen = signature(self._config.paths.keyword_lists)
        try:
            return self._load(self._seen)
        except (RulesError, OSError) as why:
            kept = self._config.paths.data_dir / RULES_KEPT
            if not kept.is_dir():
                self._told(f"规则没有通过检查，什么也没有读；{why}")
                raise
            self._refuse(why)
            paths = structs.replace(self._config.paths, keyword_lists=kept)
            return kit.load_judge(structs.replace(self._config, paths=paths))

    def _load(self, seen: str) -> Judge:
        """Rules that passed under this version of the program are not proved again: that takes two seconds."""
        judge = kit.unproved_judge(self._config)
        data, lists = self._config.paths.data_dir, self._config.paths.keyword_lists
        if not proving.have_passed(judge.book.version, data):
            kit.prove(judge)
            if signature(lists) == seen:  # else somebody is still editing
                _replace(lists, data / RULES_KEPT)
                proving.note(judge.book.version, data)
        self._told("")
        return judge

    def _refuse(self, why: RulesError | OSError) -> None:
        _log.error("edited rules refused: %s", whereabouts(why))
        said = str(why) if isinstance(why, RulesError) else f"规则文件读不出来（{why.strerror}）"
        self._told(f"规则改动后没有通过检查，继续使用原来的规则；{said}")


def _leave_alone() -> None:
    """What is there now is not gone through again and again while files are read: a tenth of a small one's time."""
    gc.collect()
    gc.freeze()


def signature(folder: Path) -> str:
    """Another one when a list was changed, added or taken away."""
    lines = []
    for place, _, names in os.walk(folder):  # asked before each arrival: four times as fast as rglob
        for name in names:
            with suppress(FileNotFoundError):  # an editor saves by taking the old one away first
                status = os.stat(f"{place}/{name}")  # noqa: PTH116
                if S_ISREG(status.st_mode):
                    lines.append(f"{place}/{name}\t{status.st_size}\t{status.st_mtime_ns}")
    return "\n".join(sorted(lines))


def _replace(source: Path, target: Path) -> None:
    """A copy of the folder in the place of the old one; if the power fails in between there may be none."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(source, fresh, copy_function=copy_whole)
    shutil.rmtree(target, ignore_errors=True)
    fresh.replace(target)


class Reading:
    """How the worker reads: its child processes go on from one arrival to the next, starting them takes 2 s."""

    def __init__(self, config: Config, judge: Callable[[], Judge]) -> None:
        """judge: by the rules in force."""
        self._config, self._judge = config, judge
        self._open = ExitStack()
        self._readers: Readers | None = None
        self._folder = Path()
        """Private, while there are readers."""

    def __call__(
        self,
        path: Path,
        tell: Callable[[Progress], None],
        is_over: Callable[[], bool],
        hand_on: Callable[[Scan], None],
    ) -> None:
        """Scans a path until it is over, and hands the scan on while its private copies are there."""
        readers = self._readers or self._opened()
        try:
            with_rules = kit.kit_of(self._config, self._judge(), readers, self._places(_COPIES))
            scanned = scan([path], with_rules, tell, is_over)
            hand_on(scanned)
        except BaseException:  # pictures of what was broken off are still being read
            self.close()
            raise
        readers.photos.forget()
        self._sweep(_COPIES)
        self._sweep(_CHILDREN)
        if any(part.reason is Reason.NO_ENGINE for part in scanned.skipped):
            self.close()  # an engine that could not start, for want of memory, is tried again

    def warm_up(self) -> None:
        """A child loads its parsers from now on, while this process loads its rules."""
        (self._readers or self._opened()).sandbox.warm_up()

    def close(self) -> None:
        """The child processes are gone, and what they left; the next call starts new ones."""
        self._readers = None
        self._open.close()

    def _opened(self) -> Readers:
        self._folder = self._open.enter_context(private_folder(self._config.paths.data_dir))
        places = self._places(_CHILDREN)
        places.private.mkdir()
        jobs = self._config.scan.jobs or cores()
        self._readers = self._open.enter_context(kit.open_readers(self._config, jobs, places))
        return self._readers

    def _places(self, below: str) -> Places:
        return Places(private=self._folder / below, ocr_cache=self._config.paths.data_dir / kit.OCR_CACHE)

    def _sweep(self, below: str) -> None:
        """Removes what is left of this arrival; the folders of living children stay."""
        for left in (self._folder / below).iterdir():
            if left.name.startswith(READER_FOLDER):
                continue
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def stay(desk: Desk, data_dir: Path, is_over: Callable[[], bool]) -> None:
    """Works off the queue until it is over, or nothing came for IDLE_S; a database out of reach is waited for."""
    with alone(data_dir, "worker"):
        arrivals.release(owners(), desk.clock())  # of one that fell together with its daemon
        last, written_s = monotonic(), -inf
        while not is_over() and monotonic() - last < IDLE_S:
            try:
                if monotonic() - written_s >= AFTER_S:
                    desk.after()
                    written_s = monotonic()
                if work_off(desk, is_over):
                    last = monotonic()
            except DatabaseError as why:  # locked, or its disk full: what is in hand is claimed again later
                _log.error("queue cannot be reached: %s", whereabouts(why))
                close_old_connections()
                sleep(_REACHES_S)
            sleep(_ASKS_S)


def cores() -> int:
    """Those this process may use: in a container fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
