"""Office and OFD files as packages: a zip of XML parts.

Members are read by zipfile and streamed; a part of more than 256 MiB is not read. Entities are never
resolved, nothing is fetched, and what is neither XML nor bookkeeping comes out as evidence of its own.
zipfile never reads more of a part than the directory declares, so limits are checked before it is read.
"""

from __future__ import annotations

import lzma
import posixpath
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from lxml import etree

from leakwatch.documents.ole2.salvage import salvaged
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Origin, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

GROUP_CHARACTERS = 1500
_MIB = 1 << 20
_MOST_BYTES = 256 * _MIB
_MOST_EMBEDDED = 500
# Twice the largest part: a document that people can still open stays far below.
_MOST_EMBEDDED_BYTES = 512 * _MIB
# Photos hardly shrink and text about tenfold; a deflate bomb reaches 1,032.
_MOST_RATIO = 100
# zipfile documents BadZipFile and RuntimeError (locked); broken data also come out as these.
_ADVICE = "请重新导出或用 WPS/Office 修复后再放入"
_BROKEN = (
    zipfile.BadZipFile,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
_PROPERTIES = (
    "title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category", "contentStatus",
    "Manager", "Company", "property",
)  # fmt: skip
_BOOKKEEPING = re.compile(
    r"\.(xml|rels|vml|odttf|fntdata|ttf|otf)$|/$"
    r"|(^|/)(vbaProject|printerSettings\d*)\.bin$|^xl/(?!embeddings/).*\.bin$"
    r"|^docProps/thumbnail\.|^\[trash\]/|^mimetype$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part of a package says of another."""

    id: str
    kind: str
    """The last word of its type: slide, comments, hyperlink."""
    part: str
    """The name of the other part; empty if it lies outside, where nobody looks."""


class Package:
    """An open package; one without its directory holds the parts that are found; Unreadable if there are none."""

    def __init__(self, file: Evidence) -> None:
        self._opened, self._is_whole = _zip_of(file)
        self._zip = zipfile.ZipFile(self._opened)
        self._members = {info.filename.replace("\\", "/"): info for info in self._zip.infolist()}
        self._spelt = {name.lower(): name for name in self._members}
        self.file = file

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._opened.close()

    @property
    def stream(self) -> IO[bytes]:
        """The bytes of the package from their beginning."""
        self._opened.seek(0)
        return self._opened

    def damage(self) -> Iterator[Skipped]:
        """The row for a package of which only some parts were found."""
        if not self._is_whole:
            detail = f"文档已损坏或不完整，只检查了还能找到的部分；{_ADVICE}"
            yield self.skipped(self.file.name, Unreadable(Reason.INCOMPLETE, detail))

    def relations(self, part: str) -> list[Relation]:
        """What a part refers to, in the order of its .rels; those that break are left out."""
        folder, _, name = part.rpartition("/")
        found: list[Relation] = []
        for rels in self.names(re.escape(f"{folder}/_rels/{name}.rels".lstrip("/"))):
            try:
                for event, element in self.elements(rels, ["Relationship"]):
                    if event == "end":
                        target = element.get("Target", "").replace("\\", "/")
                        is_outside = element.get("TargetMode") == "External"
                        inside = "" if is_outside else self._resolved(folder, target)
                        kind = element.get("Type", "").rpartition("/")[2]
                        found.append(Relation(element.get("Id", ""), kind, inside))
            except Unreadable:  # a part that cannot be read is no reason to lose what names it
                continue
        return found

    def _resolved(self, folder: str, target: str) -> str:
        """../media/a.png seen from ppt/slides → ppt/media/a.png, spelt as the zip spells it."""
        part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        return self._spelt.get(part.lower(), part)

    def names(self, pattern: str) -> list[str]:
        """Members whose whole name matches, in the order of the numbers in their names."""
        found = (name for name in self._members if re.fullmatch(pattern, name, re.IGNORECASE))
        return sorted(found, key=lambda name: [int(digits) for digits in re.findall(r"\d+", name)])

    def chunks(self, name: str) -> Iterator[bytes]:
        """A member's bytes; Unreadable if it is damaged, locked, too big or packed in an unknown way."""
        size = 0
        try:
            with self._zip.open(self._members[name]) as stream:
                while chunk := stream.read(_MIB):
                    size += len(chunk)
                    if size > _MOST_BYTES:
                        detail = f"文档内的 {name} 解压后超过 {_MOST_BYTES // _MIB} MiB，其余未读，请人工检查"
                        raise Unreadable(Reason.TOO_BIG, detail)
                    yield chunk
        except NotImplementedError as why:
            detail = f"文档内的 {name} 用了暂不支持的压缩或加密方式，未读，请用 WPS/Office 另存后再放入"
            raise Unreadable(Reason.UNSUPPORTED, detail) from why
        except _BROKEN as why:
            if isinstance(why, RuntimeError) and not isinstance(why, RecursionError):
                raise Unreadable(Reason.PASSWORD, f"文档内的 {name} 有密码，请去掉密码后再放入") from why
            detail = f"文档内的 {name} 已损坏，其中内容未读，请重新导出或修复后再放入"
            raise Unreadable(Reason.DAMAGED, detail) from why

    def elements(self, name: str, tags: Iterable[str]) -> Iterator[tuple[str, etree._Element]]:
        """(event, element) of the given tags as the part is read; Unreadable where its XML breaks."""
        parser = etree.XMLPullParser(
            ("start", "end"),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        broken: Exception | None = None
        for chunk in self.chunks(name):
            broken = _fed(parser, chunk)
            yield from _named(parser.read_events())
            if broken:
                break
        broken = broken or _fed(parser, b"")
        yield from _named(parser.read_events())
        if broken:
            detail = f"文档内的 {name} 不是完整的 XML，此后内容未读，请修复后再放入"
            raise Unreadable(Reason.DAMAGED, detail) from broken

    def properties(self) -> Iterator[TextPiece | Skipped]:
        """Title, author, keywords and so on, and the custom ones with their names, one piece (文档属性)."""
        lines: list[str] = []
        for name in self.names(r"docProps/(core|app|custom)\.xml"):
            try:
                for event, element in self.elements(name, _PROPERTIES):
                    text = "".join(str(part) for part in element.itertext()).strip() if event == "end" else ""
                    if text:
                        label = element.get("name", "")
                        lines.append(f"{label}：{text}" if label else text)
            except Unreadable as why:
                yield self.skipped(name, why)
        if lines:
            yield self.piece("\n".join(dict.fromkeys(lines)), "文档属性")

    def embedded(self, vault: Vault, without: str = "$.") -> Iterator[Evidence | Skipped]:
        """Pictures, embedded files and anything else that is no part of the text and not named by `without`."""
        over: dict[str, list[str]] = {}
        count = size_bytes = 0
        for name, info in self._members.items():
            if _BOOKKEEPING.search(name) or re.fullmatch(without, name, re.IGNORECASE):
                continue
            if limit := broken_limit(info, self.file, count, size_bytes):
                over.setdefault(limit, []).append(name)
                continue
            count += 1
            size_bytes += info.file_size
            try:
                part = vault.keep_stream(self.chunks(name), f"{self.file.inner_path}!{name}", self.file)
            except Unreadable as why:
                yield self.skipped(name, why)
                continue
            if part.size:
                yield part
        for limit, names in over.items():
            detail = f"{limit}，有 {len(names)} 个未读取（{names[0]} 等），请从文档中另存后单独放入"
            yield self.skipped(self.file.name, Unreadable(Reason.TOO_BIG, detail))

    def piece(self, text: str, spot: str) -> TextPiece:
        return TextPiece(text=text, origin=Origin.DOCUMENT, evidence=self.file, spot=spot)

    def skipped(self, name: str, why: Unreadable) -> Skipped:
        return Skipped(evidence=self.file, name=name, reason=why.reason, detail=why.detail)


def _zip_of(file: Evidence) -> tuple[IO[bytes], bool]:
    """(an open zip, True), or one made of the parts of a broken one, which is not whole."""
    try:
        zipfile.ZipFile(file.path).close()
    except _BROKEN as why:
        found = tempfile.TemporaryFile(dir=file.path.parent)  # noqa: SIM115 - closed by the package
        if not salvaged(file.path, found):
            found.close()
            raise Unreadable(Reason.DAMAGED, f"文档已损坏或不完整（压缩结构无法打开），{_ADVICE}") from why
        return found, False
    return file.path.open("rb"), True


def broken_limit(info: zipfile.ZipInfo, file: Evidence, count: int, size_bytes: int) -> str:
    """The limit that one more embedded part would break (Chinese), behind `count` of `size_bytes`; else ""."""
    packed_bytes = min(info.compress_size, file.size)
    if info.file_size > max(_MIB, packed_bytes * _MOST_RATIO):
        return f"文档内嵌的文件解压后超过压缩大小的 {_MOST_RATIO} 倍（压缩炸弹的特征）"
    if count >= _MOST_EMBEDDED:
        return f"文档内嵌的文件超过上限 {_MOST_EMBEDDED} 个"
    if size_bytes + info.file_size > _MOST_EMBEDDED_BYTES:
        return f"文档内嵌的文件解压后总量超过上限 {_MOST_EMBEDDED_BYTES // _MIB} MiB"
    return ""


def _fed(parser: etree.XMLPullParser, chunk: bytes) -> etree.XMLSyntaxError | None:
    """Feeds a chunk (b"" is the end); the error is handed over so that what came before it can be read."""
    try:
        parser.feed(chunk) if chunk else parser.close()
    except etree.XMLSyntaxError as why:
        return why
    return None


def _named(events: Iterable[tuple[object, ...]]) -> Iterator[tuple[str, etree._Element]]:
    for event, element in events:
        if isinstance(element, etree._Element):
            yield str(event), element


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name; empty if it is missing."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


def relation_id(element: etree._Element) -> str:
    """r:id, which may stand beside an id of its own; empty if it is missing."""
    ids = (str(value) for key, value in element.items() if str(key).endswith("}id"))
    return next(ids, "")


def is_office(head: bytes, name: str, folder: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a zip holds the parts of one Office program, which lie in `folder` (word, xl, ppt).

    Told by the first local header within `head` that names such a folder; by the extension if none does.
    """
    if not head.startswith(b"PK"):
        return False
    found = re.search(rb"PK\x03\x04.{26}(word|xl|ppt)[/\\]", head, re.DOTALL)
    return found[1].decode() == folder if found else name.lower().endswith(suffixes)


def grouped(lines: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """(first, last, text): lines joined up to about 1,500 characters, counted from 1; blank ones count.

    If the lines break off with Unreadable, what came before is yielded first.
    """
    group: list[str] = []
    first, length, number = 1, 0, 0
    broken: Unreadable | None = None
    try:
        for number, line in enumerate(lines, 1):
            if group and length + len(line) > GROUP_CHARACTERS:
                yield first, number - 1, "\n".join(group)
                group, length, first = [], 0, number
            if line.strip():
                group.append(line)
                length += len(line)
            elif not group:
                first = number + 1
    except Unreadable as why:
        broken = why
    if group:
        yield first, number, "\n".join(group)
    if broken:
        raise broken
