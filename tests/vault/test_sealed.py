"""Originals stay as they came, for whoever has the key, until their batch is purged."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakwatch.errors import EvidenceDamaged, KeyRefused, LeakwatchError, Unreadable
from leakwatch.model import Reason, Sealed
from leakwatch.vault.keys import MasterKey
from leakwatch.vault.sealed import Flaw, SealedVault
from leakwatch.vault.suites import INTL, SM, Suite
from tests.conftest import NOON

ABC = Sealed(
    sha256=hashlib.sha256(b"abc").hexdigest(),
    sm3="66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    size=3,
    suite="",
    key_id="",
    stored_at=NOON,
)
PEAK = """
import resource, sys
from datetime import datetime
from pathlib import Path
from leakwatch.model import SHANGHAI
from leakwatch.vault.keys import MasterKey
from leakwatch.vault.sealed import SealedVault
from leakwatch.vault.suites import INTL
vault = SealedVault(Path(sys.argv[1]), INTL, MasterKey(bytes(32)), lambda: datetime.now(SHANGHAI))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sealed = vault.keep_stream((bytes(1 << 20) for _ in range(300)), vault.new_batch())
assert list(vault.verify([sealed])) == []
print(sealed.size >> 20, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from leakwatch.model import SHANGHAI
from leakwatch.vault.keys import MasterKey
from leakwatch.vault.sealed import SealedVault
from leakwatch.vault.suites import INTL
vault = SealedVault(Path(sys.argv[1]), INTL, MasterKey(bytes(32)), lambda: datetime.now(SHANGHAI))
sys.addaudithook(lambda event, _: os._exit(7) if event == "os.rename" else None)
vault.new_batch()
"""


def read(store: SealedVault, sealed: Sealed) -> bytes:
    with store.open(sealed.sha256, sealed.key_id) as plain:
        return plain.read()


def place(tmp_path: Path, sealed: Sealed) -> Path:
    return tmp_path / "evidence" / sealed.key_id / sealed.sha256[:2] / sealed.sha256


def overwrite(path: Path, data: bytes) -> None:
    """As root would, whatever the mode; the mode stays."""
    mode = path.stat().st_mode
    path.chmod(0o600)
    path.write_bytes(data)
    path.chmod(mode)


def flaws(store: SealedVault, *index: Sealed) -> list[tuple[Flaw, str, str]]:
    return [(problem.flaw, problem.key_id, problem.sha256) for problem in store.verify(index)]


def test_an_original_is_kept_with_both_check_values(store: SealedVault, suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "群聊.txt").write_bytes(b"abc")
    key_id = store.new_batch()
    sealed = store.keep(tmp_path / "群聊.txt", key_id)

    assert sealed == replace(ABC, suite=suite.name, key_id=key_id)
    assert read(store, sealed) == b"abc"
    assert list(store.verify([sealed])) == []


def test_its_file_is_named_by_its_hash_and_nobody_writes_or_reads_it(
    store: SealedVault, tmp_path: Path
) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())
    kept = place(tmp_path, sealed)

    assert kept.stat().st_mode & 0o777 == 0o400
    assert b"abc" not in kept.read_bytes()
    assert [path.stat().st_mode & 0o777 for path in kept.parents][:3] == [0o700] * 3


def test_the_same_bytes_are_kept_once_in_a_batch_and_once_in_each(store: SealedVault, tmp_path: Path) -> None:
    one, two = store.new_batch(), store.new_batch()
    first, again = store.keep_stream([b"abc"], one), store.keep_stream([b"a", b"bc"], one)
    other = store.keep_stream([b"abc"], two)

    assert (first, other) == (again, replace(first, key_id=two))
    assert len([path for path in (tmp_path / "evidence").rglob("*") if path.name == first.sha256]) == 2


def test_to_keep_what_is_there_proves_it_and_keeps_its_time(tmp_path: Path, master: MasterKey) -> None:
    times = iter([NOON, NOON, NOON + timedelta(days=1), NOON + timedelta(days=2)])
    store = SealedVault(tmp_path / "evidence", INTL, master, lambda: next(times))
    key_id = store.new_batch()
    first = store.keep_stream([b"abc"], key_id)
    assert store.keep_stream([b"abc"], key_id).stored_at == NOON

    kept = place(tmp_path, first)
    overwrite(kept, kept.read_bytes()[:-1] + b"\0")
    with pytest.raises(EvidenceDamaged):
        store.keep_stream([b"abc"], key_id)


def test_a_stream_that_breaks_leaves_nothing_behind(store: SealedVault, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"abc" * (1 << 20)
        raise Unreadable(Reason.TOO_BIG, "超过上限")

    key_id = store.new_batch()
    with pytest.raises(Unreadable):
        store.keep_stream(broken(), key_id)

    assert flaws(store) == []
    assert list((tmp_path / "evidence" / "parts").iterdir()) == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_written(
    store: SealedVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_id = store.new_batch()
    kept = store.keep_stream([b"abc"], key_id)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LeakwatchError, match="磁盘已满，这个文件没有存入"):
        store.keep_stream([b"def"], key_id)

    assert flaws(store, kept) == []
    assert list((tmp_path / "evidence" / "parts").iterdir()) == []


def test_what_a_killed_process_left_goes_after_two_days(
    store: SealedVault, tmp_path: Path, master: MasterKey
) -> None:
    old, new = (tmp_path / "evidence" / "parts" / f"part-{name}" for name in ("old", "new"))
    for path, days in ((old, 2.1), (new, 1.9)):
        path.touch()
        moment = (NOON - timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    SealedVault(tmp_path / "evidence", INTL, master, lambda: NOON)

    assert (old.exists(), new.exists(), flaws(store)) == (False, True, [])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_flipped_byte_is_said_when_it_is_read_and_when_all_is_verified(
    store: SealedVault, tmp_path: Path, position: float, flip: int
) -> None:
    sealed = store.keep_stream([b"x" * 999], store.new_batch())
    data = bytearray(place(tmp_path, sealed).read_bytes())
    data[int(position * len(data))] ^= flip
    overwrite(place(tmp_path, sealed), bytes(data))

    with pytest.raises(EvidenceDamaged):
        read(store, sealed)
    assert (Flaw.DAMAGED, sealed.key_id, sealed.sha256) in flaws(store, sealed)
    store.purge(sealed.key_id)


def test_two_originals_cannot_change_places(store: SealedVault, tmp_path: Path) -> None:
    key_id = store.new_batch()
    one, two = store.keep_stream([b"abc"], key_id), store.keep_stream([b"def"], key_id)
    here, there = place(tmp_path, one), place(tmp_path, two)
    swapped = here.read_bytes(), there.read_bytes()
    overwrite(there, swapped[0])
    overwrite(here, swapped[1])

    for sealed in (one, two):
        with pytest.raises(EvidenceDamaged, match="这里放的是另一个原件"):
            read(store, sealed)
    assert flaws(store, one, two) == [(Flaw.DAMAGED, key_id, one.sha256), (Flaw.DAMAGED, key_id, two.sha256)]


def test_the_same_original_of_another_batch_does_not_fit(store: SealedVault, tmp_path: Path) -> None:
    one, two = (store.keep_stream([b"abc"], store.new_batch()) for _ in range(2))
    overwrite(place(tmp_path, one), place(tmp_path, two).read_bytes())

    with pytest.raises(EvidenceDamaged, match="这里放的是另一个原件"):
        read(store, one)


def test_whatever_differs_from_the_index_is_one_row(store: SealedVault, tmp_path: Path) -> None:
    key_id = store.new_batch()
    missing, forgotten, fine, wrong = (store.keep_stream([word], key_id) for word in (b"1", b"2", b"3", b"4"))
    place(tmp_path, missing).unlink()
    place(tmp_path, fine).chmod(0o644)
    (tmp_path / "evidence" / "笔记.txt").touch(0o600)
    (tmp_path / "evidence" / key_id / "way").symlink_to(tmp_path)
    index = [missing, fine, replace(wrong, sm3=fine.sm3)]

    assert sorted(flaws(store, *index)) == [
        (Flaw.DIFFERENT, key_id, wrong.sha256),
        (Flaw.EXTRA, "", ""),
        (Flaw.EXTRA, key_id, ""),
        (Flaw.EXTRA, key_id, forgotten.sha256),
        (Flaw.MISSING, key_id, missing.sha256),
        (Flaw.OPEN, key_id, fine.sha256),
    ]


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440, 0o404, 0o420])
def test_an_original_with_another_mode_is_told(store: SealedVault, tmp_path: Path, mode: int) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())
    place(tmp_path, sealed).chmod(mode)

    assert flaws(store, sealed) == [(Flaw.OPEN, sealed.key_id, sealed.sha256)] * (mode != 0o400)


@pytest.mark.parametrize("name", ["", "{key_id}", "{key_id}/key", "{key_id}/ba"])
def test_a_folder_or_key_that_others_may_open_is_told(store: SealedVault, tmp_path: Path, name: str) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())
    path = tmp_path / "evidence" / name.format(key_id=sealed.key_id)
    path.chmod(path.stat().st_mode | 0o040)

    (problem,) = store.verify([sealed])
    assert (problem.flaw, problem.key_id) == (Flaw.OPEN, sealed.key_id if name else "")


def test_a_batch_without_its_key_is_one_row(store: SealedVault, tmp_path: Path) -> None:
    key_id = store.new_batch()
    index = [store.keep_stream([word], key_id) for word in (b"1", b"2")]
    (tmp_path / "evidence" / key_id / "key").unlink()

    assert flaws(store, *index) == [(Flaw.KEY, key_id, "")]


def test_under_another_master_key_nothing_opens_and_the_sentence_says_why(
    store: SealedVault, tmp_path: Path, suite: Suite
) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())
    other = SealedVault(tmp_path / "evidence", suite, MasterKey(b"\xff" * 32), lambda: NOON)

    for attempt in (lambda: read(other, sealed), lambda: other.keep_stream([b"def"], sealed.key_id)):
        with pytest.raises(KeyRefused, match="主密钥不对"):
            attempt()
    assert flaws(other, sealed) == [(Flaw.KEY, sealed.key_id, "")]


def test_a_batch_stays_readable_when_the_suite_of_new_ones_changes(tmp_path: Path, master: MasterKey) -> None:
    sealed, other = (
        (vault := SealedVault(tmp_path / "evidence", suite, master, lambda: NOON)).keep_stream(
            [b"abc"], vault.new_batch()
        )
        for suite in (INTL, SM)
    )
    store = SealedVault(tmp_path / "evidence", SM, master, lambda: NOON)

    assert (read(store, sealed), read(store, other)) == (b"abc", b"abc")
    assert list(store.verify([sealed, other])) == []


def test_a_purge_leaves_nothing_readable_and_takes_nothing_of_others(
    store: SealedVault, tmp_path: Path
) -> None:
    gone, stays = (store.keep_stream([b"abc"], store.new_batch()) for _ in range(2))
    copy = tmp_path / "copy"
    copy.write_bytes(place(tmp_path, gone).read_bytes())

    assert store.purge(gone.key_id) == 1
    assert [path.name for path in (tmp_path / "evidence").iterdir() if gone.key_id in path.name] == []
    for attempt in (lambda: read(store, gone), lambda: store.keep_stream([b"abc"], gone.key_id)):
        with pytest.raises(LeakwatchError, match="已清除"):
            attempt()
    # A copy of the sealed file comes back: without its data key it stays closed.
    place(tmp_path, gone).parent.mkdir(parents=True)
    place(tmp_path, gone).write_bytes(copy.read_bytes())
    with pytest.raises(LeakwatchError):
        read(store, gone)
    assert read(store, stays) == b"abc"


def test_a_purge_that_was_broken_off_can_be_finished(store: SealedVault, tmp_path: Path) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())
    store.keys.drop(sealed.key_id)

    assert store.purge(sealed.key_id) == 1
    assert flaws(store) == []
    with pytest.raises(LeakwatchError, match="没有这一批"):
        store.purge(sealed.key_id)


def test_a_purge_follows_no_link_out_of_the_vault(store: SealedVault, tmp_path: Path) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())
    (tmp_path / "others" / "ab").mkdir(parents=True)
    (tmp_path / "others" / "ab" / "群聊.txt").write_bytes(b"mine")
    (tmp_path / "others" / "ab" / "群聊.txt").chmod(0o440)
    (tmp_path / "evidence" / sealed.key_id / "way").symlink_to(tmp_path / "others")
    (tmp_path / "evidence" / sealed.key_id / "file").symlink_to(tmp_path / "others" / "ab" / "群聊.txt")
    store.purge(sealed.key_id)

    assert not (tmp_path / "evidence" / sealed.key_id).exists()
    kept = tmp_path / "others" / "ab" / "群聊.txt"
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (b"mine", 0o440)


def test_a_key_that_cannot_be_destroyed_is_a_sentence_and_nothing_is_purged(
    store: SealedVault, tmp_path: Path
) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())
    key_file = tmp_path / "evidence" / sealed.key_id / "key"
    key_file.unlink()
    key_file.mkdir()

    with pytest.raises(LeakwatchError, match="这批证据没有清除"):
        store.purge(sealed.key_id)
    assert place(tmp_path, sealed).exists()


def test_what_was_purged_while_it_was_kept_is_not_kept(store: SealedVault) -> None:
    key_id = store.new_batch()

    def purged_meanwhile() -> Iterator[bytes]:
        yield b"abc"
        store.purge(key_id)

    with pytest.raises(LeakwatchError, match="已清除"):
        store.keep_stream(purged_meanwhile(), key_id)


@pytest.mark.parametrize("sha256", ["", "../../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_what_is_no_check_value_leads_nowhere(store: SealedVault, sha256: str) -> None:
    with pytest.raises(LeakwatchError, match="不是 SHA-256 校验值"):
        store.open(sha256, store.new_batch())


def test_an_original_that_was_never_there_is_a_sentence(store: SealedVault) -> None:
    with pytest.raises(LeakwatchError, match="没有这个原件"):
        store.open("ab" * 32, store.new_batch())


def test_a_folder_that_others_may_open_is_refused(tmp_path: Path, master: MasterKey) -> None:
    (tmp_path / "shared").mkdir(mode=0o755)
    with pytest.raises(LeakwatchError, match="chmod 700"):
        SealedVault(tmp_path / "shared", INTL, master, lambda: NOON)


def test_memory_stays_flat_whatever_the_size(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    command = [sys.executable, "-c", PEAK, str(tmp_path / "evidence")]
    mebibytes, grown = map(int, subprocess.run(command, check=True, capture_output=True).stdout.split())

    assert mebibytes == 300
    assert grown < 32


def test_a_data_key_that_a_kill_left_half_written_is_no_fault(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    assert subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False).returncode == 7
    assert len([path for path in folder.rglob("part-*") if path.is_file()]) == 1
    store = SealedVault(folder, INTL, MasterKey(bytes(32)), lambda: NOON)
    assert list(store.verify([])) == []
