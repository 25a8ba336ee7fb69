"""What came of the jobs of the daemon: when each last ended well, and what the last try said."""

from __future__ import annotations

from datetime import datetime

from leakwatch.store.models import JobRun

GOING = "正在进行"
"""How the detail begins of what is being tried."""


def started(name: str, at: datetime) -> None:
    """It is being tried."""
    JobRun.objects.update_or_create(name=name, defaults={"tried_at": at, "detail": GOING})


def going(name: str, detail: str) -> None:
    """How far it is."""
    JobRun.objects.filter(name=name).update(detail=detail)


def succeeded(name: str, at: datetime, detail: str = "") -> None:
    """It ended well."""
    kept = {"tried_at": at, "succeeded_at": at, "detail": detail}
    JobRun.objects.update_or_create(name=name, defaults=kept)


def failed(name: str, at: datetime, detail: str) -> None:
    """It did not; when it last did stays."""
    JobRun.objects.update_or_create(name=name, defaults={"tried_at": at, "detail": detail})


def last() -> dict[str, datetime]:
    """Name → when it last ended well."""
    return dict(JobRun.objects.exclude(succeeded_at=None).values_list("name", "succeeded_at"))
