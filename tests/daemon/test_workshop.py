"""Workers that fall one after the other, or show no sign of life, are told of, and so is that it is over."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from leakwatch.daemon.workshop import Workshop
from leakwatch.store import arrivals
from leakwatch.store.models import JobRun, ScanKind
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import Arrival as Rested
from tests.conftest import NOON
from tests.daemon.house import wait_for

pytestmark = pytest.mark.django_db

FALLS = "raise SystemExit(9)"
LIVES = "import time; time.sleep(600)"


class Trial:
    """A workshop whose worker does what stands in a file, and a clock that is set by hand."""

    def __init__(self, home: Path) -> None:
        self.now = NOON
        self.code = home / "code"
        run = f"exec(open({str(self.code)!r}).read())"
        self.workshop = Workshop([sys.executable, "-c", run], {}, lambda: self.now)

    def falls(self, times: int) -> None:
        self.code.write_text(FALLS, "utf-8")
        for _ in range(times):
            self.workshop.staff()
            wait_for(lambda: self.workshop.pid is None)
            self.workshop.look_after()


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trial:
    monkeypatch.setattr("leakwatch.daemon.workshop._MOST_REST_S", 0)
    return Trial(tmp_path)


def told() -> list[tuple[str, bool]]:
    """What is said of workers, and whether that is still so."""
    return [(row.detail, row.succeeded_at == row.tried_at) for row in JobRun.objects.filter(name="worker")]


def test_one_that_is_followed_by_others_that_fall_is_told_of(trial: Trial) -> None:
    trial.falls(3)
    assert told() == []
    trial.falls(1)
    assert told() == [
        (
            "读取进程接连 4 次中途退出（退出码 9），收件箱里的内容在等待，没有丢失；"
            "请运行 leakwatch doctor，检查 config.toml、主密钥和内存",
            False,
        )
    ]


def test_it_is_over_once_one_lives_for_a_while(trial: Trial) -> None:
    trial.falls(4)
    trial.code.write_text(LIVES, "utf-8")
    trial.workshop.staff()
    trial.workshop.look_after()
    before = told()
    trial.now += timedelta(minutes=2)
    trial.workshop.look_after()
    trial.workshop.close()
    assert (before[0][1], told()) == (False, [("", True)])


def test_falls_far_apart_are_no_row_of_falls(trial: Trial) -> None:
    for _ in range(4):
        trial.falls(2)
        trial.code.write_text(LIVES, "utf-8")
        trial.workshop.staff()
        trial.now += timedelta(minutes=2)
        trial.workshop.look_after()
        trial.workshop.close()
    assert told() == [("", True)]


def test_one_that_shows_no_sign_of_life_is_told_of_until_it_does(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leakwatch.daemon.workshop._SILENT_S", 0)
    rested = Rested(name="群.txt", signature="s1", files=1, size=10)
    arrivals.put("/srv/收件", rested, ScanKind.INBOX, NOON)
    trial.code.write_text(LIVES, "utf-8")
    trial.workshop.staff()
    row = Queue(trial.workshop.owner).claim(NOON)
    assert row is not None
    trial.workshop.look_after()
    before = told()
    trial.now += timedelta(minutes=6)
    trial.workshop.look_after()
    silent = told()
    arrivals.renew(row, "1 个文件", trial.now)
    trial.workshop.look_after()
    trial.workshop.close()
    assert (before, silent[0][0][:11], silent[0][1]) == ([], "读取进程一小时没有动静", False)
    assert told() == [("", True)]
