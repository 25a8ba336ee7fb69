"""Debian packages are an extra."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.errors import LeakwatchError
from release import debs


def test_a_machine_without_apt_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(LeakwatchError, match=r"^本机没有 apt$"):
        debs.download(tmp_path / "debs")


def test_the_notes_name_every_package() -> None:
    notes = (Path(debs.__file__).parent / "files" / "安装说明.txt").read_text("utf-8")

    assert [name for name in debs.PACKAGES if name not in notes] == []
