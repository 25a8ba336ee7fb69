"""Who is having something checked right now: a person once, few at a time, so that the page answers others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from leakwatch.errors import Refused


class Turns:
    """Places that are taken and given back."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def take(self, who: str) -> Iterator[None]:
        """A place until the block ends; Refused if that person has one, or none is free."""
        with self._lock:
            if who in self._taken:
                raise Refused("您上一次的自查还没有结束，请等它出结果后再试")
            if len(self._taken) >= self._most:
                raise Refused("现在自查的人较多，请过一分钟再试")
            self._taken.add(who)
        try:
            yield
        finally:
            with self._lock:
                self._taken.discard(who)
