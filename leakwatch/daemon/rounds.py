"""Looking into the inboxes: what came to rest goes into the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from leakwatch.daemon import canary
from leakwatch.store import arrivals
from leakwatch.store.models import ScanKind
from leakwatch.watch.inbox import Arrival, File, Growing, Inbox, signature_of
from leakwatch.watch.listing import is_being_written, look_at, look_into

_AT_ONCE = 500
"""Rows in one transaction: all twenty thousand would keep everybody else from writing."""
_LOST = timedelta(hours=1)
"""So long it is asked whether what a worker did not find lies there after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """An inbox of the config, or the one of the page's uploads."""

    path: Path
    kind: str
    """A ScanKind."""
    moves: bool = False
    """What was read goes to done/ and unread/."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one look at all inboxes came to."""

    queued: int
    growing: tuple[tuple[Root, Growing], ...]
    held: int
    """Arrivals that have not changed for long enough, and that a program still has open for writing."""
    missing: tuple[Root, ...]
    """Roots that are not there."""
    closed: int
    """Folders that may not be entered."""

    @property
    def grows(self) -> bool:
        """Something will be complete soon; one that only bears the name of a partial file may lie for an hour."""
        return any(not one.is_partial for _, one in self.growing)


@dataclass(slots=True)
class Rounds:
    """The inboxes and what is known of them; `clock` for rows, `seconds` for waiting: nobody sets it back."""

    roots: Sequence[Root]
    start: Inbox
    """Stability and names of partial files, as the config has them."""
    clock: Callable[[], datetime]
    seconds: Callable[[], float]
    beat: Callable[[], None] = field(default=lambda: None)
    """Called now and then in a round that takes long."""
    pause: Callable[[], None] = field(default=lambda: None)
    """Between two transactions: SQLite gives nobody who waits to write a turn by himself."""
    _inboxes: dict[Path, Inbox] = field(default_factory=dict)

    def look(self) -> Round:
        """Queues what came to rest since the last look."""
        queued, held, closed = 0, 0, 0
        growing: list[tuple[Root, Growing]] = []
        missing: list[Root] = []
        for root in self.roots:
            listing = look_into(root.path, moves=root.moves)
            if listing is None:
                missing.append(root)
                # The worker finds nothing there meanwhile; when it is back, the rows say what was read.
                self._inboxes.pop(root.path, None)
                continue
            closed += len(listing.closed)
            lost = arrivals.gone_of(str(root.path), self.clock() - _LOST)
            inbox, look = self._inbox(root).forget(lost).look(listing.arrivals, self.seconds())
            growing += [(root, one) for one in look.growing]
            # What is open for writing arrives at the next look after the writer is done.
            rested = [
                one
                for one in look.arrived
                if one.partial or _rests(root.path, one, listing.arrivals[one.name])
            ]
            for start in range(0, len(rested), _AT_ONCE):
                self._put(root, rested[start : start + _AT_ONCE])
            inbox = inbox.take(*rested)
            queued, held = queued + len(rested), held + len(look.arrived) - len(rested)
            self._inboxes[root.path] = inbox
        return Round(queued=queued, growing=tuple(growing), held=held, missing=tuple(missing), closed=closed)

    def _put(self, root: Root, rested: Sequence[Arrival]) -> None:
        kinds = (ScanKind.CANARY if canary.is_one(root.path / one.name) else root.kind for one in rested)
        arrivals.put_all(str(root.path), list(zip(rested, kinds, strict=True)), self.clock())
        self.beat()
        self.pause()

    def _inbox(self, root: Root) -> Inbox:
        if root.path not in self._inboxes:
            known = arrivals.taken(str(root.path))
            self._inboxes[root.path] = Inbox(
                stability_s=self.start.stability_s, partial_names=self.start.partial_names, taken=known
            )
        return self._inboxes[root.path]


def _rests(root: Path, one: Arrival, files: Sequence[File]) -> bool:
    """Nobody writes, and it is as it was listed: a writer may have gone on and closed it since then."""
    return not is_being_written(root, files) and signature_of(look_at(root, one.name) or ()) == one.signature
