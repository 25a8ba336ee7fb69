"""A file or folder as the user gave it → evidence."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from leakwatch.config import Limits
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack.drop import MIB
from leakwatch.unpack.names import cleaned, is_junk, text_of
from leakwatch.vault import Vault


def walk(
    path: Path, vault: Vault, limits: Limits, is_own: Callable[[Path], bool]
) -> Iterator[Evidence | Skipped]:
    """Every regular file under `path` (or itself), sorted by name; links are not followed.

    `inner_path` is the given name and the way below it, with forward slashes. What `is_own` below `path`
    (leakwatch's copies, drafts and reports) is passed over; `path` itself was asked for and is read.
    """
    waiting = [(path, _shown(path.absolute()))]
    while waiting:
        place, inner_path = waiting.pop()
        try:
            mode = place.lstat().st_mode
            if stat.S_ISDIR(mode):
                children = sorted(place.iterdir(), key=lambda child: os.fsencode(child.name), reverse=True)
                waiting += [
                    (child, f"{inner_path}/{_shown(child)}")
                    for child in children
                    if not is_junk(child.name) and not is_own(child)
                ]
            else:
                yield _received(place, inner_path, vault, limits)
        except PermissionError:
            detail = "没有读取权限，请检查权限后重试"
            yield _not_received(unhashed(inner_path, 0, vault), Reason.NOT_PERMITTED, detail)
        except OSError as why:
            detail = f"系统无法打开（{why.strerror}），可能已被移走或磁盘有故障，请检查后重试"
            yield _not_received(unhashed(inner_path, 0, vault), Reason.DAMAGED, detail)


def unhashed(inner_path: str, size_bytes: int, vault: Vault) -> Evidence:
    """Evidence of a file whose bytes could not be read: the sha256 of nothing, its size as far as known."""
    return replace(vault.keep_stream([], inner_path), size=size_bytes)


def empty(file: Evidence) -> Skipped:
    """The row for a file of 0 bytes: often a copy that failed."""
    return _not_received(file, Reason.DAMAGED, "空文件（0 字节），可能复制或导出失败，请重新导出")


def _received(place: Path, inner_path: str, vault: Vault, limits: Limits) -> Evidence | Skipped:
    status = place.lstat()
    if not stat.S_ISREG(status.st_mode):
        is_link = stat.S_ISLNK(status.st_mode)
        kind = "符号链接，不跟随" if is_link else "设备、管道或套接字，不是普通文件"
        reason = Reason.NOT_PERMITTED if is_link else Reason.UNSUPPORTED
        detail = f"这是{kind}，未读取；请放入文件本身"
        return _not_received(unhashed(inner_path, 0, vault), reason, detail)
    if status.st_size > limits.file_mib * MIB:
        detail = (
            f"文件大小 {status.st_size // MIB} MiB，超过上限 {limits.file_mib} MiB，未读取；"
            "请拆分后放入或调高 file_mib"
        )
        return _not_received(unhashed(inner_path, status.st_size, vault), Reason.TOO_BIG, detail)
    try:
        file = vault.keep(place, inner_path)
    except Unreadable as why:
        return _not_received(unhashed(inner_path, status.st_size, vault), why.reason, why.detail)
    file = replace(file, name=inner_path.rsplit("/", 1)[-1])
    return file if file.size else empty(file)


def _shown(path: Path) -> str:
    """The name on the screen; disks of old systems hold GBK bytes."""
    return cleaned(text_of(os.fsencode(path.name)))


def _not_received(evidence: Evidence, reason: Reason, detail: str) -> Skipped:
    return Skipped(evidence=evidence, name=evidence.name, reason=reason, detail=detail)
