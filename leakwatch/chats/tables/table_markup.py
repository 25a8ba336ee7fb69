"""Rows of the tables of a web page or an Excel 2003 XML file, which many consoles name .xls.

Text outside a table is a row of one cell, so that no word is lost; of tables inside one another each row counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice

from lxml import etree

from leakwatch.chats.tables.table_xlsx import Sheet, is_chat_sheet, sheet_of
from leakwatch.text import decode

_SIGN = re.compile(rb"<table[\s>]|urn:schemas-microsoft-com:office:spreadsheet", re.IGNORECASE)
_SHEET_SIGN = b"urn:schemas-microsoft-com:office:spreadsheet"
_SIGN_WITHIN = 1 << 16
_ROWS_TO_SNIFF = 40
# libxml2 2.14 keeps all that one HTML parser was fed.
_MOST_FED_BYTES = 1 << 24
_ROW = re.compile(rb"<tr[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(r"[\ufeff\s]*<\?xml[^>]{0,200}\?>")
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_NO_FRACTION = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.0+")
_ROWS = frozenset({"tr", "Row"})
_CELLS = frozenset({"td", "th", "Cell"})
_BLOCKS = frozenset("address caption center div h1 h2 h3 h4 h5 h6 li p pre table title ul".split())
_UNSEEN = frozenset({"script", "style", "Styles", "DocumentProperties", "WorksheetOptions", "Comment"})
_MOST_COLUMNS = 1000


def is_chat(head: bytes) -> bool:
    """Whether a table that begins in the head has the header of a chat."""
    if not is_markup(head):
        return False
    text, _ = decode(head)
    rows = _rows(iter([text]), is_sheet=_is_sheet(head))
    return is_chat_sheet([cells for _, cells in islice(rows, _ROWS_TO_SNIFF)])


def is_markup(head: bytes) -> bool:
    """Whether the head is that of a page or XML file with a table."""
    start = head[:_SIGN_WITHIN].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and _SIGN.search(start) is not None


def sheets(chunks: Iterator[str], head: bytes) -> Iterator[Sheet]:
    """The rows of each worksheet, or of the whole page as one sheet."""
    waiting: list[tuple[str, list[str]]] = []
    rows = _rows(chunks, is_sheet=_is_sheet(head))
    waiting.extend(islice(rows, 1))
    while waiting:
        name = waiting[0][0]
        own = _of_sheet(name, waiting, rows)
        if (sheet := sheet_of(name, own)) is not None:
            yield sheet
        for _ in own:  # what nobody wanted to read
            pass


def _of_sheet(
    name: str, waiting: list[tuple[str, list[str]]], rows: Iterator[tuple[str, list[str]]]
) -> Iterator[list[str]]:
    """The rows up to the next sheet, whose first one is left waiting."""
    while waiting and waiting[0][0] == name:
        yield waiting.pop()[1]
        waiting.extend(islice(rows, 1))


def _is_sheet(head: bytes) -> bool:
    return _SHEET_SIGN in head[:_SIGN_WITHIN].replace(b"\0", b"")


def _rows(chunks: Iterator[str], *, is_sheet: bool) -> Iterator[tuple[str, list[str]]]:
    """(name of the sheet, cells) of every row."""
    target = _Table(is_sheet=is_sheet)
    parser = _parser(target, is_sheet=is_sheet)
    for data, is_before_row in _parts(chunks):
        try:
            parser.feed(data)
        except etree.LxmlError:  # the parser has given up: the next one goes on behind the spot
            parser = _parser(target, is_sheet=is_sheet)
        if is_before_row and not is_sheet and target.is_idle:
            parser = _parser(target, is_sheet=is_sheet)
            parser.feed(b"<table>")
        yield from target.taken()
    with suppress(etree.LxmlError):
        parser.close()
    target.close()
    yield from target.taken()


def _parts(chunks: Iterator[str]) -> Iterator[tuple[bytes, bool]]:
    """The text for the parser, and now and then whether the next part begins with a row."""
    fed = 0
    first = True
    for chunk in chunks:
        text = _DECLARATION.sub("", chunk, count=1) if first else chunk
        first = False
        data = text.replace("\0", " ").encode("utf-8", "replace")
        fed += len(data)
        if fed > _MOST_FED_BYTES and (row := _ROW.search(data)) is not None:
            yield data[: row.start()], True
            data, fed = data[row.start() :], 0
        yield data, False


def _parser(target: _Table, *, is_sheet: bool) -> etree.XMLParser | etree.HTMLParser:
    if is_sheet:
        return etree.XMLParser(
            target=target,  # type: ignore[arg-type]  # the stubs promise bytes too; lxml hands over str
            encoding="utf-8",
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            recover=True,
        )
    return etree.HTMLParser(
        target=target,  # type: ignore[arg-type]
        encoding="utf-8",
        no_network=True,
        huge_tree=True,
    )


class _Table:
    """Takes the events of the parser and makes rows of them."""

    def __init__(self, *, is_sheet: bool) -> None:
        """is_sheet: Excel 2003 XML, where a line end in the file is one in the text."""
        self._is_sheet = is_sheet
        self._sheet = ""
        self._open: list[list[str]] = []
        """Finished cells of each row that is open."""
        self._text: list[str] = []
        self._unseen = 0
        self._found: list[tuple[str, list[str]]] = []

    @property
    def is_idle(self) -> bool:
        """Whether no row is open."""
        return not self._open and not self._unseen

    def taken(self) -> list[tuple[str, list[str]]]:
        """The rows since the last call."""
        found, self._found = self._found, []
        return found

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        if name in _UNSEEN:
            self._unseen += 1
        elif name == "Worksheet":
            self._sheet = _attribute(attributes, "Name")
        elif name in _ROWS:
            self._end_text()
            self._open.append([])
        elif name in _CELLS:
            self._end_text()
            self._pad(_attribute(attributes, "Index"))
        elif name == "br":
            self._text.append("\n")
        elif name in _BLOCKS and not self._open:
            self._end_text()

    def data(self, text: str) -> None:
        if not self._unseen:
            self._text.append(_BLANKS.sub(" ", text if self._is_sheet else text.replace("\n", " ")))

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif name in _CELLS and self._open:
            self._open[-1].append(self._said())
        elif name in _ROWS and self._open:
            self._end_text()
            if any(cells := self._open.pop()):
                self._found.append((self._sheet, cells))
        elif name in _BLOCKS:
            if self._open:
                self._text.append("\n")
            else:
                self._end_text()

    def comment(self, text: str) -> None:
        """Says nothing in a table."""

    def close(self) -> None:
        """What a cut file leaves open is a row too."""
        while self._open:
            self.end("tr")
        self._end_text()

    def _end_text(self) -> None:
        """What stands between cells, or outside a row, is a cell or a row of its own."""
        if not (said := self._said()):
            return
        if self._open:
            self._open[-1].append(said)
        elif not self._is_sheet:  # there it is settings
            self._found.append((self._sheet, [said]))

    def _said(self) -> str:
        lines = (line.strip() for line in "".join(self._text).split("\n"))
        self._text.clear()
        said = "\n".join(filter(None, lines))
        return _NO_FRACTION.sub(r"\1", said) if "T" in said else said

    def _pad(self, index: str) -> None:
        if self._open and index.isascii() and index.isdigit():
            row = self._open[-1]
            row.extend([""] * (min(int(index), _MOST_COLUMNS) - 1 - len(row)))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if _local(key) == name), "")
