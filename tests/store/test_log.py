"""The log only grows, each row chained to the one before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from leakwatch.chain import START, Anchor
from leakwatch.errors import LeakwatchError
from leakwatch.store import append_only, log
from leakwatch.store.models import LogEntry
from tests.conftest import NOON


def act(number: int = 1) -> log.Act:
    return log.Act(
        at=NOON + timedelta(microseconds=number),
        actor="wangmingyuan",
        action="lead.claimed",
        subject=f"XS-20310506-{number:06x}",
        details={"number": number, "states": ["new", None, True]},
    )


def wrong(anchor: Anchor | None = None) -> list[tuple[str, int]]:
    return [(problem.flaw.value, problem.seq) for problem in log.verify(anchor)]


def change(sql: str) -> None:
    """What somebody does who may drop the triggers."""
    append_only.expose(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def five(db: None) -> Anchor:
    """A log of five rows; its last one."""
    for number in range(1, 6):
        log.append(act(number))
    return log.head()


@pytest.mark.django_db
def test_an_empty_log_has_no_head_and_no_flaw() -> None:
    assert (log.head(), wrong()) == (START, [])


@pytest.mark.django_db
def test_each_row_holds_the_hash_of_the_one_before() -> None:
    first, second = log.append(act(1)), log.append(act(2))
    assert (first.seq, first.previous) == (1, START.hash)
    assert (second.seq, second.previous) == (2, first.hash)
    assert log.head() == Anchor(seq=2, hash=second.hash)


def test_what_was_written_verifies(five: Anchor) -> None:
    assert wrong(five) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_logged_outside_the_transaction_of_the_change() -> None:
    with pytest.raises(LeakwatchError, match="一同写入"):
        log.append(act())
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("details", [{"score": 0.5}, {"at": NOON}, {1: "a"}])
@pytest.mark.django_db
def test_what_has_no_one_way_to_be_written_is_refused(details: Any) -> None:
    with pytest.raises(LeakwatchError):
        log.append(log.Act(at=NOON, actor="a", action="b", subject="c", details=details))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE store_logentry SET actor = 'x' WHERE seq = 3",
        "DELETE FROM store_logentry WHERE seq = 5",
        "DELETE FROM store_logentry",
        pytest.param(
            "INSERT OR REPLACE INTO store_logentry SELECT * FROM store_logentry WHERE seq = 5",
            marks=pytest.mark.skipif("connection.vendor != 'sqlite'"),
        ),
        pytest.param(
            "TRUNCATE store_logentry", marks=pytest.mark.skipif("connection.vendor != 'postgresql'")
        ),
    ],
)
def test_the_database_refuses_to_change_it(five: Anchor, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as to:
        to.execute(sql)
    assert wrong(five) == []


@pytest.mark.parametrize(
    ("sql", "flaws"),
    [
        ("UPDATE store_logentry SET subject = 'XS' WHERE seq = 3", [("edited", 3)]),
        ("UPDATE store_logentry SET at = '2031-01-01T00:00:00+00:00' WHERE seq = 1", [("edited", 1)]),
        ("DELETE FROM store_logentry WHERE seq = 3", [("missing", 3)]),
        ("DELETE FROM store_logentry WHERE seq = 1", [("missing", 1)]),
        ("DELETE FROM store_logentry WHERE seq > 3", [("cut", 4)]),
        ("DELETE FROM store_logentry", [("cut", 1)]),
        (
            "INSERT INTO store_logentry (seq, at, actor, action, subject, details, algorithm, previous, hash)"
            " SELECT 0, at, actor, action, subject, details, algorithm, previous, hash FROM store_logentry"
            " WHERE seq = 1",
            [("edited", 0), ("extra", 0)],
        ),
    ],
)
def test_whatever_was_changed_is_named(five: Anchor, sql: str, flaws: list[tuple[str, int]]) -> None:
    change(sql)
    assert wrong(five) == flaws


def test_without_an_anchor_a_cut_tail_is_not_seen(five: Anchor) -> None:
    change("DELETE FROM store_logentry WHERE seq > 3")
    assert wrong(None) == []


def test_every_flaw_is_a_chinese_sentence(five: Anchor) -> None:
    change("DELETE FROM store_logentry WHERE seq = 3")
    assert [problem.detail for problem in log.verify(five)] == [
        "日志第 3 条缺失，被删除过；请保留现场并向保密办报告"
    ]


def test_the_anchor_kept_outside_is_its_last_line(five: Anchor, tmp_path: Path) -> None:
    kept = tmp_path / "锚点.txt"
    log.anchor(kept, NOON)
    log.append(act(6))
    assert log.anchor(kept, NOON) == log.last_anchor(kept) == log.head()
    assert kept.read_text().splitlines()[0] == f"2031-05-06T12:00:00+08:00 5 {five.hash}"


@pytest.mark.parametrize("text", ["", "\n", "2031-05-06 5", "a b c", "锚点"])
def test_what_is_no_anchor_file_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "锚点.txt").write_text(text, "utf-8")
    with pytest.raises(LeakwatchError, match="不是日志锚点文件"):
        log.last_anchor(tmp_path / "锚点.txt")


@pytest.mark.django_db(transaction=True)
def test_appenders_wait_for_each_other(together: Callable[[Callable[[int], None], int], None]) -> None:
    def work(number: int) -> None:
        for _ in range(5):
            with transaction.atomic():
                log.append(act(number))

    together(work, 4)
    assert (log.head().seq, wrong(log.head())) == (20, [])
