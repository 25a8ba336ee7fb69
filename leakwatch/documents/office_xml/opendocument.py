"""OpenDocument (.odt, .ods, .odp) and UOF 2 (.uot, .uos, .uop): a zip of XML parts.

Written by: LibreOffice, OpenOffice, WPS and Word on demand; UOF (标文通) is the national standard GB/T 20916.
Tell-tales: META-INF/manifest.xml beside content.xml; uof.xml. Field map: dialects.py. Object N/content.xml are
charts and tables inside the document; Thumbnails and ObjectReplacements repeat what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.documents.embedded import Inlays
from leakwatch.documents.office_xml.dialects import OPEN_DOCUMENT, UOF
from leakwatch.documents.office_xml.telling import rows_of, told
from leakwatch.documents.office_xml.writing import Line, Picture, Writing
from leakwatch.documents.ooxml.package import Package
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "opendocument"

_SUFFIXES = (
    ".odt",
    ".ods",
    ".odp",
    ".odg",
    ".ott",
    ".ots",
    ".otp",
    ".sxw",
    ".sxc",
    ".sxi",
    ".uot",
    ".uos",
    ".uop",
)
_TELL_TALE = re.compile(
    rb"PK\x03\x04.{26}(?:mimetype.{0,40}application/vnd\.(?:oasis\.opendocument|sun\.xml)|uof\.xml|META-INF/manifest\.xml)",
    re.DOTALL,
)
_PARTS = r"(?!META-INF/|Configurations2/|.*(?:settings|manifest|rules|extend)\.xml).*\.xml"
_FIRST = ("content.xml", "styles.xml")
_REPEATED = r"Thumbnails/.*|ObjectReplacements/.*|Configurations2/.*|META-INF/.*|.*manifest\.rdf|.*layout-cache|encrypted-package"


def is_mine(head: bytes, name: str) -> bool:
    """A zip that says so in its first part, or holds the list of parts that these formats have."""
    return head.startswith(b"PK") and (
        name.lower().endswith(_SUFFIXES) or _TELL_TALE.search(head) is not None
    )


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """Body, margins, notes, comments, deleted text, properties; then what is embedded."""
    with Package(file) as package:
        _refuse_locked(package)
        writing = Writing(UOF if package.names(r"(?:.*/)?uof\.xml") else OPEN_DOCUMENT)
        parts = sorted(package.names(_PARTS), key=lambda name: (name not in _FIRST, name != _FIRST[0]))
        if not parts:
            raise Unreadable(
                Reason.DAMAGED, "文档缺少正文部分，可能已损坏，请用 WPS/Office 打开核对后另存再放入"
            )
        inlays = Inlays(file, vault)
        broken: list[Skipped] = []
        yield from told(file, _rows(package, parts, writing, broken), inlays)
        yield from told(file, writing.beside(), inlays)
        yield from inlays.rest()
        yield from broken
        yield from package.embedded(vault, _REPEATED)
        yield from package.damage()


def _rows(
    package: Package, parts: list[str], writing: Writing, broken: list[Skipped]
) -> Iterator[Line | Picture]:
    for part in parts:
        try:
            is_whole = yield from rows_of(package.chunks(part), writing)
        except Unreadable as why:
            broken.append(package.skipped(part, why))
            continue
        if not is_whole:
            detail = f"文档内的 {part} 不是完整的 XML，读出的内容可能不全，请修复后再放入"
            broken.append(package.skipped(part, Unreadable(Reason.DAMAGED, detail)))


def _refuse_locked(package: Package) -> None:
    listed = b"".join(b"".join(package.chunks(name)) for name in package.names(r"META-INF/manifest\.xml"))
    if b"encryption-data" in listed:
        raise Unreadable(Reason.PASSWORD, "文档有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入")
