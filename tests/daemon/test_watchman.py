"""When there is a worker: something waits, grows, or a form is owed."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from leakwatch.daemon.rounds import Root, Rounds
from leakwatch.daemon.watchman import Watchman, make_inboxes
from leakwatch.daemon.workshop import Workshop
from leakwatch.store import jobs
from leakwatch.store.models import Lead
from leakwatch.watch.alarm import Alarm
from leakwatch.watch.inbox import Inbox
from tests.conftest import NOON
from tests.daemon.house import wait_for
from tests.store.scans import Post, put

pytestmark = pytest.mark.django_db

_RESCAN_S = 60


@contextmanager
def watchman(home: Path, code: str, round_s: float = 0) -> Iterator[Watchman]:
    """Its worker runs that code; each round takes so long."""
    seconds = count(0.0, round_s / 2)  # asked at its beginning, for its one inbox, at its end
    roots = [Root(path=home / "inbox", kind="inbox")]
    (home / "inbox").mkdir()
    alarm = Alarm(lambda: None)
    workshop = Workshop([sys.executable, "-c", code], {}, lambda: NOON)
    try:
        yield Watchman(
            roots=roots,
            rounds=Rounds(
                roots=roots,
                start=Inbox(stability_s=5, partial_names=(".*",)),
                clock=lambda: NOON,
                seconds=partial(next, seconds),
            ),
            alarm=alarm,
            workshop=workshop,
            bell=Event(),
            rescan_s=_RESCAN_S,
        )
    finally:
        workshop.close()
        alarm.close()


def test_a_worker_that_fell_over_a_form_is_followed_by_another_at_once(tmp_path: Path) -> None:
    """Nothing else waits: nobody would have it written until the next start."""
    put(Post())
    begun = tmp_path / "begun"
    with watchman(tmp_path, f"open({str(begun)!r}, 'a').write('x'); raise SystemExit(1)") as one:
        wait_for(lambda: (one.walk(), begun.exists() and len(begun.read_text("ascii")) > 1)[1])
        assert not one.is_idle


@pytest.mark.parametrize("is_written", [True, False])
def test_a_form_that_was_written_or_tried_keeps_nobody_waiting(tmp_path: Path, is_written: bool) -> None:
    put(Post())
    with watchman(tmp_path, "import time; time.sleep(600)") as one:
        assert (one.walk(), one.is_idle) == (1.0, False)
        if is_written:
            Lead.objects.update(has_form=True)
        else:
            jobs.failed("forms", NOON, "磁盘已满")
        assert (one.walk(), one.is_idle) == (_RESCAN_S, True)


def test_a_file_that_grows_has_the_worker_made_ready(tmp_path: Path) -> None:
    with watchman(tmp_path, "import time; time.sleep(600)") as one:
        assert (one.walk(), one.workshop.pid) == (_RESCAN_S, None)
        (tmp_path / "inbox" / "群.txt").write_text("关于", "utf-8")
        assert one.walk() == 1.0
        assert one.workshop.pid is not None


def test_for_what_only_bears_the_name_of_a_partial_file_nobody_is_kept_ready(tmp_path: Path) -> None:
    with watchman(tmp_path, "import time; time.sleep(600)") as one:
        (tmp_path / "inbox" / ".稿.docx").write_text("关于", "utf-8")
        assert (one.walk(), one.workshop.pid, one.is_idle, one.partial) == (_RESCAN_S, None, True, 1)


@pytest.mark.parametrize(("round_s", "wait_s"), [(0.02, 1.0), (2.0, 18.0), (30.0, _RESCAN_S)])
def test_an_inbox_that_takes_long_to_look_through_is_looked_at_less_often(
    tmp_path: Path, round_s: float, wait_s: float
) -> None:
    with watchman(tmp_path, "import time; time.sleep(600)", round_s) as one:
        (tmp_path / "inbox" / "群.txt").write_text("关于", "utf-8")
        assert one.walk() == wait_s


@pytest.mark.skipif(sys.platform == "win32", reason="its rights are not in the mode")
def test_a_new_inbox_is_open_to_its_group_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "旧").mkdir(mode=0o700)
    before = os.umask(0o077)
    try:
        make_inboxes([tmp_path / "新", tmp_path / "旧", tmp_path / "没有挂载" / "收件"])
    finally:
        os.umask(before)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {
        "新": 0o2770,
        "旧": 0o700,
    }
