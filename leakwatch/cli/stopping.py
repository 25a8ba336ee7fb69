"""Signals to stop: the first one is heeded in peace, a second one breaks off."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")


def until_signals(ring: Callable[[], object]) -> Event:
    """Set at the first signal to stop, and the bell rung: what is in hand is concluded."""
    stop = Event()

    def told(number: int, _frame: FrameType | None) -> None:
        stop.set()
        ring()
        signal.signal(number, signal.default_int_handler)

    for name in _SIGNALS:
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), told)
    return stop


@contextmanager
def by_signals(ring: Callable[[], object]) -> Iterator[Event]:
    """As `until_signals`, until the block ends."""
    before = {name: signal.getsignal(getattr(signal, name)) for name in _SIGNALS if hasattr(signal, name)}
    try:
        yield until_signals(ring)
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
