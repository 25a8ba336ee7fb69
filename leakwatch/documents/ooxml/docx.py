"""Word documents (.docx, .docm, .dotx; WPS writes the same): all the text a reader could ever have seen.

Tell-tales: a zip with parts under word/. Field map: w:p → a line, runs joined (机 密★10年 is split over
runs by Word), w:tr → a line with tabs, w:txbxContent → 文本框, w:delText and w:moveFrom → 修订删除,
v:textpath → 水印. mc:Fallback repeats its mc:Choice and is left out. Local names are compared, because the
strict variant has other namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.documents.ooxml.package import Package, grouped, is_office
from leakwatch.documents.outline import SPEAKS, Layers, lines
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "docx"

_BODY = r"word/document\d*\.xml"
_PARTS = (
    (r"word/header\d*\.xml", "页眉"),
    (r"word/footer\d*\.xml", "页脚"),
    (r"word/footnotes\d*\.xml", "脚注"),
    (r"word/endnotes\d*\.xml", "尾注"),
    (r"word/comments\d*\.xml", "批注"),
    (r"word/(diagrams/data|charts/chart)\d*\.xml", "图示"),
    (r"word/glossary/document\.xml", "构建基块"),
    (r"word/[^/]*\.xml", "其他部分"),
)
# Formatting, and who wrote which comment; diagrams keep a second copy of their text as a drawing.
_NO_TEXT = re.compile(
    r"word/(styles|stylesWithEffects|settings|webSettings|fontTable|numbering|people|comments[A-Z]\w*|theme\d*)\.xml"
)
_CUSTOM = r"customXml/item\d+\.xml"
_MAIN = ("document", "officeDocument")


def is_mine(head: bytes, name: str) -> bool:
    """A zip with Word parts; the extension counts only where none lies within the head."""
    return is_office(head, name, "word", (".docx", ".docm", ".dotx", ".dotm"))


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """Body, margins, notes, boxes, revisions, properties; then what is embedded."""
    with Package(file) as package:
        layers = Layers()
        for body in _bodies(package):
            yield from _body(package, body, layers)
        yield from _beside(package, layers)
        yield from package.embedded(vault)
        yield from package.damage()


def around(file: Evidence) -> Iterator[TextPiece | Skipped]:
    """The same without body and embedded files, which another reader has read."""
    with Package(file) as package:
        layers = Layers()
        for body in _bodies(package):
            yield from (row for row in _body(package, body, layers) if isinstance(row, Skipped))
        yield from _beside(package, layers)


def _bodies(package: Package) -> list[str]:
    """The parts that hold the text; Unreadable if nothing of a document is there."""
    bodies = package.names(_BODY) or [part for part in _main_parts(package) if package.names(re.escape(part))]
    if not bodies and not any(package.names(pattern) for pattern, _ in _PARTS[:-1]):
        raise Unreadable(Reason.DAMAGED, "文档缺少正文部分，可能已损坏，请用 WPS/Office 打开核对后另存再放入")
    return bodies


def _beside(package: Package, layers: Layers) -> Iterator[TextPiece | Skipped]:
    """What stands outside the body, and what was collected in it."""
    seen = set(_bodies(package))
    for pattern, spot in _PARTS:
        for name in package.names(pattern):
            if name not in seen and not _NO_TEXT.fullmatch(name):
                seen.add(name)
                yield from _part(package, (name, spot), layers)
    for text, spot in layers.taken():
        yield package.piece(text, spot)
    yield from _custom(package)
    yield from package.properties()


def _main_parts(package: Package) -> list[str]:
    """What the package calls its document, where it is not word/document.xml."""
    return [relation.part for relation in package.relations("") if relation.kind in _MAIN]


def _custom(package: Package) -> Iterator[TextPiece | Skipped]:
    """Words of the data that content controls are bound to, also of controls that are gone."""
    texts: list[str] = []
    for name in package.names(_CUSTOM):
        try:
            for event, element in package.elements(name, ["*"]):
                if event == "end" and element.text and SPEAKS.search(element.text):
                    texts.append(element.text.strip())
        except Unreadable as why:
            yield package.skipped(name, why)
    for _, _, text in grouped(dict.fromkeys(texts)):
        yield package.piece(text, "自定义数据")


def _body(package: Package, name: str, layers: Layers) -> Iterator[TextPiece | Skipped]:
    try:
        for first, last, text in grouped(lines(package, name, layers)):
            yield package.piece(text, f"正文第{first}段" if first == last else f"正文第{first}-{last}段")
    except Unreadable as why:
        yield package.skipped(name, why)


def _part(package: Package, part: tuple[str, str], layers: Layers) -> Iterator[TextPiece | Skipped]:
    name, spot = part
    try:
        for _, _, text in grouped(lines(package, name, layers)):
            yield package.piece(text, spot)
    except Unreadable as why:
        yield package.skipped(name, why)
