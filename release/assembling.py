"""The folder that becomes the bundle, and the one file that it is packed into."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from release import papers, wheels
from release.pins import Pin
from release.targets import Target

_HERE = Path(__file__).parent
_MANUAL = ("README.zh-CN.md", "CHANGELOG.md", "LICENSE", "config.toml", "docs", "keyword_lists")
_SAMPLE = Path("samples") / "01-微信邮件记录" / "received"
_COMPRESSION = 1
"""Wheels are compressed already: 9 takes three times as long for 1 % less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What bundle to make."""

    root: Path
    """Of the repository"""
    version: str
    target: Target
    pythons: Sequence[str]

    @property
    def name(self) -> str:
        """Of the bundle's folder and file."""
        return f"leakwatch-{self.version}-{self.target.name}"


def assemble(order: Order, pins: Sequence[Pin], folder: Path) -> None:
    """All of the bundle but its sums, in the folder."""
    place = folder / "wheels"
    place.mkdir()
    wheels.collect(pins, order.target, order.pythons, place)
    wheels.build_own(order.root, place)
    (folder / "requirements.txt").write_text(wheels.requirements(pins, place), "utf-8")
    about = {
        "version": order.version,
        "platform": order.target.name,
        "pythons": " ".join(order.pythons),
        "glibc": papers.glibc(place),
    }
    (folder / "bundle.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    shutil.copytree(_HERE / "installer", folder / "installer", ignore=shutil.ignore_patterns("__pycache__"))
    is_windows = order.target.system == "win32"
    for name in ("install.bat",) if is_windows else ("install.sh", "leakwatch.service"):
        shutil.copyfile(_HERE / "files" / name, folder / name)
    _lay_settings(order.root, folder / "settings", papers.licences(place))
    shutil.copyfile(_HERE / "files" / "安装说明.txt", folder / "安装说明.txt")


def _lay_settings(root: Path, folder: Path, licences: str) -> None:
    """What lies in the installed folder for people to read and edit."""
    folder.mkdir()
    for name in _MANUAL:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name)
        else:
            shutil.copyfile(root / name, folder / name)
    shutil.copytree(root / _SAMPLE, folder / "试用样例")
    shutil.copyfile(_HERE / "files" / "安装说明.txt", folder / "安装说明.txt")
    (folder / "许可证.txt").write_text(licences, "utf-8")


def pack(folder: Path, output: Path) -> Path:
    """The packed bundle, its sums inside and beside it."""
    (folder / papers.SHA256).write_text(papers.sums(folder), "utf-8")
    (folder / papers.SM3).write_text(papers.sm3_sums(folder), "utf-8")
    output.mkdir(parents=True, exist_ok=True)
    packed = output / f"{folder.name}.tar.gz"
    with (
        gzip.open(packed, "wb", _COMPRESSION) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        archive.add(folder, folder.name, filter=_nobodys)
    for kind, digest in (("sha256", papers.sha256), ("sm3", papers.sm3)):
        packed.with_name(f"{packed.name}.{kind}").write_text(f"{digest(packed)}  {packed.name}\n", "utf-8")
    return packed


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Owned by root, for all to read: nothing of the machine that packed it."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or member.name.endswith(".sh") else 0o644
    return member
