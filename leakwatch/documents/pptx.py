"""PowerPoint files (.pptx, .pptm; WPS writes the same): slides, notes, comments and masters.

Tell-tales: a zip with parts under ppt/. Field map: a:p → a line, a:tr → a line with tabs. Slides are
numbered by their part names, which follow the order of creation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.documents.outline import Layers, lines
from leakwatch.documents.package import Package, grouped, is_office
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "pptx"

_PARTS = (
    (r"ppt/slides/slide(\d+)\.xml", "第{}页"),
    (r"ppt/notesSlides/notesSlide(\d+)\.xml", "备注{}"),
    (r"ppt/comments/\w*?(\d*)\.xml", "批注{}"),
    (r"ppt/(?:diagrams/data|charts/chart)(\d*)\.xml", "图示{}"),
    (r"ppt/slide(?:Masters/slideMaster|Layouts/slideLayout)(\d+)\.xml", "母版{}"),
)


def is_mine(head: bytes, name: str) -> bool:
    """A zip with PowerPoint parts; the extension counts only where none lies within the head."""
    return is_office(head, name, "ppt", (".pptx", ".pptm", ".ppsx", ".potx"))


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """The text of all parts in the order above, properties; then what is embedded."""
    with Package(file) as package:
        if not package.names(_PARTS[0][0]):
            raise Unreadable(Reason.DAMAGED, "演示文稿里没有幻灯片，可能已损坏，请打开核对后另存再放入")
        layers = Layers()
        for pattern, spot in _PARTS:
            for name in package.names(pattern):
                number = re.fullmatch(pattern, name, re.IGNORECASE)
                yield from _part(package, (name, spot.format(number[1] if number else "")), layers)
        for text, spot in layers.taken():
            yield package.piece(text, spot)
        yield from package.properties()
        yield from package.embedded(vault)


def _part(package: Package, part: tuple[str, str], layers: Layers) -> Iterator[TextPiece | Skipped]:
    name, spot = part
    try:
        for _, _, text in grouped(lines(package, name, layers)):
            yield package.piece(text, spot)
    except Unreadable as why:
        yield package.skipped(name, why)
