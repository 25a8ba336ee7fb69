"""Uploads that were read lie sealed, and come out as they went in."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from leakwatch.errors import EvidenceDamaged, LeakwatchError
from leakwatch.keeping import Keeper
from leakwatch.model import Sealed
from leakwatch.store import arrivals, deposits
from leakwatch.store.deposits import Means
from leakwatch.store.models import Arrival, LeadState, LogEntry, Original, ScanKind
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import Arrival as Rested
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_at
from tests.conftest import NOON
from tests.store.kept import House, decided, house
from tests.store.scans import PERSONAL, SEALER, Post

pytestmark = pytest.mark.django_db

FILES = {
    "导出/群.txt": b"1234",
    "导出/图片/1.jpg": b"\xff\xd8",
    "导出/图片/2.jpg": b"\xff\xd8",
    "导出/空": b"",
}
EXPORT = "青石群.json"
"""What `House.put` reads is a file that holds its own name."""
POST = Post(text="身份证310115197001010018", quote="310115197001010018", level=None, rule=PERSONAL)
"""Dismissed by one person."""


@pytest.fixture
def home(tmp_path: Path) -> House:
    return house(tmp_path)


def means(home: House) -> Means:
    return Means(sealer=SEALER, strongroom=Keeper(home.vault))


def ended(home: House, files: dict[str, bytes], name: str = "0a1b") -> tuple[Arrival, Path]:
    """An upload that was read, where it lies."""
    root = home.folder / "uploads"
    for path, data in files.items():
        place = root / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        os.utime(place, ns=(10**18, 10**18 + 7))
    listed = look_at(root, name) or []
    rested = Rested(name=name, signature=signature_of(listed), files=len(listed), size=9)
    arrivals.put(str(root), rested, ScanKind.UPLOAD, NOON)
    row = Queue("w").claim(NOON)
    assert row is not None
    arrivals.proved(row, NOON)
    return row, root / name


def put_away(home: House, row: Arrival, place: Path) -> Arrival:
    deposits.put_away(row, place, means(home), NOON)
    return Arrival.objects.get(pk=row.pk)


def laid_open(home: House, row: Arrival, name: str = "open") -> dict[str, bytes]:
    """The files as they lie open again."""
    folder = home.folder / name
    folder.mkdir()
    place = deposits.lay_open(row, means(home), folder)
    if place is None:
        return {}
    assert place.name == "0a1b"
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }


def test_no_plain_copy_stays_and_all_of_it_comes_out_again(home: House) -> None:
    row = put_away(home, *ended(home, FILES))
    assert list((home.folder / "uploads").iterdir()) == []
    assert laid_open(home, row) == FILES
    times = {path.stat().st_mtime_ns for path in (home.folder / "open").rglob("*") if path.is_file()}
    assert times == {10**18 + 7}
    assert home.problems() == []
    assert home.files() == {hashlib.sha256(data).hexdigest() for data in FILES.values()}


def test_its_names_stand_in_no_column_and_no_log(home: House) -> None:
    row = put_away(home, *ended(home, FILES))
    assert "群" not in str(Arrival.objects.filter(pk=row.pk).values())
    entry = LogEntry.objects.get(action="upload.sealed")
    assert (entry.subject, entry.details) == (f"arrival:{row.pk}", {"files": 4, "sealed": 3})


def test_a_file_by_itself_comes_out_as_one(home: House) -> None:
    root = home.folder / "uploads"
    root.mkdir()
    (root / "0a1b").write_bytes(b"1")
    row, place = ended(home, {})
    row = put_away(home, row, place)
    assert deposits.lay_open(row, means(home), home.folder) == home.folder / "0a1b"
    assert (home.folder / "0a1b").read_bytes() == b"1"


def test_what_holds_a_finding_is_kept_once(home: House) -> None:
    home.put(POST, export=EXPORT)
    row = put_away(home, *ended(home, {EXPORT: EXPORT.encode()}))
    assert Original.objects.filter(is_kept=True).count() == len(home.files()) == 1
    assert laid_open(home, row) == {EXPORT: EXPORT.encode()}


def test_a_purge_takes_it_out_of_the_upload_and_a_second_upload_does_not_bring_it_back(home: House) -> None:
    lead = home.put(POST, export=EXPORT).opened[0]
    row = put_away(home, *ended(home, {EXPORT: EXPORT.encode(), "会议.txt": b"2"}))
    decided(lead, LeadState.DISMISSED)
    home.purge(lead)
    assert laid_open(home, row) == {"会议.txt": b"2"}
    again = put_away(home, *ended(home, {EXPORT: EXPORT.encode()}, "0c"))
    assert deposits.lay_open(again, means(home), home.folder / "nothing") is None
    assert home.files() == {hashlib.sha256(b"2").hexdigest()}
    assert home.problems() == []


def test_a_later_finding_in_it_is_purged_with_its_lead(home: House) -> None:
    put_away(home, *ended(home, {EXPORT: EXPORT.encode(), "会议.txt": b"2"}))
    lead = home.put(POST, export=EXPORT, at=NOON + timedelta(days=1)).opened[0]
    decided(lead, LeadState.DISMISSED)
    home.purge(lead)
    assert home.files() == {hashlib.sha256(b"2").hexdigest()}


def test_after_a_break_it_is_put_away_once_more(home: House) -> None:
    row, place = ended(home, FILES)
    shutil.copytree(place, home.folder / "copy")
    put_away(home, row, place)
    shutil.copytree(home.folder / "copy", place)
    row = put_away(home, row, place)
    assert len(home.files()) == 3
    assert laid_open(home, row) == FILES


@pytest.mark.parametrize("harm", ["lost", "changed"])
def test_what_is_missing_or_damaged_is_an_error_and_not_less_to_read(home: House, harm: str) -> None:
    row = put_away(home, *ended(home, FILES))
    sealed = next(path for path in (home.folder / "evidence").rglob("*") if len(path.name) == 64)
    data = sealed.read_bytes()
    sealed.unlink()
    if harm == "changed":
        sealed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(EvidenceDamaged if harm == "changed" else LeakwatchError):
        laid_open(home, row)


class Full(Keeper):
    """A vault whose disk is full after one file."""

    def keep(self, source: Path, key_id: str) -> Sealed:
        if source.name == "2.jpg":
            raise LeakwatchError("磁盘已满")
        return super().keep(source, key_id)


def test_what_a_full_disk_or_a_kill_breaks_off_goes_on_and_leaves_no_second_copy(home: House) -> None:
    files = {**FILES, "导出/图片/2.jpg": b"3"}
    row, place = ended(home, files)
    full = replace(means(home), strongroom=Full(home.vault))
    with pytest.raises(LeakwatchError, match="磁盘已满"):
        deposits.put_away(row, place, full, NOON)
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == set(files)
    assert [one.pk for one in deposits.open_ones(str(place.parent))] == [row.pk]
    assert laid_open(home, put_away(home, row, place)) == files
    assert home.problems() == []


def test_a_scan_that_finds_something_in_it_meanwhile_keeps_it_where_it_was_named(home: House) -> None:
    row, place = ended(home, {EXPORT: EXPORT.encode(), "2.jpg": b"3"})
    with pytest.raises(LeakwatchError, match="磁盘已满"):
        deposits.put_away(row, place, replace(means(home), strongroom=Full(home.vault)), NOON)
    home.put(POST, export=EXPORT)
    put_away(home, row, place)
    assert home.problems() == []
    assert len(home.files()) == len(list(home.vault.keys.ids())) == 2


def test_links_are_not_followed(home: House) -> None:
    (home.folder / "fremd.txt").write_bytes(b"elsewhere")
    row, place = ended(home, {"群.txt": b"1"})
    (place / "link.txt").symlink_to(home.folder / "fremd.txt")
    row = put_away(home, row, place)
    assert laid_open(home, row) == {"群.txt": b"1"}
    assert (home.folder / "fremd.txt").exists()
