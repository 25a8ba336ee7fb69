"""Triggers that refuse to change or remove a row of the log or a verdict, whoever asks.

They stop a slip and a curious clerk; who may drop them is told by the chain and its anchor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TABLES = (("store_logentry", "seq"), ("store_verdict", "id"))
"""Table and primary key."""
_SAYING = "append-only"


def protect(connection: Any) -> None:
    """The triggers are there."""
    with connection.cursor() as cursor:
        for statement in _protecting(connection.vendor):
            cursor.execute(statement)


def expose(connection: Any) -> None:
    """They are gone: for tests, which empty the tables, and to go back behind the migration."""
    with connection.cursor() as cursor:
        for table, _ in TABLES:
            for name in _names(table, connection.vendor):
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def _names(table: str, vendor: str) -> tuple[str, ...]:
    last = "truncate" if vendor == "postgresql" else "replace"
    return tuple(f"{table}_{event}" for event in ("update", "delete", last))


def _protecting(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION store_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SAYING}: %', TG_TABLE_NAME; END $$"
        )
    for table, key in TABLES:
        if vendor == "postgresql":
            for event, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
                yield (
                    f"CREATE TRIGGER {table}_{event} BEFORE {event.upper()} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION store_refuse()"
                )
        else:
            for event in ("update", "delete"):
                yield (
                    f"CREATE TRIGGER {table}_{event} BEFORE {event.upper()} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_SAYING}: {table}'); END"
                )
            # INSERT OR REPLACE removes a row without asking the trigger for DELETE.
            yield (
                f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
                f"BEGIN SELECT RAISE(ABORT, '{_SAYING}: {table}'); END"
            )
