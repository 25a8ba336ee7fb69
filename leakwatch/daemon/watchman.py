"""The daemon's round: look, queue, have it read, put it away; then wait for the alarm or the next round."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from django.db import DatabaseError, close_old_connections

from leakwatch.daemon import forms
from leakwatch.daemon.rounds import Root, Round, Rounds
from leakwatch.daemon.settling import settle
from leakwatch.daemon.workshop import Workshop
from leakwatch.errors import whereabouts
from leakwatch.store import arrivals, deposits, papers
from leakwatch.store.models import JobRun, ScanKind
from leakwatch.store.sealing import Sealer
from leakwatch.watch.alarm import Alarm

_log = logging.getLogger(__name__)

_ASKED_S = 600.0
"""Between two questions whether an upload was left unsealed."""
_MODE = 0o2770
"""Of an inbox: the group may drop, and what it drops is the group's; the mask of the service is 0077."""
_SOON_S = 1.0
"""Between two looks while something grows or is read."""
_RESTS = 9
"""Times as long as the round took: looking leaves nine tenths of a core to reading."""
_LULL_S = 0.3
"""After an alarm: a copy of a thousand files rings a thousand times."""
_MOST_LULL_S = 3.0
"""Behind a long round: what is put away rings too, and would have a full inbox looked through without a rest."""


@dataclass(slots=True, kw_only=True)
class Watchman:
    """Keeps its rounds until it is told to stop."""

    roots: Sequence[Root]
    rounds: Rounds
    alarm: Alarm
    workshop: Workshop
    bell: Event
    """Rung by the alarm, by the page after an upload, and to stop."""
    rescan_s: float
    sealer: Sealer | None = None
    """Opens the names of what was not read, for the note beside it."""
    is_idle: bool = False
    """Nothing waits, grows or is being read as of the last round."""
    partial: int = 0
    """How many are idle and not complete, by their names."""
    _asked_s: float = -math.inf
    _round_s: float = 0.0
    """What the last round took."""
    after: Callable[[Round], None] = field(default=lambda _round: None)
    """Called after each round: heartbeat, status."""

    def keep_watch(self, is_over: Callable[[], bool]) -> None:
        """Rounds until it is over; a database that cannot be reached is waited for."""
        while not is_over():
            try:
                wait_s = self.walk()
            except (DatabaseError, OSError) as why:
                _log.error("round failed: %s", whereabouts(why))
                close_old_connections()
                wait_s = _SOON_S * 10
            self._rest(wait_s, is_over)

    def close(self) -> None:
        """The worker finishes what it has in hand and is gone."""
        self.workshop.close()

    def walk(self) -> float:
        """One round; how long the next one may wait: a full inbox takes long to look through."""
        begun_s = self.rounds.seconds()
        self.alarm.stand_on([root.path for root in self.roots])
        done = self.rounds.look()
        self.workshop.look_after()
        waits, unwritten = arrivals.is_waiting(self.rounds.clock()), papers.unwritten().exists()
        # While it grows the worker loads its rules.
        if waits or done.grows or unwritten or self._has_open_uploads():
            self.workshop.staff()
        for root in self.roots:
            if root.kind != ScanKind.UPLOAD:  # the worker seals those
                settle(root, self.sealer, self.rounds.beat)
        self.after(done)
        is_busy = (
            waits or done.grows or (unwritten and self._is_owed()) or arrivals.is_open(self.rounds.clock())
        )
        self.is_idle = not (is_busy or done.held)  # the alarm rings when a held one is closed
        self.partial = len(done.growing)
        self._round_s = self.rounds.seconds() - begun_s
        soon_s = max(_SOON_S, _RESTS * self._round_s)
        return min(soon_s, self.rescan_s) if is_busy else self.rescan_s

    def _is_owed(self) -> bool:
        """Whether a worker has still to try to write forms, as each does when it starts; one may have fallen over it."""
        tried = JobRun.objects.filter(name=forms.NAME, tried_at__gte=self.workshop.since)
        return self.workshop.pid is None or not tried.exists()

    def _has_open_uploads(self) -> bool:
        """Uploads to be sealed; asked at the start and once in a while, for the worker tries at its own start."""
        now_s = self.rounds.seconds()
        if now_s < self._asked_s + _ASKED_S:
            return False
        self._asked_s = now_s
        own = (str(root.path) for root in self.roots if root.kind == ScanKind.UPLOAD)
        return any(deposits.open_ones(root).exists() for root in own)

    def _rest(self, wait_s: float, is_over: Callable[[], bool]) -> None:
        if is_over():
            return
        self.bell.wait(wait_s)
        if not is_over() and self.bell.is_set():
            self.bell.clear()
            Event().wait(min(max(_LULL_S, _RESTS * self._round_s), _MOST_LULL_S))


def make_inboxes(paths: Sequence[Path]) -> None:
    """The folders of the inboxes that are not there yet, where the folder above is; as the installer makes them."""
    for path in paths:
        if path.parent.is_dir() and not path.exists():
            path.mkdir()
            path.chmod(_MODE)
