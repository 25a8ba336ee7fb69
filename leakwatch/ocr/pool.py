"""Pictures known beforehand are recognised while the chats are still being read, the most urgent first."""

from __future__ import annotations

import heapq
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Self

from leakwatch.config import Ocr
from leakwatch.errors import Unreadable
from leakwatch.images.urgency import Urgency
from leakwatch.model import Evidence, Reason
from leakwatch.ocr import Line, codes, engine_named
from leakwatch.ocr.cache import Cached
from leakwatch.ocr.worker import Reader

_ASKS_S = 0.5
_PENDING = "扫描停下时还没有轮到识别这张图片，不能算检查过；请再次扫描，或人工查看"
_PENDING_RED = "扫描停下时还没有轮到识别这张图片，它像是印有红字的文件，请尽快再次扫描，或人工查看"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is known and not recognised yet."""

    pictures: int
    left_s: float | None
    """How long that takes, by what pictures of each urgency took so far; None while none was recognised."""


@dataclass(frozen=True, slots=True, order=True)
class _Task:
    urgency: Urgency
    number: int
    file: Evidence = field(compare=False)
    result: Future[list[Line]] = field(compare=False, default_factory=Future)


class ReadAhead:
    """Several readers side by side; each picture content is read once a run, however often it is sent."""

    def __init__(self, sources: Sequence[Cached]) -> None:
        """One thread for each source."""
        self._idle: queue.SimpleQueue[Cached] = queue.SimpleQueue()
        for source in sources:
            self._idle.put(source)
        self._readers = len(sources)
        self._threads = ThreadPoolExecutor(len(sources), thread_name_prefix="ocr")
        self._tasks: dict[str, _Task] = {}
        self._waiting: list[_Task] = []
        self._sent: Counter[Urgency] = Counter()
        self._done: Counter[Urgency] = Counter()
        self._spent_s: dict[Urgency, float] = {}
        self._goes_on: Callable[[], bool] = lambda: True
        self._lock = threading.Lock()
        self._at_close = ExitStack()

    @classmethod
    def of_engine(cls, settings: Ocr, readers: int, cache: Path | None, folder: Path | None) -> Self:
        """So many child processes of this engine, their results kept in `cache`, their litter in `folder`."""
        try:
            version = f"{engine_named(settings.engine).version()} {codes.version()}"
        except Unreadable:  # every picture will be refused with the same reason, and nothing kept
            version = settings.engine
        children = [Reader(settings.engine, settings.timeout_s, folder) for _ in range(readers)]
        pool = cls([Cached(child, version, cache) for child in children])
        for child in children:
            pool._at_close.callback(child.close)
        return pool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, file: Evidence, urgency: Urgency = Urgency.PAGE) -> None:
        """Has the picture read once none is more urgent; a content that was sent before costs nothing."""
        self._task(file, urgency)

    def lines(self, file: Evidence) -> list[Line]:
        """The picture's lines, waited for if need be; raises what its reader raised.

        Unreadable(PENDING) once the run is over, unless they are there.
        """
        task = self._task(file, Urgency.PAGE)
        while not task.result.done():
            if self.is_over():
                detail = _PENDING_RED if task.urgency is Urgency.RED_PAGE else _PENDING
                raise Unreadable(Reason.PENDING, detail)
            wait([task.result], _ASKS_S)
        return task.result.result()

    def backlog(self) -> Backlog:
        """How much is still to be recognised, as far as it is known by now."""
        with self._lock:
            left = self._sent - self._done
            done = self._done.total()
            if not done:
                return Backlog(pictures=left.total(), left_s=None)
            usual_s = sum(self._spent_s.values()) / done
            left_s = sum(
                number * (self._spent_s[kind] / self._done[kind] if self._done[kind] else usual_s)
                for kind, number in left.items()
            )
            return Backlog(pictures=left.total(), left_s=left_s / self._readers)

    def begin(self, goes_on: Callable[[], bool]) -> None:
        """The next run begins; goes_on: asked again and again while somebody waits, until it says no."""
        self.forget()
        self._goes_on = goes_on

    def is_over(self) -> bool:
        """Whether the run was stopped: what is not there by now is left for the next one."""
        return not self._goes_on()

    def forget(self) -> None:
        """What is still waiting for a reader is dropped, and nothing is known any more."""
        with self._lock:
            for task in self._tasks.values():
                task.result.cancel()
            self._tasks.clear()
            self._waiting.clear()
            self._sent.clear()
            self._done.clear()
            self._spent_s.clear()

    def close(self) -> None:
        """Drops what has not begun and ends what has; nothing may be asked afterwards."""
        self.forget()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._at_close.close()
        self._threads.shutdown()

    def _task(self, file: Evidence, urgency: Urgency) -> _Task:
        with self._lock:
            if (task := self._tasks.get(file.sha256)) is None:
                task = _Task(urgency, len(self._tasks), file)
                self._tasks[file.sha256] = task
                self._sent[urgency] += 1
                heapq.heappush(self._waiting, task)
                self._threads.submit(self._read_next)
            return task

    def _read_next(self) -> None:
        with self._lock:
            if not self._waiting:  # it was dropped meanwhile
                return
            task = heapq.heappop(self._waiting)
            if not task.result.set_running_or_notify_cancel():
                return
        source = self._idle.get()
        begun_s = monotonic()
        try:
            task.result.set_result(source.read(task.file))
        except BaseException as why:  # noqa: BLE001 - whoever asks for the picture is told
            task.result.set_exception(why)
        finally:
            self._idle.put(source)
            self._count(task, monotonic() - begun_s)

    def _count(self, task: _Task, spent_s: float) -> None:
        with self._lock:
            if self._tasks.get(task.file.sha256) is task:
                self._done[task.urgency] += 1
                self._spent_s[task.urgency] = self._spent_s.get(task.urgency, 0.0) + spent_s
