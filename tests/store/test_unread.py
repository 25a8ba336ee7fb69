"""Settling what was not read."""

from __future__ import annotations

import pytest

from leakwatch.errors import Refused
from leakwatch.store import unread
from leakwatch.store.models import LogEntry, Role, Unread, User
from leakwatch.store.unread import Excuse
from tests.store.scans import SEALER
from tests.store.test_arrivals import scanned
from tests.store.test_uploads import NOON, user

pytestmark = pytest.mark.django_db

WHY = "已人工打开看过"


def part(reason: str = "password") -> int:
    made: Unread = Unread.objects.create(scan=scanned(), sha256="ab", part="p", reason=reason, sealed=b"")
    return int(made.pk)


@pytest.mark.parametrize(
    ("role", "because"),
    [(Role.OWNER, WHY), (Role.ADMIN, WHY), (Role.AUDITOR, WHY), (Role.OFFICE, " 无 "), (Role.REVIEWER, "")],
)
def test_no_sentence_or_no_right_settles_nothing(role: Role, because: str) -> None:
    with pytest.raises(Refused):
        unread.settle([part()], Excuse(by=user(role), because=because, at=NOON), SEALER)
    assert Unread.objects.get().settled_at is None


def test_only_what_waits_is_settled_and_each_is_logged() -> None:
    parts, who = [part(), part()], user(Role.REVIEWER)
    excuse = Excuse(by=who, because=WHY, at=NOON)
    assert unread.settle(parts[:1], excuse, SEALER) == 1
    assert unread.settle([*parts, 999], excuse, SEALER) == 1
    assert [row.subject for row in LogEntry.objects.order_by("seq")] == [f"unread:{pk}" for pk in parts]
    assert User.objects.get(pk=who.pk).pk == Unread.objects.first().settled_by_id


def test_reasons_are_counted_most_first() -> None:
    for reason in ("damaged", "password", "password"):
        part(reason)
    Unread.objects.create(
        scan=scanned(), sha256="ab", part="q", reason="damaged", sealed=b"", settled_at=NOON
    )
    assert list(unread.by_reason().items()) == [("password", 2), ("damaged", 1)]
