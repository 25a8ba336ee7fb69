"""Sealed streams: bytes of any length → chunks that cannot be changed, cut, swapped or moved unseen.

    header   magic, version, suite, key id, SHA-256, SM3, size, time
    wrapped  the stream's own random key, under the lock's key, bound to the header
    chunks   1 MiB of plain bytes each, encrypted with their number and whether they are the last

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as age uses it: the key is new for each
stream, so the number of the chunk is nonce enough. The header stands for the check values of the whole, which
only the end of the stream tells: it is written last, into room left for it.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag

from leakwatch.errors import EvidenceDamaged
from leakwatch.model import SHANGHAI, Sealed
from leakwatch.vault.suites import SUITES, TAG_BYTES, Digests, Suite

CHUNK_BYTES = 1 << 20

_MAGIC = b"LWSEALED"
_VERSION = 1
_HEADER = struct.Struct(">8sBB16s32s32sQq")
_EPOCH = datetime(1970, 1, 1, 8, tzinfo=SHANGHAI)
_MICROSECOND = timedelta(microseconds=1)
_ADVICE = "请从备份恢复，并向保密办报告"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a stream is sealed with."""

    suite: Suite
    key: bytes = field(repr=False)
    key_id: str
    """32 hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a sealed stream says of itself; nothing of it is proved before its key is unwrapped."""

    sealed: Sealed
    suite: Suite
    raw: bytes
    wrapped: bytes

    @property
    def digests(self) -> tuple[bytes, bytes]:
        """SHA-256 and SM3 of the plain bytes."""
        return bytes.fromhex(self.sealed.sha256), bytes.fromhex(self.sealed.sm3)


class Sealer(io.RawIOBase):
    """A file that seals what is written to it; it counts for nothing before `finish`."""

    def __init__(self, file: IO[bytes], lock: Lock) -> None:
        self._file = file
        self._lock = lock
        self._key = lock.suite.new_key()
        self._aead = lock.suite.aead(self._key)
        self._digests = Digests()
        self._numbers = count()
        self._pending = bytearray()
        self._start = file.tell()
        file.write(bytes(_HEADER.size + lock.suite.wrapped_bytes))

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # typeshed: any buffer
        """How many bytes were taken: all of them."""
        self._digests.update(data)
        self._pending += data
        while len(self._pending) > CHUNK_BYTES:  # one is held back: it may be the last
            self._put(bytes(self._pending[:CHUNK_BYTES]), is_last=False)
            del self._pending[:CHUNK_BYTES]
        return len(data)

    def tell(self) -> int:
        """How many plain bytes were taken so far."""
        return self._digests.size

    def finish(self, now: datetime) -> Sealed:
        """What was sealed, once the last chunk and the header are written."""
        self._put(bytes(self._pending), is_last=True)
        sha256, sm3 = self._digests.values()
        raw = _HEADER.pack(
            _MAGIC,
            _VERSION,
            self._lock.suite.number,
            bytes.fromhex(self._lock.key_id),
            sha256,
            sm3,
            self._digests.size,
            (now - _EPOCH) // _MICROSECOND,
        )
        self._file.seek(self._start)
        self._file.write(raw + self._lock.suite.wrap(self._lock.key, self._key, raw))
        self._file.seek(0, os.SEEK_END)
        return _sealed(raw, self._lock.suite)

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._aead.encrypt(_nonce(next(self._numbers), is_last), chunk, None))


def read_header(file: IO[bytes]) -> Header:
    """What the stream says of itself; EvidenceDamaged if it is no sealed stream."""
    raw = _read(file, _HEADER.size)
    suites = {suite.number: suite for suite in SUITES}
    if len(raw) < _HEADER.size or raw[:8] != _MAGIC or raw[9] not in suites:
        raise EvidenceDamaged(f"{_name(file)}：不是封存的文件，或文件头被改动；{_ADVICE}")
    if raw[8] != _VERSION:
        raise EvidenceDamaged(f"{_name(file)}：由更新版本的 leakwatch 封存，或文件头被改动；请先升级再打开")
    suite = suites[raw[9]]
    wrapped = _read(file, suite.wrapped_bytes)
    try:
        sealed = _sealed(raw, suite)
    except OverflowError as why:  # a time beyond the year 9999
        raise EvidenceDamaged(f"{_name(file)}：文件头被改动；{_ADVICE}") from why
    if len(wrapped) < suite.wrapped_bytes:
        raise EvidenceDamaged(f"{_name(file)}：文件被截短；{_ADVICE}")
    return Header(sealed=sealed, suite=suite, raw=raw, wrapped=wrapped)


def unseal(file: IO[bytes], header: Header, lock: Lock) -> Iterator[bytes]:
    """The plain bytes, each chunk proved before it is given out; EvidenceDamaged where one is not as sealed."""
    try:
        # The lock's suite and not the header's, which nobody has proved yet: another asks for another length of key.
        key = lock.suite.unwrap(lock.key, header.wrapped, header.raw)
    except InvalidTag as why:
        raise EvidenceDamaged(f"{_name(file)}：文件头与封存时不符，或密钥不对；{_ADVICE}") from why
    aead, digests = lock.suite.aead(key), Digests()
    chunk = _read(file, CHUNK_BYTES + TAG_BYTES)
    for number in count():
        following = _read(file, CHUNK_BYTES + TAG_BYTES)
        try:
            plain = aead.decrypt(_nonce(number, not following), chunk, None)
        except InvalidTag as why:
            raise EvidenceDamaged(_changed(file, number)) from why
        digests.update(plain)
        if not following and digests.values() != header.digests:
            raise EvidenceDamaged(f"{_name(file)}：校验值与封存时不符；{_ADVICE}")
        yield plain
        if not following:
            return
        chunk = following


class Plain(io.RawIOBase):
    """Chunks as a readable file; closing it closes the sealed one."""

    def __init__(self, chunks: Iterator[bytes], sealed: IO[bytes]) -> None:
        self._chunks = chunks
        self._sealed = sealed
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed: any buffer
        """How many bytes were given; 0 at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        given = min(len(buffer), len(self._rest))
        buffer[:given] = self._rest[:given]
        self._rest = self._rest[given:]
        return given

    def close(self) -> None:
        """The sealed file is closed too."""
        self._sealed.close()
        super().close()


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _sealed(raw: bytes, suite: Suite) -> Sealed:
    _, _, _, key_id, sha256, sm3, size, stored_us = _HEADER.unpack(raw)
    return Sealed(
        sha256=sha256.hex(),
        sm3=sm3.hex(),
        size=size,
        suite=suite.name,
        key_id=key_id.hex(),
        stored_at=_EPOCH + stored_us * _MICROSECOND,
    )


def _read(file: IO[bytes], size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as why:
        raise EvidenceDamaged(f"{_name(file)}：读不出来（{why.strerror}），请检查磁盘；{_ADVICE}") from why


def _changed(file: IO[bytes], number: int) -> str:
    return (
        f"{_name(file)}：从第 {number * CHUNK_BYTES} 字节起的一段与封存时不符，"
        f"文件被改动、截短或损坏，这一段及以后的内容没有给出；{_ADVICE}"
    )


def _name(file: IO[bytes]) -> str:
    return Path(file.name).name
