"""A look into a real folder."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from leakwatch.watch.inbox import File, signature_of
from leakwatch.watch.listing import REASON_HEAD, is_being_written, look_into, reason_name


def put(path: Path, text: str = "一") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_files_and_folders_at_the_top_are_arrivals(tmp_path: Path) -> None:
    put(tmp_path / "群.txt")
    put(tmp_path / "云岭" / "图片" / "1.jpg")
    put(tmp_path / "云岭" / "群.html")
    listing = look_into(tmp_path)
    assert listing is not None
    assert {name: [file.path for file in files] for name, files in listing.arrivals.items()} == {
        "云岭": ["云岭/图片/1.jpg", "云岭/群.html"],
        "群.txt": ["群.txt"],
    }


def test_what_systems_leave_behind_and_what_was_moved_away_is_none(tmp_path: Path) -> None:
    for name in (
        ".DS_Store",
        "._群.txt",
        ".坏.zip.reason.txt.part",
        "Thumbs.db",
        "done/旧.txt",
        "unread/坏.zip",
    ):
        put(tmp_path / name)
    (tmp_path / "空的").mkdir()
    listing = look_into(tmp_path, moves=True)
    assert listing is not None
    assert listing.arrivals == {}


def test_what_is_hidden_is_an_arrival_and_part_of_one(tmp_path: Path) -> None:
    for name in (".机密.docx", "~$稿.docx", ".藏/群.txt", "云岭/.机密.docx"):
        put(tmp_path / name)
    listing = look_into(tmp_path)
    assert listing is not None
    assert {name: [file.path for file in files] for name, files in listing.arrivals.items()} == {
        ".机密.docx": [".机密.docx"],
        ".藏": [".藏/群.txt"],
        "~$稿.docx": ["~$稿.docx"],
        "云岭": ["云岭/.机密.docx"],
    }


def test_where_nothing_is_moved_a_folder_called_done_is_an_arrival(tmp_path: Path) -> None:
    put(tmp_path / "done" / "群.txt")
    listing = look_into(tmp_path)
    assert listing is not None
    assert list(listing.arrivals) == ["done"]


@pytest.mark.parametrize("name", ["群.zip", "长" * 84])
def test_the_note_beside_an_arrival_is_none_but_alone_it_is_one(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)
    put(tmp_path / reason_name(name), f"\ufeff{REASON_HEAD}\r\n要密码\r\n")
    with_it = look_into(tmp_path)
    (tmp_path / name).unlink()
    alone = look_into(tmp_path)
    assert with_it is not None
    assert alone is not None
    assert (list(with_it.arrivals), list(alone.arrivals)) == ([name], [reason_name(name)])


def test_a_file_that_only_bears_the_name_of_a_note_is_an_arrival(tmp_path: Path) -> None:
    put(tmp_path / "群.zip")
    put(tmp_path / "群.zip.reason.txt", "机密★10年")
    listing = look_into(tmp_path)
    assert listing is not None
    assert list(listing.arrivals) == ["群.zip", "群.zip.reason.txt"]


def test_folders_nested_deeper_than_the_stack_are_walked(tmp_path: Path) -> None:
    folders = [tmp_path / "深"]
    while len(folders) <= 1_200:
        folders.append(folders[-1] / "a")
    for folder in folders:
        folder.mkdir()
    put(folders[-1] / "群.txt")
    listing = look_into(tmp_path)
    (folders[-1] / "群.txt").unlink()
    for folder in reversed(folders):  # pytest's own cleaning recurses
        folder.rmdir()
    assert listing is not None
    assert [len(file.path.split("/")) for file in listing.arrivals["深"]] == [1_202]


def test_a_folder_that_is_called_done_further_down_is_not_ours(tmp_path: Path) -> None:
    put(tmp_path / "云岭" / "done" / "群.txt")
    listing = look_into(tmp_path)
    assert listing is not None
    assert list(listing.arrivals) == ["云岭"]


def test_a_link_is_listed_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "外面"
    put(outside / "a.txt")
    root = tmp_path / "收件"
    root.mkdir()
    (root / "链接").symlink_to(outside)
    listing = look_into(root)
    assert listing is not None
    assert [file.path for file in listing.arrivals["链接"]] == ["链接"]


def test_a_folder_that_is_not_there_is_told_from_an_empty_one(tmp_path: Path) -> None:
    assert look_into(tmp_path / "没有") is None
    empty = look_into(tmp_path)
    assert empty is not None
    assert empty.arrivals == {}


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_a_file_that_is_open_for_writing_is_known(tmp_path: Path) -> None:
    path = tmp_path / "群.txt"
    put(path)
    listed = [File(path="群.txt", size=3, mtime_ns=0)]
    with path.open("a"):
        assert is_being_written(tmp_path, listed)
    assert not is_being_written(tmp_path, listed)


def test_a_file_that_is_gone_is_not_being_written(tmp_path: Path) -> None:
    assert not is_being_written(tmp_path, [File(path="没有.txt", size=0, mtime_ns=0)])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone changes who it is")
def test_what_may_be_read_at_last_is_another_one() -> None:
    before = os.getuid()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        put(root / "群.txt")
        (root / "群.txt").chmod(0o600)
        os.setreuid(65534, -1)
        try:
            closed = look_into(root)
            (root / "群.txt").chmod(0o644)
            opened = look_into(root)
        finally:
            os.setreuid(before, -1)
    assert closed is not None
    assert opened is not None
    files = closed.arrivals["群.txt"] + opened.arrivals["群.txt"]
    assert [file.is_closed for file in files] == [True, False]
    assert signature_of(files[:1]) != signature_of(files[1:])
