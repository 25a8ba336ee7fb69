"""What comes of an arrival whose reading fails, in one way or another."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from leakwatch.daemon.worker import Desk, work_off, work_on
from leakwatch.errors import LeakwatchError, Stopped
from leakwatch.model import Progress, Reason, Scan, Skipped
from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, Lead, ScanKind, Unread
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.queue import Queue
from leakwatch.store.records import Asked, record
from leakwatch.store.standing import now_standing
from leakwatch.watch.inbox import Arrival as Rested
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_into
from tests.conftest import NOON
from tests.store.scans import MEANS, Post, evidence, scan

pytestmark = pytest.mark.django_db

PLENTY = 1 << 40


def put(root: Path, name: str, data: bytes = b"x") -> None:
    (root / name).write_bytes(data)
    listing = look_into(root)
    assert listing is not None
    files = listing.arrivals[name]
    rested = Rested(name=name, signature=signature_of(files), files=1, size=len(data))
    arrivals.put(str(root), rested, ScanKind.INBOX, NOON)


def desk(
    fault: Callable[[], Exception] | None = None,
    free: list[int] | None = None,
    hours: int = 0,
    made: Callable[[], Scan] | None = None,
    opened: Path | None = None,
) -> Desk:
    """One that reads nothing; the fault is raised instead of recording. opened: what a sealed upload comes to."""
    frees = free or [PLENTY]

    def read(
        path: Path,
        tell: Callable[[Progress], None],
        is_over: Callable[[], bool],
        hand_on: Callable[[Scan], None],
    ) -> None:
        if fault is not None:
            raise fault()
        hand_on(made() if made else scan(export=path.name))

    def keep(scanned: Scan, row: Arrival, along: Callable[[ScanRow], None]) -> None:
        record(scanned, Asked(kind=ScanKind.INBOX), MEANS, along)

    return Desk(
        owner="w",
        clock=lambda: NOON + timedelta(hours=hours),
        rules_version=lambda: "r1",
        scan=read,
        record=keep,
        prove=lambda path: None,
        free_bytes=lambda: frees.pop(0) if len(frees) > 1 else frees[0],
        lay_open=lambda row: nullcontext(opened),
    )


def full() -> Exception:
    """As the vault says it."""
    why = LeakwatchError("证据库写不进去")
    why.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    return why


def outcome() -> tuple[str, int, str]:
    row = Arrival.objects.get()
    return row.state, row.tries, row.detail


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (full, "磁盘已满"),
        (lambda: OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (lambda: OSError(errno.EDQUOT, "Quota exceeded"), "磁盘已满"),
        (lambda: OperationalError("database or disk is full"), "磁盘已满"),
        (lambda: OperationalError("database is locked"), "暂时不可用"),
        (lambda: OSError(errno.EMFILE, "Too many open files"), "暂时不可用"),
    ],
)
def test_what_passes_by_itself_counts_as_no_try(
    tmp_path: Path, fault: Callable[[], Exception], word: str
) -> None:
    put(tmp_path, "群.txt")
    for hour in range(5):
        work_off(desk(fault, hours=hour), lambda: False)
    state, tries, detail = outcome()
    assert (state, tries) == ("waiting", 0)
    assert word in detail
    work_off(desk(hours=9), lambda: False)
    assert outcome()[0] == "done"


@pytest.mark.parametrize(
    "fault", [RuntimeError, lambda: LeakwatchError("坏"), lambda: OSError(errno.ENOENT, "")]
)
def test_what_does_not_pass_is_given_up_and_said(tmp_path: Path, fault: Callable[[], Exception]) -> None:
    put(tmp_path, "群.txt")
    for hour in range(5):
        work_off(desk(fault, hours=hour), lambda: False)
    state, tries, detail = outcome()
    assert (state, tries) == ("given_up", 3)
    assert "已放弃" in detail


@pytest.mark.parametrize("free", [[1 << 20], [PLENTY, 1 << 20]], ids=["before", "after"])
def test_a_disk_that_is_full_before_or_after_the_reading_is_waited_for(
    tmp_path: Path, free: list[int]
) -> None:
    put(tmp_path, "群.txt")
    work_off(desk(free=free), lambda: False)
    assert outcome()[:2] == ("waiting", 0)
    assert ScanRow.objects.count() == 0
    (why,) = now_standing(NOON).waits_because
    assert why.startswith("磁盘已满或快满")


def test_one_bad_arrival_does_not_keep_the_next_ones_waiting(tmp_path: Path) -> None:
    put(tmp_path, "坏.txt")
    put(tmp_path, "好.txt", b"y")
    names: list[str] = []

    def read(
        path: Path,
        tell: Callable[[Progress], None],
        is_over: Callable[[], bool],
        hand_on: Callable[[Scan], None],
    ) -> None:
        names.append(path.name)
        if path.name == "坏.txt":
            raise MemoryError
        hand_on(scan(export=path.name))

    whole = desk()
    assert (
        work_off(Desk(**{**{n: getattr(whole, n) for n in Desk.__slots__}, "scan": read}), lambda: False) == 2
    )
    assert sorted(names) == sorted(["坏.txt", "好.txt"])
    assert {row.name: row.state for row in Arrival.objects.all()} == {"坏.txt": "waiting", "好.txt": "done"}


def test_what_was_taken_away_or_changed_meanwhile_is_gone(tmp_path: Path) -> None:
    put(tmp_path, "走了.txt")
    put(tmp_path, "变了.txt")
    (tmp_path / "走了.txt").unlink()
    (tmp_path / "变了.txt").write_bytes(b"longer")
    work_off(desk(), lambda: False)
    assert {row.state for row in Arrival.objects.all()} == {"gone"}


def test_the_same_bytes_are_read_once(tmp_path: Path) -> None:
    put(tmp_path, "群.txt")
    put(tmp_path, "群 (2).txt")
    whole = desk()
    versions = Desk(**{**{n: getattr(whole, n) for n in Desk.__slots__}, "rules_version": lambda: "00ff"})
    work_off(versions, lambda: False)
    assert sorted(row.state for row in Arrival.objects.all()) == ["done", "seen"]
    assert ScanRow.objects.count() == 1


def test_what_was_moved_away_is_found_again_for_newer_rules(tmp_path: Path) -> None:
    put(tmp_path, "群.txt")
    work_off(desk(), lambda: False)
    (tmp_path / "done").mkdir()
    (tmp_path / "群.txt").rename(tmp_path / "done" / "群-2.txt")
    arrivals.settle(Arrival.objects.get(), "done/群-2.txt")
    arrivals.outdated("r2")
    work_off(desk(), lambda: False)
    assert (outcome()[0], ScanRow.objects.count()) == ("done", 2)
    (tmp_path / "done" / "群-2.txt").write_bytes(b"another")
    arrivals.outdated("r3")
    work_off(desk(), lambda: False)
    assert outcome()[::2] == ("done", "已不在原处，没有按新规则重读")
    assert ScanRow.objects.count() == 2


@pytest.mark.parametrize(("is_there", "scans"), [(True, 2), (False, 1)], ids=["kept", "purged"])
def test_a_sealed_upload_is_laid_open_for_newer_rules(tmp_path: Path, is_there: bool, scans: int) -> None:
    put(tmp_path, "0a")
    work_off(desk(), lambda: False)
    (tmp_path / "0a").unlink()
    Arrival.objects.update(sealed_files=b"sealed", rules_version="r0")
    arrivals.outdated("r1")
    work_off(desk(opened=tmp_path / "0a" if is_there else None), lambda: False)
    assert (outcome()[0], ScanRow.objects.count()) == ("done", scans)
    assert arrivals.outdated(ScanRow.objects.latest("pk").rules_version if is_there else "r1") == 0


def pending() -> Scan:
    """Stopped before its photo was recognised."""
    whole = scan(export="群.txt")
    photo = evidence("文件.jpg")
    left = Skipped(evidence=photo, name=photo.name, reason=Reason.PENDING, detail="还没有轮到识别")
    return replace(whole, skipped=(left,), received=(*whole.received, photo))


def test_what_a_stop_leaves_is_listed_and_read_next_time(tmp_path: Path) -> None:
    put(tmp_path, "群.txt")
    stopped = desk(made=pending)
    work_off(stopped, lambda: ScanRow.objects.exists())
    state, tries, detail = outcome()
    assert (state, tries, "还有 1 处待读" in detail) == ("waiting", 0, True)
    assert [row.reason for row in Unread.objects.filter(settled_at=None)] == ["pending"]
    work_off(desk(), lambda: False)
    assert outcome() == ("done", 1, "")


def test_what_was_stopped_before_it_was_known_waits(tmp_path: Path) -> None:
    put(tmp_path, "群.txt")
    work_on_once(desk(lambda: Stopped("停下")))
    state, tries, _ = outcome()
    assert (state, tries, ScanRow.objects.count()) == ("waiting", 0, 0)


def test_what_is_put_off_while_it_is_read_stops_and_waits_for_its_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leakwatch.daemon.worker._RENEWED_S", 0)
    put(tmp_path, "群.txt")
    Arrival.objects.update(kind=ScanKind.NIGHTLY)
    told: list[bool] = []

    def read(
        path: Path,
        tell: Callable[[Progress], None],
        is_over: Callable[[], bool],
        hand_on: Callable[[Scan], None],
    ) -> None:
        tell(Progress(files=1))
        told.append(is_over())
        arrivals.postpone(NOON + timedelta(days=1))
        tell(Progress(files=1, pictures_left=7, left_s=130))
        told.append(is_over())
        hand_on(pending())

    whole = desk()
    work_on_once(Desk(**{**{n: getattr(whole, n) for n in Desk.__slots__}, "scan": read}))
    row = Arrival.objects.get()
    assert (told, row.state, row.not_before) == ([False, True], "waiting", NOON + timedelta(days=1))
    assert row.progress == "0/1 个文件，0 段文字，图片待识别 7 张，预计还要 2 分钟"


def test_a_worker_that_lost_its_arrival_stops_and_records_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leakwatch.daemon.worker._RENEWED_S", 0)
    put(tmp_path, "群.txt")
    told: list[bool] = []

    def read(
        path: Path,
        tell: Callable[[Progress], None],
        is_over: Callable[[], bool],
        hand_on: Callable[[Scan], None],
    ) -> None:
        Arrival.objects.update(owner="another")
        tell(Progress(files=1))
        told.append(is_over())
        hand_on(pending())

    whole = desk()
    work_on_once(Desk(**{**{n: getattr(whole, n) for n in Desk.__slots__}, "scan": read}))
    assert (told, ScanRow.objects.count(), Arrival.objects.get().state) == ([True], 0, "working")


def work_on_once(here: Desk) -> None:
    row = Queue(here.owner).claim(here.clock())
    assert row is not None
    work_on(row, here, lambda: False)


def test_our_own_export_is_proved_and_not_recorded(tmp_path: Path) -> None:
    put(tmp_path, "自检.txt")
    Arrival.objects.update(kind=ScanKind.CANARY)
    work_off(desk(), lambda: False)
    assert (outcome()[0], ScanRow.objects.count()) == ("done", 0)


def afterwards(here: Desk) -> int:
    """How often what is owed was done while the queue was worked off."""
    done: list[None] = []
    whole = {name: getattr(here, name) for name in Desk.__slots__}
    work_off(Desk(**{**whole, "after": lambda: done.append(None)}), lambda: False)
    return len(done)


def test_what_is_owed_is_done_after_an_upload_or_where_a_form_is_due_and_else_once_in_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        put(tmp_path, f"群{number}.txt")
    Arrival.objects.filter(name="群1.txt").update(kind=ScanKind.UPLOAD)
    assert afterwards(desk()) == 1
    put(tmp_path, "泄密.txt")
    assert afterwards(desk(made=lambda: scan(Post()))) == 1
    Lead.objects.update(has_form=True)
    monkeypatch.setattr("leakwatch.daemon.worker.AFTER_S", 0)
    put(tmp_path, "别的.txt")
    assert afterwards(desk()) == 1
