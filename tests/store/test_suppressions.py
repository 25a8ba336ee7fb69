"""Ending a suppression early."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leakwatch.errors import Refused
from leakwatch.store import suppressions
from leakwatch.store.models import LogEntry, Role, Suppression
from tests.store.test_uploads import NOON, user

pytestmark = pytest.mark.django_db


def made() -> Suppression:
    row: Suppression = Suppression.objects.create(
        fingerprint="f",
        rule="mk.state",
        owner=user(Role.REVIEWER, "审核"),
        sealed=b"",
        created_at=NOON - timedelta(days=1),
        expires_at=NOON + timedelta(days=1),
    )
    return row


def test_the_office_ends_one_and_it_covers_nothing_any_more() -> None:
    row = made()
    found = {"id": ("f", frozenset({None}))}
    assert list(suppressions.apply(found, NOON)) == ["id"]
    suppressions.end(row.pk, user(Role.OFFICE), NOON)
    assert suppressions.apply(found, NOON) == {}
    assert LogEntry.objects.get().subject == f"suppression:{row.pk}"


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN])
def test_nobody_else_does(role: Role) -> None:
    row = made()
    with pytest.raises(Refused):
        suppressions.end(row.pk, user(role), NOON)
    assert Suppression.objects.get().expires_at > NOON


def test_what_is_over_is_not_ended_again() -> None:
    row, office = made(), user(Role.OFFICE)
    suppressions.end(row.pk, office, NOON)
    with pytest.raises(Refused, match="已经到期"):
        suppressions.end(row.pk, office, NOON)
    with pytest.raises(Refused):
        suppressions.end(999, office, NOON)
    assert LogEntry.objects.count() == 1
