"""One daemon and one worker for each store; nobody outlives the daemon that started it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from leakwatch.errors import LeakwatchError
from leakwatch.vault import make_folder


class Running(LeakwatchError):
    """Another one has this store in hand."""


@contextmanager
def alone(data_dir: Path, name: str) -> Iterator[None]:
    """Runs the block as the only one of that name; Running if there is another.

    The lock goes with the process, however it ends: nothing has to be cleaned up after a power cut.
    """
    make_folder(data_dir)
    place = data_dir / f"{name}.lock"
    with place.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError as why:
            raise Running(
                f"{place.name}：这个数据文件夹已有一个 leakwatch 在运行（同一个库不能开两个），没有启动；"
                "请先停止那一个，或在 config.toml 里换一个 data_dir"
            ) from why
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


def is_held(data_dir: Path, name: str) -> bool:
    """Whether one of that name runs."""
    try:
        with (data_dir / f"{name}.lock").open("r+b") as file:
            _lock(file.fileno())
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def has_parent(pid: int) -> Callable[[], bool]:
    """Whether the process that started this one still lives; 0: nobody did."""
    return lambda: pid == 0 or os.getppid() == pid


def _lock(handle: int) -> None:
    if os.name == "nt":
        import msvcrt  # the only lock that Windows gives to the standard library

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
