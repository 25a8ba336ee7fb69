"""The bytes of one zip entry, inflated here.

zipfile trusts the declared sizes: an entry that declares 100 bytes and holds 725 comes out of it as nothing
at all (measured), and a cut file loses even what is whole.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BufferedReader

import inflate64

from leakwatch.unpack.zip_directory import LOCAL_HEADER, SIGNATURE, ZipEntry

_CHUNK_BYTES = 1 << 18
_SIP_BYTES = 512
"""Inflate64 gives all that comes of its input at once, and that may be 29,000 times as much."""
_STORED, _DEFLATED, _DEFLATED64 = 0, 8, 9
_CUT = "压缩包在此文件中间断掉"
METHODS = (_STORED, _DEFLATED, _DEFLATED64)
"""What is read here; everything else is libarchive's."""


class ZipContent:
    """The bytes of one entry; once they are spent, `problem` says what was wrong with them (Chinese)."""

    def __init__(self, archive: BufferedReader, entry: ZipEntry) -> None:
        self.problem = ""
        self._archive = archive
        self._entry = entry

    def __iter__(self) -> Iterator[bytes]:
        head = self._at_header()
        if len(head) < LOCAL_HEADER.size or not head.startswith(SIGNATURE):
            self.problem = "压缩包内此处的文件头已损坏"
            return
        name_bytes, extra_bytes = struct.unpack_from("<HH", head, 26)
        self._archive.seek(name_bytes + extra_bytes, 1)
        crc = size = 0
        for chunk in self._chunks():
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            yield chunk
        declared = self._entry.size_bytes
        if declared is not None and not self.problem and (size, crc) != (declared, self._entry.crc):
            self.problem = f"内容与压缩包目录登记的大小（{declared} 字节）或校验值不符"

    def _chunks(self) -> Iterator[bytes]:
        if self._entry.method == _DEFLATED64:
            return self._inflated64()
        return self._inflated() if self._entry.method == _DEFLATED else self._stored()

    def _at_header(self) -> bytes:
        """Offsets from a forged directory may lie before the file or beyond 2⁶³."""
        try:
            self._archive.seek(self._entry.offset)
        except (OSError, ValueError, OverflowError):
            return b""
        return self._archive.read(LOCAL_HEADER.size)

    def _stored(self) -> Iterator[bytes]:
        left = self._entry.packed_bytes
        while left > 0 and (chunk := self._archive.read(min(left, _CHUNK_BYTES))):
            left -= len(chunk)
            yield chunk
        if left > 0:
            self.problem = _CUT

    def _inflated(self) -> Iterator[bytes]:
        """A deflate stream knows its own end, so the declared sizes are not asked."""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            while not inflater.eof:
                data = inflater.unconsumed_tail or self._archive.read(_CHUNK_BYTES)
                if not data:
                    yield inflater.flush()
                    self.problem = "" if inflater.eof else _CUT
                    return
                yield inflater.decompress(data, _CHUNK_BYTES)
        except zlib.error:
            self.problem = "压缩数据已损坏"

    def _inflated64(self) -> Iterator[bytes]:
        inflater = inflate64.Inflater()
        left = self._entry.packed_bytes
        try:
            while not inflater.eof and left > 0 and (data := self._archive.read(min(left, _SIP_BYTES))):
                left -= len(data)
                yield inflater.inflate(data)
        except (ValueError, OSError, EOFError):
            self.problem = "压缩数据已损坏"
        else:
            self.problem = "" if inflater.eof else _CUT
