"""WordprocessingML and DrawingML → lines of text, and the layers that lie beside the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from leakwatch.documents.package import Package, attribute, grouped

# pt is a point of a chart or of SmartArt, text a comment on a slide.
_OUTER = ("p", "tr", "pt", "text")
_BLANKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DELETED = {"del", "moveFrom"}
# rt is the pinyin above a character, Fallback an older drawing of the Choice before it.
_UNREAD = {"Fallback", "rt", "instrText", "pPr", "rPr", "tblPr", "tcPr", "trPr"}


@dataclass(slots=True)
class Layers:
    """Text collected beside the lines: boxes, deleted revisions, watermarks."""

    boxes: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    watermarks: list[str] = field(default_factory=list)

    def taken(self) -> Iterator[tuple[str, str]]:
        """(text, spot) of every layer that is not empty."""
        for spot, texts in (("文本框", self.boxes), ("修订删除", self.deleted), ("水印", self.watermarks)):
            for _, _, text in grouped(texts):
                yield text, spot


def lines(package: Package, part: str, layers: Layers) -> Iterator[str]:
    """One line for each outermost paragraph or table row, in order; blank ones included.

    Elements are cleared behind the reader, so that a document of any length costs the memory of one row.
    """
    depth = 0
    for event, element in package.elements(part, _OUTER):
        depth += 1 if event == "start" else -1
        if event == "end" and depth == 0:
            yield _line(element, layers)
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _line(element: etree._Element, layers: Layers) -> str:
    if local_name(element) == "tr":
        cells = [child for child in element.iter("{*}tc") if _row_of(child) is element]
        return "\t".join(" ".join(_inline(cell, layers).split("\n")).strip() for cell in cells)
    return _inline(element, layers).strip("\n") if local_name(element) != "text" else element.text or ""


def _row_of(cell: etree._Element) -> etree._Element | None:
    return next((up for up in cell.iterancestors("{*}tr")), None)


def _inline(element: etree._Element, layers: Layers) -> str:
    """The visible text below an element; what is hidden or beside it goes to its layer."""
    visible: list[str] = []
    deleted: list[str] = []
    _collect(element, (visible, deleted), layers)
    if text := "".join(deleted).strip():
        layers.deleted.append(text)
    return "".join(visible)


def _collect(element: etree._Element, into: tuple[list[str], list[str]], layers: Layers) -> None:
    visible, deleted = into
    for child in element:
        name = local_name(child)
        if name in ("t", "v"):
            visible.append(child.text or "")
        elif name == "delText":
            deleted.append(child.text or "")
        elif name in _BLANKS:
            visible.append(_BLANKS[name])
        elif name == "sym":
            visible.append(_symbol(child))
        elif name == "textpath":
            layers.watermarks.append(child.get("string", ""))
        elif name == "txbxContent":
            layers.boxes.append(_inline(child, layers).strip())
        elif name not in _UNREAD:
            _collect(child, (deleted, deleted) if name in _DELETED else into, layers)
            if name in ("p", "tr"):
                visible.append("\n")


def _symbol(element: etree._Element) -> str:
    """Wingdings 0xAB is the ★ of 机密★; symbol fonts lie in the private use area."""
    stars = {"F0AB": "★", "00AB": "★", "F0B5": "★", "F0B6": "☆"}
    return stars.get(attribute(element, "char").upper(), " ")


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments and entities."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""
