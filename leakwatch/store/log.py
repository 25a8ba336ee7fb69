"""The log: who did what to what, each row chained to the one before it (`leakwatch.chain`).

A row is written in the transaction of the change that it tells of, or neither is. Details are figures and ids:
the log is read by people who may not see the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from leakwatch.chain import START, Anchor, Chain, Json, Link, Problem
from leakwatch.errors import LeakwatchError
from leakwatch.model import SHANGHAI
from leakwatch.store.models import LogEntry

_ALGORITHM = "sha256"
_LOCK = 0x6C65616B
"""Any number; PostgreSQL's advisory locks are known by numbers."""
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is to be logged."""

    at: datetime
    actor: str
    """A user name, or the part of leakwatch that acted."""
    action: str
    """what.done: lead.claimed, scan.recorded."""
    subject: str
    """An id, never a name or words."""
    details: dict[str, Json] = field(default_factory=dict)


def append(act: Act) -> LogEntry:
    """The new last row; LeakwatchError outside a transaction or for details that have no one way to be written."""
    return append_all([act])[-1]


def append_all(acts: Iterable[Act]) -> list[LogEntry]:
    """The new last rows, in order."""
    lock()
    last = head()
    entries = []
    for act in acts:
        link = Chain().link(_row(act), last, _ALGORITHM)
        entries.append(_entry(act, link))
        last = link.anchor
    return list(LogEntry.objects.bulk_create(entries, _AT_ONCE))


def lock() -> None:
    """Nobody else writes to the log until this transaction ends; SQLite's have locked all there is already."""
    if not connection.in_atomic_block:
        raise LeakwatchError("日志：只能与它所记的改动一同写入，程序有误，请把这句话交给维护人员")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def head() -> Anchor:
    """The last row."""
    last = LogEntry.objects.order_by("-seq").values("seq", "hash").first()
    return Anchor(**last) if last else START


def anchor(path: Path, now: datetime) -> Anchor:
    """The last row, added as a line to a file that is kept elsewhere; LeakwatchError if it cannot be written."""
    last = head()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            file.write(anchor_line(last, now))
    except OSError as why:
        raise LeakwatchError(f"{path}：写不进去（{why.strerror}），请检查路径和权限") from why
    return last


def anchor_line(last: Anchor, now: datetime) -> str:
    """The line that such a file holds of a row."""
    return f"{now.astimezone(SHANGHAI).isoformat(timespec='seconds')} {last.seq} {last.hash}\n"


def last_anchor(path: Path) -> Anchor:
    """The last line of such a file; LeakwatchError if it holds none."""
    try:
        return anchor_in(path.read_text("ascii", errors="replace"), str(path))
    except OSError as why:
        raise LeakwatchError(f"{path}：读不出来（{why.strerror}），请检查路径和权限") from why


def anchor_in(text: str, name: str) -> Anchor:
    """The last of such lines; LeakwatchError, which says the name, if there is none."""
    try:
        _, seq, value = next(line for line in reversed(text.splitlines()) if line.strip()).split()
        return Anchor(seq=int(seq), hash=value)
    except (ValueError, StopIteration) as why:
        raise LeakwatchError(
            f"{name}：不是日志锚点文件（每行为时间、条数、校验值），请检查是否拿错文件"
        ) from why


def verify(anchor: Anchor | None) -> Iterator[Problem]:
    """What is wrong with the log, row by row; anchor: the last row known outside."""
    yield from Chain().verify(_links(LogEntry.objects.all()), anchor)


def links(subjects: Iterable[str]) -> Iterator[Link]:
    """The rows on those subjects, in order; each can be checked alone."""
    yield from _links(LogEntry.objects.filter(subject__in=list(subjects)))


def _links(entries: QuerySet[LogEntry]) -> Iterator[Link]:
    """In the order of their numbers: the tables of neither database keep another one."""
    for entry in entries.order_by("seq").iterator(_AT_ONCE):
        act = Act(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            details=entry.details,
        )
        yield Link(
            seq=entry.seq,
            row=_row(act),
            algorithm=entry.algorithm,
            previous=entry.previous,
            hash=entry.hash,
        )


def _entry(act: Act, link: Link) -> LogEntry:
    return LogEntry(
        seq=link.seq,
        at=act.at,
        actor=act.actor,
        action=act.action,
        subject=act.subject,
        details=act.details,
        algorithm=link.algorithm,
        previous=link.previous,
        hash=link.hash,
    )


def _row(act: Act) -> dict[str, Json]:
    return {
        "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": act.actor,
        "action": act.action,
        "subject": act.subject,
        "details": act.details,
    }
