"""Which rules passed their own examples: told by a stamp in data_dir, asked in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

_STAMP = "rules.passed"


def have_passed(rules_version: str, data_dir: Path) -> bool:
    """Whether those rules passed last, under this version of the program."""
    stamp = data_dir / _STAMP
    return stamp.exists() and stamp.read_text("utf-8") == _said(rules_version)


def note(rules_version: str, data_dir: Path) -> None:
    """Those rules have passed."""
    (data_dir / _STAMP).write_text(_said(rules_version), "utf-8")


def pass_now(config_file: Path | None) -> bool:
    """Whether the rules of the config pass; asking here would cost 200 MB that are never given back."""
    given = ["--config", str(config_file)] if config_file else []
    asked = [sys.executable, "-m", "leakwatch", "rules", "check", *given]
    return not subprocess.run(asked, stdout=subprocess.DEVNULL, check=False).returncode


def _said(rules_version: str) -> str:
    return f"{version('leakwatch')} {rules_version}"
