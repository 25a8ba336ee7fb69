"""Processes are killed and files are broken for real; in the end everything is read once and found once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from contextlib import closing
from time import sleep

import pytest

from tests.daemon.house import House, balanced, drop, wait_for
from tests.faults.kills import Run, survive, undisturbed


def _survives(house: House, settled: House, run: Run) -> None:
    clean = House(house.home / "clean")
    survive(house, run, undisturbed(clean.home, run.files, settled))


def test_kills_at_random_points_lose_and_double_nothing(house: House, settled: House) -> None:
    _survives(house, settled, Run(files=20, kills=3, dice=random.Random(7)))  # noqa: S311 - repeatable


@pytest.mark.slow
def test_fifty_kills_over_five_hundred_files_lose_and_double_nothing(house: House, settled: House) -> None:
    _survives(house, settled, Run(files=500, kills=50, dice=random.Random(11)))  # noqa: S311 - repeatable


def test_a_signal_to_stop_lets_the_file_in_hand_be_finished(house: House) -> None:
    for number in range(40):
        drop(house.inbox, number)
    daemon = house.start()
    wait_for(lambda: house.states().get("done"))
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(120) == 0, house.said()
    assert house.worker() is None
    assert "working" not in house.states()
    assert house.count("SELECT max(tries) FROM store_arrival") == 1


def test_of_two_daemons_on_one_store_the_second_refuses(house: House) -> None:
    house.start()
    wait_for(lambda: (house.data / "daemon.lock").exists() and (house.data / "daemon.lock").read_text())
    second = house.start("run", "--once")
    assert second.wait(60) == 1
    assert "不能开两个" in house.said()


def test_broken_files_do_not_keep_a_good_one_from_being_read(house: House) -> None:
    dice = random.Random(3)  # noqa: S311 - repeatable
    heads = (
        b"PK\x03\x04",
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"Rar!\x1a\x07\x01\x00",
        b"7z\xbc\xaf",
    )
    for number in range(40):
        noise = heads[number % len(heads)] + dice.randbytes(dice.randrange(4_000))
        (house.inbox / f"坏{number:02}").write_bytes(noise)
    (house.inbox / os.fsdecode(b"\xff\xfe\xb3.txt")).write_bytes(dice.randbytes(100))
    (house.inbox / ("长" * 84)).write_bytes(b"")
    good = drop(house.inbox, 1)
    house.run_once()
    assert sum(house.states().values()) == 43
    assert balanced(house.states())
    assert good in house.places()


def _arrive_in_new_folders(house: House, files: int) -> None:
    daemon = house.start()
    wait_for(lambda: house.count("SELECT count(*) FROM django_migrations"))
    expected = set()
    for number in range(files):
        folder = house.inbox / f"部门{number // 100}" / f"群{number % 100}"
        folder.mkdir(parents=True, exist_ok=True)
        expected.add(drop(folder, number))
    wait_for(lambda: balanced(house.states()) and expected <= set(house.places()), 900)
    daemon.terminate()
    assert daemon.wait(60) == 0


def test_files_in_folders_made_a_moment_before_all_arrive(house: House) -> None:
    _arrive_in_new_folders(house, 60)


@pytest.mark.slow
def test_six_hundred_files_in_folders_made_a_moment_before_all_arrive(house: House) -> None:
    _arrive_in_new_folders(house, 600)


def test_a_slow_writer_is_waited_for(house: House) -> None:
    house.start()
    path = house.inbox / "慢.txt"
    with path.open("wb") as file:
        file.write("机密★".encode())
        file.flush()
        sleep(4)  # longer than the file has to rest
        assert house.states() == {}
        file.write("10年\n关于防汛部署的通知".encode())
    wait_for(lambda: house.states() == {"done": 1})
    assert sum(house.places().values()) == 1


def test_an_inbox_that_is_deleted_and_made_again_is_watched_on(house: House) -> None:
    house.start()
    first = drop(house.inbox, 1)
    wait_for(lambda: first in house.places())
    (house.inbox / "文件00001.txt").unlink()
    house.inbox.rmdir()
    sleep(2)
    house.inbox.mkdir()
    second = drop(house.inbox, 2)
    wait_for(lambda: second in house.places())


def test_a_database_that_is_locked_for_a_while_is_waited_for(house: House) -> None:
    house.start()
    first = drop(house.inbox, 1)
    wait_for(lambda: first in house.places())
    with closing(sqlite3.connect(house.data / "leakwatch.sqlite3", isolation_level=None)) as locked:
        locked.execute("BEGIN EXCLUSIVE")
        second = drop(house.inbox, 2)
        sleep(8)
        locked.execute("ROLLBACK")
    wait_for(lambda: second in house.places())
    assert house.count("SELECT max(tries) FROM store_arrival") == 1
