"""Which originals are kept, and what is listed of the others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.errors import LeakwatchError
from leakwatch.keeping import Keeper
from leakwatch.model import Evidence, Outcome, Scan
from leakwatch.store.models import LogEntry, Original
from leakwatch.store.originals import keep, paths
from leakwatch.store.records import record
from leakwatch.vault.sealed import Flaw
from tests.conftest import NOON
from tests.store.kept import house, real
from tests.store.scans import ASKED, MEANS, SEALER, Post, evidence, scan

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a vault says of a file."""

    sm3: str = "3" * 64
    size: int = 7
    suite: str = "intl"
    key_id: str = "k" * 32


class Shelf:
    """A vault that only remembers."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def batch(self, known: str) -> str:
        return known or "k" * 32

    def keep(self, source: Path, key_id: str) -> Sealed:
        self.kept.append(source.name)
        return Sealed(key_id=key_id)


class Full:
    """A vault on a full disk."""

    def batch(self, known: str) -> str:
        raise LeakwatchError("磁盘已满")

    def keep(self, source: Path, key_id: str) -> Sealed:
        raise AssertionError("no batch, nothing to keep")


def on_disk(name: str, folder: Path, parent: str | None = None) -> Evidence:
    file = evidence(name)
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    (folder / sha256).write_text(name, "utf-8")
    return replace(file, sha256=sha256, path=folder / sha256, parent=parent)


@pytest.fixture
def found(tmp_path: Path) -> Scan:
    """A picture that a message of an export carries, both out of an archive; another file holds nothing."""
    archive = on_disk("群.zip", tmp_path)
    export = on_disk("群.json", tmp_path, archive.sha256)
    picture = on_disk("照片.jpg", tmp_path, archive.sha256)
    one = scan(Post(file="照片.jpg"))
    hit = one.findings[0].hits[0]
    piece = structs.replace(hit.piece, evidence=picture, export=export.sha256)
    finding = replace(one.findings[0], hits=(replace(hit, piece=piece),))
    return replace(one, findings=(finding,), received=(export, picture, on_disk("家常.txt", tmp_path)))


def names(shas: list[str], folder: Path) -> set[str]:
    return {(folder / sha).read_text("utf-8") for sha in shas}


def test_what_holds_something_is_kept_with_its_export_and_archive(found: Scan, tmp_path: Path) -> None:
    shelf = Shelf()
    keep(found, shelf)
    assert names(shelf.kept, tmp_path) == {"照片.jpg", "群.json", "群.zip"}


def test_where_an_archive_lay_is_told_by_what_was_taken_from_it(found: Scan) -> None:
    received = tuple(
        replace(file, inner_path=f"收件/群.zip!{file.name}") if file.parent else file
        for file in found.received
    )
    record(replace(found, received=received), ASKED, replace(MEANS, keeper=Shelf()))
    assert set(paths(Original.objects.values_list("pk", flat=True), SEALER).values()) == {
        "收件/群.zip",
        "收件/群.zip!群.json",
        "收件/群.zip!照片.jpg",
        "收件/家常.txt",
    }


def test_what_is_only_counted_keeps_nothing(found: Scan) -> None:
    noted = tuple(replace(one, outcome=Outcome.NOTE) for one in found.findings)
    assert keep(replace(found, findings=noted), Shelf()) == {}


def test_all_are_listed_and_the_kept_ones_with_their_key(found: Scan, tmp_path: Path) -> None:
    record(found, ASKED, replace(MEANS, keeper=Shelf()))
    kept = Original.objects.filter(is_kept=True)
    assert names(list(kept.values_list("sha256", flat=True)), tmp_path) == {"照片.jpg", "群.json", "群.zip"}
    assert set(kept.values_list("sm3", "suite", "key_id")) == {("3" * 64, "intl", "k" * 32)}
    rest = Original.objects.filter(is_kept=False).values_list("sha256", flat=True)
    assert names(list(rest), tmp_path) == {"家常.txt"}


def test_what_was_listed_before_it_held_something_is_kept_later(found: Scan) -> None:
    record(replace(found, findings=()), ASKED, MEANS)
    assert Original.objects.filter(is_kept=True).count() == 0
    record(found, ASKED, replace(MEANS, keeper=Shelf()))
    assert Original.objects.filter(is_kept=True).count() == 3


def test_what_cannot_be_kept_is_not_recorded_as_if_it_were(found: Scan) -> None:
    with pytest.raises(LeakwatchError, match="磁盘已满"):
        record(found, ASKED, replace(MEANS, keeper=Full()))
    assert LogEntry.objects.count() == Original.objects.count() == 0


def test_what_was_sealed_and_not_recorded_is_sealed_once(tmp_path: Path) -> None:
    """Whoever is killed between the two reads it again."""
    home = house(tmp_path)
    found = real(scan(Post()), tmp_path / "copies")
    keep(found, Keeper(home.vault))
    assert [problem.flaw for problem in home.problems()] == [Flaw.EXTRA]
    record(found, ASKED, replace(MEANS, keeper=Keeper(home.vault)))
    assert home.problems() == []
    assert Original.objects.filter(is_kept=True).count() == len(list(home.vault.keys.ids())) == 1


def test_a_batch_whose_key_is_gone_is_not_waited_for(tmp_path: Path) -> None:
    home = house(tmp_path)
    found = real(scan(Post()), tmp_path / "copies")
    keep(found, Keeper(home.vault))
    for batch in home.vault.keys.ids():
        home.vault.purge(batch)
    record(found, ASKED, replace(MEANS, keeper=Keeper(home.vault)))
    assert home.problems() == []


def test_a_file_keeps_the_time_it_was_first_taken(found: Scan) -> None:
    record(found, ASKED, MEANS)
    later = tuple(replace(file, taken_at=NOON.replace(year=2032)) for file in found.received)
    record(replace(found, received=later), ASKED, MEANS)
    assert set(Original.objects.values_list("taken_at", flat=True)) == {NOON}
