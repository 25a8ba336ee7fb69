"""target/program, the environment with leakwatch in it, and the command that runs it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from . import sums
from .running import run

_FOR_WINDOWS = r"""@echo off
set PYTHONPATH=
set PYTHONHOME=
set PYTHONSAFEPATH=1
if not defined LEAKWATCH_CONFIG set "LEAKWATCH_CONFIG=%~dp0config.toml"
"%~dp0program\Scripts\python.exe" -m leakwatch %*
"""
_FOR_OTHERS = """#!/bin/sh
unset PYTHONPATH PYTHONHOME
export PYTHONSAFEPATH=1
here=$(dirname "$(readlink -f "$0")")
export LEAKWATCH_CONFIG="${LEAKWATCH_CONFIG:-$here/config.toml}"
exec "$here/program/bin/python" -m leakwatch "$@"
"""
# PYTHONSAFEPATH: a json.py in the folder where a clerk happens to be must not be imported.


def make(bundle: Path, target: Path) -> None:
    """target/program holds this version; the one before it is put back if anything fails."""
    program, former = target / "program", target / "program.old"
    if former.exists():  # the last upgrade was cut off: what it left may be half a program
        shutil.rmtree(program, ignore_errors=True)
        former.rename(program)
    if program.exists():
        program.rename(former)
    try:
        run(sys.executable, "-m", "venv", "--without-pip", str(program))
        _install(bundle, program)
    except BaseException:
        shutil.rmtree(program, ignore_errors=True)
        if former.exists():
            former.rename(program)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _install(bundle: Path, program: Path) -> None:
    """With pip out of its wheel: Debian without python3-venv has no other."""
    python = program / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = next(name for name in sums.read(bundle / sums.NAME) if name.startswith("wheels/pip-"))
    run(
        *(
            str(python),
            str(bundle / pip / "pip"),
            "install",
            "--isolated",
            "--quiet",
            "--no-index",
            "--no-deps",
        ),
        *("--no-cache-dir", "--disable-pip-version-check", "--require-hashes"),
        *("-f", str(bundle / "wheels"), "--requirement", str(bundle / "requirements.txt")),
    )


def write_launcher(target: Path) -> Path:
    """The command: the program under the config.toml beside it, whatever folder it is called in."""
    if os.name == "nt":
        launcher = target / "leakwatch.cmd"
        launcher.write_text(_FOR_WINDOWS, "ascii", newline="\r\n")
    else:
        launcher = target / "leakwatch"
        launcher.write_text(_FOR_OTHERS, "ascii")
        launcher.chmod(0o755)
    return launcher
