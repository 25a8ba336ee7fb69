"""The child's side: `python -m leakwatch.sandbox.child SECONDS MEBIBYTES MODULE...` does tasks until its input ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, cast

from leakwatch.errors import Unreadable, whereabouts
from leakwatch.model import Reason
from leakwatch.sandbox.frames import End, Question, Task, packed, receive, send

_MOST_ITEMS = 500
_MOST_S = 0.005
"""A frame goes out with so many items or after so long: what waits here is lost when a parser crashes."""
_MOST_CHARACTERS = 1 << 20
_GRACE_S = 10


class Desk:
    """Stands in for what the parent keeps: a call here is a call there."""

    def __init__(self, ask: Callable[[Question], object]) -> None:
        self._ask = ask

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self._ask(Question(name, arguments))


class Outbox:
    """Items on their way to the parent, several a frame."""

    def __init__(self, stream: IO[bytes], timeout_s: int) -> None:
        self._stream = stream
        self._timeout_s = timeout_s
        self._items: list[object] = []
        self._characters = 0
        self._sent_at = 0.0

    def put(self, item: object) -> None:
        """Sends it, now or with the next ones."""
        self._items.append(item)
        self._characters += len(getattr(item, "text", ""))
        is_full = len(self._items) >= _MOST_ITEMS or self._characters >= _MOST_CHARACTERS
        if is_full or time.monotonic() - self._sent_at >= _MOST_S:
            self.send()

    def send(self, value: Question | End | None = None) -> None:
        """Sends what waits, then the value."""
        # The parent kills a late child; the alarm is for the child whose parent was killed first, and must
        # not ring while a busy parent lets it wait.
        _set_alarm(0)
        if self._items:
            send(self._stream, packed(self._items))
            self._items, self._characters = [], 0
        if value is not None:
            send(self._stream, value)
        self._sent_at = time.monotonic()
        _set_alarm(self._timeout_s + _GRACE_S)


def serve(timeout_s: int, memory_mib: int) -> None:
    """Does each task that comes in, until there are no more."""
    sys.addaudithook(_refuse_network)
    _limit_resources(memory_mib << 20)
    questions = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what libraries print must not pass for an answer
        outbox = Outbox(answers, timeout_s)

        def ask(question: Question) -> object:
            outbox.send(question)
            try:
                return receive(questions)
            except EOFError:  # the parent is gone; no reader may take this for the end of its file
                sys.exit()

        while True:
            _set_alarm(0)
            try:
                task = receive(questions)
            except EOFError:
                return
            outbox.send(_done(cast(Task, task), outbox, Desk(ask)))


def _done(task: Task, outbox: Outbox, desk: Desk) -> End:
    try:
        work = cast(Callable[..., Iterator[object]], task.work)
        for item in work(*task.arguments, *([desk] if task.has_desk else [])):
            outbox.put(item)
    except Unreadable as why:
        return End(reason=why.reason, detail=why.detail)
    except MemoryError:
        detail = (
            "读取此文件所需内存超过上限，其余部分未检查；请拆分或换成别的格式后放入，或调高 reader_memory_mib"
        )
        return End(reason=Reason.TOO_BIG, detail=detail)
    except Exception as fault:  # noqa: BLE001 - the one inner file of which DESIGN §6 speaks
        return End(fault=whereabouts(fault))
    return End()


def _refuse_network(event: str, _arguments: tuple[object, ...]) -> None:
    """An audit hook: no parser opens a socket, whatever a document links to."""
    if event.startswith("socket."):
        raise OSError("the reading process has no network")


def _limit_resources(memory_bytes: int) -> None:
    """Bounds this process where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the document
    allowed = memory_bytes + _address_space_bytes()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or most > allowed:
        resource.setrlimit(resource.RLIMIT_AS, (allowed, most))


def _address_space_bytes() -> int:
    """What this process holds before it has read anything; libraries map more than they use."""
    loaded_later = 512 << 20
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:  # not Linux
        return loaded_later
    return loaded_later + pages * os.sysconf("SC_PAGE_SIZE")


def _set_alarm(seconds: int) -> None:
    """Ends this process after so long, 0 = never, where the system can (not on Windows)."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    for module in sys.argv[3:]:  # loaded while nobody waits for them yet
        import_module(module)
    gc.freeze()
    serve(int(sys.argv[1]), int(sys.argv[2]))
