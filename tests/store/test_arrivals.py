"""The queue of arrivals: leases, second tries, the same bytes twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from leakwatch.model import SHANGHAI
from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, Scan, ScanKind
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import Arrival as Rested

pytestmark = pytest.mark.django_db

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
LATER = NOON + timedelta(minutes=6)
ROOT = "/srv/收件"


def rested(name: str = "群.txt", signature: str = "s1") -> Rested:
    return Rested(name=name, signature=signature, files=1, size=10)


def put(name: str = "群.txt", signature: str = "s1", at: datetime = NOON) -> Arrival:
    return arrivals.put(ROOT, rested(name, signature), ScanKind.INBOX, at)


def claimed(owner: str = "w1", at: datetime = NOON) -> Arrival:
    row = Queue(owner).claim(at)
    assert row is not None
    return row


def scanned(rules_version: str = "r1") -> Scan:
    counts = dict.fromkeys("files messages pieces unread notes new known reactivated gone".split(), 0)
    scan: Scan = Scan.objects.create(
        kind=ScanKind.INBOX, started_at=NOON, ended_at=NOON, rules_version=rules_version, **counts
    )
    return scan


def state(row: Arrival) -> tuple[str, int, str]:
    row.refresh_from_db()
    return row.state, row.tries, row.owner


def test_the_oldest_is_claimed_first_and_only_once() -> None:
    put("乙", at=NOON)
    put("甲", at=NOON - timedelta(seconds=1))
    assert [claimed("w1").name, claimed("w2").name] == ["甲", "乙"]
    assert Queue("w3").claim(NOON) is None


def test_what_is_put_twice_is_one_arrival() -> None:
    assert put().pk == put(at=LATER).pk


def test_a_changed_arrival_takes_the_place_of_the_one_that_waits() -> None:
    first, second = put(signature="s1"), put(signature="s2")
    assert (state(first)[0], state(second)[0]) == ("gone", "waiting")


def test_many_are_put_as_each_would_be() -> None:
    waits, read = put("甲", "a1"), put("乙", "b1", NOON - timedelta(seconds=1))
    arrivals.finish(claimed(), scanned(), NOON)
    taken_away = put("丙", "c1", NOON - timedelta(seconds=1))
    arrivals.gone(claimed(), NOON)
    again = [("甲", "a2"), ("乙", "b1"), ("丙", "c1"), ("丁", "d1"), ("丁", "d1")]
    arrivals.put_all(ROOT, [(rested(*one), ScanKind.INBOX) for one in again], LATER)
    assert [state(row)[0] for row in (waits, read, taken_away)] == ["gone", "done", "waiting"]
    rows = Arrival.objects.order_by("name", "signature")
    assert {(row.name, row.signature): row.arrived_at for row in rows} == {
        ("甲", "a1"): NOON,
        ("甲", "a2"): LATER,
        ("乙", "b1"): NOON - timedelta(seconds=1),
        ("丙", "c1"): LATER,
        ("丁", "d1"): LATER,
    }


def test_many_take_few_queries(django_assert_max_num_queries: Callable[[int], Any]) -> None:
    with django_assert_max_num_queries(20):
        arrivals.put_all(ROOT, [(rested(f"{n}.txt"), ScanKind.INBOX) for n in range(500)], NOON)
    assert Arrival.objects.count() == 500


def test_an_arrival_that_was_read_is_known_at_the_next_start() -> None:
    put()
    arrivals.finish(claimed(), scanned(), NOON)
    assert arrivals.taken(ROOT) == {"群.txt": "s1"}
    assert arrivals.taken("/srv/别处") == {}


def test_a_lease_that_ran_out_passes_on_and_the_late_one_loses() -> None:
    put()
    slow = claimed("w1")
    quick = claimed("w2", LATER)
    with pytest.raises(arrivals.Lost):
        arrivals.finish(slow, scanned(), LATER)
    with pytest.raises(arrivals.Lost):
        arrivals.renew(slow, "1/3", LATER)
    arrivals.finish(quick, scanned(), LATER)
    assert state(quick) == ("done", 2, "w2")


def test_a_renewed_lease_does_not_run_out() -> None:
    put()
    arrivals.renew(claimed(), "1/3", LATER - timedelta(minutes=2))
    assert Queue("w2").claim(LATER) is None


def test_what_a_dead_worker_held_waits_again_and_is_given_up_at_last() -> None:
    row = put()
    states = []
    for _ in range(3):
        claimed()
        arrivals.free("w1", NOON)
        states.append(state(row)[0])
    assert states == ["waiting", "waiting", "given_up"]
    assert "3 次" in row.detail
    assert Queue("w1").claim(NOON) is None


def test_what_another_worker_holds_is_left_alone() -> None:
    row = put()
    claimed("w1")
    assert arrivals.free("w2", NOON) == 0
    assert state(row)[0] == "working"


def test_a_full_disk_is_waited_out_and_counts_as_no_try() -> None:
    row = put()
    arrivals.put_back(claimed(), "磁盘满了", LATER)
    assert state(row) == ("waiting", 0, "")
    assert Queue("w1").claim(NOON) is None
    assert claimed("w1", LATER).pk == row.pk


@pytest.mark.parametrize(("kind", "is_claimed"), [(ScanKind.INBOX, True), (ScanKind.NIGHTLY, False)])
def test_a_clock_that_was_set_back_strands_nothing_but_what_waits_for_its_night(
    kind: ScanKind, is_claimed: bool
) -> None:
    years = timedelta(days=30_000)
    put()
    Arrival.objects.update(kind=kind, not_before=NOON + years)
    assert (arrivals.is_waiting(NOON), arrivals.is_open(NOON)) == (is_claimed, is_claimed)
    assert (Queue("w").claim(NOON) is not None) == is_claimed


def test_a_minute_is_waited_for_all_the_same() -> None:
    put()
    Arrival.objects.update(not_before=NOON + timedelta(minutes=1))
    assert (Queue("w").claim(NOON), arrivals.is_open(NOON)) == (None, True)


def test_the_same_bytes_under_the_same_rules_were_seen_before() -> None:
    put("甲")
    first = claimed()
    first.content = "c"
    first.save()
    arrivals.finish(first, scanned("r1"), NOON)
    put("乙")
    second = claimed()
    second.content = "c"
    assert arrivals.same_as(second, "r2") is None
    other = arrivals.same_as(second, "r1")
    assert other is not None
    arrivals.seen_before(second, other, NOON)
    second.refresh_from_db()
    assert (second.state, second.scan_id, other.name) == ("seen", first.scan_id or other.scan_id, "甲")


def test_bytes_that_nobody_hashed_are_never_the_same() -> None:
    put("甲")
    arrivals.finish(claimed(), scanned("r1"), NOON)
    put("乙")
    assert arrivals.same_as(claimed(), "r1") is None


def test_newer_rules_read_again_what_is_there() -> None:
    old = put("甲")
    arrivals.finish(claimed(), scanned("r1"), NOON)
    new = put("乙")
    arrivals.finish(claimed(), scanned("r2"), NOON)
    assert arrivals.outdated("r2") == 1
    assert (state(old)[0], state(new)[0]) == ("waiting", "done")


def test_what_is_not_there_for_newer_rules_stays_read_and_is_read_again_when_it_is_back() -> None:
    row = put()
    arrivals.finish(claimed(), scanned("r1"), NOON)
    arrivals.outdated("r2")
    arrivals.gone(claimed(), NOON)
    assert (state(row)[0], arrivals.away_since(NOON), arrivals.away_since(LATER)) == ("done", 1, 0)
    assert (arrivals.outdated("r2"), arrivals.taken(ROOT)) == (0, {})
    put(at=LATER)
    assert state(row)[0] == "waiting"


def test_what_ended_is_unsettled_until_it_is_put_away() -> None:
    row = put()
    put("乙")
    arrivals.finish(claimed(), scanned(), NOON)
    assert [one.pk for one in arrivals.unsettled(ROOT)] == [row.pk]
    arrivals.settle(row, "done/群.txt")
    assert arrivals.unsettled(ROOT) == []


@pytest.mark.parametrize(
    "end", [lambda row: arrivals.gone(row, NOON), lambda row: arrivals.give_up(row, "坏", NOON)]
)
def test_what_was_not_read_is_read_when_it_is_dropped_again(end: Callable[[Arrival], None]) -> None:
    row = put()
    end(claimed())
    put(at=LATER)
    assert state(row)[:2] == ("waiting", 0)


def test_what_was_read_is_not_read_again_when_it_is_dropped_again() -> None:
    row = put()
    arrivals.finish(claimed(), scanned(), NOON)
    arrivals.settle(row, "done/群.txt")
    put(at=LATER)
    assert state(row)[0] == "done"
    assert [one.pk for one in arrivals.unsettled(ROOT)] == [row.pk]


def test_what_all_workers_of_a_machine_held_is_freed_at_once() -> None:
    mine, other = put("甲"), put("乙", at=NOON + timedelta(seconds=1))
    claimed("worker-a-1")
    claimed("worker-b-1", NOON + timedelta(seconds=1))
    assert arrivals.release("worker-a-", LATER) == 1
    assert (state(mine)[0], state(other)[0]) == ("waiting", "working")


def test_what_nobody_has_read_goes_before_what_is_read_again() -> None:
    put("甲")
    arrivals.finish(claimed(), scanned("r1"), NOON)
    put("乙", at=LATER)
    arrivals.outdated("r2")
    assert [claimed().name, claimed().name] == ["乙", "甲"]


def test_what_is_left_until_the_next_night_keeps_nobody_waiting() -> None:
    put()
    arrivals.finish(claimed(), scanned("r1"), NOON)
    arrivals.outdated("r2")
    assert (arrivals.again_left(), arrivals.is_open(NOON)) == (1, True)
    assert arrivals.postpone(NOON + timedelta(hours=20)) == 1
    assert (arrivals.again_left(), arrivals.is_open(NOON), Queue("w1").claim(NOON)) == (0, False, None)
    assert arrivals.outdated("r2") == 1
    assert claimed().name == "群.txt"


@pytest.mark.parametrize("name", ["群.txt", "坏\udcff\udcb3.zip", "半\ud800个", "done/群-2.txt"])
def test_a_name_that_no_database_stores_comes_back_as_it_was(name: str) -> None:
    row = put(name)
    row.refresh_from_db()
    assert arrivals.name_of(row) == name
    assert arrivals.taken(ROOT) == {name: "s1"}
