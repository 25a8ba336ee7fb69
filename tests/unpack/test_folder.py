"""Files and folders as the user gave them."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from leakwatch.config import Limits
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import receive, unpack, walk
from leakwatch.vault import Vault

NOTHING = hashlib.sha256(b"").hexdigest()


def nothing_is_own(_: Path) -> bool:
    return False


def rows(path: Path, vault: Vault, limits: Limits | None = None) -> list[tuple[str, Reason | None]]:
    return [
        (row.evidence.inner_path, row.reason) if isinstance(row, Skipped) else (row.inner_path, None)
        for row in walk(path, vault, limits or Limits(), nothing_is_own)
    ]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "收件"
    (folder / "子").mkdir(parents=True)
    return folder


def test_regular_files_come_sorted_with_the_way_inside(inbox: Path, vault: Vault) -> None:
    for name in ("b.txt", "a.txt", "子/c!1.txt", ".DS_Store", "._a.txt"):
        (inbox / name).write_text("x")
    assert rows(inbox, vault) == [("收件/a.txt", None), ("收件/b.txt", None), ("收件/子/c!1.txt", None)]
    found = walk(inbox / "子" / "c!1.txt", vault, Limits(), nothing_is_own)
    assert [row.name for row in found if isinstance(row, Evidence)] == ["c!1.txt"]


def test_what_is_our_own_below_the_root_is_passed_over_but_never_the_root(inbox: Path, vault: Vault) -> None:
    for name in ("a.txt", "report.docx", "子/b.txt"):
        (inbox / name).write_text("x")
    own = {inbox, inbox / "report.docx", inbox / "子"}
    assert [
        row.inner_path
        for row in receive([inbox], vault, Limits(), own.__contains__)
        if isinstance(row, Evidence)
    ] == ["收件/a.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
def test_what_is_no_regular_file_is_passed_over_with_a_row(inbox: Path, vault: Vault) -> None:
    (inbox / "link").symlink_to("/etc/hostname")
    (inbox / "loop").symlink_to(inbox)
    os.mkfifo(inbox / "pipe")
    os.mknod(inbox / "socket", stat.S_IFSOCK | 0o600)
    (inbox / "空.txt").touch()
    assert rows(inbox, vault) == [
        ("收件/link", Reason.NOT_PERMITTED),
        ("收件/loop", Reason.NOT_PERMITTED),
        ("收件/pipe", Reason.UNSUPPORTED),
        ("收件/socket", Reason.UNSUPPORTED),
        ("收件/空.txt", Reason.DAMAGED),
    ]


def test_a_file_above_the_limit_is_not_copied_but_its_size_is_told(inbox: Path, vault: Vault) -> None:
    with (inbox / "大.bin").open("wb") as file:
        file.truncate(3 << 20)
    (row,) = walk(inbox / "大.bin", vault, Limits(file_mib=2), nothing_is_own)
    assert isinstance(row, Skipped)
    assert (row.reason, row.evidence.size, row.evidence.sha256) == (Reason.TOO_BIG, 3 << 20, NOTHING)


def test_a_path_that_is_gone_is_a_row(inbox: Path, vault: Vault) -> None:
    assert rows(inbox / "没有", vault) == [("没有", Reason.DAMAGED)]


def test_names_in_gbk_are_shown(inbox: Path, vault: Vault) -> None:
    Path(os.fsdecode(os.fsencode(inbox / "子") + b"/" + "群聊.txt".encode("gbk"))).write_text("x")
    assert rows(inbox, vault) == [("收件/子/群聊.txt", None)]


def test_each_received_archive_has_its_own_limits_and_nested_ones_share_them(
    inbox: Path, vault: Vault
) -> None:
    for name in ("1.zip", "2.zip"):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("b", "b")
            archive.writestr("c", "c")
        with zipfile.ZipFile(inbox / name, "w") as archive:
            archive.writestr("a", "a")
            archive.writestr("d.zip", inner.getvalue())
    found = [
        (row.name, row.reason) if isinstance(row, Skipped) else (row.inner_path, None)
        for file in receive([inbox], vault, Limits(), nothing_is_own)
        if not isinstance(file, Skipped)
        for row in unpack(file, vault, Limits(archive_entries=3))
    ]
    assert found == [
        ("收件/1.zip!a", None),
        ("收件/1.zip!d.zip!b", None),
        ("d.zip", Reason.TOO_BIG),
        ("收件/2.zip!a", None),
        ("收件/2.zip!d.zip!b", None),
        ("d.zip", Reason.TOO_BIG),
    ]
