"""Which database an address means."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction

from leakwatch.errors import ConfigError
from leakwatch.store.connection import database, unhurried


def test_without_an_address_it_is_a_file_of_the_data_folder() -> None:
    settings = database("", Path("数据"))
    assert (settings["ENGINE"], settings["NAME"]) == ("django.db.backends.sqlite3", "数据/leakwatch.sqlite3")
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgresql://lw:p%40ss@db.example:5433/leaks", ("leaks", "lw", "p@ss", "db.example", "5433")),
        ("postgres://lw@db.example/leaks", ("leaks", "lw", "", "db.example", "")),
        ("postgresql:///leaks", ("leaks", "", "", "", "")),
        ("postgresql://lw@%2Frun%2FPg/leaks", ("leaks", "lw", "", "/run/Pg", "")),
    ],
)
def test_an_address_is_taken_apart(url: str, parts: tuple[str, ...]) -> None:
    settings = database(url, Path())
    assert tuple(settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == parts


@pytest.mark.parametrize(
    "url",
    [
        "leaks",
        "postgresql://lw:geheim@db:x/b",
        "postgresql://[::1/b",
        "mysql://a/b",
        "postgresql://lw@db.example",
        "postgresql://a/",
        "///",
    ],
)
def test_anything_else_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        database(url, Path())
    assert url not in str(refused.value).replace("postgresql://用户:口令@主机/库名", "")


def _waits_for_the_disk() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        return cursor.fetchone() == (2,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_only_in_an_unhurried_block_the_disk_is_not_waited_for() -> None:
    connection.close()
    waits = [_waits_for_the_disk()]
    with unhurried():
        waits.append(_waits_for_the_disk())
    waits.append(_waits_for_the_disk())
    with pytest.raises(ZeroDivisionError), unhurried():
        raise ZeroDivisionError
    waits.append(_waits_for_the_disk())
    with transaction.atomic(), unhurried():
        waits.append(_waits_for_the_disk())
    assert waits == [True, False, True, True, True]
