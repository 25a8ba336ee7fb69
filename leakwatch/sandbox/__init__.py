"""Work on outside files in child processes with limits, so that one bad file costs one row.

A crash, an endless loop or a 10-GB allocation ends a child; the next file gets a fresh one. Children are kept
and used again: starting one takes 0.5 s, a call 0.2 ms.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Protocol, Self, TypeVar

from leakwatch.errors import ReaderFault, Unreadable
from leakwatch.model import Reason
from leakwatch.sandbox.frames import End, Items, Messages, Question, Task, receive, send

_Yields = TypeVar("_Yields")
_MOST_TASKS = 5_000
"""Then a child is replaced: what a parser's C code does not give back must not starve a later file."""
_WATCHED_EVERY_S = 0.2
_CHILD = (sys.executable, "-P", "-m", "leakwatch.sandbox.child")
_CRASHED = "读取此文件时解析程序意外退出，只跳过了这一个文件（或其余部分）；文件可能已损坏，请人工查看"


class Runs(Protocol):
    """Whatever can run work on an outside file."""

    def stream(
        self, work: Callable[..., Iterator[_Yields]], *arguments: object, desk: object = None
    ) -> Iterator[_Yields]:
        """What the work yields; raises Unreadable as the work does.

        work, arguments: named by their module, so that they can be sent. desk: what the work may ask its
        caller; it is given a stand-in for it as its last argument.
        """


class Sandbox:
    """As many children as streams are open at the same time."""

    def __init__(
        self, timeout_s: int, memory_mib: int, folder: Path | None = None, modules: Sequence[str] = ()
    ) -> None:
        """timeout_s: without any result. folder: where the children's temporary files lie. modules: they load first."""
        self._start = partial(_Child, timeout_s, memory_mib, folder, modules)
        self._idle: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._idle:
            self._idle.pop().discard()

    def warm_up(self) -> None:
        """A child starts now and not when the first stream wants one: loading the parsers takes a second."""
        if not self._idle:
            self._idle.append(self._start())

    def stream(
        self, work: Callable[..., Iterator[_Yields]], *arguments: object, desk: object = None
    ) -> Iterator[_Yields]:
        """What the work yields in a child.

        Unreadable also if it gives no sign of life for too long, asks for too much memory or dies;
        ReaderFault if it raises anything else.
        """
        child = self._idle.pop() if self._idle else self._start()
        end: End | None = None
        try:
            end = yield from child.results(Task(work, arguments, desk is not None), desk)
        finally:
            if end is None or end.reason is Reason.TOO_BIG or child.tasks >= _MOST_TASKS:
                child.discard()
            else:
                self._idle.append(child)
        if end.fault:
            raise ReaderFault(end.fault)
        if end.reason is not None:
            raise Unreadable(end.reason, end.detail)


class _Child:
    """A process that does one task after the other."""

    def __init__(self, timeout_s: int, memory_mib: int, folder: Path | None, modules: Sequence[str]) -> None:
        self._timeout_s = timeout_s
        self.tasks = 0
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        self._process = subprocess.Popen(
            (*_CHILD, str(timeout_s), str(memory_mib), *modules),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment | ({"TMPDIR": str(folder)} if folder else {}),
        )
        self._questions, self._answers = _pipes(self._process)
        self._due_at: float | None = None
        """When its next word must have come; None while none is waited for."""
        self._is_late = False
        self._is_over = threading.Event()
        # One thread for all its words: a timer for each would take five times as long as a short task.
        threading.Thread(target=self._watch, daemon=True).start()

    def results(self, task: Task, desk: object) -> Generator[_Yields, None, End]:
        """What the task yields; its end is returned."""
        self.tasks += 1
        self._say(task)
        while True:
            match self._heard():
                case Items() | Messages() as some:
                    yield from some.items  # type: ignore[misc] # what the work yields, by its own types
                case Question(name, arguments):
                    self._say(getattr(desk, name)(*arguments))
                case End() as end:
                    return end

    def discard(self) -> None:
        """Kills it with whatever it started."""
        self._is_over.set()
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:  # Windows
                self._process.kill()
        self._process.wait()
        for stream in (self._questions, self._answers):
            with suppress(BrokenPipeError):
                stream.close()

    def _say(self, value: object) -> None:
        try:
            send(self._questions, value)
        except BrokenPipeError as why:
            raise Unreadable(Reason.CRASHED, _CRASHED) from why

    def _heard(self) -> object:
        """Its next word, waited for no longer than the time limit."""
        self._due_at = time.monotonic() + self._timeout_s
        try:
            return receive(self._answers)
        except EOFError as why:
            if self._is_late:
                detail = f"读取此文件时 {self._timeout_s} 秒没有进展，已停止，其余部分未检查；文件可能已损坏，请人工查看或调高 reader_timeout_s"
                raise Unreadable(Reason.TIMED_OUT, detail) from why
            raise Unreadable(Reason.CRASHED, _CRASHED) from why
        finally:
            self._due_at = None

    def _watch(self) -> None:
        while not self._is_over.wait(_WATCHED_EVERY_S):
            due_at = self._due_at
            if due_at is not None and time.monotonic() > due_at:
                self._is_late = True
                self._process.kill()
                return


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("both were asked for as pipes")
    return process.stdin, process.stdout
