"""The other end of a hand-over: a package is opened whole, checked against its own lists, or not at all."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from cryptography.exceptions import InvalidTag

from leakwatch.errors import EvidenceDamaged, LeakwatchError, UsageError
from leakwatch.text import printable
from leakwatch.vault.files import PART, not_written
from leakwatch.vault.handover import SHA256_LIST, SM3_LIST
from leakwatch.vault.passphrases import read_stretching
from leakwatch.vault.streams import CHUNK_BYTES, Plain, read_header, unseal
from leakwatch.vault.suites import Digests

_LISTS = (SHA256_LIST, SM3_LIST)
# tarfile documents TarError; broken numbers, sizes and names also come out as these.
_BROKEN = (tarfile.TarError, EOFError, ValueError, OverflowError)


def open_package(path: Path, passphrase: str, folder: Path) -> tuple[str, ...]:
    """The names of all files of the package, now in a new folder (0700) and checked.

    UsageError for a wrong passphrase, EvidenceDamaged for whatever was changed; then there is no folder.
    """
    if folder.exists():
        raise LeakwatchError(f"{folder}：这里已有文件或文件夹，没有覆盖；请换一个名字")
    try:
        with path.open("rb") as file, tempfile.TemporaryDirectory(prefix=PART, dir=folder.parent) as part:
            content = Path(part) / "content"
            content.mkdir(mode=0o700)
            names = _unpacked(_plain(file, passphrase), content)
            content.rename(folder)
            return names
    except OSError as why:
        if why.filename == str(path):
            raise LeakwatchError(f"{path}：打不开（{why.strerror}），请检查路径和权限") from why
        raise not_written(folder, why) from why


def _plain(file: IO[bytes], passphrase: str) -> IO[bytes]:
    stretching = read_stretching(file)
    header = read_header(file)
    lock = stretching.lock(passphrase, header.suite)
    try:
        header.suite.unwrap(lock.key, header.wrapped, header.raw)
    except InvalidTag as why:
        raise UsageError(f"{file.name}：口令不对，或文件头被改动；请核对口令（区分大小写）") from why
    return io.BufferedReader(Plain(unseal(file, header, lock), file), CHUNK_BYTES)


def _unpacked(plain: IO[bytes], folder: Path) -> tuple[str, ...]:
    """Names in the order of the package, the lists last."""
    found: dict[str, tuple[str, str]] = {}
    lists: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=plain, mode="r|", encoding="utf-8", bufsize=CHUNK_BYTES) as archive:
            for member in archive:
                source, name = archive.extractfile(_checked(member)), member.name
                if source is None or name in found:
                    raise EvidenceDamaged(f"交接包里的 {printable(name)} 不是普通文件或有重复，没有解开")
                found[name] = _written(source, folder / name)
                if name in _LISTS:
                    lists[name] = (folder / name).read_text("utf-8")
        while plain.read(CHUNK_BYTES):  # the end of the stream proves that nothing was cut off
            pass
    except _BROKEN as why:
        raise EvidenceDamaged(
            f"交接包的内容不完整，没有解开（{type(why).__name__}）；请向移交单位重新索取"
        ) from why
    _compare(found, lists)
    return tuple(found)


def _checked(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A plain file with a name that stays inside the folder on every system."""
    path = PurePosixPath(member.name)
    is_inside = not path.is_absolute() and ".." not in path.parts and not set(member.name) & set('\\:*?"<>|')
    is_plain = member.type == tarfile.REGTYPE and not member.issparse()
    if not (is_inside and is_plain and path.name and printable(member.name) == member.name):
        raise EvidenceDamaged(
            f"交接包里有不该有的内容（{printable(member.name)[:80]}），没有解开；请向移交单位核实"
        )
    return member


def _written(source: IO[bytes], path: Path) -> tuple[str, str]:
    """SHA-256 and SM3 of what now lies there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digests = Digests()
    with path.open("xb") as file:
        path.chmod(0o600)
        while chunk := source.read(CHUNK_BYTES):
            digests.update(chunk)
            file.write(chunk)
    sha256, sm3 = (value.hex() for value in digests.values())
    return sha256, sm3


def _compare(found: Mapping[str, tuple[str, str]], lists: Mapping[str, str]) -> None:
    """EvidenceDamaged unless both lists name every file, with the check values that it has."""
    for number, name in enumerate(_LISTS):
        if name not in lists:
            raise EvidenceDamaged(f"交接包里没有 {name}，无法核对，没有解开；请向移交单位核实")
        listed = dict(_rows(lists[name]))
        own = {file: values[number] for file, values in found.items() if file not in _LISTS}
        if listed != own:
            wrong = sorted(file for file in {*listed, *own} if listed.get(file) != own.get(file))
            raise EvidenceDamaged(
                f"交接包里的文件与 {name} 不符（{'、'.join(wrong[:3])}），没有解开；请向移交单位核实"
            )


def _rows(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        value, _, name = line.partition("  ")
        yield name, value
