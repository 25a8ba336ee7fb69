"""Reads what waits in the queue, one arrival after the other, in a process of its own.

The daemon starts it when something arrives and it ends when nothing came for a while: rules and dictionaries cost
200 MB that an idle machine need not hold. What it is killed over is read again by the next one.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.db import DatabaseError, OperationalError

from leakwatch.daemon.contents import content_of
from leakwatch.errors import LeakwatchError, Stopped, whereabouts
from leakwatch.model import Progress, Scan
from leakwatch.reports.words import pictures_left
from leakwatch.store import arrivals, papers
from leakwatch.store.models import Arrival, ScanKind
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_at

_log = logging.getLogger(__name__)

AFTER_S = 60.0
"""Between two looks whether forms are to be written again: the register changes, a disk is full no more."""
_RENEWED_S = 20
_PAUSE = timedelta(seconds=60)
"""Before something that passes by itself, a full disk, is tried again."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PASSING = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
_SPARE_BYTES = 64 << 20
"""Left to the database and the forms, whatever is read."""
_LEFT_BYTES = 8 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the worker works with."""

    owner: str
    clock: Callable[[], datetime]
    rules_version: Callable[[], str]
    """Of the rules as they are now: newer ones are loaded between two arrivals."""
    scan: Callable[[Path, Callable[[Progress], None], Callable[[], bool], Callable[[Scan], None]], None]
    """Reads a path, until it is over, and hands the scan on while its private copies are still there."""
    record: Callable[[Scan, Arrival, Callable[[ScanRow], None]], None]
    """Stores the scan, and does the last in the same transaction."""
    prove: Callable[[Path], None]
    """Reads our own export; LeakwatchError if not all of it comes back."""
    free_bytes: Callable[[], int]
    """Of the disk that the data lie on."""
    lay_open: Callable[[Arrival], AbstractContextManager[Path | None]]
    """A sealed upload can be read until the block ends; None if all of it was purged."""
    after: Callable[[], object] = lambda: None
    """Done at the start, after each arrival that asks for it and once in a while: uploads are sealed, forms written."""


def work_off(desk: Desk, is_over: Callable[[], bool]) -> int:
    """How many arrivals were taken in hand until none waited, or until it was over.

    Of the last one, what was read by then is recorded; the rest of it waits.
    """
    taken, queue, done_s = 0, Queue(desk.owner), monotonic()
    while not is_over():
        row = queue.claim(desk.clock())
        if row is None:
            break
        taken += 1
        work_on(row, desk, is_over)
        if _is_owed(row) or monotonic() - done_s >= AFTER_S:
            desk.after()
            done_s = monotonic()
    return taken


def _is_owed(row: Arrival) -> bool:
    """Whether it is an upload that is to be sealed, or forms are to be written."""
    return bool(row.kind == ScanKind.UPLOAD or papers.unwritten().exists())


def work_on(row: Arrival, desk: Desk, is_over: Callable[[], bool]) -> None:
    """Reads one arrival and records what came of it; whatever goes wrong with it ends with it."""
    try:
        try:
            _read(row, desk, is_over)
        except arrivals.Lost:
            raise
        except Stopped:
            arrivals.set_down(row, "停下时还没有开始读，随后从头读")
        except Exception as why:  # noqa: BLE001 - one arrival: the next ones must be read all the same
            _log.error("arrival %s failed: %s", row.pk, whereabouts(why))
            _end_badly(row, desk, why)
    except arrivals.Lost as why:
        _log.warning("arrival %s: %s", row.pk, why)


def _read(row: Arrival, desk: Desk, is_over: Callable[[], bool]) -> None:
    if row.sealed_files:
        _read_again(row, desk, is_over)
    elif (place := _place(row)) is None:
        arrivals.gone(row, desk.clock())
    elif row.kind == ScanKind.CANARY:
        desk.prove(place)
        arrivals.proved(row, desk.clock())
    elif not _is_seen(row, desk):
        _scan(row, place, desk, is_over)


def _read_again(row: Arrival, desk: Desk, is_over: Callable[[], bool]) -> None:
    """An upload that lies sealed since it was read."""
    if _is_seen(row, desk):
        return
    with desk.lay_open(row) as place:
        if place is None:
            arrivals.emptied(row, desk.rules_version(), desk.clock())
        else:
            _scan(row, place, desk, is_over)


def _is_seen(row: Arrival, desk: Desk) -> bool:
    """The same was read under the same rules; else there is room to read it, or OSError."""
    if (other := arrivals.same_as(row, desk.rules_version())) is not None:
        arrivals.seen_before(row, other, desk.clock())
        return True
    if desk.free_bytes() < _SPARE_BYTES + 2 * row.size:  # a private copy, and a sealed or an open one
        raise OSError(errno.ENOSPC, "too little room to begin")
    return False


def _scan(row: Arrival, place: Path, desk: Desk, is_over: Callable[[], bool]) -> None:
    def hand_on(scan: Scan) -> None:
        if (
            desk.free_bytes() < _LEFT_BYTES
        ):  # then parts are unread for want of room, whatever their reason says
            raise OSError(errno.ENOSPC, "no room was left")
        desk.record(scan, row, lambda scan_row: _conclude(row, scan, scan_row, desk.clock()))

    lease = _Lease(row, desk.clock)
    desk.scan(place, lease, lambda: is_over() or lease.is_put_off, hand_on)


def _conclude(row: Arrival, scan: Scan, scan_row: ScanRow, now: datetime) -> None:
    """It is read, or what is left of it waits; in the transaction that records the scan."""
    if scan.pending:
        arrivals.set_down(row, f"停下时还有 {scan.pending} 处待读，随后接着读", scan_row)
    else:
        arrivals.finish(row, scan_row, now)


def _place(row: Arrival) -> Path | None:
    """Where it lies, its content known; None if it is gone or has become another.

    What was moved away when it was read keeps its bytes, but neither name nor place.
    """
    moved = arrivals.place_of(row)
    root, name = Path(row.root), arrivals.name_of(row)
    if moved:
        root, name = (root / moved).parent, Path(moved).name
    files = look_at(root, name)
    if files is None or (not moved and signature_of(files) != row.signature):
        return None
    content = content_of(root, files, arrivals.name_of(row))
    if moved and content != row.content:
        return None
    row.content = content
    return root / name


class _Lease:
    """Keeps the claim while a scan goes on, and shows how far it is."""

    def __init__(self, row: Arrival, clock: Callable[[], datetime]) -> None:
        self.is_put_off = False
        """Its night is over, or another worker has it."""
        self._row, self._clock = row, clock
        self._renewed_s = monotonic()

    def __call__(self, progress: Progress) -> None:
        """Raises nothing: it is called while a file is read, which would pay for it."""
        if monotonic() - self._renewed_s < _RENEWED_S:
            return
        self._renewed_s = monotonic()
        files = f"{progress.files_done}/{progress.files}" if progress.files else str(progress.files_done)
        said = "，".join(filter(None, (f"{files} 个文件，{progress.pieces} 段文字", pictures_left(progress))))
        try:
            self.is_put_off = not arrivals.renew(self._row, said, self._clock())
        except arrivals.Lost:  # said again when the scan is recorded, which undoes it
            self.is_put_off = True
        except DatabaseError as why:  # the lease outlasts a lock of minutes
            _log.warning("lease of arrival %s not renewed: %s", self._row.pk, whereabouts(why))


def _end_badly(row: Arrival, desk: Desk, why: Exception) -> None:
    """A full disk or a locked database passes, and counts as no try; anything else counts."""
    cause = why if isinstance(why, OSError | DatabaseError) else why.__cause__
    if (isinstance(cause, OSError) and cause.errno in _FULL) or "disk is full" in str(cause):
        need = (_SPARE_BYTES + 2 * row.size) >> 20
        detail = f"磁盘已满或快满（读取这一项约需 {need} MiB），请清理磁盘，随后会自动重试"
        arrivals.put_back(row, detail, desk.clock() + _PAUSE)
    elif isinstance(cause, OperationalError) or (isinstance(cause, OSError) and cause.errno in _PASSING):
        arrivals.put_back(row, "数据库或磁盘暂时不可用，随后会自动重试", desk.clock() + _PAUSE)
    else:
        known = isinstance(why, LeakwatchError)
        _count(row, desk, str(why) if known else f"处理时出错（{type(why).__name__}）")


def _count(row: Arrival, desk: Desk, detail: str) -> None:
    """A try that counts: after the last one it is given up, and said so."""
    now = desk.clock()
    if row.tries >= arrivals.MOST_TRIES:
        arrivals.give_up(row, f"{detail}，试了 {row.tries} 次，已放弃；请保留原件并告诉管理员", now)
    else:
        arrivals.retry(row, detail, now + _PAUSE)
