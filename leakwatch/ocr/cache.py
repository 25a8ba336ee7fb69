"""Each picture is recognised once: by its content, and once more when the engine changes."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec

from leakwatch.model import Evidence
from leakwatch.ocr import Line, Reads

log = logging.getLogger(__name__)

_SUFFIX = ".lines"
_NONCE_BYTES = 12
_CHUNK_BYTES = 1 << 20


class Cached:
    """Lines of pictures, from a folder if there is one, or else from the engine.

    The folder holds text out of the pictures, so it belongs to the user alone (0700), and each entry is encrypted
    under a key that only the bytes of its picture give: whoever has not the picture reads nothing of it, and a
    picture that is purged takes its text along. A failure is never kept: the next run tries again. A damaged entry
    counts as none and is written anew; a folder that cannot be written costs no line.
    """

    def __init__(self, source: Reads, version: str, folder: Path | None) -> None:
        self._source = source
        self._version = hashlib.sha256(version.encode()).hexdigest()[:16]
        self._folder = folder / self._version if folder else None
        if folder is not None:
            _forget_plain(folder)

    def read(self, file: Evidence) -> list[Line]:
        """Its lines; raises what the source raises."""
        if self._folder is None:
            return self._source.read(file.path)
        entry, key = self._folder / f"{file.sha256}{_SUFFIX}", _key(file.path)
        try:
            return msgspec.json.decode(_opened(entry.read_bytes(), key), type=list[Line])
        except (OSError, ValueError, msgspec.DecodeError):
            lines = self._source.read(file.path)
        try:
            _write(entry, _sealed(msgspec.json.encode(lines), key))
        except OSError as why:
            log.warning("the lines of %s are not kept: errno %s", file.sha256, why.errno)
        return lines


def _sealed(plain: bytes, key: bytes) -> bytes:
    """Nonce, encrypted bytes, tag."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # a scan without a folder needs none

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def _opened(sealed: bytes, key: bytes) -> bytes:
    """The plain bytes; ValueError if they are not as sealed under this key."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag as why:
        raise ValueError from why


def _key(picture: Path) -> bytes:
    """Of its bytes: its SHA-256, which many lists hold, gives no key."""
    key = hashlib.blake2b(digest_size=32, person=b"leakwatch lines")
    with picture.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            key.update(chunk)
    return key.digest()


def _forget_plain(folder: Path) -> None:
    """Earlier versions kept the text as it was."""
    for entry in folder.glob("*/*.json"):
        with suppress(OSError):
            entry.unlink()


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing: another process may read at any moment."""
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix="part-", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
