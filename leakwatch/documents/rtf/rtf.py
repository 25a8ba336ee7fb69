"""Rich Text Format (.rtf, often named .doc; also the body of Outlook mails): text, margins, notes, revisions.

Tell-tales: {\\rtf. Written by: Word, WPS, WordPad, LibreOffice, Outlook. Field map: groups are destinations (see
rtf_words); \\'hh are bytes in the code page of the font, \\uN is a character and skips its stand-ins, \\deleted is a
revision (修订删除), gtextUNICODE of a shape a watermark (水印), \\pict and \\objdata hold files in hexadecimal. What
the writer marked as optional (\\*) and nobody here knows is left out, as the specification demands.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator

from leakwatch.compound import MAGIC
from leakwatch.documents.embedded import Inlays, packaged
from leakwatch.documents.ooxml.package import grouped
from leakwatch.documents.outline import SPEAKS
from leakwatch.documents.rtf.rtf_parser import Parser
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "rtf"

_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rt")


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Opens with {\\rt, also behind a byte order mark."""
    return _OPENING.match(head) is not None


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """The body, then what stands beside it, then pictures and objects."""
    inlays = Inlays(file, vault)
    with file.path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        parser = Parser(data)
        files: list[Evidence | Skipped] = []
        for first, last, text in grouped(_body(parser, inlays, files)):
            spot = f"正文第{first}段" if first == last else f"正文第{first}-{last}段"
            yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)
    for spot, lines in parser.beside.items():
        kept = [line for line in lines if spot != "域代码" or SPEAKS.search(line)]
        for _, _, text in grouped(dict.fromkeys(kept) if spot in ("水印", "替代文字") else kept):
            yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)
    yield from files
    yield from inlays.rest()
    if parser.is_cut:
        detail = "RTF 文档不完整（没有结尾），只检查了已有的部分；请重新导出或传送"
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)


def _body(parser: Parser, inlays: Inlays, files: list[Evidence | Skipped]) -> Iterator[str]:
    """The lines of the body; what is embedded is put aside."""
    for item in parser.items():
        if isinstance(item, str):
            yield item
        elif item.kind:
            files += inlays.numbered(item.kind, item.data)
        else:
            files += inlays.kept(*_object(item.data))


def _object(data: bytes) -> tuple[str, bytes]:
    """(name, file) of an OLE1 object: version, format, three strings, size, content."""
    at = 8
    kind = b""
    for place in range(3):
        size = int.from_bytes(data[at : at + 4], "little")
        kind = data[at + 4 : at + 4 + size] if not place else kind
        at += 4 + size
    content = data[at + 4 :]
    if kind.rstrip(b"\0") == b"Package":
        return packaged(bytes(4) + content, "嵌入对象")
    start = data.find(MAGIC)
    return "嵌入对象", data[start:] if start >= 0 else content
