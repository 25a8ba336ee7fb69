"""No plain copy of an upload stays once it was read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from leakwatch.errors import LeakwatchError, whereabouts
from leakwatch.store import arrivals, deposits, jobs
from leakwatch.store.deposits import Means
from leakwatch.store.models import Arrival
from leakwatch.store.plain import column
from leakwatch.vault import private_folder
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import DONE, UNREAD, look_at, reason_name

_log = logging.getLogger(__name__)

NAME = "uploads"


def put_away(root: Path, means: Means, clock: Callable[[], datetime]) -> int:
    """How many uploads of that folder were sealed; what cannot be is told, and made up for the next time."""
    count, fault = 0, ""
    for row in deposits.open_ones(str(root)):
        try:
            if (place := _place(row, root)) is not None:
                deposits.put_away(row, place, means, clock())
                place.with_name(reason_name(place.name)).unlink(missing_ok=True)
                count += 1
        except (LeakwatchError, OSError) as why:
            _log.warning("upload %s cannot be sealed: %s", row.pk, whereabouts(why))
            fault = str(why) if isinstance(why, LeakwatchError) else type(why).__name__
        else:
            arrivals.settle(row, "")
    for folder in (DONE, UNREAD):  # of earlier versions, which left what was read in them
        with suppress(OSError):
            (root / folder).rmdir()
    if fault:
        jobs.failed(NAME, clock(), column(f"{fault}；这些上传的内容暂时没有封存，稍后再试", 500))
    elif count:
        jobs.succeeded(NAME, clock(), f"封存了 {count} 项上传的内容")
    return count


@contextmanager
def laid_open(row: Arrival, means: Means, data_dir: Path) -> Iterator[Path | None]:
    """Where a sealed upload can be read until the block ends; None if all of it was purged."""
    with private_folder(data_dir) as folder:
        yield deposits.lay_open(row, means, folder)


def _place(row: Arrival, root: Path) -> Path | None:
    """Where it lies open; None if it is gone or has become another, which is an arrival of its own."""
    if moved := arrivals.place_of(row):
        return root / moved if (root / moved).exists() else None
    name = arrivals.name_of(row)
    files = look_at(root, name)
    return root / name if files and signature_of(files) == row.signature else None
