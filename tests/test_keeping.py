"""Originals are sealed as the settings say, under a key that nobody else is told; lost parts are not made anew."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leakwatch.config import Config, Paths, Store
from leakwatch.errors import KeyRefused, LeakwatchError
from leakwatch.keeping import KEYS, Keeping, evidence_vault, prepare, refuse_without_rows
from leakwatch.store.models import Original
from leakwatch.vault.keys import VARIABLE, MasterKey, make_key
from tests.conftest import NOON


def test_originals_are_sealed_in_the_suite_of_the_settings(tmp_path: Path) -> None:
    make_key(tmp_path / "主密钥", [])
    paths, store = Paths(data_dir=tmp_path / "data"), Store(suite="sm", key_file=tmp_path / "主密钥")
    vault = evidence_vault(Config(paths=paths, store=store), {})
    sealed = vault.keep_stream([b"abc"], vault.new_batch())

    assert sealed.suite == "sm"
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "evidence" / sealed.key_id / "key").is_file()


def test_the_master_key_does_not_stay_in_the_environment(tmp_path: Path) -> None:
    environ = {VARIABLE: "ab" * 32, "HOME": "/"}
    vault = evidence_vault(Config(paths=Paths(data_dir=tmp_path / "data")), environ)

    assert (environ, vault.keys.master) == ({"HOME": "/"}, MasterKey(b"\xab" * 32))


def test_who_only_serves_pages_loads_no_readers_and_no_scanners() -> None:
    """They take half a second and 14 MB, and few processes are ever asked to inspect something."""
    asked = (
        "import sys, leakwatch.inspection, leakwatch.keeping;"
        "print({'leakwatch.readings', 'leakwatch.scanners'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True)
    assert done.stdout.strip() == b"set()"


def opened(folder: Path) -> Keeping:
    config = Config(
        paths=Paths(data_dir=folder / "data"), store=Store(key_file=folder / "leakwatch.key", database="")
    )
    return prepare(config, {}, lambda _said: None)


def seal(keeping: Keeping, folder: Path) -> None:
    (folder / "群.txt").write_bytes(b"1")
    keeping.vault.keep(folder / "群.txt", keeping.vault.new_batch())


def test_with_lost_data_keys_nothing_is_opened(tmp_path: Path) -> None:
    seal(opened(tmp_path), tmp_path)
    shutil.rmtree(tmp_path / "data" / KEYS)
    with pytest.raises(KeyRefused, match="数据密钥不见了"):
        opened(tmp_path)
    assert not (tmp_path / "data" / KEYS).exists()


def test_a_start_that_was_killed_over_its_data_key_is_made_up_for(tmp_path: Path) -> None:
    opened(tmp_path)
    shutil.rmtree(tmp_path / "data" / KEYS)
    left = tmp_path / "data" / KEYS / ("0" * 32)
    left.mkdir(parents=True, mode=0o700)
    first = opened(tmp_path).sealer.seal(b"x", "a")
    assert opened(tmp_path).sealer.open(first, "a") == b"x"


@pytest.mark.django_db
def test_empty_tables_beside_sealed_originals_are_refused(tmp_path: Path) -> None:
    keeping = opened(tmp_path)
    refuse_without_rows(keeping)
    keeping.vault.new_batch()
    refuse_without_rows(keeping)
    seal(keeping, tmp_path)
    with pytest.raises(LeakwatchError, match="数据库却不见了"):
        refuse_without_rows(keeping)
    Original.objects.create(sha256="a" * 64, size=1, taken_at=NOON)
    refuse_without_rows(keeping)
