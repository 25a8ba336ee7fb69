"""The one way in which words reach the database: sealed with a key that does not live there.

A sealed value opens only in the place that it was sealed for: its context (table:id) is authenticated.
"""

from __future__ import annotations

import hmac
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leakwatch.errors import EvidenceDamaged
from leakwatch.vault.suites import NONCE_BYTES, suite_of


class Sealer(Protocol):
    """Seals, opens and blinds."""

    def seal(self, plain: bytes, context: str) -> bytes:
        """What may lie in the database; the context must be given again to open it."""
        ...

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes; EvidenceDamaged if key, context or bytes are not those of the sealing."""
        ...

    def blind(self, *parts: str) -> str:
        """64 hexadecimal digits, the same for the same parts; without the key nobody can tell of which."""
        ...


class KeySealer:
    """Seals under one secret of 32 bytes.

    The blinding key does not depend on the cipher: after a change of suite the same is found again.
    """

    def __init__(self, secret: bytes, suite: str = "intl") -> None:
        """suite: intl (AES-256) or sm (SM4)."""
        chosen = suite_of(suite)
        self._aead = chosen.aead(chosen.derive(secret, "leakwatch store words"))
        self._blinding = HKDF(hashes.SHA256(), 32, None, b"leakwatch store blinding").derive(secret)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Nonce, encrypted bytes, tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as why:  # ValueError: shorter than nonce or tag
            raise EvidenceDamaged(
                f"{context}：封存的内容打不开，被改动过或密钥不对；请从备份恢复，并向保密办报告"
            ) from why

    def blind(self, *parts: str) -> str:
        """Parts are kept apart by U+001F."""
        return hmac.digest(
            self._blinding, "\x1f".join(parts).encode("utf-8", "surrogatepass"), "sha256"
        ).hex()
