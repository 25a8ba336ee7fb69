"""What people uploaded: an arrival like others, that knows who brought it and what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from msgspec import Struct

from leakwatch.chain import Json
from leakwatch.errors import UsageError
from leakwatch.store import arrivals, log
from leakwatch.store.contents import pack, unpack
from leakwatch.store.models import Arrival, ArrivalState, Finding, Lead, Role, ScanKind, User
from leakwatch.store.queries import visible as visible_leads
from leakwatch.store.sealing import Sealer
from leakwatch.watch.inbox import Arrival as Rested

UPLOADS = "uploads"
"""Where the page puts what was uploaded, in data_dir: an inbox like the others."""

_FOLDER = re.compile(r"\A[0-9a-f]{16}/")
_UPLOADERS = (Role.REVIEWER, Role.OFFICE)
_MOST_LEADS = 100
_MOST_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Who brought what."""

    by: User
    title: str
    """As the user calls it."""
    sealer: Sealer


class Title(Struct, frozen=True, kw_only=True):
    """What an upload is called."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An arrival with what people call it."""

    row: Arrival
    title: str
    """Empty: it has no name but that of its folder."""


def put(root: str, rested: Rested, upload: Upload, now: datetime) -> Arrival:
    """The row of an upload that lies whole in its folder; it waits from now on, without the time of rest."""
    if upload.by.role not in (*_UPLOADERS, Role.OWNER):
        raise UsageError("您的角色不能上传聊天记录")
    with transaction.atomic():
        row = arrivals.put(root, rested, ScanKind.UPLOAD, now)
        row.asked_by = upload.by
        row.sealed_title = pack(Title(text=upload.title[:_MOST_TITLE]), upload.sealer, _context(row))
        row.save(update_fields=["asked_by", "sealed_title"])
        details: dict[str, Json] = {"files": rested.files, "bytes": rested.size}
        act = log.Act(
            at=now,
            actor=upload.by.username,
            action="upload.received",
            subject=f"arrival:{row.pk}",
            details=details,
        )
        log.append(act)
    return row


def visible(user: User) -> QuerySet[Arrival]:
    """The uploads that the user may know of: all, or their own."""
    uploads = Arrival.objects.exclude(asked_by=None).select_related("asked_by", "scan")
    if not user.is_active:
        return uploads.none()
    return uploads if user.role in _UPLOADERS else uploads.filter(asked_by=user)


def named(rows: Iterable[Arrival], sealer: Sealer) -> list[Named]:
    """The arrivals by their titles, in order; what fell into an inbox by the name of its file."""
    return [Named(row=row, title=_title(row, sealer)) for row in rows]


def shown(inner_path: str) -> str:
    """Where a file lay, without the folder of its upload, whose name is random and tells nobody anything."""
    return _FOLDER.sub("", inner_path)


def before(row: Arrival) -> int:
    """How many arrivals are read before that one."""
    return Arrival.objects.filter(state=ArrivalState.WAITING, arrived_at__lt=row.arrived_at).count()


def first_read(row: Arrival, user: User) -> Arrival | None:
    """The upload of the same bytes that was read, if the user may know of it."""
    if row.state != ArrivalState.SEEN:
        return None
    found: Arrival | None = visible(user).filter(scan=row.scan, state=ArrivalState.DONE).first()
    return found


def leads_of(row: Arrival, user: User) -> list[Lead]:
    """The leads with findings that its scan met first, as far as the user may know of them."""
    if row.scan is None:
        return []
    ids = Finding.objects.filter(first_scan=row.scan, lead__isnull=False).values("lead")
    return list(visible_leads(user).filter(pk__in=ids).order_by("due_at", "pk")[:_MOST_LEADS])


def _title(row: Arrival, sealer: Sealer) -> str:
    if not row.sealed_title:
        return "" if row.kind == ScanKind.UPLOAD else arrivals.name_of(row)
    return unpack(row.sealed_title, Title, sealer, _context(row)).text


def _context(row: Arrival) -> str:
    return f"title:{row.name}:{row.signature}"
