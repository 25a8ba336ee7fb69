"""Formats that are recognised and given up with advice: old Office and WPS files, locked ones, RTF.

Tell-tales: the OLE2 magic, {\\rtf. Which program wrote an OLE2 file is told by its stream names (UTF-16 in
its directory), never by the extension: WPS uses WordDocument and Workbook too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "legacy"

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rt")
_CHUNK_BYTES = 1 << 20
_LOCKED = "EncryptedPackage"
_KINDS = (
    ("WordDocument", "旧版 Word/WPS 文字文档（.doc、.wps）", "docx"),
    ("PowerPoint Document", "旧版 PowerPoint/WPS 演示（.ppt、.dps）", "pptx"),
    ("Workbook", "旧版 Excel/WPS 表格（.xls、.et）", "xlsx"),
    ("__substg1.0_", "Outlook 邮件（.msg）", "eml"),
)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Any OLE2 file that no reader before this one took, and RTF."""
    return head.startswith(OLE) or _RTF.match(head) is not None


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:  # noqa: ARG001
    """Always Unreadable: PASSWORD for a locked Office file, else UNSUPPORTED with what to do."""
    with file.path.open("rb") as opened:
        if not opened.read(len(OLE)).startswith(OLE):
            raise Unreadable(Reason.UNSUPPORTED, "RTF 文档暂不支持，内容未检查；请另存为 docx 后再放入")
    found = _streams(file)
    if _LOCKED in found:
        raise Unreadable(Reason.PASSWORD, "文档有打开密码，无法检查；请向提供人索取密码，去掉密码后再放入")
    for stream, kind, target in _KINDS:
        if stream in found:
            raise Unreadable(Reason.UNSUPPORTED, f"{kind}暂不支持，内容未检查；请另存为 {target} 后再放入")
    raise Unreadable(
        Reason.UNSUPPORTED, "旧版复合文档格式，内容未检查；请用原软件另存为 docx 或 pdf 后再放入"
    )


def _streams(file: Evidence) -> set[str]:
    """Which of the known stream names occur in the file; the directory may lie anywhere."""
    wanted = {name: name.encode("utf-16-le") for name in (_LOCKED, *(stream for stream, _, _ in _KINDS))}
    found: set[str] = set()
    tail = b""
    with file.path.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            window = tail + chunk
            found |= {name for name, data in wanted.items() if data in window}
            tail = window[-64:]
    return found
