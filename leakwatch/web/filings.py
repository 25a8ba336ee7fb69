"""A filed sheet, read in a child process as everything from outside is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from leakwatch.config import Limits
from leakwatch.register import Imported, read_filing
from leakwatch.sandbox import Sandbox


def filing(path: Path, limits: Limits) -> Imported:
    """What the sheet holds; LeakwatchError if it cannot be read."""
    with Sandbox(limits.reader_timeout_s, limits.reader_memory_mib, path.parent) as sandbox:
        return next(iter(list(sandbox.stream(work, path))))


def work(path: Path) -> Iterator[Imported]:
    """What the child does."""
    yield read_filing(path)
