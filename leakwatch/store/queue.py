"""What a worker takes in hand next, leased to it: whoever is killed loses it when the lease runs out."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, When

from leakwatch.store.arrivals import LEASE, is_due
from leakwatch.store.connection import unhurried
from leakwatch.store.models import Arrival, ArrivalState, ScanKind

_AHEAD = 64
_FRESH = timedelta(seconds=2)
"""What came since then is asked for again: it may have to be read before what is known to wait."""
_NEW_FIRST = Case(When(kind=ScanKind.NIGHTLY, then=1), default=0)
"""What is read again under newer rules waits for what nobody has read."""


class Queue:
    """The queue as one worker sees it: asked in order, and for many at once, as that goes through all that waits.

    With 20,000 waiting it takes 30 ms; what was asked for is only a hint, and claimed by its own state.
    """

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._ahead: deque[int] = deque()
        self._asked: datetime | None = None

    def claim(self, now: datetime) -> Arrival | None:
        """The oldest arrival that waits, leased to the owner; None if nothing does."""
        if not self._is_fresh(now):
            self._ask(now)
        while self._ahead or self._ask(now):
            row = self._lease(self._ahead.popleft(), now)
            if row is not None:
                return row
        return None

    def _is_fresh(self, now: datetime) -> bool:
        """A clock that was set back makes nothing fresh."""
        return self._asked is not None and self._asked <= now < self._asked + _FRESH

    def _ask(self, now: datetime) -> bool:
        """Whether anything waits."""
        waiting = Arrival.objects.filter(_is_free(now)).order_by(_NEW_FIRST, "arrived_at", "pk")
        self._ahead = deque(waiting.values_list("pk", flat=True)[:_AHEAD])
        self._asked = now
        return bool(self._ahead)

    def _lease(self, pk: int, now: datetime) -> Arrival | None:
        """None if another worker has taken it meanwhile."""
        with unhurried():  # a lease that is lost with the power leaves an arrival that waits
            is_mine = Arrival.objects.filter(_is_free(now), pk=pk).update(
                state=ArrivalState.WORKING,
                owner=self._owner,
                lease_until=now + LEASE,
                tries=F("tries") + 1,
                progress="",
            )
        return Arrival.objects.get(pk=pk) if is_mine else None


def _is_free(now: datetime) -> Q:
    is_free = Q(state=ArrivalState.WAITING) | Q(state=ArrivalState.WORKING, lease_until__lt=now)
    return is_free & is_due(now)
