"""A progress bar on stderr, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from leakwatch.model import Progress
from leakwatch.reports import words


@contextmanager
def shown(console: Console) -> Iterator[Callable[[Progress], None]]:
    """A callback that moves the bar; it does nothing where nobody looks."""
    if not console.is_terminal:
        yield lambda _progress: None
        return
    columns = (
        TextColumn("扫描"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("个文件，{task.fields[pieces]:,} 段文字"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, pieces=0, left="")

        def move(now: Progress) -> None:
            bar.update(
                task,
                completed=now.files_done,
                total=now.files,
                pieces=now.pieces,
                left=words.pictures_left(now),
            )

        yield move
