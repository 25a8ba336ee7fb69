"""OFD (GB/T 33190), the fixed-layout format of official documents: text by page, annotations, pictures.

Tell-tales: a zip with OFD.xml. Field map: Pages/Page_N/Content.xml and Tpls/…/Content.xml hold TextObject
(Boundary "x y width height") with TextCode; Annots/…/Annotation.xml holds stamps, watermarks and remarks, Signs/
the seals, Tags/… what programs note of the document, Document.xml the order of the pages and the bookmarks. Text
drawn as paths has no TextCode. Side-by-side columns interleave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from leakwatch.documents import seals
from leakwatch.documents.embedded import Inlays
from leakwatch.documents.ooxml.package import Package, grouped
from leakwatch.documents.outline import SPEAKS, local_name
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "ofd"

_PAGE = r".*Pages?/Page_(\d+)/Content\.xml"
_TEMPLATE = r"(?!.*Pages?/Page_\d+/Content\.xml).*/[^/]*Content[^/]*\.xml"
_ANNOTATION = r".*Annots?/(?:.*?Page_(\d+)/)?.*Annot(?:ation)?(?!ations\.)[^/]*\.xml"
_DOCUMENT = r"(?:.*/)?Document[^/]*\.xml"
_SEAL = r".*Signs?/.*\.(esl|dat)"
_ATTACHED_XML = r".*Attach[^/]*/(?!Attachments\.xml).*\.xml"
_TAGS = r"(?:.*/)?(?:Custom)?Tags?/.*\.xml|.*/CustomTags?[^/]*\.xml"
_REMARK = "Remark"
"""What the author of an annotation wrote beside it."""
_INFORMATION = ("Title", "Author", "Subject", "Abstract", "Keyword", "CustomData")
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
        if not package.names(r"OFD\.xml") and not package.names(_PAGE):
            raise Unreadable(
                Reason.DAMAGED, "OFD 缺少主入口 OFD.xml，可能已损坏，请用阅读器打开核对后另存再放入"
            )
        if package.names(r".*(Encryptions|EncryptInfo|DecryptionSeed)[^/]*\.(xml|dat)"):
            raise Unreadable(Reason.PASSWORD, "OFD 已加密，无法检查；请用阅读器解密另存后再放入")
        pages, titles = _outline(package)
        for name in sorted(package.names(_PAGE), key=lambda name: pages.get(name.lower(), 0)):
            yield from _part(package, name, f"第{pages.get(name.lower()) or _number(_PAGE, name)}页")
        for name in package.names(_TEMPLATE):
            yield from _part(package, name, f"第{pages[name.lower()]}页" if name.lower() in pages else "模板")
        for name in package.names(_ANNOTATION):
            number = _number(_ANNOTATION, name)
            yield from _part(package, name, f"第{number}页注释" if number else "注释")
        for _, _, text in grouped(titles):
            yield package.piece(text, "书签")
        yield from _information(package)
        yield from _tags(package)
        yield from _seals(package, vault)
        yield from package.embedded(vault, _SEAL)
        for name in package.names(_ATTACHED_XML):
            try:
                yield vault.keep_stream(package.chunks(name), f"{file.inner_path}!{name}", file)
            except Unreadable as why:
                yield package.skipped(name, why)
        yield from package.damage()


def _outline(package: Package) -> tuple[dict[str, int], list[str]]:
    """(part name in lower case → page, titles of the bookmarks) as Document.xml gives them."""
    pages: dict[str, int] = {}
    titles: list[str] = []
    for name in package.names(_DOCUMENT):
        folder = name.rpartition("/")[0]
        try:
            for event, element in package.elements(name, ("Page", "OutlineElem", "Bookmark")):
                place = element.get("BaseLoc", "").replace("\\", "/")
                if event == "start" and place:
                    part = place[1:] if place.startswith("/") else f"{folder}/{place}".lstrip("/")
                    pages.setdefault(part.lower(), len(pages) + 1)
                elif event == "start":
                    titles.append(element.get("Title", "") or element.get("Name", ""))
        except Unreadable:  # pages are read by their names, too
            continue
    return pages, [title for title in titles if title.strip()]


def _number(pattern: str, name: str) -> str:
    found = re.fullmatch(pattern, name, re.IGNORECASE)
    return str(int(found[1]) + 1) if found and found[1] else ""


def _seals(package: Package, vault: Vault) -> Iterator[TextPiece | Evidence | Skipped]:
    """Whose seals there are, and how they look; a signature repeats its seal."""
    inlays, owners = Inlays(package.file, vault), dict[str, None]()
    for name in package.names(_SEAL):
        try:
            data = b"".join(package.chunks(name))
        except Unreadable as why:
            yield package.skipped(name, why)
            continue
        owners |= dict.fromkeys(seals.names(data))
        for kind, picture in seals.pictures(data):
            yield from inlays.kept(f"印章.{kind}", picture)
    yield from inlays.rest()
    if owners:
        yield package.piece("\n".join(owners), "印章")


def _part(package: Package, name: str, spot: str) -> Iterator[TextPiece | Skipped]:
    placed: list[tuple[float, float, str]] = []
    remarks: list[str] = []
    try:
        for event, element in package.elements(name, ["TextObject", _REMARK]):
            if event == "end" and local_name(element) == _REMARK:
                remarks.append((element.text or "").strip())
            elif event == "end":
                placed.append((*_corner(element), _text(element)))
    except Unreadable as why:
        yield package.skipped(name, why)
        return
    for _, _, text in grouped([*filter(None, remarks), *_lines(placed)]):
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


def _tags(package: Package) -> Iterator[TextPiece | Skipped]:
    """Words of the data that programs tag a document with: its 密级, its 发文字号."""
    texts: list[str] = []
    for name in package.names(_TAGS):
        try:
            for event, element in package.elements(name, ["*"]):
                if event == "end" and element.text and SPEAKS.search(element.text):
                    texts.append(f"{local_name(element)}：{element.text.strip()}")
        except Unreadable as why:
            yield package.skipped(name, why)
    for _, _, text in grouped(dict.fromkeys(texts)):
        yield package.piece(text, "自定义标引")


def _information(package: Package) -> Iterator[TextPiece | Skipped]:
    if not package.names(r"OFD\.xml"):
        return
    try:
        texts = [
            f"{element.get('Name')}：{element.text.strip()}" if element.get("Name") else element.text.strip()
            for event, element in package.elements(package.names(r"OFD\.xml")[0], _INFORMATION)
            if event == "end" and element.text and element.text.strip()
        ]
    except Unreadable as why:
        yield package.skipped("OFD.xml", why)
        return
    if texts:
        yield package.piece("\n".join(texts), "文档属性")
