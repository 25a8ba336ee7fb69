"""Rows of a CSV file of any size: comma, tab or semicolon by the header, cells of many lines, broken quotes.

A record ends where its quotes are even and its cells fill the header. A quote that nobody closed would
swallow the rows behind it: such a line is taken literally instead, and reading goes on with the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.tables.table_headers import Layout, Role, layout_of, of_all_chats

_DELIMITERS = ",\t;"
_HEADER_WITHIN = 10
_SAMPLE_LINES = 20
_LONGEST_RECORD = 2000
"""Lines; a quote that is still open then was never meant to be one."""


class CsvRows:
    """The rows behind the header of an open CSV file; `layout` is None if no header was found."""

    def __init__(self, lines: Iterable[str], header_within: int = _HEADER_WITHIN) -> None:
        self._lines = (line.rstrip("\n").replace("\0", "") for line in lines)
        self._waiting: deque[str] = deque()
        self._delimiter = ","
        self._width = 0
        self.layout: Layout | None = None
        self.is_cut = False
        """Whether the file ends inside a quoted cell; known once all rows are read."""
        self.preamble: list[list[str]] = []
        """The rows above the header."""
        self._find_header(header_within)

    def __iter__(self) -> Iterator[list[str]]:
        layout = self.layout
        while layout is not None and (line := self._next()) is not None:
            if line.strip():
                yield self._record(line, layout)

    def _find_header(self, within: int) -> None:
        above: list[str] = []
        for line in islice(self._lines, within):
            for delimiter in _DELIMITERS:
                layout = layout_of(_split(line, delimiter)) if delimiter in line else None
                if layout is not None:
                    self._waiting.extend(islice(self._lines, _SAMPLE_LINES))
                    rows = (_split(ahead, delimiter) for ahead in self._waiting)
                    self.layout, self._delimiter = of_all_chats(layout, rows), delimiter
                    self.preamble = [_split(row, delimiter) for row in above]
                    return
            if line.strip():
                above.append(line.strip())

    def _next(self) -> str | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def _record(self, line: str, layout: Layout) -> list[str]:
        if '"' not in line:
            cells = line.split(self._delimiter)
            self._width = len(cells)
            return _fitted(cells, layout, self._delimiter)
        lines, quotes = [line], line.count('"')
        while quotes % 2 and len(lines) < _LONGEST_RECORD and (more := self._next()) is not None:
            lines.append(more)
            quotes += more.count('"')
        is_open_at_end = quotes % 2 == 1 and len(lines) < _LONGEST_RECORD
        self.is_cut = self.is_cut or (is_open_at_end and not self._swallows(lines, layout))
        cells = _split("\n".join(lines), self._delimiter)
        if len(lines) == 1:
            self._width = len(cells)
        elif quotes % 2 or len(cells) not in (layout.width, self._width) or self._swallows(lines, layout):
            self._waiting.extendleft(reversed(lines[1:]))
            return _fitted(line.split(self._delimiter), layout, self._delimiter)
        return cells if _is_dated(cells, layout) else _fitted(cells, layout, self._delimiter)

    def _swallows(self, lines: Sequence[str], layout: Layout) -> bool:
        """Whether a line inside a cell would be a whole row by itself."""
        rows = (line.split(self._delimiter) for line in lines[1:])
        return any(len(row) >= layout.width and _is_dated(row, layout) for row in rows)


class Counted:
    """The lines or other parts of a stream, with a count of the characters that could not be decoded."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = stream
        self.replacements = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.replacements += line.count("\ufffd")
            yield line


def _split(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=delimiter), [])
    except csv.Error:  # a cell beyond the module's global limit of 128 KiB
        return [cell.strip('"') for cell in record.split(delimiter)]


def _is_dated(cells: Sequence[str], layout: Layout) -> bool:
    return any(parse_moment(cell).at for cell in layout.cells(cells, Role.TIME))


def _fitted(cells: list[str], layout: Layout, delimiter: str) -> list[str]:
    """The cells under their header: the surplus of an unquoted row is its content's own commas."""
    surplus = len(cells) - layout.width
    if surplus <= 0:
        return cells
    content = layout.columns[Role.CONTENT][0]
    end = content + surplus + 1
    return [*cells[:content], delimiter.join(cells[content:end]), *cells[end:]]
