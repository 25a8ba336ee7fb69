"""PowerPoint files (.pptx, .pptm; WPS writes the same): slides, notes, comments and masters.

Tell-tales: a zip with parts under ppt/. Field map: a:p → a line, a:tr → a line with tabs. Slides are
numbered as they are shown (presentation.xml), parts that no list names come last.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from leakwatch.documents.ooxml.package import Package, grouped, is_office, relation_id
from leakwatch.documents.outline import Layers, lines
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "pptx"

_SLIDE = r"ppt/slides/slide\d+\.xml"
_PARTS = (
    (r"ppt/notesSlides/notesSlide\d+\.xml", "备注"),
    (r"ppt/comments/\w+\.xml", "批注"),
    (r"ppt/(?:diagrams/data|charts/chart)\d*\.xml", "图示"),
    (r"ppt/slideMasters/slideMaster\d+\.xml", "母版"),
    (r"ppt/slideLayouts/slideLayout\d+\.xml", "版式"),
    (r"ppt/(?:notesMasters/notesMaster|handoutMasters/handoutMaster)\d+\.xml", "母版"),
)


def is_mine(head: bytes, name: str) -> bool:
    """A zip with PowerPoint parts; the extension counts only where none lies within the head."""
    return is_office(head, name, "ppt", (".pptx", ".pptm", ".ppsx", ".potx"))


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """The text of all parts in the order above, properties; then what is embedded."""
    with Package(file) as package:
        slides = package.names(_SLIDE)
        if not slides and not any(package.names(pattern) for pattern, _ in _PARTS):
            raise Unreadable(Reason.DAMAGED, "演示文稿里没有幻灯片，可能已损坏，请打开核对后另存再放入")
        layers = Layers()
        pages = _pages(package, slides)
        owners = {
            relation.part: page for slide, page in pages.items() for relation in package.relations(slide)
        }
        for slide, page in pages.items():
            yield from _part(package, (slide, page), layers)
        for pattern, spot in _PARTS:
            for name in package.names(pattern):
                page = owners.get(name, "") if spot in ("备注", "批注", "图示") else ""
                yield from _part(package, (name, page + spot), layers)
        for text, spot in layers.taken():
            yield package.piece(text, spot)
        yield from package.properties()
        yield from package.embedded(vault)
        yield from package.damage()


def _pages(package: Package, slides: list[str]) -> dict[str, str]:
    """Slide part → 第3页, in the order they are shown; hidden ones are counted too, as PowerPoint does."""
    shown: list[str] = []
    for name in package.names(r"ppt/presentation\.xml"):
        targets = {relation.id: relation.part for relation in package.relations(name)}
        try:
            for event, element in package.elements(name, ["sldId"]):
                part = targets.get(relation_id(element), "")
                if event == "end" and part in slides:
                    shown.append(part)
        except Unreadable:  # the slides are read all the same, in the order of their names
            break
    pages = {part: f"第{number}页" for number, part in enumerate(dict.fromkeys(shown), 1)}
    if not pages:
        return {part: f"第{PurePosixPath(part).stem.removeprefix('slide')}页" for part in slides}
    return pages | {part: f"未列入的幻灯片{PurePosixPath(part).stem}" for part in slides if part not in pages}


def _part(package: Package, part: tuple[str, str], layers: Layers) -> Iterator[TextPiece | Skipped]:
    name, spot = part
    try:
        for _, _, text in grouped(lines(package, name, layers)):
            yield package.piece(text, spot)
    except Unreadable as why:
        yield package.skipped(name, why)
