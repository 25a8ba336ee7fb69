"""OFD (GB/T 33190), the fixed-layout format of official documents: text by page, annotations, pictures.

Tell-tales: a zip with OFD.xml. Field map: Pages/Page_N/Content.xml and Tpls/…/Content.xml hold TextObject
(Boundary "x y width height") with TextCode; Annots/…/Annotation.xml holds stamps and watermarks. Text drawn
as paths has no TextCode. Side-by-side columns interleave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from leakwatch.documents.package import Package, grouped
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "ofd"

_PARTS = (
    (r".*Pages?/Page_(\d+)/Content\.xml", "第{}页"),
    (r"(?!.*Pages?/Page_\d+/Content\.xml).*?(\d*)/[^/]*Content[^/]*\.xml", "模板{}"),
    (r".*Annots?/.*?(\d*)/Annot(?:ation)?[^/]*\.xml", "注释{}"),
)
_SAME_LINE_MM = 1.0


def is_mine(head: bytes, name: str) -> bool:
    """A zip with OFD.xml or Doc_0/."""
    is_named = name.lower().endswith(".ofd")
    return head.startswith(b"PK") and (
        is_named or re.search(rb"PK\x03\x04.{26}(OFD\.xml|Doc_0[/\\])", head, re.DOTALL) is not None
    )


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """Pages, templates and annotations in reading order, document info; then the pictures."""
    with Package(file) as package:
        if not package.names(r"OFD\.xml"):
            raise Unreadable(
                Reason.DAMAGED, "OFD 缺少主入口 OFD.xml，可能已损坏，请用阅读器打开核对后另存再放入"
            )
        if package.names(r".*(Encryptions|EncryptInfo|DecryptionSeed)[^/]*\.(xml|dat)"):
            raise Unreadable(Reason.PASSWORD, "OFD 已加密，无法检查；请用阅读器解密另存后再放入")
        for pattern, spot in _PARTS:
            for name in package.names(pattern):
                number = re.fullmatch(pattern, name, re.IGNORECASE)
                yield from _part(package, name, spot.format(_page(number, spot)))
        yield from _information(package)
        yield from package.embedded(vault)


def _page(match: re.Match[str] | None, spot: str) -> str:
    number = match[1] if match else ""
    return str(int(number) + 1) if number and spot.startswith("第") else number


def _part(package: Package, name: str, spot: str) -> Iterator[TextPiece | Skipped]:
    try:
        placed = [
            (*_corner(element), _text(element))
            for event, element in package.elements(name, ["TextObject"])
            if event == "end"
        ]
    except Unreadable as why:
        yield package.skipped(name, why)
        return
    for _, _, text in grouped(_lines(placed)):
        yield package.piece(text, spot)


def _lines(placed: list[tuple[float, float, str]]) -> Iterator[str]:
    """Text objects at the same height are one line, from left to right."""
    row: list[tuple[float, str]] = []
    height = 0.0
    for y, x, text in sorted(placed):
        if row and y - height > _SAME_LINE_MM:
            yield "".join(part for _, part in sorted(row))
            row = []
        height = height if row else y
        row.append((x, text))
    if row:
        yield "".join(part for _, part in sorted(row))


def _corner(element: etree._Element) -> tuple[float, float]:
    """(y, x) in millimetres; 0, 0 where the boundary is missing or broken."""
    numbers = re.findall(r"-?\d+(?:\.\d+)?", element.get("Boundary", ""))
    return (float(numbers[1]), float(numbers[0])) if len(numbers) > 1 else (0.0, 0.0)


def _text(element: etree._Element) -> str:
    return "".join(code.text or "" for code in element.iter("{*}TextCode"))


def _information(package: Package) -> Iterator[TextPiece | Skipped]:
    try:
        texts = [
            element.text.strip()
            for event, element in package.elements("OFD.xml", ("Title", "Subject", "Abstract", "Keyword"))
            if event == "end" and element.text and element.text.strip()
        ]
    except (Unreadable, KeyError) as why:
        broken = why if isinstance(why, Unreadable) else Unreadable(Reason.DAMAGED, "OFD.xml 无法读取")
        yield package.skipped("OFD.xml", broken)
        return
    if texts:
        yield package.piece("\n".join(texts), "文档属性")
