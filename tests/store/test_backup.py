"""What a backup holds of the database, and what it never holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from leakwatch.errors import LeakwatchError
from leakwatch.store.backup import DATABASE, made, make, restore
from tests.conftest import NOON


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a database as SQLite keeps it here."""
    folder = tmp_path / "data"
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (v TEXT)")
        database.executemany("INSERT INTO t VALUES (?)", [("云岭区" * 99,)] * 999)
    return folder


def test_the_copy_is_one_file_and_comes_back(data: Path, tmp_path: Path) -> None:
    copied = make(data, tmp_path / "backups", 3, NOON)
    assert restore(copied.folder, tmp_path / "other") == 0
    assert [path.name for path in copied.folder.iterdir()] == [DATABASE]
    with closing(sqlite3.connect(tmp_path / "other" / DATABASE)) as database:
        assert database.execute("SELECT count(*) FROM t").fetchone() == (999,)


def test_of_a_damaged_database_none_is_made_and_the_older_ones_stay(data: Path, tmp_path: Path) -> None:
    first = make(data, tmp_path / "backups", 1, NOON)
    place = data / DATABASE
    content = bytearray(place.read_bytes())
    content[8_192:40_960] = b"\xff" * 32_768
    place.write_bytes(content)
    with pytest.raises(LeakwatchError, match="没有备份"):
        make(data, tmp_path / "backups", 1, NOON + timedelta(days=1))
    assert made(tmp_path / "backups") == [first.folder]
