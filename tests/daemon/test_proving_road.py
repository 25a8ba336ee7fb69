"""Our own export through the real daemon: it comes back and is proof, or an inbox is silent and somebody is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.daemon.house import PATIENCE_S, House, wait_for

pytestmark = pytest.mark.slow

_YEARLY = '[timers]\ncanary = "0 0 1 1 *"\n'
_TWO_INBOXES = '[[inbox]]\npath = "inbox"\n[[inbox]]\npath = "网络盘/收件"\n'


@pytest.fixture
def watched(tmp_path: Path, settled: House) -> Iterator[House]:
    """Its second inbox lies on a share that is not mounted."""
    house = House(tmp_path, settings=_YEARLY + _TWO_INBOXES).furnish(settled)
    yield house
    house.close()


def _was_laid(house: House, minutes_ago: int) -> None:
    """As if it had been so long ago, and the machine off since then."""
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    with closing(sqlite3.connect(house.data / "leakwatch.sqlite3")) as database, database:
        database.executemany(
            "INSERT INTO store_jobrun (name, succeeded_at, sealed_detail) VALUES (?, ?, x'')"
            " ON CONFLICT (name) DO UPDATE SET succeeded_at = excluded.succeeded_at",
            [(name, f"{at:%Y-%m-%d %H:%M:%S.%f}") for name in ("canary", "clocks")],
        )


def _silence(house: House) -> tuple[str, bool]:
    """What is said of the answers, and whether all is well."""
    rows = house.rows("SELECT succeeded_at FROM store_jobrun WHERE name = 'silence'")
    return house.job("silence"), bool(rows and rows[0][0])


def _answered(house: House) -> int:
    """How many inboxes have read theirs."""
    return house.count("SELECT count(*) FROM store_arrival WHERE kind = 'canary' AND state = 'done'")


def _stop(house: House) -> None:
    house.processes[-1].terminate()
    assert house.processes[-1].wait(PATIENCE_S) == 0, house.said()


def test_an_export_of_our_own_that_is_read_proves_the_road_and_is_taken_away(watched: House) -> None:
    (watched.home / "网络盘").mkdir()
    _was_laid(watched, 400 * 24 * 60)
    watched.start()
    wait_for(lambda: _answered(watched) == 3)
    _stop(watched)
    _was_laid(watched, 25)
    watched.start()
    wait_for(lambda: _silence(watched) == ("3 个收件箱都有回音", True))
    wait_for(lambda: [*watched.inbox.iterdir(), *(watched.home / "网络盘" / "收件").iterdir()] == [])
    assert watched.count("SELECT count(*) FROM store_scan") == 0
    assert not list((watched.home / "notices").glob("*silent*"))


def test_an_inbox_that_stays_silent_is_told_to_the_office_by_its_name(watched: House) -> None:
    _was_laid(watched, 400 * 24 * 60)
    watched.start()
    wait_for(lambda: _answered(watched) == 2)
    assert _silence(watched) == ("", False)
    _stop(watched)
    _was_laid(watched, 31)
    watched.start()
    wait_for(lambda: list((watched.home / "notices").glob("*silent*")))
    (notice,) = (watched.home / "notices").glob("*silent*")
    said = notice.read_text("utf-8-sig")
    assert "没有回音的收件箱：1\n收件箱：3\n" in said
    place = watched.home / "网络盘" / "收件"
    assert _silence(watched) == (f"没有回音：{place}；请检查这些文件夹在不在、能不能写入", False)
