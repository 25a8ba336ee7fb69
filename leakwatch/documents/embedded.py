"""What old documents carry in themselves: pictures and OLE objects, each content once and within limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.compound import Compound, Place
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.text import decode, printable
from leakwatch.vault import Vault

MOST_FILES = 500
_MOST_BYTES = 512 << 20
_DOCUMENTS = (
    "WordDocument",
    "Workbook",
    "Book",
    "PowerPoint Document",
    "EncryptedPackage",
    "__properties_version1.0",
)
_NATIVE, _WHOLE = "\x01Ole10Native", ("Package", "CONTENTS")
# A formula, a control, a program's macros, and a link, which is never followed.
_NO_FILE = ("Equation Native", "\x03OCXNAME", "\x03LINK", "VBA/dir")
_OLE = "\x01Ole"


class Inlays:
    """Evidence of the parts of one document; what breaks a limit is counted for one row at the end."""

    def __init__(self, file: Evidence, vault: Vault) -> None:
        self._file, self._vault = file, vault
        self._seen: set[str] = set()
        self._size_bytes = self._unread = 0

    def kept(self, name: str, data: bytes) -> Iterator[Evidence]:
        """The part as evidence, unless the document has shown it before."""
        if len(self._seen) >= MOST_FILES or self._size_bytes + len(data) > _MOST_BYTES:
            self._unread += 1
            return
        part = self._vault.keep_bytes(data, f"{self._file.inner_path}!{name}", self._file)
        if part.size and part.sha256 not in self._seen:
            self._seen.add(part.sha256)
            self._size_bytes += part.size
            yield part

    def numbered(self, kind: str, data: bytes) -> Iterator[Evidence]:
        """A picture, named 图3.png in the order of the file."""
        yield from self.kept(f"图{len(self._seen) + 1}.{kind}", data)

    def objects(self, compound: Compound, storage: Place) -> Iterator[Evidence | Skipped]:
        """What the storages below one hold: Word keeps its objects in ObjectPool, Excel in MBD0001 and so on."""
        for number, name in enumerate(compound.storages(storage), 1):
            yield from self.object(compound, (*storage, name), f"嵌入对象{number}")

    def object(self, compound: Compound, storage: Place, name: str) -> Iterator[Evidence | Skipped]:
        """The file that a storage holds, under the name it had; a row if it holds nothing that is known."""
        try:
            found = content(compound, storage)
            is_file = found is not None or not _holds_no_file(compound, storage)
        except Unreadable as why:
            yield Skipped(evidence=self._file, name=name, reason=why.reason, detail=why.detail)
            return
        if found:
            yield from self.kept(found[0] or name, found[1])
        elif is_file:
            detail = f"{name}的类型暂不支持，内容未检查；请在原文档里双击打开，另存为单独的文件后放入"
            yield Skipped(evidence=self._file, name=name, reason=Reason.UNSUPPORTED, detail=detail)

    def rest(self) -> Iterator[Skipped]:
        """The row for the parts that were too many."""
        if self._unread:
            detail = (
                f"文档内嵌的图片和文件超过 {MOST_FILES} 个或 {_MOST_BYTES >> 20} MiB，还有 {self._unread} 个未检查；"
                "请拆分后再放入"
            )
            yield Skipped(evidence=self._file, name=self._file.name, reason=Reason.TOO_BIG, detail=detail)


def content(compound: Compound, storage: Place) -> tuple[str, bytes] | None:
    """(name or "", bytes) of the file inside an OLE object; None if it is no file."""
    if compound.has(*storage, _NATIVE):
        return packaged(compound.stream(*storage, _NATIVE), "")
    for stream in _WHOLE:
        if compound.has(*storage, stream):
            return "", compound.stream(*storage, stream)
    if storage and any(compound.has(*storage, stream) for stream in _DOCUMENTS):
        return "", compound.carved(storage)
    return None


def _holds_no_file(compound: Compound, storage: Place) -> bool:
    """Whether there is nothing to be read: the lowest flag of \\1Ole says that the object is but a link."""
    if any(compound.has(*storage, *stream.split("/")) for stream in _NO_FILE):
        return True
    flags = compound.stream(*storage, _OLE)[4:5] if compound.has(*storage, _OLE) else b""
    return bool(flags and flags[0] & 1)


def packaged(data: bytes, name: str) -> tuple[str, bytes]:
    """A packaged file: size, kind, label, path, kind, temporary path, size, content; then the names in UTF-16."""
    found = re.match(rb".{4}\x02\0([^\0]*)\0[^\0]*\0.{4}(.{4})", data, re.DOTALL)
    if not found:
        return name, data[4:]
    at = found.end() + int.from_bytes(found[2], "little")
    end = at + 4 + int.from_bytes(data[at : at + 4], "little")
    label = _wide_label(data[end : end + 4096]) or decode(found[1])[0]
    return label.replace("\\", "/").rsplit("/", 1)[-1] or name, data[at + 4 : end]


def _wide_label(data: bytes) -> str:
    """The second of the names (temporary path, label, path), each behind its length in characters."""
    skipped = 4 + int.from_bytes(data[:4], "little") * 2
    size_bytes = int.from_bytes(data[skipped : skipped + 4], "little") * 2
    return printable(data[skipped + 4 : skipped + 4 + size_bytes].decode("utf-16-le", "replace").strip("\0"))
