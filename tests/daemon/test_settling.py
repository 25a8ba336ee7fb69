"""What was read is put where it belongs; what was not read in whole gets a note."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from leakwatch.daemon.rounds import Root
from leakwatch.daemon.settling import settle
from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, ScanKind
from leakwatch.store.queue import Queue
from leakwatch.watch.inbox import Arrival as Rested
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_at, reason_name
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def ended(root: Path, name: str, *, is_read: bool) -> Arrival:
    (root / name).write_text(name, "utf-8")
    files = look_at(root, name)
    assert files is not None
    rested = Rested(name=name, signature=signature_of(files), files=1, size=1)
    arrivals.put(str(root), rested, ScanKind.INBOX, NOON)
    row = Queue("w").claim(NOON)
    assert row is not None
    if is_read:
        arrivals.proved(row, NOON)
    else:
        arrivals.give_up(row, "打不开", NOON)
    return row


def below(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("moves", "is_read", "left"),
    [
        (False, True, {"群.zip"}),
        (False, False, {"群.zip", "群.zip.reason.txt"}),
        (True, True, {"done/群.zip"}),
        (True, False, {"unread/群.zip", "unread/群.zip.reason.txt"}),
    ],
)
def test_each_lies_where_its_inbox_says(tmp_path: Path, moves: bool, is_read: bool, left: set[str]) -> None:
    ended(tmp_path, "群.zip", is_read=is_read)
    assert settle(Root(path=tmp_path, kind="inbox", moves=moves), None) == 1
    assert below(tmp_path) == left
    place = next(iter(left - {name for name in left if "reason" in name})) if moves else ""
    assert arrivals.place_of(Arrival.objects.get()) == place


@pytest.mark.skipif(sys.platform == "win32", reason="its rights are not in the mode")
def test_who_may_drop_may_also_read_why_it_was_not_read(tmp_path: Path) -> None:
    root = tmp_path / "收件"
    root.mkdir()
    root.chmod(0o2770)
    before = os.umask(0o077)
    try:
        ended(root, "群.zip", is_read=False)
        settle(Root(path=root, kind="inbox", moves=True), None)
    finally:
        os.umask(before)
    left = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (root / "unread", *root.glob("*/*.txt"))}
    assert left == {"unread": 0o2770, "群.zip.reason.txt": 0o660}


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "群.zip").touch()
    ended(tmp_path, "群.zip", is_read=True)
    settle(Root(path=tmp_path, kind="inbox", moves=True), None)
    assert below(tmp_path) == {"done/群.zip", "done/群-2.zip"}


def test_the_note_of_a_long_name_fits(tmp_path: Path) -> None:
    ended(tmp_path, "长" * 84, is_read=False)
    assert settle(Root(path=tmp_path, kind="inbox"), None) == 1
    assert (tmp_path / reason_name("长" * 84)).exists()


@pytest.mark.parametrize("is_read", [True, False])
def test_somebody_s_own_file_that_is_called_like_a_note_stays(tmp_path: Path, is_read: bool) -> None:
    own = tmp_path / "群.zip.reason.txt"
    own.write_text("机密★10年", "utf-8")
    ended(tmp_path, "群.zip", is_read=is_read)
    settle(Root(path=tmp_path, kind="inbox"), None)
    assert own.read_text("utf-8") == "机密★10年"
    assert (tmp_path / "群.zip.reason-2.txt").exists() is not is_read


def test_what_changed_since_is_left_alone(tmp_path: Path) -> None:
    ended(tmp_path, "群.zip", is_read=True)
    (tmp_path / "群.zip").write_text("much longer than before", "utf-8")
    settle(Root(path=tmp_path, kind="inbox", moves=True), None)
    assert below(tmp_path) == {"群.zip"}


def test_what_cannot_be_moved_keeps_nothing_else_from_being_put_away(tmp_path: Path) -> None:
    ended(tmp_path, "坏.zip", is_read=False)
    ended(tmp_path, "好.zip", is_read=True)
    (tmp_path / "unread").write_text("a file in the place of the folder", "utf-8")
    assert settle(Root(path=tmp_path, kind="inbox", moves=True), None) == 1
    assert below(tmp_path) == {"坏.zip", "unread", "done/好.zip"}
