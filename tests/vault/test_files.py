"""A file has its name once it is whole, and never before."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from leakwatch.errors import LeakwatchError, Unreadable
from leakwatch.model import Reason
from leakwatch.vault.files import chunks_of, make_private, name_file, remove, unnamed


def test_a_named_file_is_whole_and_has_its_mode(tmp_path: Path) -> None:
    with unnamed(tmp_path) as file:
        file.write(b"abc")
        assert [path.name[:5] for path in tmp_path.iterdir()] == ["part-"]
        name_file(file, tmp_path / "a", 0o400)

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "a").stat().st_mode & 0o777) == (b"abc", 0o400)


def test_a_file_is_on_the_disk_before_it_has_its_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bool, bool]] = []

    def sync(handle: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(handle).st_mode), (tmp_path / "a").exists()))

    monkeypatch.setattr(os, "fsync", sync)
    with unnamed(tmp_path) as file:
        name_file(file, tmp_path / "a", 0o400)

    assert synced == [(False, False), (True, True)]


@pytest.mark.parametrize("why", [ValueError("x"), KeyboardInterrupt(), LeakwatchError("x")], ids=repr)
def test_a_file_that_gets_no_name_is_gone(tmp_path: Path, why: BaseException) -> None:
    with pytest.raises(type(why)), unnamed(tmp_path) as file:
        file.write(b"abc")
        raise why

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EDQUOT, "磁盘已满"),
        (errno.EROFS, "写不进去（Read-only file system）"),
    ],
)
def test_a_disk_that_takes_no_more_is_a_sentence(tmp_path: Path, number: int, words: str) -> None:
    why = OSError(number, "Read-only file system")
    with pytest.raises(LeakwatchError, match=words), unnamed(tmp_path):
        raise why

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LeakwatchError, match="没有：写不进去"), unnamed(tmp_path / "没有"):
        pass


def test_a_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    make_private(tmp_path / "a")
    make_private(tmp_path / "a")

    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_place_of_a_private_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(LeakwatchError, match="a：写不进去"):
        make_private(tmp_path / "a")


def test_what_is_read_only_can_be_removed_and_what_is_not_there_too(tmp_path: Path) -> None:
    (tmp_path / "a").touch(0o400)
    remove(tmp_path / "a")
    remove(tmp_path / "a")

    assert list(tmp_path.iterdir()) == []


def test_a_source_is_read_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * ((1 << 20) + 1))
    assert [len(chunk) for chunk in chunks_of(tmp_path / "a")] == [1 << 20, 1]


def test_a_source_that_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        list(chunks_of(tmp_path))
    assert caught.value.reason is Reason.DAMAGED
