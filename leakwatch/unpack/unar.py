"""What the program unar reads of an archive where libarchive cannot: locked RAR and 7z, RAR 2, solid RAR 4.

It is optional (apt install unar), runs as a child and writes nothing: all entries come out of one pipe, one
behind the other, and are parted by the sizes that its lister gives. That holds only for an archive that is
whole, so each is tested first. A password stands on the child's command line, where programs of the same
machine could see it while it runs; unar takes it in no other way.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from leakwatch.errors import Unreadable
from leakwatch.model import Reason

ADVICE = "请安装 unar（apt install unar）后重新扫描，或手工解压后放入"

_CHUNK_BYTES = 1 << 18


@dataclass(slots=True, kw_only=True)
class Data:
    """The next bytes of the pipe."""

    pipe: IO[bytes]
    left_bytes: int
    problem: str = field(default="", init=False)

    def __iter__(self) -> Iterator[bytes]:
        while self.left_bytes and (chunk := self.pipe.read(min(self.left_bytes, _CHUNK_BYTES))):
            self.left_bytes -= len(chunk)
            yield chunk
        if self.left_bytes:
            self.problem = "解压程序中途停止"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file or link; folders and links have no bytes in the pipe."""

    name: str
    """As it stands in the archive: hostile until cleaned."""
    size_bytes: int
    is_link: bool
    data: Data


def is_installed() -> bool:
    """Whether both of its programs are there."""
    return bool(shutil.which("unar") and shutil.which("lsar"))


def fits(path: Path, password: str, timeout_s: float) -> bool:
    """Whether the archive is whole and the password, if it wants one, is the right one."""
    return _run(["lsar", "-t", "-p", password, str(path)], timeout_s).returncode == 0


def entries(path: Path, password: str, timeout_s: float) -> Iterator[Entry]:
    """Every file of an archive that `fits`, in its order; what is not read of one is passed over."""
    listed = _listed(_run(["lsar", "-j", "-p", password, str(path)], timeout_s).stdout)
    command = ["unar", "-quiet", "-output-directory", "-", "-password", password, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        watchdog = threading.Timer(timeout_s, child.kill)
        watchdog.start()
        try:
            pipe = cast("IO[bytes]", child.stdout)
            for name, size_bytes, is_link in listed:
                data = Data(pipe=pipe, left_bytes=0 if is_link else size_bytes)
                yield Entry(name=name, size_bytes=size_bytes, is_link=is_link, data=data)
                for _ in data:
                    pass
        finally:
            watchdog.cancel()
            child.kill()


def _listed(answer: bytes) -> list[tuple[str, int, bool]]:
    """Name, size and whether it is a link, of everything but folders."""
    try:
        found = json.loads(answer)["lsarContents"]
        return [
            (str(one["XADFileName"]), max(0, int(one.get("XADFileSize", 0))), bool(one.get("XADIsLink")))
            for one in found
            if not one.get("XADIsDirectory")
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise Unreadable(Reason.DAMAGED, "压缩包的目录读不出来，请重新导出或传送") from why


def _run(command: Sequence[str], timeout_s: float) -> subprocess.CompletedProcess[bytes]:
    """What the lister says; Unreadable(timed out) without its words, which may hold names."""
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:  # its words hold the password: not for any traceback
        raise Unreadable(
            Reason.TIMED_OUT, "解压用时超过上限，请手工解压后放入或调高 archive_seconds"
        ) from None
    except OSError as why:
        raise Unreadable(Reason.NO_ENGINE, ADVICE) from why
