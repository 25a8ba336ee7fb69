"""RTF token by token: which characters are text, in which encoding, and in which part of the document."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from leakwatch.documents.ole2.escher import bitmap
from leakwatch.documents.outline import SYMBOLS
from leakwatch.documents.rtf.rtf_words import (
    BODY,
    CHARACTERS,
    CHARSETS,
    FONTS,
    OBJECT,
    PARTS,
    PICTURE,
    PICTURE_KINDS,
    SHAPE_NAME,
    SHAPE_VALUE,
    SPECIAL,
    THROUGH,
    UNREAD,
    code_page,
)
from leakwatch.errors import Unreadable
from leakwatch.model import Reason

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,11})? ?|(?P<bytes>(?:\\'[0-9A-Fa-f]{2}){1,4096})|\\(?P<symbol>[^A-Za-z'])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]{1,65536})",
    re.DOTALL,
)
_DEEPEST = 2000
_DELETED = "修订删除"
_MOST_HEX = 128 << 20
_LONGEST_LINE = 1 << 16
_SHAPE_TEXTS = {"gtextUNICODE": "水印", "wzDescription": "替代文字"}
_STARS = str.maketrans(SYMBOLS)
_NO_HEX = re.compile(rb"[^0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class File:
    """A picture, or an object (no kind)."""

    kind: str
    data: bytes


@dataclass(slots=True)
class _Group:
    """What holds until the brace closes."""

    part: str = BODY  # where text goes; empty: it is no text
    special: str = ""
    outer: str = BODY  # where the Unicode half of \upr goes
    font: int = -1
    east_font: int = -1
    is_east: bool = False
    stand_ins: int = 1
    is_deleted: bool = False
    is_in_table: bool = False
    is_markup: bool = False
    """Text of an HTML mail that only its RTF twin shows."""
    is_optional: bool = False
    opened: bool = False
    """This very group, not one around it, began the destination."""


class Parser:
    """Goes through the tokens once; lines of the body come out, all else is kept beside."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.beside: dict[str, list[str]] = {}
        self.is_cut = False
        self._groups: list[_Group] = [_Group()]
        self._texts: dict[str, list[str]] = {}
        """Part → its line so far."""
        self._sizes: dict[str, int] = {}
        self._bytes = bytearray()
        """Encoded characters that are not decoded yet: half of one may stand in the next token."""
        self._skip = 0
        self._page = "gb18030"
        self._fonts: dict[int, str] = {}
        self._default_font = -1
        self._hex = bytearray()
        self._kind = ""
        self._shape = ""
        self._out: list[str | File] = []

    def items(self) -> Iterator[str | File]:
        """Lines of the body and embedded files, in the order of the file."""
        at, end = 0, len(self._data)
        while at < end:
            found = _TOKEN.match(self._data, at)
            if not found:
                at += 1
                continue
            at = found.end()
            if found["word"] == b"bin" and found["number"]:
                at = self._binary(at, int(found["number"]))
            else:
                self._token(found)
            if self._out:
                yield from self._out
                self._out.clear()
        self._decode()
        self.is_cut = len(self._groups) > 1
        while len(self._groups) > 1:
            self._close()
        for part in [*self._texts]:
            self._end_line(part)
        yield from self._out

    def _binary(self, at: int, size: int) -> int:
        size = max(0, min(size, len(self._data) - at))
        if self._groups[-1].special in (PICTURE, OBJECT) and len(self._hex) + size * 2 <= _MOST_HEX:
            self._hex += self._data[at : at + size].hex().encode()
        return at + size

    def _token(self, found: re.Match[bytes]) -> None:
        group = self._groups[-1]
        if text := found["text"]:
            self._raw(group, text)
        elif run := found["bytes"]:
            self._raw(group, bytes.fromhex(run.replace(b"\\'", b"").decode("ascii")))
        elif brace := found["brace"]:
            self._skip = 0
            self._decode()
            self._open() if brace == b"{" else self._close()
        else:
            self._control(group, (found["word"] or found["symbol"]).decode("latin-1"), found["number"])

    def _raw(self, group: _Group, text: bytes) -> None:
        """Text as it stands in the file: encoded characters, or hexadecimal digits."""
        if group.special in (PICTURE, OBJECT):
            if len(self._hex) < _MOST_HEX:
                self._hex += _NO_HEX.sub(b"", text)
            return
        skipped = min(self._skip, len(text))
        self._skip -= skipped
        self._bytes += text[skipped:]

    def _open(self) -> None:
        if len(self._groups) > _DEEPEST:
            raise Unreadable(
                Reason.TOO_DEEP, "RTF 文档的嵌套层数异常，其余内容未读；请用 Word/WPS 另存为 docx 后再放入"
            )
        inner = copy(self._groups[-1])
        inner.opened = inner.is_optional = False
        self._groups.append(inner)

    def _close(self) -> None:
        if len(self._groups) == 1:
            return
        group = self._groups.pop()
        if not group.opened:
            return
        if group.special in (PICTURE, OBJECT):
            digits = self._hex[: len(self._hex) // 2 * 2].decode("ascii")
            data, kind = bytes.fromhex(digits), self._kind if group.special == PICTURE else ""
            self._hex.clear()
            if data and (kind or group.special == OBJECT):
                self._out.append(File(kind, bitmap(data) if kind == "bmp" else data))
        elif group.special == SHAPE_NAME:
            self._shape = "".join(self._texts.pop(SHAPE_NAME, [])).strip()
        elif group.special == SHAPE_VALUE:
            text = "".join(self._texts.pop(SHAPE_VALUE, [])).strip()
            if self._shape in _SHAPE_TEXTS and text:
                self.beside.setdefault(_SHAPE_TEXTS[self._shape], []).append(text)
        elif group.part != BODY:
            self._end_line(group.part)

    def _control(self, group: _Group, word: str, number: bytes | None) -> None:
        value = int(number) if number else None
        if word == "u" and value is not None:
            self._decode()
            self._say(chr(value & 0xFFFF))
            self._skip = group.stand_ins
        elif self._skip and word in ("{", "}", "\\", "~", "_", "-"):
            self._skip -= 1
        elif word == "*":
            group.is_optional = True
        elif word in CHARACTERS:
            self._decode()
            shown = CHARACTERS[word]
            self._say(" " if shown == "\n" and word == "par" and group.is_in_table else shown)
        elif not self._destination(group, word):
            self._property(group, word, value)

    def _destination(self, group: _Group, word: str) -> bool:
        """Whether the word says what the group is."""
        if word == "ud":
            group.part, group.special, group.opened = group.outer, "", True
        elif word in SPECIAL and group.part:
            self._decode()
            group.special, group.opened, self._kind = word, True, ""
        elif word in PARTS and group.part:
            group.part, group.special, group.opened, group.is_deleted = PARTS[word], "", True, False
        elif word in UNREAD or (group.is_optional and word not in THROUGH):
            group.outer, group.part, group.special = group.part, "", ""
        else:
            group.is_optional = (
                False  # said of the first word alone: \shpinst is followed by the shape's place
            )
            return False
        group.is_optional = False
        return True

    def _property(self, group: _Group, word: str, value: int | None) -> None:
        is_on = value != 0
        if word in PICTURE_KINDS:
            self._kind = PICTURE_KINDS[word]
        elif word == "deleted":
            self._decode()
            group.is_deleted = is_on
        elif word == "plain":
            self._decode()
            group.is_deleted, group.font, group.is_east = False, self._default_font, False
        elif word in ("intbl", "pard"):
            group.is_in_table = word == "intbl"
        elif word == "htmlrtf":
            self._decode()
            group.is_markup = is_on
        elif value is not None:
            self._encoding(group, word, value)
        elif word in ("loch", "hich", "dbch"):
            self._decode()
            group.is_east = word == "dbch"

    def _encoding(self, group: _Group, word: str, value: int) -> None:
        if word == "uc":
            group.stand_ins = max(0, min(value, 16))
        elif word == "ansicpg":
            self._page = code_page(value)
        elif word == "deff":
            self._default_font = value
        elif word == "f":
            self._decode()
            group.font = value
        elif word == "af" and group.is_east:
            self._decode()
            group.east_font = value
        elif word == "fcharset" and group.special == FONTS and value in CHARSETS:
            self._fonts[group.font] = CHARSETS[value]

    def _decode(self) -> None:
        """Says the bytes so far, in the encoding of the font."""
        if not self._bytes:
            return
        group = self._groups[-1]
        data = bytes(self._bytes)
        self._bytes.clear()
        if data.isascii():
            self._say(data.decode("ascii"))
            return
        font = group.east_font if group.is_east and group.east_font >= 0 else group.font
        codecs = (self._fonts.get(font, self._page), self._page, "gb18030")
        for codec in codecs:
            try:
                self._say(data.decode(codec))
            except UnicodeDecodeError:
                continue
            return
        self._say(data.decode(codecs[0], "replace"))

    def _say(self, text: str) -> None:
        group = self._groups[-1]
        if group.is_markup or not group.part:
            return
        if group.special:
            if group.special in (SHAPE_NAME, SHAPE_VALUE):
                self._texts.setdefault(group.special, []).append(text)
            return
        part = _DELETED if group.is_deleted else group.part
        if part != _DELETED and _DELETED in self._texts:  # until here: each script of 机密★10年 is a group
            self._end_line(_DELETED)
        if text == "\n":
            self._end_line(part)
            return
        self._texts.setdefault(part, []).append(text)
        self._sizes[part] = self._sizes.get(part, 0) + len(text)
        if self._sizes[part] > _LONGEST_LINE:
            self._end_line(part)

    def _end_line(self, part: str) -> None:
        line = "".join(self._texts.pop(part, []))
        self._sizes.pop(part, None)
        line = line.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").rstrip("\t ")
        line = line.translate(_STARS)
        if part == BODY:
            self._out.append(line)
        elif line.strip():
            self.beside.setdefault(part, []).append(line.strip())
