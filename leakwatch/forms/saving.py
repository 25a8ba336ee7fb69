"""A drawn form → a file that is whole or not there, takes no other's place and knows what was written in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from leakwatch.errors import LeakwatchError
from leakwatch.forms import fields
from leakwatch.forms.drawing import Drawn
from leakwatch.vault.files import sync_folder

_PART = ".part-"
"""How the name of a form begins that is not whole yet."""


def save(drawn: Drawn, path: Path) -> tuple[str, ...]:
    """The form's notes. A file that lies at `path` stays: the form then lies beside it (name-2.docx),
    which a note says. LeakwatchError if the system does not let us write.
    """
    with _written(drawn, path) as part:
        written = put(part, path)
    if written == path:
        return drawn.notes
    return (*drawn.notes, f"{path.name} 已经存在，没有覆盖，本次写入 {written.name}。")


def replace(drawn: Drawn, path: Path) -> Path:
    """Where the form that lay at `path` is kept; the drawn one lies in its place.

    LeakwatchError if the system does not let us write: the old form then lies where it lay.
    """
    with _written(drawn, path) as part:
        kept = put(path, path.with_stem(f"{path.stem}-旧稿"))
        try:
            part.replace(path)
            sync_folder(path.parent)
        except OSError:
            kept.replace(path)
            raise
    return kept


def sweep(folder: Path, before: datetime) -> int:
    """How many half-written forms are gone that somebody who was killed before then has left."""
    count = 0
    for part in folder.glob(f"{_PART}*.docx"):
        with suppress(OSError):
            if part.stat().st_mtime < before.timestamp():
                part.unlink()
                count += 1
    return count


def beside(path: Path) -> Iterator[Path]:
    """`path`, then the names beside it: name-2, name-3 …"""
    yield path
    yield from (path.with_stem(f"{path.stem}-{number}") for number in count(2))


@contextmanager
def _written(drawn: Drawn, path: Path) -> Iterator[Path]:
    """The form under a name of its own beside `path`, gone at the end unless it was moved."""
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_PART, suffix=".docx", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(fields.recorded(drawn.document))
            file.flush()
            os.fsync(file.fileno())
        yield part
    except OSError as why:
        raise LeakwatchError(
            f"{drawn.form}写不进 {path}（{why.strerror}），请检查目录权限和磁盘空间后重试"
        ) from why
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def put(file: Path, path: Path) -> Path:
    """Where the file lies now: `path`, or the first name beside it that no file has.

    OSError if the system does not let us move it.
    """
    for free in beside(path):
        try:
            _move(file, free)
        except FileExistsError:
            continue
        sync_folder(free.parent)
        return free
    raise AssertionError  # pragma: no cover


def _move(file: Path, free: Path) -> None:
    """FileExistsError if the name is taken. A second name for the file is never half there.

    Where the disk knows no second names (FAT, some shares), an empty file holds the name until the move.
    """
    try:
        os.link(file, free)
    except FileExistsError:
        raise
    except OSError:
        free.touch(mode=0o600, exist_ok=False)
        try:
            file.replace(free)
        except OSError:
            free.unlink(missing_ok=True)
            raise
    else:
        file.unlink()
