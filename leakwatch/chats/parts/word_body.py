"""The body of a Word document as lines of text, for chats that lie in one; its pictures as placeholders.

Only what is visible in the body: margins, comments and deleted text are read beside the chat, as of any document.
"""

from __future__ import annotations

import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO

from lxml import etree
from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.errors import Unreadable
from leakwatch.model import Attachment, AttachmentKind, Evidence, Message, Reason, Skipped

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    etree.XMLSyntaxError,
    OSError,
    EOFError,
    LookupError,
    RuntimeError,
    ValueError,
)
"""What a damaged or locked package raises."""

_DOCUMENT = "word/document.xml"
_INSIDE = re.compile(r"word/(?:media|embeddings)/[^/]+")
_LARGEST = 1 << 26
_BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Fallback is an older drawing of the Choice before it, rt the pinyin above a character.
_UNREAD = frozenset({"Fallback", "rt", "pPr", "rPr", "tblPr", "tcPr", "trPr", "delText", "instrText"})
_DAMAGED = "Word 文件已损坏，无法读完；请用 WPS/Office 打开核对后另存再放入"


def is_word(head: bytes) -> bool:
    """Whether the head is that of a Word package."""
    return head.startswith(b"PK\x03\x04") and re.search(rb"PK\x03\x04.{26}word/", head, re.DOTALL) is not None


class WordBody:
    """An open document; Unreadable where it is damaged."""

    def __init__(self, source: Path | IO[bytes]) -> None:
        try:
            self._archive = zipfile.ZipFile(source)
            self._pictures = _pictures(self._archive)
        except UNREADABLE as why:
            raise Unreadable(Reason.DAMAGED, _DAMAGED) from why

    def __enter__(self) -> WordBody:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def blocks(self) -> Iterator[etree._Element]:
        """Every paragraph and table that lies in no other, with all that is inside; cleared behind the reader."""
        depth = 0
        try:
            with self._archive.open(_DOCUMENT) as opened:
                steps = etree.iterparse(
                    opened, events=("start", "end"), tag=("{*}p", "{*}tbl"), resolve_entities=False
                )
                for event, element in steps:
                    depth += 1 if event == "start" else -1
                    if event == "end" and depth == 0:
                        yield element
                        element.clear()
                        parent = element.getparent()
                        while parent is not None and element.getprevious() is not None:
                            del parent[0]
        except UNREADABLE as why:
            raise Unreadable(Reason.DAMAGED, _DAMAGED) from why

    def lines(self) -> Iterator[str]:
        """The visible text; a row of a table is a line, its cells apart by tabs."""
        for block in self.blocks():
            rows = list(block.iter("{*}tr"))
            if not rows:
                yield self.text(block)
            for row in rows:
                yield "\t".join(" ".join(self.text(cell).split("\n")) for cell in row.iterchildren("{*}tc"))

    def text(self, element: etree._Element) -> str:
        """What a reader sees of it; `[图片: image1.png]` on a line of its own for a picture."""
        parts: list[str] = []
        self._collect(element, parts)
        return "".join(parts).strip("\n")

    def part(self, name: str) -> bytes | None:
        """The bytes of a part; None if there is no such part, or it is damaged or beyond 64 MiB."""
        try:
            with self._archive.open(name) as opened:
                data = opened.read(_LARGEST + 1)
        except UNREADABLE:
            return None
        return data if len(data) <= _LARGEST else None

    def inside(self) -> list[str]:
        """The parts that are pictures or embedded files, in the order of the package."""
        return [name for name in self._archive.namelist() if _INSIDE.fullmatch(name)]

    def _collect(self, element: etree._Element, parts: list[str]) -> None:
        for child in element.iterchildren("*"):
            name = child.tag.rpartition("}")[2]
            if name == "t":
                parts.append(child.text or "")
            elif name in _BLANKS:
                parts.append(_BLANKS[name])
            elif name in ("blip", "imagedata"):
                parts.extend(self._picture(child))
            elif name not in _UNREAD:
                self._collect(child, parts)
                if name in ("p", "tr"):
                    parts.append("\n")

    def _picture(self, element: etree._Element) -> Iterator[str]:
        names = {str(key).rpartition("}")[2]: str(value) for key, value in element.items()}
        ids = (names.get("embed", ""), names.get("id", ""))
        yield from (f"\n[图片: {_last(self._pictures[id_])}]\n" for id_ in ids if id_ in self._pictures)


class WordFiles:
    """The pictures and files inside a document, handed over as the attachments that messages name."""

    def __init__(self, body: WordBody, file: Evidence, beside: Beside) -> None:
        self.gaps: list[Skipped] = []
        self._body, self._file, self._beside = body, file, beside
        self._left = {_last(name): name for name in body.inside()}

    def hung(self, message: Message) -> Message:
        """The message with the paths under which its pictures are found."""
        if not message.attachments:
            return message
        files = (self._found(each) if each.name in self._left else each for each in message.attachments)
        return replace(message, attachments=tuple(files))

    def drop(self, name: str) -> None:
        """A picture that is not looked at: the face beside each message."""
        self._left.pop(name, None)

    def left(self) -> tuple[Attachment, ...]:
        """What no message speaks of."""
        return tuple(self._found(_bare(name)) for name in list(self._left.values()))

    def _found(self, attachment: Attachment) -> Attachment:
        name = self._left.pop(attachment.name)
        data = self._body.part(name)
        if data is None:
            detail = f"文档里的 {_last(name)} 已损坏或超过 64 MiB，未检查；请在原文档中打开，另存后放入"
            self.gaps.append(
                Skipped(evidence=self._file, name=_last(name), reason=Reason.DAMAGED, detail=detail)
            )
            return attachment
        return replace(attachment, path=self._beside.embed(name, data))


def _bare(name: str) -> Attachment:
    is_picture = name.startswith("word/media/")
    kind = AttachmentKind.IMAGE if is_picture else AttachmentKind.FILE
    return Attachment(kind=kind, name=_last(name))


def _pictures(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Relationship id → part inside the package."""
    name = "word/_rels/document.xml.rels"
    if name not in archive.NameToInfo:
        return {}
    found: dict[str, str] = {}
    with archive.open(name) as opened:
        for _, each in etree.iterparse(opened, tag="{*}Relationship", resolve_entities=False):
            part = posixpath.normpath(posixpath.join("/word", each.get("Target", ""))).lstrip("/")
            if each.get("TargetMode") != "External" and _INSIDE.fullmatch(part):
                found[each.get("Id", "")] = part
    return found


def _last(path: str) -> str:
    return path.rpartition("/")[2]
