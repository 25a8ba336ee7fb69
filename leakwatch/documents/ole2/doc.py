"""Word 6 to 2007 documents (.doc, .dot, .wps of WPS Office): text, margins, notes, boxes, revisions.

Tell-tales: OLE2 with a WordDocument stream. Field map (MS-DOC): the file information block says how many
characters belong to the body, 脚注, 页眉页脚, 批注, 尾注 and 文本框, which follow each other in one text; PlcfHdd
splits the margins. Deleted revisions go to 修订删除, codes of fields to 域代码. Word 6 and 95 (nFib < 193) keep
8-bit text in one run; quick-saved ones keep it in pieces out of order, which is said.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from leakwatch.compound import Compound
from leakwatch.documents.embedded import Inlays
from leakwatch.documents.ole2 import escher
from leakwatch.documents.ole2.doc_runs import Text, read_text
from leakwatch.documents.ooxml.package import grouped
from leakwatch.documents.outline import SPEAKS, SYMBOLS
from leakwatch.documents.properties import properties
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.text import decode

STREAM = "WordDocument"

_WORD_97 = 193
_ENCRYPTED, _SECOND_TABLE, _QUICK_SAVED = 0x0100, 0x0200, 0x0004
_LOCKED = "Word 文档有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入"
_BROKEN = "Word 文档已损坏，正文无法读取；请用 WPS/Office 打开核对，另存为 docx 后再放入"
_SHORT = "Word 文档的一部分文字已经丢失，只检查了还在的部分；请用 WPS/Office 打开核对，另存为 docx 后再放入"
# Offsets of (position, length) pairs in the file information block.
_PLACES = {"margins": 0xF2, "chpx": 0xFA, "papx": 0x102, "clx": 0x1A2}
_COUNTS = 0x4C
_PARTS = ("正文", "脚注", "页眉页脚", "宏", "批注", "尾注", "文本框", "文本框")
_MARGINS = ("页眉", "页眉", "页脚", "页脚", "首页页眉", "首页页脚")
_NOTE_SEPARATORS = 6
_FIELD = re.compile("([\x13\x14\x15])")
_MARKS = str.maketrans({
    "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-", "\x1f": "", "\xa0": " ",
    **dict.fromkeys("\0\x01\x02\x03\x04\x05\x06\x08\x0e", ""), **SYMBOLS,
})  # fmt: skip


def read(file: Evidence, compound: Compound, inlays: Inlays) -> Iterator[TextPiece | Skipped | Evidence]:
    """All parts in the order of the file, properties, drawings; then pictures and objects."""
    document = compound.stream(STREAM)
    if len(document) < 0x60:
        raise Unreadable(Reason.DAMAGED, _BROKEN)
    version, flags = struct.unpack_from("<2xH6xH", document)
    if flags & _ENCRYPTED:
        raise Unreadable(Reason.PASSWORD, _LOCKED)
    table = b""
    if version < _WORD_97:
        yield from _old(file, document, flags)
    else:
        table = _table(compound, flags)
        yield from _pieces(file, document, table)
    said = properties(compound)
    drawn = [(said, "文档属性")] if said else []
    drawn += dict.fromkeys(escher.texts(table))
    for text, spot in drawn:
        yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)
    for data in (document, compound.stream("Data") if compound.has("Data") else b""):
        for kind, picture in escher.pictures(data):
            yield from inlays.numbered(kind, picture)
    yield from inlays.objects(compound, ("ObjectPool",))
    yield from inlays.rest()


def _table(compound: Compound, flags: int) -> bytes:
    """The table stream that the flags name, or the only one there is."""
    names = ("1Table", "0Table") if flags & _SECOND_TABLE else ("0Table", "1Table")
    name = next((name for name in names if compound.has(name)), "")
    if not name:
        raise Unreadable(Reason.DAMAGED, _BROKEN)
    return compound.stream(name)


def _pieces(file: Evidence, document: bytes, table: bytes) -> Iterator[TextPiece | Skipped]:
    if len(document) < _PLACES["clx"] + 8:
        raise Unreadable(Reason.DAMAGED, _BROKEN)
    places = {name: struct.unpack_from("<II", document, offset) for name, offset in _PLACES.items()}
    text = read_text(document, table, places)
    if not text.units:
        raise Unreadable(Reason.DAMAGED, _BROKEN)
    said = _Said(deleted=[], codes=[])
    for spot, start, end in _ranges(document, table, text):
        for first, last, lines in grouped(said.lines(text, start, end)):
            where = (
                spot if spot != "正文" else f"正文第{first}段" if first == last else f"正文第{first}-{last}段"
            )
            yield TextPiece(text=lines, origin=Origin.DOCUMENT, evidence=file, spot=where)
    if sum(struct.unpack_from("<8I", document, _COUNTS)) > len(text.units) // 2:
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=_SHORT)
    for spot, beside in (("修订删除", said.deleted), ("域代码", said.codes)):
        for _, _, lines in grouped(beside):
            yield TextPiece(text=lines, origin=Origin.DOCUMENT, evidence=file, spot=spot)


def _ranges(document: bytes, table: bytes, text: Text) -> Iterator[tuple[str, int, int]]:
    """(spot, first, last position) of every part; margins split as PlcfHdd says."""
    start, length = 0, len(text.units) // 2
    for spot, count in zip(_PARTS, struct.unpack_from("<8I", document, _COUNTS), strict=True):
        end = min(start + count, length)
        if spot == "页眉页脚":
            yield from _margins(document, table, (start, end))
        elif start < end:
            yield spot, start, end
        start = end
    if start < length:  # the counts are broken, the text is there
        yield "其余文字", start, length


def _margins(document: bytes, table: bytes, whole: tuple[int, int]) -> Iterator[tuple[str, int, int]]:
    start, end = whole
    offset, length = struct.unpack_from("<II", document, _PLACES["margins"])
    data = table[offset : offset + length]
    cuts = [start + position for position in struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])]
    if len(cuts) < 2 or cuts != sorted(cuts) or cuts[0] != start:
        cuts = [start]
    last = start
    for number, (first, cut) in enumerate(pairwise(cuts)):
        last = min(cut, end)
        if first < last:
            is_note = number < _NOTE_SEPARATORS
            yield "脚注" if is_note else _MARGINS[(number - _NOTE_SEPARATORS) % len(_MARGINS)], first, last
    if last < end:
        yield "页眉页脚", last, end


@dataclass(frozen=True, slots=True)
class _Said:
    """Collects, beside the lines, what was deleted and what the codes of fields say."""

    deleted: list[str]
    codes: list[str]

    def lines(self, text: Text, start: int, end: int) -> list[str]:
        """The visible lines of a stretch of text."""
        visible, at = [], start
        for first, last in text.deleted:
            if at <= first < end:
                visible.append(text.units[at * 2 : first * 2])
                at = min(last, end)
                if gone := _plain(text.units[first * 2 : at * 2].decode("utf-16-le", "replace")).strip():
                    self.deleted.append(gone)
        visible.append(text.units[at * 2 : end * 2])
        shown = self._shown(b"".join(visible).decode("utf-16-le", "replace"))
        return [line.rstrip("\t ") for line in _plain(shown).removesuffix("\n").split("\n")]

    def _shown(self, text: str) -> str:
        """Text whose fields show their results; a code with words in it is kept for 域代码."""
        if "\x13" not in text:
            return text
        shown: list[str] = []
        codes: list[list[str]] = []
        """Of the fields we are in, innermost last; a field that shows its result is an empty list."""
        is_code: list[bool] = []
        for part in _FIELD.split(text):
            if part == "\x13":
                codes.append([])
                is_code.append(True)
            elif part == "\x14" and codes:
                is_code[-1] = False
            elif part == "\x15" and codes:
                is_code.pop()
                code = _plain("".join(codes.pop())).strip()
                if SPEAKS.search(code):
                    self.codes.append(code)
            elif any(is_code):
                codes[-1].append(part)
            else:
                shown.append(part)
        return "".join([*shown, *(part for code in codes for part in code)])


def _plain(text: str) -> str:
    return text.translate(_MARKS)


def _old(file: Evidence, document: bytes, flags: int) -> Iterator[TextPiece | Skipped]:
    """Word 6 and 95: the text between fcMin and fcMac, in the encoding that fits."""
    start, end = struct.unpack_from("<II", document, 0x18)
    if not start < end <= len(document):
        raise Unreadable(Reason.DAMAGED, _BROKEN)
    said = _Said(deleted=[], codes=[])
    units = decode(document[start:end])[0].encode("utf-16-le", "replace")
    for first, last, lines in grouped(said.lines(Text(units, ()), 0, len(units) // 2)):
        spot = f"正文第{first}段" if first == last else f"正文第{first}-{last}段"
        yield TextPiece(text=lines, origin=Origin.DOCUMENT, evidence=file, spot=spot)
    if flags & _QUICK_SAVED:
        detail = (
            "Word 6/95 文档用“快速保存”存过，文字次序可能错乱；请用 WPS/Office 打开，另存为 docx 后再放入"
        )
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)
