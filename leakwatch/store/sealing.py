"""The one way in which words reach the database: sealed with a key that does not live there.

A sealed value opens only in the place that it was sealed for: its context (table:id) is authenticated.
"""

from __future__ import annotations

import hmac
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from leakwatch.errors import EvidenceDamaged

_NONCE_BYTES = 12
_TAG_BYTES = 16


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


class Aead(Protocol):
    """Authenticated encryption under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The encrypted data with its tag behind it."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The plain data; InvalidTag if anything differs from what was encrypted."""
        ...


class Sm4Gcm:
    """SM4 in GCM (GB/T 32907) with the calls of AESGCM; the library has no such class of its own."""

    def __init__(self, key: bytes) -> None:
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The encrypted data with its tag behind it."""
        work = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(associated_data or b"")
        return work.update(data) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The plain data; InvalidTag if anything differs from what was encrypted."""
        work = Cipher(self._cipher, modes.GCM(nonce, data[-_TAG_BYTES:])).decryptor()
        work.authenticate_additional_data(associated_data or b"")
        return work.update(data[:-_TAG_BYTES]) + work.finalize()


class KeySealer:
    """Seals under one secret of 32 bytes.

    The blinding key does not depend on the cipher: after a change of suite the same is found again.
    """

    def __init__(self, secret: bytes, suite: str = "intl") -> None:
        """suite: intl (AES-256) or sm (SM4)."""
        self._aead: Aead = (
            Sm4Gcm(_derived(secret, "leakwatch store sm4", 16))
            if suite == "sm"
            else AESGCM(_derived(secret, "leakwatch store aes", 32))
        )
        self._blinding = _derived(secret, "leakwatch store blinding", 32)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Nonce, encrypted bytes, tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """The plain bytes."""
        try:
            return self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as why:  # ValueError: shorter than nonce or tag
            raise EvidenceDamaged(
                f"{context}：封存的内容打不开，被改动过或密钥不对；请从备份恢复，并向保密办报告"
            ) from why

    def blind(self, *parts: str) -> str:
        """Parts are kept apart by U+001F."""
        return hmac.digest(
            self._blinding, "\x1f".join(parts).encode("utf-8", "surrogatepass"), "sha256"
        ).hex()


def _derived(secret: bytes, purpose: str, size: int) -> bytes:
    return HKDF(hashes.SHA256(), size, None, purpose.encode()).derive(secret)
