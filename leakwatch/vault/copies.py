"""Evidence: each file is hashed while it is copied, and only the copy is ever read.

Copies are named by their sha256 in a folder that belongs to the user alone (0700), so that a path inside
an archive is never used as a path, and a file that changes under the reader cannot differ from its hash.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from leakwatch.errors import LeakwatchError, Unreadable
from leakwatch.model import SHANGHAI, Evidence, Reason

PREFIX = "leakwatch-scan-"
"""How the name of every private folder begins; the process and eight random characters follow."""

_CHUNK_BYTES = 1 << 20
_LOCK = "lock"
_LEFT_S = 2 * 24 * 3600
"""A private folder that nobody has changed for so long was left behind, where no lock can tell."""


class Vault:
    """A folder of write-once copies; the same bytes are kept once."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._clock = clock

    def keep(self, source: Path, inner_path: str) -> Evidence:
        """A received file as evidence; Unreadable if the system does not let us read it."""
        try:
            with source.open("rb") as file:
                return self.keep_stream(iter(lambda: file.read(_CHUNK_BYTES), b""), inner_path)
        except PermissionError as why:
            raise Unreadable(Reason.NOT_PERMITTED, "没有读取此文件的权限，请检查文件权限后重试") from why
        except OSError as why:
            raise Unreadable(
                Reason.DAMAGED, f"读取文件时系统报错（{why.strerror}），请检查磁盘或网络盘"
            ) from why

    def keep_bytes(self, data: bytes, inner_path: str, parent: Evidence) -> Evidence:
        """A small part of a document (an embedded picture, a rendered page) as evidence of its own."""
        return self.keep_stream([data], inner_path, parent)

    def keep_stream(
        self, chunks: Iterable[bytes], inner_path: str, parent: Evidence | None = None
    ) -> Evidence:
        """Evidence of a stream; whatever the stream raises passes through and leaves nothing behind."""
        sha256, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(prefix="part-", dir=self._folder)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as copy:
                for chunk in chunks:
                    sha256.update(chunk)
                    size += len(chunk)
                    copy.write(chunk)
            kept = self._folder / sha256.hexdigest()
            if kept.exists():
                part.unlink()
            else:
                part.replace(kept)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return Evidence(
            sha256=sha256.hexdigest(),
            size=size,
            name=inner_path.replace("\\", "/").rsplit("/", 1)[-1].rsplit("!", 1)[-1],
            inner_path=inner_path,
            path=kept,
            taken_at=self._clock(),
            parent=parent.sha256 if parent else None,
        )


def system_clock() -> datetime:
    """Now, in Shanghai; a name that a vault can carry into another process."""
    return datetime.now(SHANGHAI)


def make_folder(folder: Path) -> None:
    """The folder, for its owner alone where it is new; LeakwatchError if the system refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as why:
        raise LeakwatchError(
            f"{folder}：文件夹建不了（{why.strerror}），请检查权限，或在 config.toml 的 [paths] 里换一个位置"
        ) from why


@contextmanager
def private_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder that only this user can open (0700); removed with all it holds.

    parent: where it is made; None: the system's place for temporary files.
    """
    if parent:
        make_folder(parent)
    above = parent or Path(tempfile.gettempdir())
    _sweep(above)
    with ExitStack() as at_end:
        try:
            name = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=above)
            folder = Path(at_end.enter_context(name))
            at_end.enter_context(_lock_file(folder))
        except OSError as why:
            raise LeakwatchError(f"{above}：写不进去（{why.strerror}），请检查权限和磁盘空间") from why
        yield folder


def _lock_file(folder: Path) -> IO[bytes]:
    """The open file whose lock says that the folder is in use; it gets its name once it is locked."""
    fresh = folder / f"{_LOCK}-new"
    file = fresh.open("xb")
    with suppress(OSError):  # where there are no locks, the folder's age must do
        _lock(file)
        fresh.replace(folder / _LOCK)
    return file


def _lock(file: IO[bytes]) -> None:
    """Takes the lock until the file is closed; BlockingIOError if another scan has it."""
    try:
        import fcntl
    except ImportError as why:  # Windows
        raise OSError(errno.ENOLCK, "no locks on this system") from why
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(parent: Path) -> None:
    """Removes what scans that were killed left behind: plain copies of the evidence must not stay."""
    for folder in parent.glob(f"{PREFIX}*-*"):
        with suppress(OSError):  # another scan sweeps too
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    """A process id would not tell: containers and machines that share a disk do not share their ids."""
    try:
        with (folder / _LOCK).open("r+b") as file:
            _lock(file)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # no lock file, or no locks on this disk
        return time.time() - folder.stat().st_mtime > _LEFT_S
    return True
