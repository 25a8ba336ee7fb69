"""Office documents that are one XML file: Word and Excel 2003 XML, Word's flat package, flat OpenDocument, UOF 1.

Written by: Word, Excel and WPS (另存为 XML), office systems and audit consoles that name a SpreadsheetML file .xls,
LibreOffice (.fodt, .fods), 标文通 (.uof, .uot). Tell-tales: the first element and its namespace. Field map:
dialects.py; pictures lie in the text in base64.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from leakwatch.documents.embedded import Inlays
from leakwatch.documents.office_xml.dialects import EXCEL, OPEN_DOCUMENT, UOF, WORD, Dialect
from leakwatch.documents.office_xml.telling import rows_of, told
from leakwatch.documents.office_xml.writing import Line, Picture, Writing
from leakwatch.documents.source import Source
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.text import decode
from leakwatch.vault import Vault

NAME = "office-xml"

_HEAD_BYTES = 1 << 14
_ROOT = re.compile(
    r"[\ufeff\s]*(?:<\?.{0,400}?\?>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>]{0,400}>\s*){0,9}"
    r"<(?:[\w.-]+:)?(?P<name>wordDocument|package|Workbook|document|UOF(?:_0000)?)(?P<rest>[\s>][^>]{0,8192})",
    re.DOTALL,
)
_ROOTS: Mapping[str, tuple[str, Dialect]] = {
    "wordDocument": ("schemas.microsoft.com/office/word", WORD),
    "package": ("schemas.microsoft.com/office/2006/xmlPackage", WORD),
    "Workbook": ("urn:schemas-microsoft-com:office:spreadsheet", EXCEL),
    "document": ("urn:oasis:names:tc:opendocument", OPEN_DOCUMENT),
    "UOF": ("uof", UOF),
}
"""Name of the root → (part of its namespace, dialect)."""
_DECLARATION = re.compile(r"[\ufeff\s]*<\?xml[^>]{0,200}\?>")


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """XML whose root is that of one of these documents."""
    return _dialect(head) is not None


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """Body, what stands beside it, and the pictures inside it."""
    with file.path.open("rb") as opened:
        writing = Writing(_dialect(opened.read(_HEAD_BYTES)) or WORD)
    source, inlays = Source(file), Inlays(file, vault)
    whole: list[bool] = []
    yield from told(file, _rows(source, writing, whole), inlays)
    yield from told(file, writing.beside(), inlays)
    yield from inlays.rest()
    if writing.is_overfull:
        detail = "文件内嵌的图片合计超过上限，其余未检查；请用 WPS/Office 打开，另存为 docx 后再放入"
        yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_BIG, detail=detail)
    if not all(whole):
        detail = (
            "文件不是完整的 XML，读出的内容可能不全；请用 WPS/Office 打开核对，另存为 docx 或 xlsx 后再放入"
        )
        yield Skipped(evidence=file, name=file.name, reason=Reason.DAMAGED, detail=detail)
    yield from source.damage()


def _dialect(head: bytes) -> Dialect | None:
    start, _ = decode(head[:_HEAD_BYTES])
    found = _ROOT.match(start)
    if found is None:
        return None
    namespace, dialect = _ROOTS[found["name"].removesuffix("_0000")]
    return dialect if namespace in found["rest"] else None


def _rows(source: Source, writing: Writing, whole: list[bool]) -> Iterator[Line | Picture]:
    whole.append((yield from rows_of(_undeclared(source.chunks()), writing)))


def _undeclared(chunks: Iterator[str]) -> Iterator[bytes]:
    """UTF-8, whatever encoding the file was in or says that it is in."""
    first = next(chunks, "")
    yield _DECLARATION.sub("", first, count=1).encode("utf-8", "replace")
    yield from (chunk.encode("utf-8", "replace") for chunk in chunks)
