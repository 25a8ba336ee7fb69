"""The worker's process: started when there is something to read, looked after, stopped in peace."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from socket import gethostname
from time import monotonic

from leakwatch.store import arrivals, jobs

_log = logging.getLogger(__name__)

_MOST_REST_S = 300
"""Between two workers that fall one after the other: rules that do not load, no memory."""
NAME = "worker"
_LIVES = timedelta(minutes=1)
"""Who lives so long has not fallen over its start."""
_TOLD_AT = 4
"""Falls one after the other: one file that its worker cannot bear is given up after three."""
_FALLS = (
    "读取进程接连 {falls} 次中途退出（退出码 {code}），收件箱里的内容在等待，没有丢失；"
    "请运行 leakwatch doctor，检查 config.toml、主密钥和内存"
)
_UNKNOWN = "?"
"""What a daemon before this one may have told stands until a worker has lived for a while."""
_SILENT_S = 3_600.0
"""Without a sign: an export of many gigabytes on a slow share may take half of it to be copied."""
_SILENT = (
    "读取进程一小时没有动静，可能在复制一个很大的文件，也可能卡在没有回应的网络盘或磁盘上，后面的内容都在等待；"
    "请检查网络盘，必要时重新启动 leakwatch"
)
_PATIENCE_S = 600
"""How long a worker may take to finish what it has in hand when it is to stop."""


class Workshop:
    """At most one worker at a time; what a dead one had in hand is freed."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], clock: Callable[[], datetime]
    ) -> None:
        """command: starts a worker when its owner's name is put behind it.

        environ: as this process was given it; its own lacks the master key by now.
        """
        self._command, self._environ, self._clock = command, environ, clock
        self.since = clock()
        """When the worker was started last."""
        self._process: subprocess.Popen[bytes] | None = None
        self.owner = ""
        """Of the worker that was started last, as leases name it."""
        self._falls = 0
        self._rests_until_s = 0.0
        self._heard_s = monotonic()
        self._told = _UNKNOWN
        """The sentence that stands in the table of jobs; nothing where all is well."""

    @property
    def pid(self) -> int | None:
        """Of the worker, while there is one."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def staff(self) -> None:
        """There is a worker from now on; after one that fell, only when it has rested."""
        self.look_after()
        if self._process is None and monotonic() >= self._rests_until_s:
            self.since, self._heard_s = self._clock(), monotonic()
            self.owner = f"{owners()}{token_hex(6)}"
            self._process = subprocess.Popen(
                [*self._command, self.owner], env=self._environ, stdin=subprocess.DEVNULL
            )
            _log.info("worker %s started as %s", self.owner, self._process.pid)

    def look_after(self) -> None:
        """Frees what a worker that is gone had in hand; tells of those that fall or show no sign of life."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._listen()
            return
        freed = arrivals.free(self.owner, self._clock())
        if self._process.returncode or freed:
            _log.warning(
                "worker %s ended with %s, arrivals freed: %s", self.owner, self._process.returncode, freed
            )
        code, self._process = self._process.returncode, None
        if not code:
            self._recovered()
            return
        self._falls += 1
        self._rests_until_s = monotonic() + min(2**self._falls, _MOST_REST_S)
        if self._falls >= _TOLD_AT:
            self._tell(_FALLS.format(falls=self._falls, code=code))

    def _listen(self) -> None:
        """It renews its lease while it reads; on a share that does not answer it waits for ever."""
        now = self._clock()
        if not arrivals.is_overdue(self.owner, now):
            self._heard_s = monotonic()
            if now - self.since >= _LIVES:
                self._recovered()
        elif monotonic() - self._heard_s >= _SILENT_S:
            self._tell(_SILENT)

    def _tell(self, sentence: str) -> None:
        if sentence != self._told:
            jobs.failed(NAME, self._clock(), sentence)
            self._told = sentence

    def _recovered(self) -> None:
        if self._told:  # perhaps by a daemon before this one
            jobs.succeeded(NAME, self._clock())
        self._told, self._falls, self._rests_until_s = "", 0, 0.0

    def close(self) -> None:
        """The worker finishes what it has in hand and is gone."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.look_after()


def owners() -> str:
    """How the names of all workers of this machine begin."""
    return f"worker-{gethostname()[:50]}-"


def command(config_file: str, rules: Path, data: Path) -> list[str]:
    """Starts a worker under that configuration; the owner's name comes behind it.

    rules, data: the folders that the daemon was started with.
    """
    interpreter = [sys.executable, "-m", "leakwatch"]
    given = ["--config", config_file] if config_file else []
    return [*interpreter, "work", *given, "--daemon", str(os.getpid()), str(rules), str(data), "--owner"]
