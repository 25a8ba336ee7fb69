"""What lies beside the wheels: sums, licences, and what a machine must have."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from packaging.tags import Tag
from packaging.utils import parse_wheel_filename

SHA256 = "SHA256SUMS"
SM3 = "SM3SUMS"

_CHUNK_BYTES = 1 << 20
_LONGEST_NAME = 60
"""Some packages put the whole text of their licence where its name belongs."""


def sums(folder: Path) -> str:
    """One line for each file in the folder, as sha256sum writes and reads them."""
    return "".join(f"{sha256(file)}  {name}\n" for name, file in _files(folder))


def sm3_sums(folder: Path) -> str:
    """The same with SM3, as `cksum -a sm3` of coreutils 9 writes and reads them."""
    return "".join(f"SM3 ({name}) = {sm3(file)}\n" for name, file in _files(folder))


def sha256(file: Path) -> str:
    """The file's hash, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sm3(file: Path) -> str:
    """The file's hash, hexadecimal; hashlib has SM3 only where the system's OpenSSL does."""
    digest = hashes.Hash(hashes.SM3())
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.finalize().hex()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if name not in (SHA256, SM3):
            yield name, file


def glibc(wheels: Path) -> str:
    """The oldest glibc that every compiled wheel runs with; empty without such wheels (Windows)."""
    least = [_least_glibc(parse_wheel_filename(wheel.name)[3]) for wheel in wheels.glob("*.whl")]
    found = [version for version in least if version]
    return ".".join(map(str, max(found))) if found else ""


def _least_glibc(tags: frozenset[Tag]) -> tuple[int, int] | None:
    named = (re.match(r"manylinux_(\d+)_(\d+)_", tag.platform) for tag in tags)
    return min(((int(match[1]), int(match[2])) for match in named if match), default=None)


def licences(wheels: Path) -> str:
    """Name, version and licence of each package, one a line; their texts are in the wheels."""
    rows = {_licence_of(wheel) for wheel in wheels.glob("*.whl")}
    head = "包\t版本\t许可证（全文在各 wheel 的 dist-info 里，安装后在 program 文件夹中）\n"
    return head + "".join("\t".join(row) + "\n" for row in sorted(rows))


def _licence_of(wheel: Path) -> tuple[str, str, str]:
    with zipfile.ZipFile(wheel) as archive:
        place = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        about = HeaderParser().parsestr(archive.read(place).decode("utf-8"))
    return about["Name"], about["Version"], _licence_name(about)


def _licence_name(about: Message) -> str:
    if expression := about["License-Expression"]:
        return str(expression)
    classified = [
        value.rpartition(" :: ")[2]
        for value in about.get_all("Classifier", [])
        if value.startswith("License :: ")
    ]
    if classified:
        return "；".join(classified)
    named = str(about["License"] or "")
    return named if named and "\n" not in named and len(named) <= _LONGEST_NAME else "见包内的许可证文件"
