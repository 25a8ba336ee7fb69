"""A whole house on disk: its config, an inbox, and the real daemon as a process that can be killed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from leakwatch.config import load
from leakwatch.keeping import prepare
from leakwatch.store.sealing import KeySealer

REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 240.0


@dataclass(slots=True)
class House:
    """Everything that one daemon has."""

    home: Path
    port: int = field(default_factory=lambda: _free_port())
    stability_s: int = 1
    rescan_s: int = 5
    settings: str = ""
    """What else stands in config.toml."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def uploads(self) -> Path:
        return self.data / "uploads"

    def furnish(self, template: House | None = None) -> House:
        """The config and the inbox; with a template also its key, its tables, and the rules that passed in it."""
        if template:
            shutil.copytree(template.home, self.home, dirs_exist_ok=True)
        self.inbox.mkdir(parents=True, exist_ok=True)
        (self.home / "config.toml").write_text(
            f'[ocr]\nengine = "none"\n[watch]\nstability_s = {self.stability_s}\nrescan_s = {self.rescan_s}\n'
            f"[web]\nport = {self.port}\n[scan]\njobs = 1\n{self.settings}",
            "utf-8",
        )
        return self

    def take_rules(self, template: House) -> House:
        """The rules that passed in another house need not be proved here: that takes seven seconds."""
        shutil.copytree(template.data / "rules", self.data / "rules")
        shutil.copyfile(template.data / "rules.passed", self.data / "rules.passed")
        self.data.chmod(0o700)
        return self

    def settle_in(self) -> House:
        """As after its first start, which takes ten seconds of a processor: tables, key and rules are there."""
        self.furnish().run_once()
        worker = self.start("work", "--owner", "worker-first")
        wait_for((self.data / "rules.passed").exists)
        worker.terminate()
        assert worker.wait(PATIENCE_S) == 0, self.said()
        for left in (self.home / "stderr", *self.data.glob("*.lock")):
            left.unlink()
        return self

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """The daemon, started."""
        with (self.home / "stderr").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "leakwatch", *(arguments or ("run",))],
                cwd=self.home,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        self.processes.append(process)
        return process

    def hook(self, code: str) -> str:
        """PYTHONPATH under which every process of the house runs that code at its start."""
        folder = self.home / "hook"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(code, "utf-8")
        return f"{folder}{os.pathsep}{REPOSITORY}"

    def run_once(self, patience_s: float = PATIENCE_S) -> None:
        """Everything that lies in the inbox is read."""
        assert self.start("run", "--once").wait(patience_s) == 0, self.said()

    def said(self) -> str:
        """What all processes said on stderr."""
        return (self.home / "stderr").read_text("utf-8", "replace")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Of the database; none while its tables are not there."""
        place = self.data / "leakwatch.sqlite3"
        if not place.exists():
            return []
        with closing(sqlite3.connect(place, timeout=60)) as database:
            try:
                return list(database.execute(query))
            except sqlite3.OperationalError:
                return []

    def count(self, query: str) -> int:
        """The one number that a query asks for."""
        return int(str(next(iter(self.rows(query)), (0,))[0]))

    @property
    def sealer(self) -> KeySealer:
        """Opens what lies sealed in its tables."""
        return prepare(load(self.home / "config.toml", {}), {}, lambda _said: None).sealer

    def details(self) -> list[str]:
        """What is said of its arrivals."""
        sealed = self.rows("SELECT sealed_detail FROM store_arrival WHERE sealed_detail <> x''")
        context = "store_arrival.sealed_detail"
        return [self.sealer.open(bytes(one), context).decode() for (one,) in sealed if isinstance(one, bytes)]

    def job(self, name: str) -> str:
        """What that job said last; empty if it has not run yet."""
        sealed = self.rows(f"SELECT sealed_detail FROM store_jobrun WHERE name = '{name}'")  # noqa: S608 - our own names
        return "".join(
            self.sealer.open(bytes(one), "store_jobrun.sealed_detail").decode()
            for (one,) in sealed
            if isinstance(one, bytes) and one
        )

    def states(self) -> dict[str, int]:
        """How many arrivals are in each state."""
        rows = self.rows("SELECT state, count(*) FROM store_arrival GROUP BY state")
        return {str(state): int(str(count)) for state, count in rows}

    def places(self) -> dict[str, int]:
        """sha256 of a file → at how many places something was found in it."""
        rows = self.rows("SELECT sha256, count(*) FROM store_place GROUP BY sha256")
        return {str(sha256): int(str(count)) for sha256, count in rows}

    def worker(self) -> int | None:
        """Its process id, while there is one."""
        with suppress(OSError, ValueError):
            pid = int((self.data / "worker.lock").read_text("ascii"))
            os.kill(pid, 0)
            return pid
        return None

    def close(self) -> None:
        """Nothing that was started here runs on."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        wait_for(lambda: self.worker() is None)


def mark(number: int) -> str:
    """A document that is found, unlike every other one."""
    return f"机密★10年\n青石市发〔2031〕{number + 1}号\n关于云岭区防汛部署的通知（第{number + 1}份）\n"


def drop(folder: Path, number: int) -> str:
    """sha256 of a new file with a mark in it."""
    data = mark(number).encode()
    (folder / f"文件{number:05}.txt").write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def wait_for(holds: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Until it holds; AssertionError if it never does."""
    end = monotonic() + patience_s
    while not holds():
        assert monotonic() < end, "waited too long"
        sleep(0.05)


def kill(pid: int | None) -> None:
    """As a power cut would: nothing is told to it."""
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def balanced(states: Mapping[str, int]) -> bool:
    """Nothing waits and nothing is in anybody's hand."""
    return not {"waiting", "working"} & set(states)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
