"""Evidence is fixed before anything reads it."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from leakwatch.errors import LeakwatchError, Unreadable
from leakwatch.model import Reason
from leakwatch.vault import Vault, private_folder

HOLDER = """
import sys
from pathlib import Path
from leakwatch.vault import private_folder
with private_folder(Path(sys.argv[1])) as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_evidence_is_named_by_its_hash_and_keeps_the_inner_path_as_words(vault: Vault) -> None:
    kept = vault.keep_stream([b"abc"], "群.zip!../../etc/passwd")

    assert kept.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert (kept.path.name, kept.name, kept.size) == (kept.sha256, "passwd", 3)
    assert kept.inner_path == "群.zip!../../etc/passwd"


def test_the_same_bytes_are_kept_once(vault: Vault, tmp_path: Path) -> None:
    first = vault.keep_stream([b"a", b"bc"], "一.txt")
    second = vault.keep_stream([b"abc"], "二.txt", first)

    assert first.path == second.path
    assert second.parent == first.sha256
    assert len(list((tmp_path / "vault").iterdir())) == 1


def test_a_stream_that_breaks_leaves_nothing_behind(vault: Vault, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"abc"
        raise Unreadable(Reason.TOO_BIG, "超过上限")

    with pytest.raises(Unreadable):
        vault.keep_stream(broken(), "大.txt")

    assert list((tmp_path / "vault").iterdir()) == []


def test_the_folder_belongs_to_the_user_alone(vault: Vault, tmp_path: Path) -> None:
    assert (tmp_path / "vault").stat().st_mode & 0o777 == 0o700


def test_a_missing_source_is_unreadable(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        vault.keep(tmp_path / "没有", "没有")


def aged(folder: Path, days: float) -> Path:
    """The folder as it would look if nothing had changed in it for so long."""
    moment = time.time() - days * 24 * 3600
    os.utime(folder, (moment, moment))
    return folder


def test_a_private_folder_is_for_its_owner_alone_and_goes_with_the_block(tmp_path: Path) -> None:
    with private_folder(tmp_path / "data") as folder:
        assert folder.parent == tmp_path / "data"
        assert folder.name.startswith(f"leakwatch-scan-{os.getpid()}-")
        assert (folder.stat().st_mode & 0o777, (tmp_path / "data").stat().st_mode & 0o777) == (0o700, 0o700)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_folder_in_use_is_never_swept_and_that_of_a_killed_scan_is(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        held = aged(Path(os.fsdecode(holder.stdout.readline().strip())), days=9)
        with private_folder(tmp_path):
            assert held.is_dir()
        holder.send_signal(signal.SIGKILL)
    with private_folder(tmp_path):
        assert not held.exists()


@pytest.mark.parametrize(("days", "stays"), [(0, True), (1.9, True), (2.1, False)])
def test_where_no_lock_can_tell_age_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: float, stays: bool
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    locked, bare = tmp_path / "leakwatch-scan-1-abcdefgh", tmp_path / "leakwatch-scan-1-ijklmnop"
    for folder in (locked, bare):
        folder.mkdir()
    (locked / "lock").touch()
    aged(locked, days)
    aged(bare, days)
    with private_folder(tmp_path) as own:
        assert own.is_dir()
        assert (locked.exists(), bare.exists()) == (stays, stays)


def test_other_folders_stay_however_old(tmp_path: Path) -> None:
    others = [tmp_path / name for name in ("leakwatch-notes", "群聊导出")]
    for folder in others:
        folder.mkdir()
        aged(folder, days=99)
    with private_folder(tmp_path):
        assert all(folder.exists() for folder in others)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(LeakwatchError, match="data：文件夹建不了"), private_folder(tmp_path / "data"):
        pass
