"""What was not read and why; a person may say why a part of it can stay unread."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from leakwatch.errors import Refused
from leakwatch.model import Evidence, Skipped
from leakwatch.store import log, reasons
from leakwatch.store.contents import UnreadContent, pack, unpack
from leakwatch.store.models import Role, Unread, User
from leakwatch.store.overwriting import overwrite
from leakwatch.store.plain import column
from leakwatch.store.sealing import Sealer
from leakwatch.store.shelf import Shelf

_SETTLERS = (Role.REVIEWER, Role.OFFICE)
_LEAST = 4
"""Characters: “无” says nothing."""
_GONE = "原件已随线索清除"
_BATCH = 500
_NOTHING = hashlib.sha256(b"").hexdigest()
"""Of what brought no bytes (no right to read it, too big, empty): it does not tell one such file from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of them, opened."""

    row: Unread
    name: str
    detail: str
    """What is to be done."""
    because: str
    """Why a person said that it may stay unread."""


def store(shelf: Shelf) -> None:
    """What could not be read now; what could not be read before, and is settled by this scan.

    A part is known again by file and name, or where it lay: its older row gives way to the new one, and where a
    person said why it may stay unread, that holds for the new row too.
    """
    rows = [_row(one, shelf) for one in shelf.scan.skipped]
    excused: dict[tuple[str, str, str], Unread] = {}
    for before in _met_before(shelf):
        if rows:
            excused |= {_key(row): row for row in before.filter(settled_by__isnull=False).order_by("id")}
        before.filter(settled_at=None).update(settled_at=shelf.at)
    for row in rows:
        if (person := excused.get(_key(row))) is not None:
            row.settled_at, row.settled_by = person.settled_at, person.settled_by
            row.sealed_because = person.sealed_because
    Unread.objects.bulk_create(rows, _BATCH)


def _met_before(shelf: Shelf) -> Iterator[QuerySet[Unread]]:
    """The rows of what this scan met, in batches."""
    met = [*shelf.scan.received, *(one.evidence for one in shelf.scan.skipped)]
    files = sorted({sha for file in met for sha in (file.sha256, file.parent) if sha} - {_NOTHING})
    for start in range(0, len(files), _BATCH):
        shas = files[start : start + _BATCH]
        yield Unread.objects.filter(Q(sha256__in=shas) | Q(parent__in=shas))
    empty = Unread.objects.filter(sha256=_NOTHING)
    places = sorted({_place(file, shelf) for file in met}) if empty.exists() else []
    for start in range(0, len(places), _BATCH):
        yield empty.filter(part__in=places[start : start + _BATCH])


def opened(rows: Iterable[Unread], sealer: Sealer) -> list[Part]:
    """The rows with their words, in order; without words where they were purged."""
    return [_opened(row, sealer) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """Why a part may stay unread."""

    by: User
    because: str
    at: datetime


def settle(ids: Iterable[int], excuse: Excuse, sealer: Sealer) -> int:
    """How many parts may stay unread from now on; what somebody settled before stays as it is.

    Refused without a sentence, or to another role. What was written stands in the row, not in the log.
    """
    if excuse.by.role not in _SETTLERS:
        raise Refused("只有审核员和保密办可以说明未读内容")
    if len(excuse.because.strip()) < _LEAST:
        raise Refused("请写明为什么可以不读，例如“已人工打开看过，是食堂菜单”")
    with transaction.atomic():
        log.lock()
        rows = list(Unread.objects.filter(pk__in=list(ids), settled_at=None).order_by("pk"))
        for row in rows:
            row.settled_at, row.settled_by = excuse.at, excuse.by
            row.sealed_because = reasons.sealed(excuse.because, sealer, reasons.unread_place(row))
        overwrite(rows, ("settled_at", "settled_by", "sealed_because"))
        who = excuse.by.username
        log.append_all(
            log.Act(at=excuse.at, actor=who, action="unread.settled", subject=f"unread:{row.pk}")
            for row in rows
        )
    return len(rows)


def by_reason() -> dict[str, int]:
    """Reason → how many parts wait for a person, most first."""
    rows = Unread.objects.filter(settled_at=None).values("reason").annotate(number=Count("pk"))
    return dict(rows.order_by("-number", "reason").values_list("reason", "number"))


def _opened(row: Unread, sealer: Sealer) -> Part:
    because = reasons.of_unread(row, sealer)
    if not row.sealed:
        return Part(row=row, name="（已清除）", detail="", because=because or _GONE)
    content = unpack(row.sealed, UnreadContent, sealer, _context(row))
    return Part(row=row, name=content.name, detail=content.detail, because=because)


def _row(one: Skipped, shelf: Shelf) -> Unread:
    row = Unread(
        scan=shelf.row,
        sha256=one.evidence.sha256,
        parent=one.evidence.parent or "",
        part=_part(one, shelf),
        reason=one.reason,
        group=column(one.message.chat.name, 300) if one.message else "",
    )
    row.sealed = pack(UnreadContent(name=one.name, detail=one.detail), shelf.sealer, _context(row))
    return row


def _part(one: Skipped, shelf: Shelf) -> str:
    if one.evidence.sha256 == _NOTHING:
        return _place(one.evidence, shelf)
    return shelf.sealer.blind("unread", one.name)


def _place(file: Evidence, shelf: Shelf) -> str:
    """Where it lay in its archive, or below its inbox."""
    return shelf.sealer.blind("place", file.parent or shelf.row.root, file.inner_path.rpartition("!")[2])


def _context(row: Unread) -> str:
    return f"unread:{row.scan_id}:{row.sha256}:{row.part}"


def _key(row: Unread) -> tuple[str, str, str]:
    return row.sha256, row.part, row.reason
