"""Notices on their way: what is to be delivered, tried again until it is, and what was told already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from leakwatch.notices import Notice, Subject
from leakwatch.store.models import Letter, Told
from leakwatch.store.plain import column

_MOST_PAUSE_MINUTES = 10
"""Some leads are to be reported at once."""
_KEPT = timedelta(days=90)


def tell_once(key: str, now: datetime) -> bool:
    """Whether this is the first time."""
    _, is_new = Told.objects.get_or_create(key=key, defaults={"at": now})
    return is_new


def news(keys: Iterable[str], now: datetime) -> set[str]:
    """Those that were never told, told from now on."""
    wanted = set(keys)
    with transaction.atomic():  # the watchman and the timers ask at the same time
        fresh = wanted - set(Told.objects.filter(key__in=wanted).values_list("key", flat=True))
        Told.objects.bulk_create([Told(key=key, at=now) for key in sorted(fresh)], ignore_conflicts=True)
    return fresh


def put(notice: Notice, ways: Iterable[str]) -> None:
    """A letter on each way."""
    Letter.objects.bulk_create(
        Letter(
            way=way,
            subject=notice.subject.name,
            made_at=notice.at,
            not_before=notice.at,
            lead_ids=list(notice.lead_ids),
            figures=[list(figure) for figure in notice.figures],
            link=notice.link,
        )
        for way in ways
    )


def due(now: datetime) -> list[Letter]:
    """What is to be tried now, oldest first; also what a clock that was set back has put off for years."""
    latest = now + timedelta(minutes=_MOST_PAUSE_MINUTES)
    is_due = Q(not_before__lte=now) | Q(not_before__gt=latest)
    return list(Letter.objects.filter(is_due, sent_at=None).order_by("pk"))


def notice(letter: Letter) -> Notice:
    """What it says."""
    return Notice(
        subject=Subject[letter.subject],
        at=letter.made_at,
        lead_ids=tuple(letter.lead_ids),
        figures=tuple((what, count) for what, count in letter.figures),
        link=letter.link,
    )


def sent(letter: Letter, now: datetime) -> None:
    """It was delivered."""
    Letter.objects.filter(pk=letter.pk).update(sent_at=now, tries=letter.tries + 1, detail="")


def failed(letter: Letter, detail: str, now: datetime) -> None:
    """It is tried again, later each time."""
    tries = letter.tries + 1
    pause = timedelta(minutes=min(2 ** min(tries, 10), _MOST_PAUSE_MINUTES))
    Letter.objects.filter(pk=letter.pk).update(
        tries=tries, detail=column(detail, 300), not_before=now + pause
    )


def undelivered() -> int:
    """How many have failed and are still to be delivered."""
    return int(_failed().count())


def faults() -> tuple[str, ...]:
    """Why those were not delivered (Chinese), each once."""
    return tuple(_failed().order_by("detail").values_list("detail", flat=True).distinct())


def _failed() -> QuerySet[Letter]:
    return Letter.objects.filter(sent_at=None, tries__gt=0)


def forget(now: datetime) -> int:
    """How many old ones, delivered long ago, are gone."""
    old = Letter.objects.filter(sent_at__lt=now - _KEPT)
    return int(old.delete()[0])
