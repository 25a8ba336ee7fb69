"""The alarm on real folders; it waits for real notices, never for a fixed time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from leakwatch.watch.alarm import Alarm

WAIT_S = 10


@pytest.fixture
def rung() -> Event:
    return Event()


@pytest.fixture
def alarm(rung: Event) -> Iterator[Alarm]:
    alarm = Alarm(rung.set)
    yield alarm
    alarm.close()


def test_a_new_file_rings(tmp_path: Path, alarm: Alarm, rung: Event) -> None:
    assert alarm.stand_on([tmp_path]) == (tmp_path,)
    (tmp_path / "群.txt").write_text("一", "utf-8")
    assert rung.wait(WAIT_S)


def test_a_file_moved_in_rings(tmp_path: Path, alarm: Alarm, rung: Event) -> None:
    root = tmp_path / "收件"
    root.mkdir()
    (tmp_path / "群.txt").write_text("一", "utf-8")
    alarm.stand_on([root])
    (tmp_path / "群.txt").rename(root / "群.txt")
    assert rung.wait(WAIT_S)


def test_a_folder_that_is_not_there_is_not_watched(tmp_path: Path, alarm: Alarm) -> None:
    assert alarm.stand_on([tmp_path / "没有", tmp_path]) == (tmp_path,)


def test_a_folder_that_was_removed_and_made_again_is_watched_again(
    tmp_path: Path, alarm: Alarm, rung: Event
) -> None:
    root = tmp_path / "收件"
    root.mkdir()
    alarm.stand_on([root])
    shutil.rmtree(root)
    assert alarm.stand_on([root]) == ()
    root.mkdir()
    assert alarm.stand_on([root]) == (root,)
    rung.clear()
    (root / "群.txt").write_text("一", "utf-8")
    assert rung.wait(WAIT_S)


def test_a_watch_that_died_is_set_up_again(tmp_path: Path, alarm: Alarm, rung: Event) -> None:
    """Its observer says that it is alive all the same."""
    alarm.stand_on([tmp_path])
    for emitter in alarm._observer.emitters:
        emitter.stop()
        emitter.join()
    assert alarm._observer.is_alive()
    rung.clear()
    assert alarm.stand_on([tmp_path]) == (tmp_path,)
    (tmp_path / "群.txt").write_text("一", "utf-8")
    assert rung.wait(WAIT_S)
