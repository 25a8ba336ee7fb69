"""One real daemon that keeps watch while something happens to its inbox; each test drops files of its own."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import sleep

import pytest

from tests.daemon.house import House, drop, wait_for


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, settled: House) -> Iterator[House]:
    """With a daemon that runs."""
    house = House(tmp_path_factory.mktemp("watched")).furnish(settled)
    house.start()
    wait_for(lambda: house.count("SELECT count(*) FROM store_jobrun WHERE name = 'watch'"))
    yield house
    house.close()


def states(house: House, name: str) -> list[str]:
    """Of the arrivals of that name, as they came."""
    key = house.sealer.blind("store_arrival.name", name)
    rows = house.rows(f"SELECT state FROM store_arrival WHERE name_key = '{key}' ORDER BY id")  # noqa: S608
    return [str(row[0]) for row in rows]


def _are_found(house: House, shas: set[str]) -> bool:
    return shas <= set(house.places())


def _arrive_in_new_folders(house: House, files: int) -> None:
    expected = set()
    for number in range(files):
        folder = house.inbox / f"部门{number // 100}" / f"群{number % 100}"
        folder.mkdir(parents=True, exist_ok=True)
        expected.add(drop(folder, 1_000 + number))
    wait_for(partial(_are_found, house, expected), 900)


def test_files_in_folders_made_a_moment_before_all_arrive(watched: House) -> None:
    _arrive_in_new_folders(watched, 60)


@pytest.mark.slow
def test_six_hundred_files_in_folders_made_a_moment_before_all_arrive(house: House) -> None:
    house.start()
    wait_for(lambda: house.count("SELECT count(*) FROM store_jobrun WHERE name = 'watch'"))
    _arrive_in_new_folders(house, 600)


def _writes_slowly(house: House, path: Path, pause_s: float) -> None:
    with path.open("wb") as file:
        file.write("机密★".encode())
        file.flush()
        sleep(pause_s)
        wait_for(lambda: "等待传完 1 项" in house.job("watch"))
        assert states(house, path.name) == []
        file.write("10年\n关于防汛部署的通知".encode())
    wait_for(lambda: states(house, path.name) == ["done"])


def test_a_slow_writer_is_waited_for(watched: House) -> None:
    """Its pause is longer than a file has to rest."""
    _writes_slowly(watched, watched.inbox / "慢.txt", 3)


@pytest.mark.slow
def test_a_writer_that_pauses_twenty_seconds_is_waited_for(watched: House) -> None:
    _writes_slowly(watched, watched.inbox / "更慢.txt", 20)


def test_a_copy_that_goes_on_after_it_was_read_is_read_again(watched: House) -> None:
    """As over a network, where nobody sees that the file is still open."""
    path = watched.inbox / "断续.txt"
    path.write_text("关于云岭区防汛部署的通知，第一页", "utf-8")
    wait_for(lambda: states(watched, path.name) == ["done"])
    with path.open("a", encoding="utf-8") as file:
        file.write("\n第二页：机密★10年，断续传来")
    wait_for(lambda: states(watched, path.name) == ["done", "done"])
    assert hashlib.sha256(path.read_bytes()).hexdigest() in watched.places()


def test_an_inbox_that_is_deleted_and_made_again_is_watched_on(watched: House) -> None:
    first = drop(watched.inbox, 11)
    wait_for(lambda: first in watched.places())
    away = watched.home / "away"
    watched.inbox.rename(away)
    wait_for(lambda: "打不开或不存在，请检查网络盘" in watched.job("watch"))
    watched.inbox.mkdir()
    second = drop(watched.inbox, 12)
    wait_for(lambda: second in watched.places())


def _is_locked_for(house: House, seconds: float, number: int) -> None:
    first = drop(house.inbox, number)
    wait_for(lambda: first in house.places())
    with closing(sqlite3.connect(house.data / "leakwatch.sqlite3", isolation_level=None)) as locked:
        locked.execute("BEGIN EXCLUSIVE")
        second = drop(house.inbox, number + 1)
        sleep(seconds)
        locked.execute("ROLLBACK")
    wait_for(lambda: second in house.places())
    assert house.count("SELECT max(tries) FROM store_arrival") == 1


@pytest.mark.slow
def test_a_database_that_is_locked_for_a_while_is_waited_for(watched: House) -> None:
    _is_locked_for(watched, 4, 21)


@pytest.mark.slow
def test_a_database_that_is_locked_for_longer_than_anybody_waits_is_waited_for(watched: House) -> None:
    """SQLite gives up after a minute."""
    _is_locked_for(watched, 65, 31)
