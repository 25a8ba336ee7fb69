"""Files that are there whole or not at all, even when the power fails."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from leakwatch.errors import LeakwatchError, Unreadable
from leakwatch.model import Reason

PART = "part-"
"""How the name of a file begins that is not whole yet."""

_CHUNK_BYTES = 1 << 20
_HAS_MODES = sys.platform != "win32"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def unnamed(folder: Path) -> Iterator[IO[bytes]]:
    """A new file (0600) for writing, gone at the end of the block unless `name_file` gave it its name.

    LeakwatchError if the disk is full or the system refuses.
    """
    try:
        with tempfile.NamedTemporaryFile(prefix=PART, dir=folder, delete=False) as file:
            try:
                yield file
            finally:
                Path(file.name).unlink(missing_ok=True)
    except OSError as why:
        raise not_written(folder, why) from why


def name_file(file: IO[bytes], name: Path, mode: int) -> None:
    """Closes an `unnamed` file and gives it its name, once all of it is on the disk."""
    file.flush()
    os.fsync(file.fileno())
    file.close()  # Windows renames no open file
    part = Path(file.name)
    part.chmod(mode)
    part.replace(name)
    sync_folder(name.parent)


def copy_whole(source: Path | str, target: Path | str) -> None:
    """The file under another name, on the disk with its mode, before the name is there; OSError if that fails."""
    place = Path(target)
    part = place.with_name(f".{PART}{place.name}")
    with Path(source).open("rb") as file, part.open("wb") as copy:
        shutil.copyfileobj(file, copy, _CHUNK_BYTES)
        copy.flush()
        os.fsync(copy.fileno())
    shutil.copymode(source, part)
    part.replace(place)
    sync_folder(place.parent)


def make_private(folder: Path) -> None:
    """The folder (0700), known to the disk; LeakwatchError if the system refuses."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(folder.parent)
    except OSError as why:
        raise not_written(folder, why) from why


def sync_file(path: Path) -> None:
    """What somebody else wrote into the file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """What names the folder holds is on the disk; Windows does that by itself and offers no call."""
    if not _HAS_MODES:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """The file is gone, read-only or not, if it was there at all; of a link the link alone."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:  # Windows removes no read-only file
        path.chmod(0o600)
        path.unlink()


def is_open_to_others(status: os.stat_result) -> bool:
    """Whether anyone but the owner may read or write it; on Windows the mode does not tell."""
    return _HAS_MODES and bool(status.st_mode & 0o077)


def not_written(place: Path, why: OSError) -> LeakwatchError:
    """The sentence for a disk that takes no more."""
    if why.errno in _FULL:
        return LeakwatchError(f"{place}：磁盘已满，这个文件没有存入，已存入的不受影响；请腾出空间后重试")
    return LeakwatchError(f"{place}：写不进去（{why.strerror}），请检查权限和磁盘")


def chunks_of(source: Path) -> Iterator[bytes]:
    """The bytes of a file; Unreadable if the system does not let us read it."""
    try:
        with source.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
    except PermissionError as why:
        raise Unreadable(Reason.NOT_PERMITTED, "没有读取此文件的权限，请检查文件权限后重试") from why
    except OSError as why:
        raise Unreadable(Reason.DAMAGED, f"读取文件时系统报错（{why.strerror}），请检查磁盘或网络盘") from why
