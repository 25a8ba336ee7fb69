"""The order in which arrivals are taken in hand, and that each goes to one worker."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, ScanKind
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import Arrival as Rested
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

ROOT = "/srv/收件"


def put(name: str, minutes: int = 0) -> None:
    rested = Rested(name=name, signature="s1", files=1, size=10)
    arrivals.put(ROOT, rested, ScanKind.INBOX, NOON + timedelta(minutes=minutes))


def names(queue: Queue, seconds: int = 0) -> list[str]:
    """What it gives out from then on, until nothing waits."""
    rows = iter(lambda: queue.claim(NOON + timedelta(hours=1, seconds=seconds)), None)
    return [row.name for row in rows if row is not None]


def test_more_than_are_asked_for_at_once_are_given_out_in_order() -> None:
    wanted = [f"群{number:03}.txt" for number in range(130)]
    for number, name in enumerate(wanted):
        put(name, number % 50)
    assert names(Queue("w")) == sorted(wanted, key=lambda name: (int(name[1:4]) % 50, name))


def test_what_is_read_again_waits_for_what_came_meanwhile() -> None:
    for name in "甲乙丙":
        put(name)
    Arrival.objects.update(kind=ScanKind.NIGHTLY)
    queue = Queue("w")
    first = queue.claim(NOON)
    assert first is not None
    arrivals.proved(first, NOON)
    put("新", 30)
    assert (first.name, names(queue)) == ("甲", ["新", "乙", "丙"])


def test_what_was_put_off_or_taken_after_it_was_asked_for_is_passed_over() -> None:
    for minute, name in enumerate("甲乙丙丁"):
        put(name, minute)
    queue = Queue("w1")
    assert queue.claim(NOON) is not None
    Arrival.objects.filter(name="乙").update(not_before=NOON + timedelta(minutes=30))
    Arrival.objects.filter(name="丙").update(state="working", owner="w2", lease_until=NOON + arrivals.LEASE)
    row = queue.claim(NOON)
    assert row is not None
    assert (row.name, row.owner, row.tries) == ("丁", "w1", 1)
    assert queue.claim(NOON) is None


def test_a_clock_that_was_set_back_hides_nothing_new() -> None:
    put("甲")
    queue = Queue("w")
    assert names(queue) == ["甲"]
    put("乙")
    assert names(queue, seconds=-600) == ["乙"]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_each_arrival_goes_to_one() -> None:
    for number in range(12):
        put(f"群{number}.txt")
    held: list[str] = []

    def work(owner: str) -> None:
        held.extend(names(Queue(owner)))
        connection.close()

    threads = [Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(held) == sorted(f"群{number}.txt" for number in range(12))
