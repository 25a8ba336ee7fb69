"""The wheels of a bundle: downloaded by their hashes, or built where only the source is published."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.utils import parse_wheel_filename
from packaging.version import Version

from leakwatch.errors import LeakwatchError
from release.pins import Pin, wanted, with_markers, without_markers
from release.targets import Target

_SOURCE_ONLY = frozenset({"jieba"})
"""Published without a wheel: pip builds one here, pure Python, good for every machine."""


def collect(pins: Sequence[Pin], target: Target, pythons: Iterable[str], folder: Path) -> None:
    """The wheels of the pins lie in the folder, for each of the Pythons."""
    for python in pythons:
        mine = wanted(pins, target.environment(python))
        _download([pin for pin in mine if pin.name not in _SOURCE_ONLY], target, python, folder)
    _build([pin for pin in pins if pin.name in _SOURCE_ONLY], folder)


def build_own(root: Path, folder: Path) -> None:
    """leakwatch's own wheel lies in the folder; hatchling is in the environment already."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(root))


def requirements(pins: Iterable[Pin], folder: Path) -> str:
    """What the installer has pip install: what lies in the folder, each file by its own hash.

    pip is not installed: the installer runs it out of its wheel.
    """
    hashes: dict[tuple[str, Version], list[str]] = {}
    for wheel in sorted(folder.glob("*.whl")):
        name, version, _, _ = parse_wheel_filename(wheel.name)
        hashes.setdefault((name, version), []).append(hashlib.sha256(wheel.read_bytes()).hexdigest())
    known = {(pin.name, Version(pin.version)): pin for pin in pins}
    there = [
        replace(pin, hashes=tuple(hashes[key]))
        for key, pin in known.items()
        if key in hashes and pin.name != "pip"
    ]
    own = [
        Pin(name=name, version=str(version), marker=None, hashes=tuple(found))
        for (name, version), found in hashes.items()
        if (name, version) not in known
    ]
    return with_markers([*there, *own])


def _download(pins: Iterable[Pin], target: Target, python: str, folder: Path) -> None:
    tags = [word for tag in target.tags for word in ("--platform", tag)]
    _pip_for(
        pins,
        *("download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation", "cp"),
        *("--python-version", python, *tags, "--dest", str(folder)),
    )


def _build(pins: Iterable[Pin], folder: Path) -> None:
    # --use-pep517: Debian 12's pip would build with what lies in the environment, and that has no wheel package.
    _pip_for(pins, "wheel", "--no-deps", "--require-hashes", "--use-pep517", "--wheel-dir", str(folder))


def _pip_for(pins: Iterable[Pin], *arguments: str) -> None:
    with TemporaryDirectory(prefix="leakwatch-bundle-") as place:
        asked = Path(place) / "requirements.txt"
        asked.write_text(without_markers(pins), "utf-8")
        _pip(*arguments, "--requirement", str(asked))


def _pip(*arguments: str) -> None:
    """LeakwatchError with the last lines of pip's own words where it fails."""
    pip = [sys.executable, "-m", "pip"]
    if importlib.util.find_spec("pip") is None:  # Debian without python3-venv: the system's pip works for us
        pip = [sys.base_prefix + "/bin/python3", "-m", "pip", "--python", sys.executable]
    command = [*pip, *arguments, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise LeakwatchError(f"pip {arguments[0]} 没有成功，请检查网络后重试。pip 的说明：\n{said}")
