"""Debian packages for what no wheel holds, with all they need beyond a plain system."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile

from leakwatch.errors import LeakwatchError

PACKAGES = ("libarchive13", "unar", "tesseract-ocr", "tesseract-ocr-chi-sim", "fonts-noto-cjk")

_PLAIN_SYSTEM = ("apt", "systemd", "python3")
"""What the machine has already, with all that these need."""


def download(folder: Path) -> None:
    """The packages lie in the folder, for the release of this machine; LeakwatchError where apt cannot."""
    if shutil.which("apt-get") is None:
        raise LeakwatchError("本机没有 apt")
    needed = _closure(PACKAGES) - _closure(_PLAIN_SYSTEM)
    folder.mkdir()
    _apt("download", *sorted(needed), folder=folder)


def _closure(packages: tuple[str, ...]) -> set[str]:
    """All that apt would install of them on a machine that has nothing."""
    with NamedTemporaryFile(prefix="leakwatch-bundle-") as nothing:
        status = f"Dir::State::status={nothing.name}"
        planned = _apt("install", "--simulate", "--no-install-recommends", "--option", status, *packages)
    return set(re.findall(r"^Inst (\S+)", planned, re.MULTILINE))


def _apt(*arguments: str, folder: Path | None = None) -> str:
    command = ["apt-get", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-2:])
        raise LeakwatchError(
            f"apt-get {arguments[0]} 没有成功（可能要先运行 apt-get update）。它的说明：\n{said}"
        )
    return done.stdout
