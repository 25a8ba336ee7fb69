"""Names lie sealed in their columns, are plain in rows, and are found by a blinded copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from leakwatch.errors import EvidenceDamaged
from leakwatch.store import jobs
from leakwatch.store.models import Arrival, Group, Unit
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

NAME = "青石市防汛联络群\ud83d"


def column(name: str, table: str = "store_group") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table}")  # noqa: S608 - our own names
        return bytes(cursor.fetchone()[0])


def test_no_name_lies_in_clear() -> None:
    Group.objects.create(name="青石群", owner_name="王明远", remark="值班", aliases=["老青石群"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM store_group")
        row = [bytes(one) if isinstance(one, memoryview) else one for one in cursor.fetchone()]
    assert not [
        one for one in row if isinstance(one, str) and one not in ("wechat", Group.objects.get().name_key)
    ]
    assert not [one for one in row if isinstance(one, bytes) and "青石".encode() in one]
    found = Group.objects.get()
    assert (found.name, found.owner_name, found.remark, found.aliases) == (
        "青石群",
        "王明远",
        "值班",
        ["老青石群"],
    )


@pytest.mark.parametrize(
    ("make", "table"),
    [
        (
            lambda: Unit.objects.create(name="青石处", contact="青石", telephone="青石", parent="青石局"),
            "store_unit",
        ),
        (lambda: jobs.failed("watch", NOON, "/收件/青石群：打不开"), "store_jobrun"),
    ],
)
def test_nor_does_that_of_a_unit_or_what_a_job_says(make: Callable[[], object], table: str) -> None:
    make()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
        row = [bytes(one) if isinstance(one, memoryview) else one for one in cursor.fetchone()]
    assert not [one for one in row if "青石" in str(one)]
    assert not [one for one in row if isinstance(one, bytes) and "青石".encode() in one]


def test_a_unit_is_there_once() -> None:
    Unit.objects.create(name="青石处")
    with transaction.atomic(), pytest.raises(IntegrityError):
        Unit.objects.create(name="青石处")


@pytest.mark.parametrize("name", ["群", "", NAME, "群\0"])
def test_what_was_given_comes_out(name: str) -> None:
    made = Group.objects.create(name=name)
    assert Group.objects.get(pk=made.pk).name == name
    assert list(Group.objects.values_list("name", "aliases")) == [(name, [])]


def test_it_is_found_by_its_words_and_by_no_part_of_them() -> None:
    made = Group.objects.create(name="青石群")
    Group.objects.create(name="云岭群")
    asked = (
        Group.objects.filter(name="青石群"),
        Group.objects.filter(name__in=["青石群", "没有"]),
        Group.objects.exclude(name="云岭群"),
        Group.objects.filter(name__in={"没有"}),
        Group.objects.filter(name__in=[]),
        Group.objects.filter(name="青石"),
    )
    assert [list(one) for one in asked] == [[made], [made], [made], [], [], []]
    assert Group.objects.get_or_create(name="青石群", platform="wechat") == (made, False)


def test_a_name_is_there_once() -> None:
    Group.objects.bulk_create([Group(name="青石群")])
    with transaction.atomic(), pytest.raises(IntegrityError):
        Group.objects.create(name="青石群")
    Group.objects.create(name="青石群", platform="qq")


def test_it_comes_along_with_other_rows_and_is_none_where_there_is_no_row() -> None:
    unit = Unit.objects.create(name="水处")
    Group.objects.create(name="青石群", unit=unit)
    assert list(Unit.objects.values_list("name", "group__name")) == [("水处", "青石群")]
    Group.objects.all().delete()
    assert list(Unit.objects.values_list("name", "group__name")) == [("水处", None)]


def test_a_value_opens_in_its_own_column_alone() -> None:
    Group.objects.create(name="青石群", remark="值班")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_group SET sealed_remark = sealed_name")
    with pytest.raises(EvidenceDamaged):
        Group.objects.get()


def test_the_same_word_does_not_look_the_same_in_two_columns_or_rows() -> None:
    Group.objects.create(name="群", platform="qq")
    first = column("sealed_name")
    Group.objects.update(name="群")
    assert column("sealed_name") != first
    Arrival.objects.create(
        root="/收件", name="群", signature="s", kind="inbox", files=1, size=1, state="done", arrived_at=NOON
    )
    assert Arrival.objects.get().name_key != Group.objects.get().name_key
