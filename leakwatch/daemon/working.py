"""The worker's own process: loads the rules once, reads what waits, ends when nothing came for a while."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from leakwatch import kit
from leakwatch.config import Config
from leakwatch.daemon.instance import alone
from leakwatch.daemon.worker import Desk, work_off
from leakwatch.errors import RulesError, whereabouts
from leakwatch.kit import Judge, Places
from leakwatch.model import Progress, Scan
from leakwatch.pipeline import scan
from leakwatch.vault import private_folder

_log = logging.getLogger(__name__)

IDLE_S = 600.0
"""Without work for so long, a worker ends and gives its memory back."""
_ASKS_S = 0.5


@dataclass(slots=True, kw_only=True)
class Rules:
    """The rules in force; edited ones take their place once they pass their own examples."""

    config: Config
    told: Callable[[str], None]
    """Of rules that do not pass: a Chinese sentence; the old ones stay in force."""
    judge: Judge = field(init=False)
    _seen: str = field(init=False)

    def __post_init__(self) -> None:
        self._seen = signature(self.config.paths.keyword_lists)
        self.judge = kit.load_judge(self.config)

    def current(self) -> Judge:
        """Those of the folder as it is now, if they can be used."""
        now = signature(self.config.paths.keyword_lists)
        if now != self._seen:
            self._seen = now
            try:
                self.judge = kit.load_judge(self.config)
            except RulesError as why:
                _log.error("edited rules refused: %s", whereabouts(why))
                self.told(f"规则改动后没有通过检查，继续使用原来的规则；{why}")
            else:
                self.told("")
        return self.judge


def signature(folder: Path) -> str:
    """Another one when a list was changed, added or taken away."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path}\t{path.stat().st_size}\t{path.stat().st_mtime_ns}" for path in files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the worker reads: child processes of its own for each arrival."""

    config: Config
    rules: Rules

    def __call__(self, path: Path, tell: Callable[[Progress], None], hand_on: Callable[[Scan], None]) -> None:
        """Scans a path and hands the scan on while its private copies are there."""
        data = self.config.paths.data_dir
        with private_folder(data) as folder:
            places = Places(private=folder, ocr_cache=data / kit.OCR_CACHE)
            with kit.open_readers(self.config, self.config.scan.jobs or cores(), places) as readers:
                scanned = scan([path], kit.kit_of(self.config, self.rules.judge, readers, places), tell)
            hand_on(scanned)


def stay(desk: Desk, data_dir: Path, is_over: Callable[[], bool]) -> None:
    """Works off the queue until it is over, or nothing came for IDLE_S."""
    with alone(data_dir, "worker"):
        last = monotonic()
        while not is_over() and monotonic() - last < IDLE_S:
            if work_off(desk, is_over):
                last = monotonic()
            sleep(_ASKS_S)


def has_parent(pid: int) -> Callable[[], bool]:
    """Whether the daemon that started this worker still lives; 0: nobody did."""
    return lambda: pid == 0 or os.getppid() == pid


def cores() -> int:
    """Those this process may use: in a container fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
