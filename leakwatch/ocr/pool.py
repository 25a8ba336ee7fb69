"""Pictures known beforehand are recognised while the chats are still being read."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from leakwatch.config import Ocr
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence
from leakwatch.ocr import Line, codes, engine_named
from leakwatch.ocr.cache import Cached
from leakwatch.ocr.worker import Reader


class ReadAhead:
    """Several readers side by side; each picture content is read once a run, however often it is sent."""

    def __init__(self, sources: Sequence[Cached]) -> None:
        """One thread for each source."""
        self._idle: queue.SimpleQueue[Cached] = queue.SimpleQueue()
        for source in sources:
            self._idle.put(source)
        self._threads = ThreadPoolExecutor(len(sources), thread_name_prefix="ocr")
        self._results: dict[str, Future[list[Line]]] = {}
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

    def submit(self, file: Evidence) -> None:
        """Has the picture read as soon as a reader is free; a content that was sent before costs nothing."""
        self._result(file)

    def lines(self, file: Evidence) -> list[Line]:
        """The picture's lines, waited for if need be; raises what its reader raised."""
        return self._result(file).result()

    def forget(self) -> None:
        """The next run begins: what is still waiting for a reader is dropped, and nothing is known any more."""
        with self._lock:
            for result in self._results.values():
                result.cancel()
            self._results.clear()

    def close(self) -> None:
        """Drops what has not begun and ends what has; nothing may be asked afterwards."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._at_close.close()
        self._threads.shutdown()

    def _result(self, file: Evidence) -> Future[list[Line]]:
        with self._lock:
            if file.sha256 not in self._results:
                self._results[file.sha256] = self._threads.submit(self._read, file)
            return self._results[file.sha256]

    def _read(self, file: Evidence) -> list[Line]:
        source = self._idle.get()
        try:
            return source.read(file)
        finally:
            self._idle.put(source)
