"""Uploads: who brought what, and who may know of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from leakwatch.errors import UsageError
from leakwatch.model import SHANGHAI
from leakwatch.store import uploads
from leakwatch.store.models import Arrival, LogEntry, Role, User
from leakwatch.store.uploads import Upload
from leakwatch.watch.inbox import Arrival as Rested
from tests.store.scans import SEALER

pytestmark = pytest.mark.django_db

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)


def user(role: Role, name: str = "") -> User:
    made: User = User.objects.create(username=name or role.value, role=role, created_at=NOON)
    return made


def brought(by: User, name: str = "0a", title: str = "群.zip", at: datetime = NOON) -> Arrival:
    rested = Rested(name=name, signature=name, files=2, size=10)
    return uploads.put("/srv/uploads", rested, Upload(by=by, title=title, sealer=SEALER), at)


def test_an_upload_waits_with_who_brought_it_and_its_name_stands_in_no_log() -> None:
    owner = user(Role.OWNER)
    row = Arrival.objects.get(pk=brought(owner, title="群" * 400).pk)
    assert (row.state, row.kind, row.asked_by, len(uploads.named([row], SEALER)[0].title)) == (
        "waiting",
        "upload",
        owner,
        300,
    )
    logged = LogEntry.objects.values("actor", "action", "subject", "details").get()
    assert logged == {
        "actor": "owner",
        "action": "upload.received",
        "subject": f"arrival:{row.pk}",
        "details": {"files": 2, "bytes": 10},
    }


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_other_roles_bring_nothing(role: Role) -> None:
    with pytest.raises(UsageError, match="不能上传"):
        brought(user(role))
    assert not Arrival.objects.exists()


def test_owners_know_of_their_own_reviewers_of_all() -> None:
    one, two = user(Role.OWNER, "刘一"), user(Role.OWNER, "陈二")
    rows = [brought(one, "0a").pk, brought(two, "0b").pk]
    Arrival.objects.create(
        root="/srv/收件",
        name="x",
        signature="x",
        kind="inbox",
        files=1,
        size=1,
        state="done",
        arrived_at=NOON,
    )
    closed = User.objects.create(username="旧", role=Role.OFFICE, is_active=False, created_at=NOON)
    seen = [
        sorted(uploads.visible(who).values_list("pk", flat=True))
        for who in (one, two, user(Role.REVIEWER), user(Role.OFFICE), closed)
    ]
    assert seen == [rows[:1], rows[1:], rows, rows, []]


def test_what_waits_before_is_counted() -> None:
    owner = user(Role.OWNER)
    rows = [brought(owner, f"0{number}", at=NOON + timedelta(minutes=number)) for number in range(3)]
    Arrival.objects.filter(pk=rows[0].pk).update(state="done")
    assert [uploads.before(row) for row in rows] == [0, 0, 1]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("db577eb4ca0d4da9/导出/群.jsonl", "导出/群.jsonl"),
        ("db577eb4ca0d4da9/群.zip!群/1.jpg", "群.zip!群/1.jpg"),
        ("收件/db577eb4ca0d4da9/群.jsonl", "收件/db577eb4ca0d4da9/群.jsonl"),
        ("db577eb4ca0d4da9", "db577eb4ca0d4da9"),
        ("db577eb4/群.jsonl", "db577eb4/群.jsonl"),
        ("群.jsonl", "群.jsonl"),
    ],
)
def test_the_random_folder_of_an_upload_is_not_shown(path: str, shown: str) -> None:
    assert uploads.shown(path) == shown
