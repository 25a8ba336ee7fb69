"""A child process that owns an engine, so that one bad picture costs one picture.

`python -m leakwatch.ocr.worker ENGINE` is the child: it says hello (or why it cannot work) and then
answers each line of JSON on its input by one on its output. It ends when its input does, and an alarm ends
it if it outlives a picture's time, so it never outlives its parent for long.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

import msgspec

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.ocr import Engine, Line, engine_named

START_TIMEOUT_S = 120.0
"""Loading takes 1.5 s on a quiet machine; a cold disk and a virus scanner take their time."""
_MEMORY_BYTES = 6 << 30
"""Address space of a child: RapidOCR uses 0.5 GiB, a picture of 500 MP needs 2."""
_GRACE_S = 10
FOLDER = "leakwatch-ocr-"
"""How the name of a child's own folder begins; it goes with the child."""

log = logging.getLogger(__name__)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the child says of one picture, or in its hello."""

    lines: list[Line] = []
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    questions: IO[bytes]
    answers: IO[bytes]
    complaints: IO[bytes]
    folder: tempfile.TemporaryDirectory[str]
    """Its temporary files: a tesseract that is killed leaves a copy of the page behind."""

    def end(self) -> None:
        """Kills it and whatever it started; harmless for one that has ended."""
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:  # Windows
                self.process.kill()
        self.process.wait()

    def discard(self) -> None:
        """Ends it and gives back everything it held."""
        self.end()
        self.complaints.seek(0)
        if tail := self.complaints.read()[-2000:].decode("utf-8", "replace").strip():
            log.debug("the recognition process said: %s", tail)
        for stream in (self.questions, self.answers, self.complaints):
            with suppress(BrokenPipeError):
                stream.close()
        self.folder.cleanup()


class Reader:
    """One engine in one child process, started at the first picture.

    `read` is for one thread at a time, `close` for any.
    """

    def __init__(
        self, engine_name: str, timeout_s: float, folder: Path | None = None, command: Sequence[str] = ()
    ) -> None:
        """folder: where the child's temporary files lie; None: the system's place for them.

        `command` starts another child than this module's own: one that a test makes misbehave.
        """
        engine_named(engine_name)
        own = (sys.executable, "-P", "-m", "leakwatch.ocr.worker", engine_name, str(timeout_s))
        self._command = tuple(command) or own
        self._timeout_s = timeout_s
        self._folder = folder
        self._child: _Child | None = None
        self._refusal: Unreadable | None = None
        self._is_closed = False
        self._busy = threading.Lock()
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, image: Path) -> list[Line]:
        """Its lines; Unreadable if the engine refuses, takes too long or dies: the next call starts afresh."""
        with self._busy:
            try:
                answer = self._answer(self._started(), os.fsencode(image), self._timeout_s)
            except BaseException:  # Ctrl-C too: the answer to come must not be taken for the next picture's
                self._discard()
                raise
        if answer.reason is not None:
            raise Unreadable(answer.reason, answer.detail)
        return answer.lines

    def close(self) -> None:
        """Ends the child at once, whatever it does; a thread that waits for it gets Unreadable."""
        with self._guard:
            self._is_closed = True
            if self._child is not None:
                self._child.end()
        with self._busy:
            self._discard()

    def _started(self) -> _Child:
        if self._refusal is not None:
            raise Unreadable(self._refusal.reason, self._refusal.detail)
        if self._child is not None and self._child.process.poll() is not None:
            self._discard()
        if self._child is not None:
            return self._child
        child = self._launched()
        try:
            hello = self._answer(child, None, START_TIMEOUT_S)
        except Unreadable as why:
            detail = "文字识别程序在本机无法启动，图片未读；请运行 make setup 重新安装"
            hello = Answer(reason=Reason.NO_ENGINE, detail=detail)
            log.debug("no hello: %s", why)
        if hello.reason is not None:
            self._refusal = Unreadable(hello.reason, hello.detail)
            raise self._refusal
        return child

    def _launched(self) -> _Child:
        with self._guard:
            if self._is_closed:
                raise Unreadable(Reason.CRASHED, "扫描已中止，此图片未读；请重新扫描")
            folder = tempfile.TemporaryDirectory(prefix=FOLDER, dir=self._folder)
            complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `discard`
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,
                env={
                    **os.environ,
                    "OMP_THREAD_LIMIT": "1",
                    "TMPDIR": folder.name,
                    "PYTHONWARNINGS": "ignore",
                },
            )
            if process.stdin is None or process.stdout is None:
                raise AssertionError("both were asked for as pipes")
            self._child = _Child(process, process.stdin, process.stdout, complaints, folder)
            return self._child

    def _answer(self, child: _Child, question: bytes | None, timeout_s: float) -> Answer:
        """The child's next line; None asks nothing and waits for its hello."""
        is_late = threading.Event()

        def kill() -> None:
            is_late.set()
            child.end()

        timer = threading.Timer(timeout_s, kill)
        timer.daemon = True
        timer.start()
        try:
            if question is not None:
                child.questions.write(msgspec.json.encode(question) + b"\n")
                child.questions.flush()
            line = child.answers.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
            timer.join()  # or it would kill the child under the next picture
        if is_late.is_set():
            raise Unreadable(
                Reason.TIMED_OUT, f"图片在 {timeout_s:g} 秒内没有识别完，已跳过，请人工查看或缩小后重试"
            )
        if not line.endswith(b"\n"):
            raise Unreadable(Reason.CRASHED, "文字识别程序处理此图片时意外退出，图片未读，请人工查看")
        return msgspec.json.decode(line, type=Answer)

    def _discard(self) -> None:
        with self._guard:
            child, self._child = self._child, None
        if child is not None:
            child.discard()


def serve(engine: Engine, timeout_s: float) -> None:
    """The child's side: says hello, then answers each picture, until its input ends."""
    sys.addaudithook(_refuse_network)
    _limit_resources()
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what libraries print must not pass for an answer

        def say(answer: Answer) -> None:
            answers.write(msgspec.json.encode(answer) + b"\n")
            answers.flush()

        hello = _guarded(engine, None)
        say(hello)
        if hello.reason is not None:
            return
        for question in sys.stdin.buffer:
            # The parent kills a late child; this is for the child whose parent was killed first.
            _set_alarm(int(timeout_s) + _GRACE_S)
            say(_guarded(engine, Path(os.fsdecode(msgspec.json.decode(question, type=bytes)))))
            _set_alarm(0)


def _refuse_network(event: str, _arguments: tuple[object, ...]) -> None:
    """An audit hook: no library of an engine opens a socket, not even urllib3 at its import to try IPv6."""
    if event.startswith("socket."):
        raise OSError("the recognition process has no network")


def _limit_resources() -> None:
    """Bounds this process where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the picture
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or most > _MEMORY_BYTES:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, most))


def _set_alarm(seconds: int) -> None:
    """Ends this process after so long, 0 = never, where the system can (not on Windows)."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _guarded(engine: Engine, image: Path | None) -> Answer:
    try:
        if image is None:
            engine.warm_up()
            return Answer()
        return Answer(lines=engine.read(image))
    except Unreadable as why:
        return Answer(reason=why.reason, detail=why.detail)
    except MemoryError:
        return Answer(reason=Reason.TOO_BIG, detail="图片太大，识别时内存不足，图片未读，请缩小后重新导入")


if __name__ == "__main__":
    serve(engine_named(sys.argv[1]), float(sys.argv[2]))
