"""Workbooks (.xlsx, .xlsm, .xlsb; WPS writes the same): every sheet, hidden ones too, by calamine.

Tell-tales: a zip with parts under xl/. calamine gives the values; comments, text boxes, page headers, names,
strings that no cell shows any more and pictures are taken from the package. It holds each sheet as a full rectangle
(32 bytes a cell, measured), so one cell at XFD1048576 would ask for 512 GiB and abort the process: where
the rectangle is too large, or calamine gives the workbook up, the cells are streamed one by one instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from leakwatch.documents.ooxml.cells import extent, shared_strings, sheets, streamed
from leakwatch.documents.ooxml.package import Package, grouped, is_office
from leakwatch.documents.ooxml.sheets import MOST_CELLS, row_pieces, sheet_pieces
from leakwatch.documents.outline import Layers, lines
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "xlsx"

_DRAWINGS = r"xl/(drawings/drawing|charts/chart|diagrams/data)\d*\.xml"
_COMMENT_KINDS = ("comments", "threadedComment")
_CACHES = (
    (r"xl/pivotCache/pivotCacheDefinition\d*\.xml", "s", "数据透视表缓存"),
    (r"xl/externalLinks/externalLink\d*\.xml", "cell", "外部链接缓存"),
)
_WORDS = re.compile("[\u3400-\u9fff]{2}(?<!上午)(?<!下午)")
"""More than the 年, 月 and 元 of every other format."""


def is_mine(head: bytes, name: str) -> bool:
    """A zip with Excel parts; the extension counts where the head does not tell."""
    return is_office(head, name, "xl", (".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm"))


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """Page headers, sheet names, the sheets in order, what lies around them, properties; then the pictures."""
    with Package(file) as package:
        for name in package.names(r"xl/sharedStrings\.(xml|bin)"):
            sum(map(len, package.chunks(name)))  # Unreadable if too big: calamine holds it whole
        book = _Book(parts=sheets(package))
        yield from _measured(package, book)
        yield from _cells(package, book)
        yield from _around(package, book)
        yield from package.embedded(vault)
        yield from package.damage()


def around(file: Evidence) -> Iterator[TextPiece | Skipped]:
    """All words that stand in no cell, for a workbook whose cells another reader takes."""
    with Package(file) as package:
        book = _Book(parts=sheets(package))
        yield from _measured(package, book)
        yield from _around(package, book)


@dataclass(slots=True, kw_only=True)
class _Book:
    parts: dict[str, str]
    """Sheet name → part name."""
    too_large: dict[str, str] = field(default_factory=dict)
    """Those that cannot be held as a rectangle."""
    shared: set[int] = field(default_factory=set)
    """The shared strings that some cell shows."""


def _around(package: Package, book: _Book) -> Iterator[TextPiece | Skipped]:
    yield from _unused(package, book)
    for sheet, part in book.parts.items():
        yield from _comments(package, sheet, part)
    yield from _drawings(package)
    yield from package.properties()


def _measured(package: Package, book: _Book) -> Iterator[TextPiece | Skipped]:
    """Page headers, prompts and unsolved formulas of every sheet."""
    for sheet, part in book.parts.items():
        try:
            reach = extent(package, part)
        except Unreadable as why:
            yield package.skipped(sheet, why)
            continue
        book.shared |= reach.shared
        if reach.margins:
            yield package.piece("\n".join(reach.margins), f"{sheet}!页眉页脚")
        if reach.prompts:
            yield package.piece("\n".join(reach.prompts), f"{sheet}!输入提示")
        if reach.literals:
            yield package.piece("、".join(reach.literals), f"{sheet}!公式")
        if reach.rows * reach.columns > MOST_CELLS:
            book.too_large[sheet] = part


def _cells(package: Package, book: _Book) -> Iterator[TextPiece | Skipped]:
    try:
        yield from sheet_pieces(package.file, package.stream, book.too_large)
    except Unreadable as why:
        if why.reason == Reason.PASSWORD or not book.parts:
            raise
        yield package.skipped(package.file.name, why)
        book.too_large = book.parts
    if book.too_large:
        texts = shared_strings(package)
        for sheet, part in book.too_large.items():
            try:
                yield from row_pieces(package.file, sheet, streamed(package, part, texts))
            except Unreadable as why:
                yield package.skipped(sheet, why)


def _unused(package: Package, book: _Book) -> Iterator[TextPiece | Skipped]:
    """Strings that no cell refers to, names, and values that caches keep of sheets that may be gone."""
    is_binary = bool(package.names(r"xl/workbook\.bin"))
    texts = shared_strings(package)
    left = [] if is_binary else [text for number, text in enumerate(texts) if number not in book.shared]
    named = set(texts)
    layers = [("未引用的字符串", left), ("定义名称", [*_names(package)]), ("数字格式", [*_formats(package)])]
    for pattern, tag, spot in _CACHES:
        for name in package.names(pattern):
            layers.append((spot, [text for text in _cached(package, name, tag) if text not in named]))
    for spot, found in layers:
        for _, _, text in grouped(found):
            yield package.piece(text, spot)


def _names(package: Package) -> Iterator[str]:
    for name in package.names(r"xl/workbook\.xml"):
        try:
            for event, element in package.elements(name, ["definedName"]):
                if event == "end" and not element.get("name", "").startswith("_xlnm."):
                    yield f"{element.get('name', '')}\t{element.text or ''}"
        except Unreadable:  # said when the sheets were looked for
            return


def _formats(package: Package) -> Iterator[str]:
    """Number formats that write words around a number, which are in no cell."""
    for name in package.names(r"xl/styles\.xml"):
        try:
            for event, element in package.elements(name, ["numFmt"]):
                code = element.get("formatCode", "").replace('"', "").replace("\\", "")
                if event == "end" and _WORDS.search(code):
                    yield code
        except Unreadable:  # calamine says what is wrong with the workbook
            return


def _cached(package: Package, name: str, tag: str) -> Iterator[str]:
    try:
        for event, element in package.elements(name, [tag]):
            if event == "end":
                yield element.get("v", "") or "".join(str(part) for part in element.itertext())
                element.clear()
    except Unreadable:
        return


def _comments(package: Package, sheet: str, part: str) -> Iterator[TextPiece | Skipped]:
    """Comments of a sheet by cell; a threaded one is kept a second time as a plain one, for older programs."""
    found: dict[str, list[str]] = {}
    for kind in reversed(_COMMENT_KINDS):
        for relation in package.relations(part):
            if relation.kind != kind or not package.names(relation.part):
                continue
            try:
                for event, element in package.elements(relation.part, ("comment", "threadedComment")):
                    text = "".join(t.text or "" for t in element.iter("{*}t", "{*}text")).strip()
                    said = found.setdefault(element.get("ref", ""), [])
                    if event == "end" and text and not (said and all(one in text for one in said)):
                        said.append(text)
            except Unreadable as why:
                yield package.skipped(relation.part, why)
    for place, texts in found.items():
        if texts:
            yield package.piece("\n".join(texts), f"{sheet}!{place}批注")


def _drawings(package: Package) -> Iterator[TextPiece | Skipped]:
    layers = Layers()
    for name in package.names(_DRAWINGS):
        try:
            for _, _, text in grouped(lines(package, name, layers)):
                yield package.piece(text, "文本框")
        except Unreadable as why:
            yield package.skipped(name, why)
    for text, spot in layers.taken():
        yield package.piece(text, spot)
