"""What came to rest in a real folder goes into the queue."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from leakwatch.daemon.rounds import Root, Round, Rounds
from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, ArrivalState
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import Inbox
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@dataclass(slots=True)
class Seconds:
    """A clock for waiting that the test moves."""

    now_s: float = 0

    def __call__(self) -> float:
        return self.now_s


def looks(root: Path, seconds: Seconds, beats: list[float] | None = None) -> Rounds:
    heard = beats if beats is not None else []
    return Rounds(
        roots=[Root(path=root, kind="inbox")],
        start=Inbox(stability_s=5),
        clock=lambda: NOON,
        seconds=seconds,
        beat=lambda: heard.append(seconds.now_s),
        pause=lambda: heard.append(-1),
    )


def test_many_at_once_are_queued_in_parts_and_others_get_their_turn_after_each(tmp_path: Path) -> None:
    for number in range(1_200):
        (tmp_path / f"{number:04}.txt").touch()
    seconds, beats = Seconds(), list[float]()
    rounds = looks(tmp_path, seconds, beats)
    assert (rounds.look().queued, Arrival.objects.count()) == (0, 0)
    seconds.now_s = 5
    assert (rounds.look().queued, Arrival.objects.count(), beats) == (1_200, 1_200, [5, -1] * 3)
    seconds.now_s = 10
    assert rounds.look().queued == 0


def test_a_folder_that_is_not_there_is_told_and_comes_back(tmp_path: Path) -> None:
    seconds, root = Seconds(), tmp_path / "网络盘"
    rounds = looks(root, seconds)
    gone: Round = rounds.look()
    assert [one.path for one in gone.missing] == [root]
    root.mkdir()
    (root / "群.txt").write_text("一", "utf-8")
    assert [one.name for _, one in rounds.look().growing] == ["群.txt"]
    seconds.now_s = 5
    assert (rounds.look().queued, Arrival.objects.get().name) == (1, "群.txt")


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux")
def test_what_a_program_has_open_is_counted_and_arrives_when_it_is_closed(tmp_path: Path) -> None:
    seconds = Seconds()
    rounds = looks(tmp_path, seconds)
    found = []
    with (tmp_path / "群.txt").open("w", encoding="utf-8") as file:
        file.write("一")
        file.flush()
        for seconds.now_s in (0, 5, 60):
            look = rounds.look()
            found.append((len(look.growing), look.held, look.queued))
    last = rounds.look()
    assert [*found, (len(last.growing), last.held, last.queued)] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]


def test_a_share_that_is_gone_for_a_while_brings_nothing_twice(tmp_path: Path) -> None:
    seconds, root = Seconds(), tmp_path / "网络盘"
    root.mkdir()
    (root / "群.txt").write_text("一", "utf-8")
    rounds = looks(root, seconds)
    for now_s in (0, 5):
        seconds.now_s = now_s
        rounds.look()
    root.rename(tmp_path / "断开")
    seconds.now_s = 6
    assert len(rounds.look().missing) == 1
    (tmp_path / "断开").rename(root)
    for now_s in (7, 20):
        seconds.now_s = now_s
        assert rounds.look().queued == 0
    assert Arrival.objects.count() == 1


def test_what_waited_when_a_share_went_for_a_night_is_read_when_it_is_back(tmp_path: Path) -> None:
    seconds, root = Seconds(), tmp_path / "网络盘"
    root.mkdir()
    (root / "群.txt").write_text("一", "utf-8")
    rounds = looks(root, seconds)
    for seconds.now_s in (0, 5):
        rounds.look()
    root.rename(tmp_path / "断开")
    rounds.look()
    row = Queue("w").claim(NOON)
    assert row is not None
    arrivals.gone(row, NOON - timedelta(hours=12))
    (tmp_path / "断开").rename(root)
    for seconds.now_s in (40_000, 40_005):
        rounds.look()
    assert Arrival.objects.get().state == ArrivalState.WAITING


def test_what_was_finished_between_a_look_and_its_end_is_no_arrival_yet(tmp_path: Path) -> None:
    """Else the state that was looked at is queued, and found gone."""

    class Late(Seconds):
        def __call__(self) -> float:  # asked once the folder is listed
            if self.now_s == 5:
                (tmp_path / "群.txt").write_text("一二", "utf-8")
            return self.now_s

    (tmp_path / "群.txt").write_text("一", "utf-8")
    seconds = Late()
    rounds = looks(tmp_path, seconds)
    for seconds.now_s in (0, 5, 6, 12):
        rounds.look()
    assert [row.size for row in Arrival.objects.all()] == [len("一二".encode())]
