"""SHA256SUMS: whether every file is there as it was packed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .running import Refused

NAME = "SHA256SUMS"


def verify(bundle: Path) -> None:
    """Refused if a file differs from its sum or is missing, or if wheels/ holds one that is not listed."""
    listed = read(bundle / NAME)
    for name, value in listed.items():
        file = bundle / name
        if not file.is_file() or sha256(file) != value:
            raise Refused(
                f"{name} 缺失或与校验值不符，安装包在拷贝中损坏或被改过；"
                "请重新拷贝安装包，用 .sha256 核对后再解开。"
            )
    for file in (bundle / "wheels").iterdir():
        if f"wheels/{file.name}" not in listed:
            raise Refused(f"wheels/{file.name} 不是安装包里的文件；请重新解开安装包。")


def read(file: Path) -> dict[str, str]:
    """Name → sha256; Refused if the file is missing or not as sha256sum writes it."""
    try:
        lines = file.read_text("utf-8").splitlines()
        return {name: value for value, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as why:
        raise Refused(f"{file} 读不出来，请重新拷贝并解开安装包。") from why


def sha256(file: Path) -> str:
    """The file's hash, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
