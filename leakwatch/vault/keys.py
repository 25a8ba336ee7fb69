"""The master key: it wraps the data keys, lies outside everything that it protects, and is never made unasked."""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leakwatch.errors import KeyRefused
from leakwatch.vault.files import is_open_to_others, not_written, sync_folder

VARIABLE = "LEAKWATCH_KEY"
"""The environment variable that may hold the master key."""

_KEY_BYTES = 32
_MOST_BYTES = 4096
_HOW = (
    "请运行 leakwatch evidence make-key 文件 生成一把（放在证据文件夹和收件箱之外，并另存一份备份），"
    f"在 config.toml 的 [store] 里写明 key_file，或用环境变量 {VARIABLE} 给出"
)


@dataclass(frozen=True, slots=True)
class MasterKey:
    """32 random bytes; whoever has them can open all evidence, whoever loses them none."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """The key check value: it tells keys apart and gives nothing of them away."""
        derived = HKDF(hashes.SHA256(), 8, None, b"leakwatch key check value").derive(self.secret)
        return derived.hex()


def load_key(path: Path | None, environ: Mapping[str, str], barred: Iterable[Path]) -> MasterKey:
    """The master key of the environment, else of the file; KeyRefused if it is missing or not safe.

    barred: folders that the file may not lie in: the evidence itself, the inbox, what a scan reads.
    """
    if VARIABLE in environ:
        return _parsed(environ[VARIABLE], f"环境变量 {VARIABLE}")
    if path is None:
        raise KeyRefused(f"没有主密钥，证据没有封存（绝不以明文存放）；{_HOW}")
    _refuse_places(path, barred)
    return _parsed(_text(path), str(path))


def make_key(path: Path, barred: Iterable[Path]) -> MasterKey:
    """A new key in a new file (0600); KeyRefused if something lies there already."""
    _refuse_places(path, barred)
    key = MasterKey(os.urandom(_KEY_BYTES))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key.secret) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except FileExistsError as why:
        raise KeyRefused(f"{path}：这里已有文件，没有覆盖；已在使用的主密钥丢失后证据无法打开") from why
    except OSError as why:
        raise not_written(path, why) from why
    return key


def _refuse_places(path: Path, barred: Iterable[Path]) -> None:
    real = path.resolve()
    for folder in barred:
        if real.is_relative_to(folder.resolve()):
            raise KeyRefused(f"{path}：主密钥不能放在 {folder} 里，否则拿到证据的人也就拿到密钥；请移到别处")


def _text(path: Path) -> str:
    """What the file says, if it is a plain file that its owner alone can read."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise KeyRefused(f"{path}：不是普通文件，不能用作主密钥；{_HOW}")
            if is_open_to_others(status):
                raise KeyRefused(
                    f"{path}：其他用户也能读写主密钥（权限 {status.st_mode & 0o777:o}），没有使用；"
                    f"请运行 chmod 600 {path}，如已被他人读过请换用新的主密钥"
                )
            return file.read(_MOST_BYTES).decode("ascii", "replace")
    except FileNotFoundError as why:
        raise KeyRefused(f"{path}：没有这个主密钥文件，证据没有封存（绝不以明文存放）；{_HOW}") from why
    except OSError as why:
        raise KeyRefused(f"{path}：主密钥读不出来（{why.strerror}），请检查路径和权限") from why


def _parsed(text: str, place: str) -> MasterKey:
    """A key written as 64 hexadecimal digits or in base64; the sentence never repeats what was read."""
    bare = text.strip()
    try:
        secret = bytes.fromhex(bare) if len(bare) == 2 * _KEY_BYTES else base64.b64decode(bare, validate=True)
    except (ValueError, binascii.Error):
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise KeyRefused(
            f"{place}：不是主密钥（应为 32 字节，写作 base64 或 64 位十六进制），请检查是否拿错文件"
        )
    return MasterKey(secret)
