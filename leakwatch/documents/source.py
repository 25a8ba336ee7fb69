"""Text that is written for programs (HTML, scripts, JSON), read so that it says what it says to a person.

Characters hide behind escapes there, pictures behind `data:` addresses, and a whole file may be one line.
"""

from __future__ import annotations

import html
import mimetypes
import re
from binascii import Error, a2b_base64
from collections.abc import Iterable, Iterator
from typing import TextIO
from urllib.parse import unquote

from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.text import open_text
from leakwatch.vault import Vault

LINE_CHARACTERS = 1 << 16
OVERLAP_CHARACTERS = 512
"""Longer than any term, number or 标识 that could lie across the cut of an endless line."""

_CHUNK_CHARACTERS = 1 << 20
# A photo inside a string is not cut; without any seam a window ends here.
_WINDOW_CHARACTERS = 1 << 26
_MOST_FILES = 500
_SEAMS = ("\n", '",', "',", "`,", "},", "],")
_RECORD_END = re.compile(r"(?<=[}\]]),(?=\s*[{\[])")
# JSON within JSON doubles the backslashes of its escapes.
_ESCAPE = re.compile(
    r"\\{1,8}u\{(?P<point>[0-9a-fA-F]{1,5}|10[0-9a-fA-F]{4})\}|\\{1,8}u(?P<unit>[0-9a-fA-F]{4})"
    r"|\\x(?P<byte>[0-9a-fA-F]{2})|\\(?P<letter>.)",
    re.DOTALL,
)
_CODE = re.compile(r"\\{1,8}u(?P<unit>[0-9a-fA-F]{4})")
_LETTERS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "v": "", "\n": ""}
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")
_INLINE_TAG = re.compile(
    r"</?(?:a|b|i|u|s|em|font|mark|span|strong|sub|sup|wbr)\b[^<>\n]{0,500}>", re.IGNORECASE
)
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,([A-Za-z0-9+/=%_-]*)", re.IGNORECASE)
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")


class Source:
    """The text of a file chunk by chunk, and how many of its characters could not be decoded."""

    def __init__(self, file: Evidence, encoding: str = "") -> None:
        self._file = file
        self._replaced = 0
        self._is_exact = True
        self._stream: TextIO
        if encoding:
            self._stream = file.path.open(encoding=encoding, errors="replace")
            return
        self._stream, found = open_text(file.path)
        self._is_exact = found.is_exact

    def chunks(self) -> Iterator[str]:
        """The whole text, a million characters at a time; the file is closed behind the last."""
        with self._stream as stream:
            while chunk := stream.read(_CHUNK_CHARACTERS):
                self._replaced += chunk.count("\ufffd")
                yield chunk

    def damage(self) -> Iterator[Skipped]:
        """The row for bytes that were no text, known once everything is read."""
        if self._replaced and not self._is_exact:
            yield undecoded(self._file, self._replaced)


class InlineFiles:
    """The pictures and files that a text carries in `data:` addresses, each content once."""

    def __init__(self, file: Evidence, vault: Vault) -> None:
        self._file = file
        self._vault = vault
        self._seen: set[str] = set()
        self._waiting: list[Evidence | Skipped] = []
        self._unread = 0

    def taken_out(self, text: str) -> str:
        """The text without them; `waiting` hands them over."""
        return _DATA.sub(self._keep, text) if "base64," in text.lower() else text

    def waiting(self) -> Iterator[Evidence | Skipped]:
        """Those found since the last call."""
        rows, self._waiting = self._waiting, []
        yield from rows

    def rest(self) -> Iterator[Evidence | Skipped]:
        """The last ones, and a row if there were too many."""
        yield from self.waiting()
        if self._unread:
            detail = f"文件内嵌的图片和附件超过 {_MOST_FILES} 个，还有 {self._unread} 个未检查；请拆分或另行导出图片后再放入"
            yield Skipped(evidence=self._file, name=self._file.name, reason=Reason.TOO_BIG, detail=detail)

    def _keep(self, found: re.Match[str]) -> str:
        kind = (found[1] or "text/plain").lower()
        if "font" in kind:
            return ""
        if len(self._seen) >= _MOST_FILES:
            self._unread += 1
            return ""
        is_picture = kind.startswith("image/")
        suffix = mimetypes.guess_extension(kind) or f".{kind.rpartition('/')[2]}"
        name = f"{'图' if is_picture else '附件'}{len(self._seen) + 1}{suffix}"
        data = from_base64(found[2])
        if not data:
            detail = "文件内嵌的图片或附件已损坏，未能取出；请人工核对原文件"
            self._waiting.append(
                Skipped(evidence=self._file, name=name, reason=Reason.DAMAGED, detail=detail)
            )
            return ""
        kept = self._vault.keep_bytes(data, f"{self._file.inner_path}!{name}", self._file)
        if kept.sha256 not in self._seen:
            self._seen.add(kept.sha256)
            self._waiting.append(kept)
        return ""


def undecoded(file: Evidence, count: int) -> Skipped:
    """The row for that many characters that fit no encoding."""
    detail = f"文件中有 {count} 处字符无法识别，已用“\ufffd”代替，其余内容按可辨认的编码检查；请用原软件另存为 UTF-8 后重试"
    return Skipped(evidence=file, name=file.name, reason=Reason.DAMAGED, detail=detail)


def windows(chunks: Iterable[str]) -> Iterator[str]:
    """The same text in parts that end between two values or lines, so that no string is cut in two."""
    window = ""
    for chunk in chunks:
        window += chunk
        end = seam(window)
        if end:
            yield window[:end]
            window = window[end:]
    if window:
        yield window


def seam(text: str) -> int:
    """Where the text can be cut; 0 if it must be read on."""
    end = max((text.rfind(mark) + len(mark) for mark in _SEAMS if mark in text), default=0)
    return end or (len(text) if len(text) >= _WINDOW_CHARACTERS else 0)


def said(script: str, files: InlineFiles) -> Iterator[str]:
    """The lines of a script or of JSON without escapes, entities and inline tags, one line a record."""
    text = unescaped(_RECORD_END.sub(",\n", script.removesuffix("\n")))
    text = _INLINE_TAG.sub("", _ENTITY.sub(_entity, files.taken_out(text)))
    for line in text.split("\n"):
        yield from cut(line)


def cut(line: str) -> Iterator[str]:
    """The line, or parts of an endless one, each of which repeats the end of the one before."""
    yield line[:LINE_CHARACTERS]
    step = LINE_CHARACTERS - OVERLAP_CHARACTERS
    for start in range(step, len(line) - OVERLAP_CHARACTERS, step):
        yield line[start : start + LINE_CHARACTERS]


def unescaped(text: str) -> str:
    """The text as the program that reads it sees it: \\u673a, \\x41, \\n and \\/ decoded."""
    return _whole(_ESCAPE.sub(_character, text)) if "\\" in text else text


def decoded_points(text: str) -> str:
    """The text with \\u673a decoded and every other backslash as it is: C:\\new is a path."""
    return _whole(_CODE.sub(lambda found: chr(int(found["unit"], 16)), text)) if "\\u" in text else text


def _character(found: re.Match[str]) -> str:
    if (letter := found["letter"]) is not None:
        return _LETTERS.get(letter, letter)
    return chr(int(found["point"] or found["unit"] or found["byte"], 16))


def _whole(text: str) -> str:
    """Halves of surrogate pairs joined; a half without its other is U+FFFD."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _entity(found: re.Match[str]) -> str:
    return html.unescape(found[0])


def from_base64(text: str) -> bytes:
    """As many bytes as there are, also of a picture that is cut off; none if it holds nothing."""
    digits = _NO_BASE64.sub("", unquote(text).replace("-", "+").replace("_", "/"))
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    try:
        return a2b_base64(digits + "=" * (-len(digits) % 4))
    except Error:
        return b""
