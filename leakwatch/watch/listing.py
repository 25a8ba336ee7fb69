"""What lies in an inbox right now."""

from __future__ import annotations

import errno
import os
import stat
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from leakwatch.unpack.names import is_junk
from leakwatch.watch.inbox import File

DONE, UNREAD = "done", "unread"
"""Where arrivals go that were read, and that could not be read, if they are to be moved."""
REASON_SUFFIX = ".reason.txt"
"""Of the file beside an arrival that says why it could not be read."""
REASON_HEAD = "以下内容没有读到："
"""Its first line, after a byte order mark: whatever else is called so was dropped."""

_NAME_BYTES = 240
"""Of a name that we give: 255 are allowed, some are kept for what it is called while it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One look at a folder."""

    arrivals: dict[str, list[File]]
    """Name at the top → its files; a folder without files is none yet."""
    closed: tuple[str, ...]
    """Folders below that may not be entered."""


def look_into(root: Path, *, moves: bool = False) -> Listing | None:
    """What lies in an inbox; None if it is not there (a share that is not mounted, a folder being renamed).

    moves: its folders done and unread are ours, and hold what was read already.
    """
    arrivals: dict[str, list[File]] = defaultdict(list)
    closed: list[str] = []
    try:
        tops = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError:
        return None
    notes = {reason_name(top.name) for top in tops}
    folders = {DONE, UNREAD} if moves else set()
    for top in tops:
        if is_ignored(top.name) or top.name in folders:
            continue
        if top.name in notes and is_note(Path(top.path)):
            continue
        for file in _files(top.path, top.name, closed):
            arrivals[top.name].append(file)
    return Listing(arrivals=dict(arrivals), closed=tuple(closed))


def look_at(root: Path, name: str) -> list[File] | None:
    """The files of one arrival; None if it is not there."""
    return list(_files(str(root / name), name, [])) or None


def reason_name(name: str) -> str:
    """Of the file beside an arrival of that name; a long one is cut: no name is longer than 255 bytes."""
    if len(encoded := os.fsencode(name)) <= _NAME_BYTES - len(REASON_SUFFIX):
        return name + REASON_SUFFIX
    return encoded[: _NAME_BYTES - len(REASON_SUFFIX)].decode("utf-8", "ignore") + REASON_SUFFIX


def is_note(path: Path) -> bool:
    """Whether the file was written by us to say why another was not read."""
    head = REASON_HEAD.encode("utf-8-sig")
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return file.read(len(head)) == head
    except OSError:
        return False


def is_ignored(name: str) -> bool:
    """What systems leave behind, and our own note while it is written; hidden names hold what anybody put there."""
    return is_junk(name) or (name.startswith(".") and name.endswith(f"{REASON_SUFFIX}.part"))


def is_being_written(root: Path, files: Sequence[File]) -> bool:
    """Whether a process of this machine has one of the files open for writing.

    Asked through a read lease (Linux); writers on other machines, and other systems, only show in sizes and times.
    """
    return any(_is_open_for_writing(root / file.path) for file in files)


def _files(place: str, name: str, closed: list[str]) -> Iterator[File]:
    """The files below; without recursion, for folders may be nested deeper than Python's stack."""
    waiting = [(place, name)]
    while waiting:
        place, path = waiting.pop()
        try:
            status = os.lstat(place)
            if not stat.S_ISDIR(status.st_mode):
                is_closed = stat.S_ISREG(status.st_mode) and not os.access(place, os.R_OK)
                yield File(path=path, size=status.st_size, mtime_ns=status.st_mtime_ns, is_closed=is_closed)
                continue
            with os.scandir(place) as inner:
                waiting += [(one.path, f"{path}/{one.name}") for one in inner if not is_ignored(one.name)]
        except FileNotFoundError:  # gone while we looked: the next look knows
            continue
        except OSError:
            closed.append(path)


def _is_open_for_writing(path: Path) -> bool:
    try:
        import fcntl

        set_lease, read, unlock = fcntl.F_SETLEASE, fcntl.F_RDLCK, fcntl.F_UNLCK
    except (ImportError, AttributeError):  # neither Windows nor macOS has leases
        return False
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(handle, set_lease, read)
        fcntl.fcntl(handle, set_lease, unlock)
    except OSError as why:  # others than EAGAIN: no leases on this disk, or not our file
        return why.errno == errno.EAGAIN
    else:
        return False
    finally:
        os.close(handle)
