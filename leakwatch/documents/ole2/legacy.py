"""OLE2 files: old Office and WPS documents, embedded objects, locked files; told apart by their streams.

Tell-tales: the OLE2 magic. Which program wrote a file is told by its streams, never by the extension: WPS uses
WordDocument and Workbook too. A file so broken that its streams cannot be found gives the Chinese text that
can be seen in its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from leakwatch.compound import MAGIC, Compound
from leakwatch.documents.embedded import Inlays
from leakwatch.documents.ole2 import doc, ppt, xls
from leakwatch.documents.ooxml.package import grouped
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "legacy"

_Reader = Callable[[Evidence, Compound, Inlays], Iterator[TextPiece | Skipped | Evidence]]
_READERS: tuple[tuple[str, _Reader], ...] = (
    (doc.STREAM, doc.read),
    (ppt.STREAM, ppt.read),
    *((stream, xls.read) for stream in xls.STREAMS),
)
_LOCKED = "文档有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入"
_CUT = "文档不完整（可能没有传完），只检查了还在的部分；请重新导出或传送"
_SILENT = "文档里没有读出文字或图片，可能是空白文档或已损坏；请用 WPS/Office 打开核对"
_UNSUPPORTED = (
    ("VisioDocument", "Visio 图（.vsd）", "pdf"),
    ("Props", "Project 计划（.mpp）", "pdf"),
    ("FileHeader", "HWP 文档", "pdf"),
    ("MatOST", "Microsoft Works 文档（.wps）", "docx"),
)
_CHUNK_BYTES = 1 << 20
# ASCII, stars and other signs, Chinese punctuation and Han; six of them are no accident.
_VISIBLE = re.compile("[\t\n\r\x20-\x7e\u2010-\u27ff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{6,}")
_HAN = re.compile("[\u4e00-\u9fff]")


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Any OLE2 file."""
    return head.startswith(MAGIC)


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """What the program that wrote it put there; PASSWORD if it is locked, UNSUPPORTED with what to do."""
    try:
        compound = Compound(file.path)
    except Unreadable:
        yield from _visible(file)
        raise
    with compound:
        if compound.has("EncryptedPackage"):
            raise Unreadable(Reason.PASSWORD, _LOCKED)
        inlays = Inlays(file, vault)
        for stream, reader in _READERS:
            if compound.has(stream):
                yield from _accounted(file, reader(file, compound, inlays), is_cut=compound.is_cut)
                return
        for stream, kind, target in _UNSUPPORTED:
            if any(name.strip().lower() == stream.lower() for name in compound.streams()):
                detail = f"{kind}暂不支持，内容未检查；请用原软件另存为 {target} 后再放入"
                raise Unreadable(Reason.UNSUPPORTED, detail)
        rows: Iterator[TextPiece | Skipped | Evidence] = inlays.object(compound, (), "此文件")
        if compound.is_cut:  # what it was may be told by the streams that are gone
            rows = _accounted(file, (row for row in rows if isinstance(row, Evidence)), is_cut=True)
        yield from rows


def _accounted(
    file: Evidence, rows: Iterator[TextPiece | Skipped | Evidence], *, is_cut: bool
) -> Iterator[TextPiece | Skipped | Evidence]:
    """The same rows; of a broken file without text what can be seen in its bytes, and a row if it is not whole."""
    has_text, is_silent = False, True
    try:
        for row in rows:
            is_silent = False
            has_text = has_text or (isinstance(row, TextPiece) and row.spot != "文档属性")
            yield row
    except Unreadable as why:
        if why.reason == Reason.DAMAGED and not has_text:
            yield from _visible(file)
        raise
    if is_cut and not has_text:
        yield from _visible(file)
    if is_cut or is_silent:
        yield Skipped(
            evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=_CUT if is_cut else _SILENT
        )


def _visible(file: Evidence) -> Iterator[TextPiece]:
    """Runs of UTF-16 with Chinese words in them, as they lie in the file."""
    for _, _, text in grouped(_runs(file)):
        yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot="残存文字")


def _runs(file: Evidence) -> Iterator[str]:
    with file.path.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            for start in (0, 1):
                for found in _VISIBLE.finditer(chunk[start:].decode("utf-16-le", "replace")):
                    if _is_chinese(found[0]):
                        yield from found[0].replace("\r", "\n").split("\n")


def _is_chinese(text: str) -> bool:
    """Words, not Western letters that were read in pairs or out of step and look like Han."""
    han = [ord(character) for character in _HAN.findall(text)]
    false = sum(not code & 0xFF or (code >> 8 < 0x7F and 0x20 <= code & 0xFF < 0x7F) for code in han)
    return len(han) > 1 and false * 3 <= len(han) * 2
