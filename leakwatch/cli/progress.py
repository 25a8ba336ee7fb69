"""A progress bar on stderr, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from leakwatch.cli.road import Progress


@contextmanager
def shown(console: Console) -> Iterator[Progress]:
    """A callback that moves the bar; it does nothing where nobody looks."""
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (
        TextColumn("扫描"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("个文件"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
