"""Evidence is fixed before anything reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.vault import Vault


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
