"""Uploads that were read are sealed by the worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.daemon import uploads
from leakwatch.errors import LeakwatchError
from leakwatch.keeping import Keeper
from leakwatch.model import Sealed
from leakwatch.store import arrivals
from leakwatch.store.deposits import Means
from leakwatch.store.models import Arrival, JobRun, ScanKind
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import Arrival as Rested
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_at
from tests.conftest import NOON
from tests.store.kept import house
from tests.store.scans import SEALER

pytestmark = pytest.mark.django_db


class Full(Keeper):
    """A vault that takes nothing."""

    def keep(self, source: Path, key_id: str) -> Sealed:
        raise LeakwatchError(f"{source.parent.name}：磁盘已满")


def means(folder: Path, keeper: type[Keeper] = Keeper) -> Means:
    return Means(sealer=SEALER, strongroom=keeper(house(folder).vault))


def came(root: Path, name: str, kind: str = ScanKind.UPLOAD) -> Arrival:
    """An upload that waits."""
    (root / name).mkdir(parents=True)
    (root / name / "群.txt").write_text(name, "utf-8")
    files = look_at(root, name) or []
    row = arrivals.put(
        str(root), Rested(name=name, signature=signature_of(files), files=1, size=2), kind, NOON
    )
    return row


def read(root: Path, name: str, kind: str = ScanKind.UPLOAD) -> Arrival:
    came(root, name, kind)
    row = Queue("w").claim(NOON)
    assert row is not None
    arrivals.proved(row, NOON)
    return row


def below(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_what_was_read_is_sealed_and_what_waits_stays(tmp_path: Path) -> None:
    root = tmp_path / "uploads"
    row = read(root, "0a")
    came(root, "0b")
    assert uploads.put_away(root, means(tmp_path), lambda: NOON) == 1
    assert below(root) == {"0b/群.txt"}
    assert uploads.put_away(root, means(tmp_path), lambda: NOON) == 0
    with uploads.laid_open(Arrival.objects.get(pk=row.pk), means(tmp_path), tmp_path) as place:
        assert place is not None
        assert below(place) == {"群.txt"}
    assert not place.exists()


def test_what_earlier_versions_left_in_done_and_unread_is_sealed_too(tmp_path: Path) -> None:
    root = tmp_path / "uploads"
    for name, folder in (("0a", "done"), ("0b", "unread")):
        row = read(root, name)
        (root / folder).mkdir()
        (root / name).rename(root / folder / name)
        arrivals.settle(row, f"{folder}/{name}")
    (root / "unread" / "0b.reason.txt").write_text("群.txt：有密码", "utf-8")
    assert uploads.put_away(root, means(tmp_path), lambda: NOON) == 2
    assert list(root.iterdir()) == []
    assert [arrivals.place_of(row) for row in Arrival.objects.all()] == ["", ""]


def test_a_canary_and_what_changed_meanwhile_are_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "uploads"
    read(root, "0a", ScanKind.CANARY)
    read(root, "0b")
    (root / "0b" / "群.txt").write_text("another one", "utf-8")
    assert uploads.put_away(root, means(tmp_path), lambda: NOON) == 0
    assert below(root) == {"0a/群.txt", "0b/群.txt"}


def test_what_cannot_be_sealed_is_told_and_made_up_for(tmp_path: Path) -> None:
    root = tmp_path / "uploads"
    read(root, "0a")
    assert uploads.put_away(root, means(tmp_path, Full), lambda: NOON) == 0
    told = JobRun.objects.get(name="uploads")
    assert (told.succeeded_at, told.detail) == (None, "0a：磁盘已满；这些上传的内容暂时没有封存，稍后再试")
    assert below(root) == {"0a/群.txt"}
    assert uploads.put_away(root, means(tmp_path), lambda: NOON) == 1
    assert JobRun.objects.get(name="uploads").succeeded_at == NOON
