"""`restore` brings nothing back that could not be opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leakwatch.config import load
from leakwatch.keeping import prepare
from leakwatch.store.backup import DATABASE
from leakwatch.vault.keys import make_key


@pytest.mark.parametrize(("key", "said"), [("gone", "请先把另存的主密钥放回"), ("another", "主密钥不对")])
def test_without_its_master_key_a_backup_is_not_restored(
    key: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[..., int],
    road: Callable[..., Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(load(None, {}), {}, lambda _sentence: None)
    backup = (tmp_path / "data").rename(tmp_path / "backup")
    (backup / DATABASE).touch()
    (tmp_path / "leakwatch.key").unlink()
    if key == "another":
        make_key(tmp_path / "leakwatch.key", [])
    assert call(road(), "restore", str(backup)) == 9
    assert said in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
