"""What the tests have a child do: found there by its name."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Protocol

from leakwatch.errors import Unreadable
from leakwatch.model import Reason


class Shelf(Protocol):
    """What the parent keeps."""

    def take(self, name: str) -> str | None: ...


def counted(until: int) -> Iterator[int]:
    yield from range(until)


def locked() -> Iterator[str]:
    yield "第1页"
    raise Unreadable(Reason.PASSWORD, "文件加了密码")


def broken() -> Iterator[str]:
    yield "第1页"
    int("张三的身份证")


def endless() -> Iterator[str]:
    yield "第1页"
    while True:
        pass


def idle() -> Iterator[str]:
    """Yields late but lives; a signal of life every so often is all that is asked."""
    for number in range(3):
        time.sleep(0.6)
        yield str(number)


def dying() -> Iterator[str]:
    yield "第1页"
    os.abort()


def greedy(size_bytes: int) -> Iterator[int]:
    yield len(bytearray(size_bytes))


def calling() -> Iterator[str]:
    with socket.socket() as opened:
        yield str(opened)


def chatty() -> Iterator[str]:
    print("a library prints this")
    yield "第1页"


def process() -> Iterator[int]:
    yield os.getpid()


def has_loaded(modules: list[str]) -> Iterator[bool]:
    for module in modules:
        yield module in sys.modules


def temporary() -> Iterator[str]:
    yield tempfile.gettempdir()


def fetched(names: list[str], shelf: Shelf) -> Iterator[str | None]:
    yield "before"
    for name in names:
        yield shelf.take(name)
