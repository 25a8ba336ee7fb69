"""What was not read and why; a person may say why a part of it can stay unread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from leakwatch.errors import Refused
from leakwatch.store import log
from leakwatch.store.models import Role, Unread, User

_SETTLERS = (Role.REVIEWER, Role.OFFICE)
_LEAST = 4
"""Characters: “无” says nothing."""


def settle(ids: Iterable[int], user: User, because: str, now: datetime) -> int:
    """How many parts may stay unread from now on; what somebody settled before stays as it is.

    Refused without a sentence, or to another role. What was written stands in the row, not in the log.
    """
    if user.role not in _SETTLERS:
        raise Refused("只有审核员和保密办可以说明未读内容")
    if len(because.strip()) < _LEAST:
        raise Refused("请写明为什么可以不读，例如“已人工打开看过，是食堂菜单”")
    with transaction.atomic():
        log.lock()
        rows = Unread.objects.filter(pk__in=list(ids), settled_at=None)
        settled = list(rows.values_list("pk", flat=True))
        Unread.objects.filter(pk__in=settled).update(
            settled_at=now, settled_by=user, settled_because=because.strip()
        )
        log.append_all(
            log.Act(at=now, actor=user.username, action="unread.settled", subject=f"unread:{pk}")
            for pk in settled
        )
    return len(settled)


def by_reason() -> dict[str, int]:
    """Reason → how many parts wait for a person, most first."""
    rows = Unread.objects.filter(settled_at=None).values("reason").annotate(number=Count("pk"))
    return dict(rows.order_by("-number", "reason").values_list("reason", "number"))
