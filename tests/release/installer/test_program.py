"""The program of a target, and what becomes of the one before it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from release import papers
from release.installer.program import make, write_launcher
from release.installer.running import Refused


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """One whose pip does not work."""
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "pip-1-py3-none-any.whl").write_bytes(b"no archive")
    (folder / papers.SHA256).write_text(papers.sums(folder), "utf-8")
    return folder


@pytest.mark.parametrize("left", [{"program": "good"}, {"program": "half", "program.old": "good"}])
def test_the_program_before_is_put_back(left: dict[str, str], bundle: Path, tmp_path: Path) -> None:
    for name, content in left.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / content).touch()

    with pytest.raises(Refused):
        make(bundle, tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "program"]
    assert [path.name for path in (tmp_path / "program").iterdir()] == ["good"]


def test_a_first_program_that_fails_leaves_nothing(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        make(bundle, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_command_uses_its_own_config_and_its_own_modules(tmp_path: Path) -> None:
    target = tmp_path / "检查 工具"
    python = target / "program" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$PYTHONPATH|$PYTHONSAFEPATH|$LEAKWATCH_CONFIG|$*"\n')
    python.chmod(0o755)
    link = tmp_path / "leakwatch"
    link.symlink_to(write_launcher(target))

    environ = {"PATH": os.defpath, "PYTHONPATH": "/x"}
    done = subprocess.run([str(link), "scan", "a b"], check=True, capture_output=True, text=True, env=environ)

    assert done.stdout == f"|1|{target}/config.toml|-m leakwatch scan a b\n"
