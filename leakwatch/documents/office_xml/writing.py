"""The events of an XML parser → lines with their place, and the pictures that lie among them.

No tree is built, so a file of any size costs the memory of one line; what lies beside the body (headers,
notes, deleted text) is kept to be told at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leakwatch.documents.office_xml.dialects import BOX, MASTER, Dialect

BODY = "正文"

_BLANKS = re.compile(r"\s+")
_UOF_CODE = re.compile(r"_[0-9A-F]{4}$")
_MOST_BLANKS = 1000
_MOST_PICTURE_CHARACTERS = 1 << 28
"""Of all pictures of a file."""
_NAMES_A_FILE = ("part", "binData")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph or a row of a table."""

    place: str
    """正文, 第3页, 值班表!, 页眉."""
    number: int
    """Of the paragraph or row; 0 where nobody counts them."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file that lies in the text in base64."""

    name: str
    base64: str


class Writing:
    """Takes the events of one XML part or file; call `taken` after each feed and `beside` at the end."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._opening = dialect.lines | dialect.rows | dialect.layers.keys()
        self._names: dict[str, str] = {}
        self._open: list[tuple[str, list[str]]] = []
        """(element, text so far) of each line that is open; a comment stands inside a paragraph."""
        self._layers: list[tuple[str, str]] = []
        """(element, layer)"""
        self._words = self._silent = 0
        self._base64: list[str] | None = None
        self._base64_left = _MOST_PICTURE_CHARACTERS
        self._part = ""
        self._place = BODY
        self._is_workbook = not dialect.workbook
        self._number = self._slide = self._repeated = 0
        self._lines: list[Line | Picture] = []
        self._beside: dict[str, list[str]] = {}

    @property
    def is_overfull(self) -> bool:
        """Whether pictures were cut off because all together are too big."""
        return self._base64_left < 0

    def taken(self) -> list[Line | Picture]:
        """What of the body was read since the last call."""
        lines, self._lines = self._lines, []
        return lines

    def beside(self) -> Iterator[Line]:
        """What was read outside the body."""
        for layer, texts in self._beside.items():
            yield from (Line(place=layer, number=0, text=text) for text in dict.fromkeys(texts))

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, dialect = self._name(tag), self._dialect
        if name in dialect.pictures:
            self._base64 = []
        self._part = _attribute(attributes, "name") if name in _NAMES_A_FILE else self._part
        self._words += name in dialect.words
        self._silent += name in dialect.silent
        self._enter(name, attributes)
        if name in dialect.layers and not (self._slide and dialect.layers[name] == BOX):
            self._layers.append((name, self._layer_of(name)))
        if name in self._opening:
            self._open.append((name, []))
        elif name in dialect.blanks:
            self._write(dialect.blanks[name] * min(_number(attributes, "c") or 1, _MOST_BLANKS))
        if name in dialect.spoken:
            attribute, layer = dialect.spoken[name]
            self._put_beside(layer, _attribute(attributes, attribute))

    def data(self, text: str) -> None:
        if self._base64 is not None:
            self._base64_left -= len(text)
            if self._base64_left >= 0:
                self._base64.append(text)
        elif not self._silent and (self._words or not self._dialect.words):
            # OpenDocument writes blanks as elements; elsewhere each of them counts.
            self._write(text if self._words else _BLANKS.sub(" ", text))

    def end(self, tag: str) -> None:
        name, dialect = self._name(tag), self._dialect
        if name in dialect.pictures and self._base64 is not None:
            self._lines.append(Picture(name=self._part, base64="".join(self._base64)))
            self._base64 = None
        self._words -= name in dialect.words
        self._silent -= name in dialect.silent
        if name in dialect.cells:
            self._write("\t")
        if self._open and self._open[-1][0] == name:
            self._end_line(*self._open.pop())
        if self._layers and self._layers[-1][0] == name:
            self._layers.pop()

    def close(self) -> None:
        """Called by lxml; what a cut file leaves open is told too."""
        while self._open:
            self._end_line(*self._open.pop())

    def _end_line(self, name: str, parts: list[str]) -> None:
        text = "".join(parts).strip()
        is_row = name in self._dialect.rows
        is_in_row = not is_row and self._open and name not in self._dialect.layers and self._in_row()
        if is_in_row:
            self._write(f"{text} " if text else "")
        elif self._layers:
            self._put_beside(self._layers[-1][1], text)
        else:
            if not self._place.endswith("!"):
                self._number += 1
            text = "\t".join(" ".join(cell.split()) for cell in text.split("\t")) if is_row else text
            if text:
                self._lines.append(Line(place=self._place, number=self._number, text=text))

    def _in_row(self) -> bool:
        """Whether the line that is open now is a row and belongs to no other layer."""
        return self._open[-1][0] in self._dialect.rows

    def _layer_of(self, name: str) -> str:
        """The outermost counts: the title of a picture in a comment; but a header is more than its master page."""
        outer = self._layers[-1][1] if self._layers else MASTER
        return self._dialect.layers[name] if outer == MASTER else outer

    def _put_beside(self, layer: str, text: str) -> None:
        if text.strip():
            where = f"{self._place}{layer}" if layer == "备注" and self._slide else layer
            self._beside.setdefault(where, []).append(text.strip())

    def _enter(self, name: str, attributes: Mapping[str, str]) -> None:
        """Where we are: on which slide, in which row of which sheet."""
        dialect = self._dialect
        self._is_workbook |= name == dialect.workbook
        if name in dialect.slides:
            self._slide += 1
            self._place, self._number = f"第{self._slide}页", 0
        elif name in dialect.sheets and self._is_workbook:
            self._place = f"{_attribute(attributes, dialect.sheets[name])}!"
            self._number = self._repeated = 0
        elif name in dialect.rows and self._place.endswith("!"):
            explicit = _number(attributes, "Index") or _number(attributes, "行号")
            self._number = explicit or self._number + 1 + self._repeated
            self._repeated = max(0, _number(attributes, "number-rows-repeated") - 1)

    def _write(self, text: str) -> None:
        if self._open and text:
            self._open[-1][1].append(text)

    def _name(self, tag: str) -> str:
        if (name := self._names.get(tag)) is None:
            local = tag.rpartition("}")[2].rpartition(":")[2]
            name = self._names[tag] = _UOF_CODE.sub("", local)
        return name


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    """By its local name; empty if it is missing."""
    return next(
        (
            value
            for key, value in attributes.items()
            if _UOF_CODE.sub("", key.rpartition("}")[2].rpartition(":")[2]) == name
        ),
        "",
    )


def _number(attributes: Mapping[str, str], name: str) -> int:
    digits = _attribute(attributes, name)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
