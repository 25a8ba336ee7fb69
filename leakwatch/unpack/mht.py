"""Web archives (.mht): the page and its pictures as files of their own, in constant memory.

Written by: QQ's message manager, browsers and Word (另存为单个文件网页). Tell-tales: QQ's From line, or
multipart/related without an addressee. QQ folds its header without `;`, declares UTF-8 as 7bit and names its
pictures {GUID}.dat; the `email` parser would load the whole, which is as big as all pictures of a group.
So the file is read line by line: a boundary line ends a part, and only three headers of a part count.
"""

from __future__ import annotations

import mimetypes
import re
from binascii import a2b_base64, a2b_qp
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack.drop import Drop
from leakwatch.unpack.names import cleaned, text_of

_HEAD_BYTES = 4096
_LINE_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 16
_MOST_HEADER_LINES = 200
_QQ = b"Save by Tencent MsgMgr"
_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_ADDRESSED = re.compile(rb"^(?:to|cc|received|message-id):", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]+)"|([^\s;"]+))', re.IGNORECASE)
_TYPE = re.compile(rb"^content-type:\s*([\w.+-]+/[\w.+-]+)", re.IGNORECASE | re.MULTILINE)
_CODING = re.compile(rb"^content-transfer-encoding:\s*([\w-]+)", re.IGNORECASE | re.MULTILINE)
_PLACE = re.compile(rb"^content-location:\s*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:|[ \t]+\S")
_LIKE_BOUNDARY = b"------="
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def is_mht(head: bytes) -> bool:
    """QQ's From line, or a related multipart that was sent to nobody."""
    headers = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    if _QQ in headers[:1024]:
        return True
    return _RELATED.search(headers) is not None and _ADDRESSED.search(headers) is None


def mht_parts(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """The page (消息记录.html or 网页.html) and every other part; the archive itself if it has none."""
    with file.path.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
        opened.seek(0)
        reader = _Reader(opened, "消息记录" if _QQ in head else "网页")
        count = 0
        for part in reader.parts():
            count += 1
            if not drop.entries_left or drop.is_full:
                sentence = drop.total_sentence() if drop.is_full else drop.entries_sentence()
                detail = f"{sentence}；此文件已读 {count - 1} 个部分，其余未读"
                yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_BIG, detail=detail)
                return
            yield _kept(file, part, drop)
    if not count:
        yield file


def _kept(file: Evidence, part: _Part, drop: Drop) -> Evidence | Skipped:
    drop.entries += 1
    try:
        return drop.keep(drop.metered(part.content, 0), f"{file.inner_path}!{part.name}", file)
    except Unreadable as why:
        return Skipped(evidence=file, name=part.name, reason=why.reason, detail=why.detail)


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    content: Iterator[bytes]
    """To be read before the next part is asked for."""


class _Reader:
    """The parts of an archive, nested ones too: every boundary that is declared anywhere ends a part."""

    def __init__(self, stream: BinaryIO, page_name: str) -> None:
        self._stream = stream
        self._page_name = page_name
        self._numbers: Counter[str] = Counter()
        self._boundaries: set[bytes] = set()
        self._has_more = True
        self._pushed: list[bytes] = []
        self._is_part_over = False
        """The headers ran into a boundary: the part has no content."""

    def parts(self) -> Iterator[_Part]:
        """Each part with any content, in the order of the file, the text around the parts too."""
        while self._has_more:
            headers = self._headers()
            kind = _found(_TYPE, headers).lower()
            if kind.startswith("multipart/"):
                kind = ""
                if (declared := _BOUNDARY.search(headers)) is not None:
                    self._boundaries.add(b"--" + (declared[1] or declared[2]).strip())
            content = _decoded(self._lines(), _found(_CODING, headers).lower())
            first = next(content, b"")
            if first.strip():
                name = self._name(kind, _found(_PLACE, headers))
                yield _Part(name, chain([first], content))
            for _ in content:  # what a limit left unread
                pass

    def _headers(self) -> bytes:
        """The lines up to a blank one; QQ may leave the blank one out before its page."""
        lines: list[bytes] = []
        for line in self._lines():
            if not line.strip() and lines:
                break
            is_header = _HEADER.match(line) is not None or not line.strip()
            if not is_header or len(lines) > _MOST_HEADER_LINES:
                self._pushed.append(line)
                break
            lines.append(line)
        else:
            self._is_part_over = True
        return b"".join(lines)

    def _lines(self) -> Iterator[bytes]:
        """Lines until a boundary or the end of the file; the boundary is consumed."""
        if self._is_part_over:
            self._is_part_over = False
            return
        while line := self._pushed.pop() if self._pushed else self._stream.readline(_LINE_BYTES):
            if not self._boundaries and line.startswith(_LIKE_BOUNDARY):
                self._boundaries.add(line.strip())
            if b"--" in line and (before := self._before_boundary(line)) is not None:
                if not before:
                    return
                self._pushed.append(line[len(before) :])
                yield before
            else:
                yield line
        self._has_more = False

    def _before_boundary(self, line: bytes) -> bytes | None:
        """What stands before a boundary on its line; None if the line holds none."""
        for boundary in self._boundaries:
            before, found, after = line.partition(boundary)
            if found and after.strip() in (b"", b"--"):
                return before
        return None

    def _name(self, kind: str, place: str) -> str:
        if kind == "text/html" or (not kind and self._numbers.total() == 0 and not self._boundaries):
            return self._numbered(self._page_name, ".html")
        if not kind:
            return self._numbered("其余文字", ".txt")
        suffix = mimetypes.guess_extension(kind) or f".{kind.rpartition('/')[2].removeprefix('x-')}"
        stem = PurePosixPath(cleaned(unquote(place.partition("?")[0]))).stem if place else ""
        return (
            f"{stem}{suffix}"
            if stem
            else self._numbered("图" if kind.startswith("image/") else "附件", suffix)
        )

    def _numbered(self, stem: str, suffix: str) -> str:
        self._numbers[stem] += 1
        is_first_page = stem == self._page_name and self._numbers[stem] == 1
        return f"{stem}{'' if is_first_page else self._numbers[stem]}{suffix}"


def _found(pattern: re.Pattern[bytes], headers: bytes) -> str:
    found = pattern.search(headers)
    return text_of(found[1].strip()) if found else ""


def _decoded(lines: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """The content in chunks; digits of base64 that make no whole byte are dropped at its end."""
    if coding != "base64":
        decode = a2b_qp if coding == "quoted-printable" else bytes
        yield from _gathered(decode(line) for line in lines)
        return
    left = b""
    for chunk in _gathered(lines):
        digits = left + _NO_BASE64.sub(b"", chunk)
        whole = len(digits) // 4 * 4
        left = digits[whole:]
        yield a2b_base64(digits[:whole])
    if len(left) > 1:
        yield a2b_base64(left + b"=" * (4 - len(left)))


def _gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    chunk = bytearray()
    for line in lines:
        chunk += line
        if len(chunk) >= _CHUNK_BYTES:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)
