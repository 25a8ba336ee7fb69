"""Processes are killed and files are broken for real; in the end everything is read once and found once."""

from __future__ import annotations

import os
import random
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from leakwatch.daemon import systemd
from tests.daemon.house import PATIENCE_S, House, balanced, drop, wait_for
from tests.faults.kills import Run, survive, undisturbed


def _survives(house: House, settled: House, run: Run) -> None:
    clean = House(house.home / "clean")
    survive(house, run, undisturbed(clean.home, run.files, settled))


@pytest.mark.slow
def test_kills_at_random_points_lose_and_double_nothing(house: House, settled: House) -> None:
    _survives(house, settled, Run(files=12, kills=2, dice=random.Random(7)))  # noqa: S311 - repeatable


@pytest.mark.hours
def test_fifty_kills_over_five_hundred_files_lose_and_double_nothing(house: House, settled: House) -> None:
    _survives(house, settled, Run(files=500, kills=50, dice=random.Random(11)))  # noqa: S311 - repeatable


def test_a_signal_to_stop_lets_the_file_in_hand_be_finished(house: House) -> None:
    for number in range(40):
        drop(house.inbox, number)
    with _systemd(house) as told:
        daemon = house.start("run", NOTIFY_SOCKET=str(house.home / "n"))
        wait_for(lambda: house.states().get("done"))
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(PATIENCE_S) == 0, house.said()
    assert house.worker() is None
    assert "working" not in house.states()
    assert house.count("SELECT max(tries) FROM store_arrival") == 1
    assert "正在停止" in house.said()
    assert [*dict.fromkeys(told)] == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


@contextmanager
def _systemd(house: House) -> Iterator[list[str]]:
    """What it is told until the block ends."""
    told: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(house.home / "n"))

        def listen() -> None:
            while (word := line.recv(100).decode()) != "OVER":
                told.append(word)

        thread = Thread(target=listen)
        thread.start()
        yield told
        systemd.notify("OVER", {"NOTIFY_SOCKET": str(house.home / "n")})
        thread.join()


def test_of_two_daemons_on_one_store_the_second_refuses(house: House) -> None:
    house.start()
    wait_for(lambda: (house.data / "daemon.lock").exists() and (house.data / "daemon.lock").read_text())
    second = house.start("run", "--once")
    assert second.wait(PATIENCE_S) == 1
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
