"""What a visitor did, written to the log."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from leakwatch.chain import Json
from leakwatch.store import log


def note(request: HttpRequest, action: str, subject: str, details: dict[str, Json] | None = None) -> None:
    """A row of the log in this visitor's name; inside the transaction of what was done."""
    actor, now = request.user.username, settings.OFFICE.clock()
    log.append(log.Act(at=now, actor=actor, action=action, subject=subject, details=details or {}))
