"""WordprocessingML and DrawingML → lines of text, and the layers that lie beside the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from leakwatch.documents.ooxml.package import Package, attribute, grouped

# Wingdings 0xAB is the ★ of 机密★; symbol fonts lie in the private use area.
SYMBOLS = {"\uf0ab": "★", "\uf0b5": "★", "\uf0b6": "☆"}

SPEAKS = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]|[0-9]{11}")
"""Words, or a number long enough to be somebody's: what makes a code or an attribute worth reading."""

_CODE = re.compile("[0-9A-Fa-f]{1,4}")
# pt is a point of a chart or of SmartArt, text a comment on a slide.
_OUTER = ("p", "tr", "pt", "text")
_DESCRIBED = ("cNvPr", "docPr")
# What a form offers or says to who fills it in: controls of Word 2007 on, fields of older forms.
_OFFERED = {
    "listItem": "displayText",
    "listEntry": "val",
    "default": "val",
    "helpText": "val",
    "statusText": "val",
}
_BLANKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DELETED = {"del", "moveFrom"}
# rt is the pinyin above a character, Fallback an older drawing of the Choice before it.
_CODES = ("instrText", "delInstrText")
_UNREAD = {"Fallback", "rt", "pPr", "rPr", "tblPr", "tcPr", "trPr"}


@dataclass(slots=True)
class Layers:
    """Text collected beside the lines: boxes, deleted revisions, watermarks."""

    boxes: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    watermarks: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    """Alternative texts of pictures and shapes; a shape repeats that of its picture."""
    codes: list[str] = field(default_factory=list)
    """Codes of fields that hold words."""
    offers: list[str] = field(default_factory=list)
    """What forms let one choose from."""

    def taken(self) -> Iterator[tuple[str, str]]:
        """(text, spot) of every layer that is not empty."""
        layers = (
            ("文本框", self.boxes),
            ("修订删除", self.deleted),
            ("水印", list(dict.fromkeys(self.watermarks))),
            ("替代文字", list(dict.fromkeys(self.descriptions))),
            ("域代码", list(dict.fromkeys(self.codes))),
        )
        for spot, texts in layers:
            for _, _, text in grouped(texts):
                yield text, spot
        for _, _, text in grouped(dict.fromkeys(self.offers)):
            yield text.replace("\n", "、"), "表单选项"  # one line: a word alone on its own would be a marking


def lines(package: Package, part: str, layers: Layers) -> Iterator[str]:
    """One line for each outermost paragraph or table row, in order; blank ones included.

    Elements are cleared behind the reader, so that a document of any length costs the memory of one row.
    """
    depth = 0
    for event, element in package.elements(part, (*_OUTER, *_DESCRIBED, *_OFFERED)):
        if local_name(element) in (*_DESCRIBED, *_OFFERED):
            if event == "start" and depth == 0:
                _is_beside(element, local_name(element), layers)
            continue
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
        if name in ("t", "v") and not len(child):  # SmartArt has paragraphs in its t
            visible.append(child.text or "")
        elif name == "delText":
            deleted.append(child.text or "")
        elif name in _BLANKS:
            visible.append(_BLANKS[name])
        elif name == "sym":
            visible.append(_symbol(child))
        elif name not in _UNREAD and not _is_beside(child, name, layers):
            _collect(child, (deleted, deleted) if name in _DELETED else into, layers)
            if name in ("p", "tr"):
                visible.append("\n")


def _is_beside(element: etree._Element, name: str, layers: Layers) -> bool:
    """Whether the element holds no text of its paragraph, but of a layer, which gets it."""
    if name in _DESCRIBED or element.get("alt"):  # alt: a VML shape
        _describe(element, layers)
    if name == "textpath":
        layers.watermarks.append(element.get("string", ""))
    elif name == "txbxContent":
        layers.boxes.append(_inline(element, layers).strip())
    elif name in _OFFERED:
        layers.offers += filter(SPEAKS.search, [attribute(element, _OFFERED[name]).strip()])
    elif name not in _CODES:
        return False
    elif SPEAKS.search(element.text or ""):
        layers.codes.append((element.text or "").strip())
    return True


def _describe(element: etree._Element, layers: Layers) -> None:
    texts = (element.get(name, "").strip() for name in ("title", "descr", "alt"))
    layers.descriptions += [text for text in texts if text]


def _symbol(element: etree._Element) -> str:
    """What a character of a symbol font shows, if it is a star."""
    code = attribute(element, "char")
    return SYMBOLS.get(chr(int(code, 16) | 0xF000), " ") if _CODE.fullmatch(code) else " "


def local_name(element: etree._Element) -> str:
    """The tag without its namespace, also where its prefix is unknown; empty for comments and entities."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
