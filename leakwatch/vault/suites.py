"""The two suites that evidence is sealed with, and the check values of an original.

`intl` is AES-256-GCM with SHA-256, `sm` is SM4-GCM with SM3 (GB/T 32907, GB/T 32905). Both come from one
library; that it speaks SM4 and SM3 does not make it a certified cryptographic module.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TAG_BYTES = 16
NONCE_BYTES = 12


class Aead(Protocol):
    """Authenticated encryption under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The encrypted data with its tag behind it."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The plain data; InvalidTag if anything differs from what was encrypted."""


class Sm4Gcm:
    """SM4 in GCM with the calls of AESGCM; the library has no such class of its own."""

    def __init__(self, key: bytes) -> None:
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The encrypted data with its tag behind it."""
        work = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(associated_data or b"")
        return work.update(data) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The plain data; InvalidTag if anything differs from what was encrypted."""
        if len(data) < TAG_BYTES:
            raise InvalidTag
        body = memoryview(data)[:-TAG_BYTES]
        work = Cipher(self._cipher, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        work.authenticate_additional_data(associated_data or b"")
        return work.update(body) + work.finalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One cipher and one hash that go together."""

    name: str
    number: int
    """As written in files."""
    key_bytes: int
    aead: Callable[[bytes], Aead]
    hash: Callable[[], hashes.HashAlgorithm]

    def new_key(self) -> bytes:
        """A random key; from the system and never from an argument, so that no caller can weaken it."""
        return os.urandom(self.key_bytes)

    def derive(self, secret: bytes, purpose: str) -> bytes:
        """A key for one purpose from a secret of at least 32 random or stretched bytes."""
        return HKDF(self.hash(), self.key_bytes, None, purpose.encode()).derive(secret)

    def wrap(self, key: bytes, inner: bytes, about: bytes) -> bytes:
        """The inner key, readable only with the key and beside the same `about`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.aead(key).encrypt(nonce, inner, about)

    def unwrap(self, key: bytes, wrapped: bytes, about: bytes) -> bytes:
        """The inner key; InvalidTag if the key, the wrapped bytes or `about` are others."""
        if len(wrapped) != self.wrapped_bytes:
            raise InvalidTag
        return self.aead(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about)

    @property
    def wrapped_bytes(self) -> int:
        """How long a wrapped key of this suite is."""
        return NONCE_BYTES + self.key_bytes + TAG_BYTES


INTL = Suite(name="intl", number=1, key_bytes=32, aead=AESGCM, hash=hashes.SHA256)
SM = Suite(name="sm", number=2, key_bytes=16, aead=Sm4Gcm, hash=hashes.SM3)
SUITES = (INTL, SM)


def suite_of(name: str) -> Suite:
    """The suite of that name, as the config has it."""
    return next(suite for suite in SUITES if suite.name == name)


class Digests:
    """SHA-256 and SM3 of the same bytes, in one pass."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        # hashlib has SM3 only where Python's own OpenSSL was built with it.
        self._sm3 = hashes.Hash(hashes.SM3())
        self.size = 0

    def update(self, data: bytes) -> None:
        """Takes in what follows."""
        self._sha256.update(data)
        self._sm3.update(data)
        self.size += len(data)

    def values(self) -> tuple[bytes, bytes]:
        """SHA-256 and SM3 of all that was taken in so far."""
        return self._sha256.digest(), self._sm3.copy().finalize()
