"""Where a report goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from leakwatch.errors import LeakwatchError


def write(text: str, path: Path | None) -> None:
    """UTF-8 whatever the locale; half surrogates become \\udXXX."""
    write_parts((text,), path)


def write_parts(parts: Iterable[str], path: Path | None) -> None:
    """The same, part by part."""
    data = (part.encode("utf-8", "backslashreplace") for part in parts)
    try:
        if path is None:
            _write_stdout(data)
        elif path.exists() and not path.is_file():  # /dev/stdout, a named pipe
            with path.open("wb") as stream:
                stream.writelines(data)
        else:
            _write_file(data, path)
    except OSError as why:
        raise LeakwatchError(
            f"{path or '标准输出'}：写不进去（{why.strerror}），请检查权限和磁盘空间"
        ) from why


def _write_stdout(data: Iterable[bytes]) -> None:
    """The reader may have seen enough (`| head`): then the rest goes nowhere, and that is no error."""
    if sys.stdout is None:  # started with >&-
        raise LeakwatchError("标准输出已关闭，报告没有写出；请用 --output 指定文件")
    stream = sys.stdout.buffer
    try:
        stream.writelines(data)
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write_file(data: Iterable[bytes], path: Path) -> None:
    """For its owner alone (0600): a report quotes what must not leak."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
