"""Originals are sealed as the settings say, under a key that nobody else is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from leakwatch.config import Config, Paths, Store
from leakwatch.keeping import evidence_vault
from leakwatch.vault.keys import VARIABLE, MasterKey, make_key


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


def test_what_only_looks_into_the_store_loads_no_readers_and_no_scanners() -> None:
    """Each process of the page would: half a second and what they keep in memory."""
    asked = "import sys, leakwatch.keeping; print({'leakwatch.readings', 'leakwatch.scanners'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True)
    assert done.stdout.strip() == b"set()"
