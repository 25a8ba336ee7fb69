"""Worksheets as XML parts: how far they reach, their page headers, and their cells one by one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from leakwatch.biff import Row
from leakwatch.documents.ooxml.package import Package, relation_id
from leakwatch.documents.outline import SPEAKS, local_name
from leakwatch.errors import Unreadable

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_SHARED = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')
_MARGIN = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]*)<")
_PROMPT = re.compile(rb'\s(?:prompt|error)(?:Title)?="([^"]*)"')
# The list one may choose from, written into the rule; a range of cells has no quotation marks.
_CHOICES = re.compile(rb'<(?:(?:\w+:)?formula1|xm:f)>\s*(?:"|&quot;)([^<]*?)(?:"|&quot;)?\s*</')
# Programs that write no result leave it to be worked out when the workbook is opened.
_UNSOLVED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]+)</(?:\w+:)?f>\s*(?:<(?:\w+:)?v(?:\s*/>|></(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
_LITERAL = re.compile(r'"([^"]+)"')
_MARGIN_CODE = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-F]{6}|[A-Za-z])')
_LONGEST_TAG = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The rectangle that all cells of a sheet lie in, and its words that stand in none."""

    rows: int
    columns: int
    margins: tuple[str, ...]
    """Page headers and footers."""
    prompts: tuple[str, ...]
    """What is shown to who fills a cell in, and what there is to choose from."""
    literals: tuple[str, ...]
    """Words in formulas that have no result yet."""
    shared: frozenset[int]
    """Which of the shared strings its cells refer to."""


def sheets(package: Package) -> dict[str, str]:
    """Sheet name → part name, in the order of the workbook; by part names where the workbook is lost."""
    found = {}
    for name in package.names(r"xl/workbook\.(xml|bin)"):
        targets = {relation.id: relation.part for relation in package.relations(name)}
        try:
            for event, element in package.elements(name, ["sheet"]):
                if event == "end" and (part := targets.get(relation_id(element), "")):
                    found[element.get("name", "")] = part
        except Unreadable:  # calamine says what is wrong with the workbook
            break
    parts = package.names(r"xl/worksheets/sheet\d*\.xml")
    lost = {PurePosixPath(part).stem: part for part in parts if part not in found.values()}
    return {sheet: part for sheet, part in (found | lost).items() if package.names(re.escape(part))}


def extent(package: Package, part: str) -> Extent:
    """Measured from the cells themselves: the declared dimension is wrong in many exports."""
    rows = columns = 0
    margins: list[str] = []
    prompts: list[bytes] = []
    unsolved: list[bytes] = []
    shared: set[int] = set()
    tail = b""
    for chunk in package.chunks(part):
        window = tail + chunk
        for letters, digits in _CELL.findall(window):
            rows = max(rows, int(digits))
            columns = max(columns, column_number(letters.decode()) + 1)
        shared.update(map(int, _SHARED.findall(window)))
        margins += [margin_text(text.decode("utf-8", "replace")) for text in _MARGIN.findall(window)]
        prompts += _PROMPT.findall(window) + _CHOICES.findall(window)
        unsolved += _UNSOLVED.findall(window)
        tail = window[-_LONGEST_TAG:]
    margins = [*dict.fromkeys(filter(None, margins))]
    return Extent(
        rows=rows,
        columns=columns,
        margins=tuple(margins),
        prompts=tuple(map(_unescaped, dict.fromkeys(prompts))),
        literals=tuple(_literals(unsolved)),
        shared=frozenset(shared),
    )


def _unescaped(text: bytes) -> str:
    return html.unescape(text.decode("utf-8", "replace"))


def _literals(formulas: Iterable[bytes]) -> dict[str, None]:
    """The words between quotation marks, each once."""
    found = (text for formula in dict.fromkeys(formulas) for text in _LITERAL.findall(_unescaped(formula)))
    return dict.fromkeys(text for text in found if SPEAKS.search(text))


def shared_strings(package: Package) -> list[str]:
    """The table of texts that cells refer to by number."""
    texts: list[str] = []
    for name in package.names(r"xl/sharedStrings\.xml"):
        for event, element in package.elements(name, ["si"]):
            if event == "end":
                texts.append("".join(t.text or "" for t in element.iter("{*}t") if not _is_pinyin(t)))
                element.clear()
    return texts


def _is_pinyin(text: etree._Element) -> bool:
    """Written above the cell's text, which it repeats."""
    above = text.getparent()
    return above is not None and local_name(above) == "rPh"


def streamed(package: Package, part: str, texts: list[str]) -> Iterator[Row]:
    """The rows of a sheet without holding more than one; dates come out as serial numbers."""
    number = 0
    for event, row in package.elements(part, ["row"]):
        if event == "start":
            continue
        number = (
            int(row.get("r", "")) if row.get("r", "").isascii() and row.get("r", "").isdigit() else number + 1
        )
        cells: list[tuple[int, str]] = []
        for place, cell in enumerate(row.iter("{*}c")):
            letters = re.match(r"[A-Z]{1,3}", cell.get("r", ""))
            value = "".join(t.text or "" for t in cell.iter("{*}t", "{*}v") if not _is_pinyin(t))
            if cell.get("t") == "s" and value.isascii() and value.isdigit() and int(value) < len(texts):
                value = texts[int(value)]
            if value:
                cells.append((column_number(letters[0]) if letters else place, value))
        row.clear()
        if cells:
            yield number, cells


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def margin_text(margin: str) -> str:
    """`&C&"宋体"机密★` → 机密★: position and font codes taken out."""
    return " ".join(_MARGIN_CODE.sub(" ", html.unescape(margin)).split())
