"""PowerPoint 97–2007 files (.ppt, .pps, .dps of WPS Office): slides, notes, comments, masters, old versions.

Tell-tales: OLE2 with a PowerPoint Document stream. Field map (MS-PPT): nested records; text lies in TextCharsAtom,
TextBytesAtom and CString, that of placeholders in the SlideListWithText of the document. Each save appends; the
Current User stream leads to the directory of what is valid, and slides outside of it come out as 已删除的幻灯片.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from leakwatch.compound import Compound
from leakwatch.documents.embedded import Inlays
from leakwatch.documents.ole2 import escher
from leakwatch.documents.ooxml.package import grouped
from leakwatch.documents.properties import properties
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece

STREAM = "PowerPoint Document"

_DOCUMENT, _SLIDE, _NOTES, _MASTER, _HANDOUT = 1000, 1006, 1008, 1016, 4041
_SLIDE_LIST, _PERSIST, _NOTES_ATOM, _COMMENT, _OBJECT = 4080, 1011, 1009, 12000, 4113
_CHARACTERS, _BYTES, _STRING, _TAG_BLOB = 4000, 4008, 4026, 5003
_UNREAD = {1010, 1033, 2000, 2005}  # fonts, links and objects, view settings, sounds
_EDIT, _DIRECTORY = 4085, 6002
_ENCRYPTED_TOKEN = 0xF3D1C4DF
_HEADER = 8
_DEEPEST = 40
_MOST_EDITS = 10_000
_MOST_OBJECT_BYTES = 256 << 20
_MARKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\0": "", "\x01": ""})


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    start: int
    """Where its header lies."""
    end: int
    is_container: bool

    @property
    def body(self) -> int:
        return self.start + _HEADER


def read(file: Evidence, compound: Compound, inlays: Inlays) -> Iterator[TextPiece | Skipped | Evidence]:
    """Slides in their order, notes, masters, what older saves left; properties, then pictures and objects."""
    data = compound.stream(STREAM)
    user = compound.stream("Current User") if compound.has("Current User") else b""
    deck = _Deck(data, user)
    if deck.is_locked:
        detail = "演示文稿有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入"
        raise Unreadable(Reason.PASSWORD, detail)
    if not deck.records:
        raise Unreadable(Reason.DAMAGED, "演示文稿已损坏，没有读出内容；请打开核对，另存为 pptx 后再放入")
    pieces = [*deck.texts(), *dict.fromkeys((spot, text) for text, spot in escher.texts(data))]
    pieces.append(("文档属性", properties(compound)))
    for spot, text in pieces:
        for _, _, lines in grouped(text.split("\n")):
            yield TextPiece(text=lines, origin=Origin.DOCUMENT, evidence=file, spot=spot)
    for stored in compound.stream("Pictures") if compound.has("Pictures") else b"", data:
        for kind, picture in escher.pictures(stored):
            yield from inlays.numbered(kind, picture)
    for number, stored in enumerate(deck.objects(), 1):
        yield from inlays.kept(f"嵌入对象{number}", stored)
    yield from inlays.rest()


class _Deck:
    """The records of a presentation, and which of them are valid."""

    def __init__(self, data: bytes, user: bytes) -> None:
        self._data = data
        self.records = list(self._within(0, len(data)))
        self._live: dict[int, int] = {}
        """Persist id → offset."""
        self._document = -1
        self.is_locked = False
        if len(user) >= 20:
            self.is_locked = struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED_TOKEN
            self._follow(struct.unpack_from("<I", user, 16)[0])

    def _follow(self, offset: int) -> None:
        """The chain of saves, newest first; a broken one ends it."""
        for _ in range(_MOST_EDITS):
            if offset + 36 > len(self._data) or self._kind(offset) != _EDIT:
                return
            before, directory, document = struct.unpack_from("<III", self._data, offset + 16)
            for number, place in self._directory(directory):
                self._live.setdefault(number, place)
            if self._document < 0:
                self._document = self._live.get(document, -1)
            if not before or before >= offset:
                return
            offset = before

    def _directory(self, offset: int) -> Iterator[tuple[int, int]]:
        if offset + _HEADER > len(self._data) or self._kind(offset) != _DIRECTORY:
            return
        size = min(struct.unpack_from("<I", self._data, offset + 4)[0], len(self._data) - offset - _HEADER)
        numbers = iter(struct.unpack_from(f"<{size // 4}I", self._data, offset + _HEADER))
        for head in numbers:
            for step, (_, place) in enumerate(zip(range(head >> 20), numbers, strict=False)):
                yield (head & 0xFFFFF) + step, place

    def _kind(self, offset: int) -> int:
        return int(struct.unpack_from("<2xH", self._data, offset)[0])

    def _within(self, start: int, end: int) -> Iterator[_Record]:
        while start + _HEADER <= end:
            head, kind, size = struct.unpack_from("<HHI", self._data, start)
            stop = min(end, start + _HEADER + size)
            yield _Record(kind, head >> 4, start, stop, head & 0xF == 0xF or kind == _TAG_BLOB)
            start = stop

    def texts(self) -> Iterator[tuple[str, str]]:
        """(spot, text) of all parts; what older saves left only where it says something else."""
        live = set(self._live.values())
        current = [item for item in self.records if not live or item.start in live]
        outlines, pages, slide_ids = self._outlines(current)
        shown: set[str] = set()
        named = [(self._name(item, pages, slide_ids), item) for item in current]
        named.sort(key=lambda one: pages.get(one[1].start, len(pages) + 1))
        for spot, item in named:
            for where, text in (*outlines.pop(item.start, ()), *self._said(item, spot)):
                shown.add(text)
                yield where, text
        for leftover in outlines.values():
            yield from leftover
        for item in self.records:
            if live and item.start not in live and item.kind in (_SLIDE, _NOTES, _DOCUMENT):
                parts = (
                    [*self._outlines([item])[0].values()]
                    if item.kind == _DOCUMENT
                    else [self._said(item, "")]
                )
                for _, text in (said for part in parts for said in part):
                    if text not in shown:
                        shown.add(text)
                        yield "已删除的幻灯片", text

    def _outlines(
        self, records: list[_Record]
    ) -> tuple[dict[int, list[tuple[str, str]]], dict[int, int], dict[int, int]]:
        """Of the document: slide offset → its outline, slide offset → page, slide id → page."""
        outlines: dict[int, list[tuple[str, str]]] = {}
        pages: dict[int, int] = {}
        slide_ids: dict[int, int] = {}
        for document in (item for item in records if item.kind == _DOCUMENT):
            for item in self._within(document.body, document.end):
                if item.kind != _SLIDE_LIST:
                    continue
                offset = -1 - item.start
                for atom in self._within(item.body, item.end):
                    if atom.kind == _PERSIST and atom.end - atom.body >= 16:
                        number, _, _, slide_id = struct.unpack_from("<IIII", self._data, atom.body)
                        offset = self._live.get(number, -1 - atom.start)
                        if item.instance == 0:
                            slide_ids[slide_id] = pages[offset] = len(pages) + 1
                    elif text := self._text(atom):
                        spot = (
                            f"第{pages[offset]}页" if offset in pages else "母版" if item.instance else "大纲"
                        )
                        outlines.setdefault(offset, []).append((spot, text))
        if not self._live:
            slides = [item.start for item in records if item.kind == _SLIDE]
            pages = {offset: number for number, offset in enumerate(slides, 1)}
        return outlines, pages, slide_ids

    def _name(self, item: _Record, pages: dict[int, int], slide_ids: dict[int, int]) -> str:
        if item.kind == _NOTES:
            for atom in self._within(item.body, item.end):
                if atom.kind == _NOTES_ATOM and atom.end - atom.body >= 4:
                    page = slide_ids.get(struct.unpack_from("<I", self._data, atom.body)[0])
                    return f"第{page}页备注" if page else "备注"
        if item.kind == _SLIDE:
            return f"第{pages[item.start]}页" if item.start in pages else "幻灯片"
        return {_MASTER: "母版", _NOTES: "备注", _HANDOUT: "讲义母版"}.get(item.kind, "页眉页脚")

    def _said(self, item: _Record, spot: str) -> Iterator[tuple[str, str]]:
        """(spot, text): all text below a record, that of comments apart."""
        lines: list[str] = []
        todo = [(item, 0)]
        while todo:
            record, depth = todo.pop()
            if record.kind == _COMMENT:
                said = [
                    self._text(atom) for atom in self._within(record.body, record.end) if atom.instance == 1
                ]
                yield f"{spot}批注", "\n".join(said)
            elif record.is_container and depth < _DEEPEST:
                inside = [
                    one
                    for one in self._within(record.body, record.end)
                    if one.kind not in _UNREAD | {_SLIDE_LIST}
                ]
                todo += [(one, depth + 1) for one in reversed(inside)]
            elif text := self._text(record):
                lines.append(text)
        if lines:
            yield spot, "\n".join(lines)

    def _text(self, atom: _Record) -> str:
        data = self._data[atom.body : atom.end]
        if atom.kind == _BYTES:
            return data.decode("latin-1").translate(_MARKS).strip()
        if atom.kind not in (_CHARACTERS, _STRING):
            return ""
        text = data.decode("utf-16-le", "replace").translate(_MARKS).strip()
        return "" if text.startswith("___PPT") else text

    def objects(self) -> Iterator[bytes]:
        """Embedded objects, which are compound files."""
        for item in self.records:
            if item.kind == _OBJECT:
                data = self._data[item.body : item.end]
                if item.instance == 1:
                    try:
                        data = zlib.decompressobj().decompress(data[4:], _MOST_OBJECT_BYTES)
                    except zlib.error:
                        continue
                yield data
