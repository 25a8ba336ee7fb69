"""Workers that fall one after the other are told of, and so is that they no longer do."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from leakwatch.daemon.workshop import Workshop
from leakwatch.store.models import JobRun
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
    assert told() == []
