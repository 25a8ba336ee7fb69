"""A scan → the database, in one transaction: recorded twice it changes nothing but the count of scans.

What counts as the same: a finding by its content id, a place by message or file, a lead by what it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction

from leakwatch.config import Inbox
from leakwatch.leads import Units
from leakwatch.model import Chat, Scan
from leakwatch.model import Conversation as Read
from leakwatch.store import cleared, found, inboxes, leads, log, originals, unread
from leakwatch.store.models import Conversation, Group, ScanKind, User
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.originals import Keeper
from leakwatch.store.plain import column
from leakwatch.store.sealing import Sealer
from leakwatch.store.shelf import Shelf

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who wanted the scan."""

    kind: ScanKind
    by: User | None = None
    actor: str = "leakwatch"
    """Who acts in the log where it was no user of the page."""
    root: str = ""
    """The inbox that the files came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What recording works with."""

    sealer: Sealer
    units: Units
    keeper: Keeper | None = None
    """None: originals are only listed."""
    inboxes: Mapping[str, Inbox] = field(default_factory=dict)
    """Those of the config by their folder, as `inboxes.by_root` gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the scan brought."""

    scan_id: int
    new: int
    known: int
    reactivated: int
    gone: int
    notes: int
    """Findings that are only counted."""
    suppressed: int
    met: tuple[str, ...]
    """Ids of all leads that something of the scan belongs to."""
    opened: tuple[str, ...]
    grown: tuple[str, ...]
    reopened: tuple[str, ...]
    escalated: tuple[str, ...]
    merged: tuple[tuple[str, str], ...]
    """Which lead into which."""
    met_again: tuple[str, ...] = ()
    """Ids of purged leads of which something is there still; no word of it was recorded."""

    @property
    def changed(self) -> tuple[str, ...]:
        """Leads whose form says something that it did not say before."""
        taken_over = (into for _, into in self.merged)
        return tuple(dict.fromkeys((*self.opened, *self.grown, *self.reopened, *self.escalated, *taken_over)))


def record(
    scan: Scan, asked: Asked, means: Means, along: Callable[[ScanRow], None] = lambda _row: None
) -> Recorded:
    """What the scan brought; all of it is recorded and logged, or nothing.

    To be called while the scan's own copies are there. along: what else belongs to the same transaction.
    """
    kept = originals.keep(cleared.leave_out(scan, means.sealer).scan, means.keeper)
    with transaction.atomic():
        log.lock()  # nobody else records or decides until this has ended
        left = cleared.leave_out(scan, means.sealer)  # again: somebody may have purged meanwhile
        shelf = _shelf(left.scan, asked, means)
        originals.list_received(shelf, kept)
        _conversations(shelf)
        unread.store(shelf)
        cleared.tell(left, shelf)
        tally = found.store(shelf)
        gone = found.gone(shelf)
        settled = leads.settle(tally.shown, shelf)
        recorded = Recorded(
            scan_id=shelf.row.pk,
            new=tally.new,
            known=tally.known + len(left.again),
            reactivated=tally.reactivated,
            gone=gone,
            notes=tally.notes,
            suppressed=tally.new + tally.known + tally.reactivated - len(tally.shown),
            met=tuple(settled.met),
            opened=tuple(settled.opened),
            grown=tuple(settled.grown),
            reopened=tuple(settled.reopened),
            escalated=tuple(settled.escalated),
            merged=tuple(settled.merged),
            met_again=tuple(sorted(set(left.again.values()))),
        )
        _close(shelf, recorded)
        along(shelf.row)
        return recorded


def _shelf(scan: Scan, asked: Asked, means: Means) -> Shelf:
    return Shelf(
        scan=scan,
        row=_row(scan, asked),
        at=scan.ended_at,
        actor=asked.by.username if asked.by else asked.actor,
        sealer=means.sealer,
        units=means.units,
        groups=_groups(scan),
        inboxes=means.inboxes,
        home=inboxes.home(means.inboxes.get(inboxes.root_of(asked.root))),
    )


def _row(scan: Scan, asked: Asked) -> ScanRow:
    row: ScanRow = ScanRow.objects.create(
        kind=asked.kind,
        asked_by=asked.by,
        root=inboxes.root_of(asked.root),
        started_at=scan.started_at,
        ended_at=scan.ended_at,
        rules_version=scan.rules_version,
        files=scan.files,
        messages=scan.messages,
        pieces=scan.pieces,
        unread=len(scan.skipped),
        **dict.fromkeys(("new", "known", "reactivated", "gone", "notes"), 0),
    )
    return row


def _close(shelf: Shelf, recorded: Recorded) -> None:
    row = shelf.row
    names = ("new", "known", "reactivated", "gone", "notes")
    figures = {name: getattr(recorded, name) for name in names}
    if any(figures.values()):
        ScanRow.objects.filter(pk=row.pk).update(**figures)
    log.append(
        log.Act(
            at=shelf.at,
            actor=shelf.actor,
            action="scan.recorded",
            subject=f"scan:{row.pk}",
            details={**figures, "files": row.files, "unread": row.unread, "leads": len(recorded.opened)},
        )
    )


def _groups(scan: Scan) -> dict[tuple[str, str], Group]:
    """The work groups of the scan; one that is not in the register is noted as seen."""
    newest: dict[tuple[str, str], datetime | None] = dict.fromkeys(_named(scan))
    for one in scan.conversations:
        key = _key(one.chat)
        if key in newest and one.last_at is not None:
            newest[key] = max(newest[key] or one.last_at, one.last_at)
    found = {}
    for (platform, name), last_at in newest.items():
        group, _ = Group.objects.get_or_create(platform=platform, name=name)
        if last_at is not None and (group.last_message_at is None or group.last_message_at < last_at):
            group.last_message_at = last_at
            group.save(update_fields=["last_message_at"])
        found[platform, name] = group
    return found


def _named(scan: Scan) -> Iterator[tuple[str, str]]:
    """Chats that may be work groups, by platform and name."""
    chats: dict[Chat, None] = dict.fromkeys(one.chat for one in scan.conversations)
    for finding in scan.findings:
        chats |= dict.fromkeys(hit.piece.message.chat for hit in finding.hits if hit.piece.message)
    yield from (_key(chat) for chat in chats if chat.is_group is not False and chat.name.strip())


def _key(chat: Chat) -> tuple[str, str]:
    return chat.platform, column(chat.name, 300)


def _conversations(shelf: Shelf) -> None:
    rows = [_conversation(one, shelf.group(one.chat), shelf.row) for one in shelf.scan.conversations]
    Conversation.objects.bulk_create(rows, _BATCH)


def _conversation(read: Read, group: Group | None, row: ScanRow) -> Conversation:
    """A chat without a name is called as the group that it belongs to."""
    return Conversation(
        scan=row,
        group=group,
        name=column(read.chat.name.strip() or (group.name if group else ""), 300),
        platform=read.chat.platform,
        format=read.format,
        messages=read.parsed,
        declared=read.declared,
        is_incomplete=read.is_incomplete,
        coverage=asdict(read.coverage),
        lossy=list(read.lossy),
    )
