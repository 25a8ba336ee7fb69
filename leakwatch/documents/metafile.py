"""Windows metafiles (.emf, .wmf), the preview of an embedded object or a drawing: their text and bitmaps.

Tell-tales: EMF begins with record 1 and has ` EMF` at 40; WMF begins with its placeable key or with 1, 9. Field map:
records of type and length; EMR_EXTTEXTOUTW and META_(EXT)TEXTOUT hold a run of text each, STRETCHDIB a bitmap.
Runs at the same height are one line. What is drawn as outlines cannot be read, and is said.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import groupby

from leakwatch.documents.embedded import Inlays
from leakwatch.documents.ole2.escher import bitmap
from leakwatch.documents.ooxml.package import grouped
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.text import decode
from leakwatch.vault import Vault

NAME = "metafile"

_EMF_TEXT, _EMF_BITMAPS = (83, 84), {81: 48, 76: 84, 114: 84, 80: 48}
_WMF_TEXT, _WMF_TEXT_AT, _WMF_BITMAPS = 0x0521, 0x0A32, {0x0F43: 28, 0x0B41: 26, 0x0940: 22}
_PLACEABLE = b"\xd7\xcd\xc6\x9a"
_MOST_BYTES = 64 << 20
_LEAST_BITMAP_BYTES = 20_000
_TOO_BIG = "矢量图大于 64 MiB，其余部分未读；请另存为图片后再放入"
_MUTE = "矢量图里没有读出文字，画成线条的文字无法识别；请打开原文档核对，必要时截图后放入"

_Found = tuple[int, str | bytes]
"""Height, and a run of text or a bitmap."""


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Either magic."""
    is_emf = head.startswith(b"\x01\0\0\0") and head[40:44] == b" EMF"
    return (
        is_emf
        or head.startswith(_PLACEABLE)
        or (head[:4] == b"\x01\0\x09\0" and head[4:6] in (b"\0\x03", b"\0\x01"))
    )


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """The text in the order it is drawn, and the larger bitmaps."""
    with file.path.open("rb") as opened:
        data = opened.read(_MOST_BYTES)
    found = [*(_emf(data) if data[40:44] == b" EMF" else _wmf(data))]
    lines = [
        "".join(text for _, text in runs if isinstance(text, str))
        for _, runs in groupby(found, lambda one: one[0])
    ]
    for _, _, text in grouped(lines):
        yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot="矢量图")
    inlays, has_bitmap = Inlays(file, vault), False
    for _, content in found:
        if isinstance(content, bytes):
            has_bitmap = True
            yield from inlays.numbered("bmp", content)
    if not has_bitmap and not any(line.strip() for line in lines):
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=_MUTE)
    if file.size > _MOST_BYTES:
        yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_BIG, detail=_TOO_BIG)


def _emf(data: bytes) -> Iterator[_Found]:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        record = data[at : at + size]
        if kind in _EMF_TEXT and len(record) >= 52:
            height, count, offset = struct.unpack_from("<iII", record, 40)
            width = kind - 82
            raw = record[offset : offset + count * width]
            yield height, raw.decode("utf-16-le", "replace") if width == 2 else decode(raw)[0]
        elif kind in _EMF_BITMAPS and len(record) >= _EMF_BITMAPS[kind] + 16:
            head, head_size, bits, bits_size = struct.unpack_from("<4I", record, _EMF_BITMAPS[kind])
            if bits_size >= _LEAST_BITMAP_BYTES:
                yield 0, bitmap(record[head : head + head_size] + record[bits : bits + bits_size])
        at += max(size, 8)


def _wmf(data: bytes) -> Iterator[_Found]:
    at = 18 + (22 if data.startswith(_PLACEABLE) else 0)
    while at + 6 <= len(data):
        words, kind = struct.unpack_from("<IH", data, at)
        record = data[at : at + words * 2]
        if kind == _WMF_TEXT and len(record) >= 8:
            (count,) = struct.unpack_from("<H", record, 6)
            tail = record[8 + count + count % 2 :]
            yield int.from_bytes(tail[:2], "little"), decode(record[8 : 8 + count])[0]
        elif kind == _WMF_TEXT_AT and len(record) >= 14:
            height, _, count, options = struct.unpack_from("<4H", record, 6)
            start = 22 if options & 6 else 14
            yield height, decode(record[start : start + count])[0]
        elif kind in _WMF_BITMAPS and len(record) >= _LEAST_BITMAP_BYTES:
            yield 0, bitmap(record[_WMF_BITMAPS[kind] :])
        at += max(words * 2, 6)
