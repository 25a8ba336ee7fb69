"""Passphrase → lock, by Argon2id; how it was stretched stands before the sealed stream."""

from __future__ import annotations

import os
import secrets
import struct
import unicodedata
from dataclasses import dataclass
from typing import IO

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from leakwatch.errors import EvidenceDamaged, UsageError
from leakwatch.vault.streams import Lock
from leakwatch.vault.suites import Suite

LEAST_CHARACTERS = 12

_MAGIC = b"LWPACKED"
_PROLOGUE = struct.Struct(">8sBBBI16s")
"""Magic, version, passes, lanes, memory in KiB, salt."""
_VERSION = 1
_NO_KEY_ID = "00" * 16
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that looks like another one when it is read out or written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretching:
    """What it costs to try one passphrase; the second choice of RFC 9106, for machines with little memory."""

    passes: int = 3
    lanes: int = 4
    memory_kib: int = 1 << 16
    salt: bytes

    @property
    def raw(self) -> bytes:
        """As it stands in a file."""
        return _PROLOGUE.pack(_MAGIC, _VERSION, self.passes, self.lanes, self.memory_kib, self.salt)

    def lock(self, passphrase: str, suite: Suite) -> Lock:
        """The lock of a package; with another salt or cost it is another one, so the prologue needs no seal."""
        secret = Argon2id(
            salt=self.salt, length=32, iterations=self.passes, lanes=self.lanes, memory_cost=self.memory_kib
        ).derive(_typed(passphrase).encode())
        key = suite.derive(secret, "leakwatch package")
        return Lock(suite=suite, key=key, key_id=_NO_KEY_ID)


def new_stretching() -> Stretching:
    """The one for a new package."""
    return Stretching(salt=os.urandom(16))


def new_passphrase() -> str:
    """Five groups of five characters, 123 bits, easy to read out: a person's own is seldom half as good."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(5))


def read_stretching(file: IO[bytes]) -> Stretching:
    """What stands before the stream; EvidenceDamaged if it is no package, or one that would eat the machine."""
    raw = file.read(_PROLOGUE.size)
    if len(raw) < _PROLOGUE.size or not raw.startswith(_MAGIC):
        raise EvidenceDamaged(f"{file.name}：不是 leakwatch 的交接包，或文件不完整；请向移交单位重新索取")
    _, version, passes, lanes, memory_kib, salt = _PROLOGUE.unpack(raw)
    if version != _VERSION:
        raise EvidenceDamaged(f"{file.name}：由更新版本的 leakwatch 制作，请先升级再打开")
    if not (1 <= passes <= 16 and 1 <= lanes <= 16 and 8 * lanes <= memory_kib <= 1 << 20):
        raise EvidenceDamaged(f"{file.name}：文件头被改动，请向移交单位重新索取")
    return Stretching(passes=passes, lanes=lanes, memory_kib=memory_kib, salt=salt)


def check_passphrase(passphrase: str) -> None:
    """UsageError if it can be guessed by trying."""
    if len(_typed(passphrase)) < LEAST_CHARACTERS:
        raise UsageError(f"口令太短：交接包的口令至少 {LEAST_CHARACTERS} 个字符，最好用程序生成的口令")


def _typed(passphrase: str) -> str:
    """The same whether an input method was on full or half width, and without the blanks of a copy."""
    return unicodedata.normalize("NFKC", passphrase).strip()
