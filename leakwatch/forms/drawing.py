"""The official forms as .docx: page, title, boxes, lists and signatures, drawn alike for all of them.

The tables are built here instead of filled into a template: a template that an office may edit is a program
(template engines run what stands in it), and the words for the boxes come from strangers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Length, Mm, Pt
from docx.table import Table, _Cell, _Row

from leakwatch.forms import fonts
from leakwatch.text import printable

MOST = 10_000
MOST_OF_A_NAME = 60
LABEL_PT = 16
"""三号. Six characters of it fill the label column, so that 案件（事件）发生单位 breaks where the official
form breaks it."""
_LABEL_WIDTH, _VALUE_WIDTH = Mm(39), Mm(117)
WIDTH = Mm(156)
"""Between the margins of an upright page."""
_WIDE_MARGIN = Mm(25)
_TITLE_PT, _HEADER_PT = 22, 10.5
"""二号, 五号."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a form is, and what stands above each of its pages."""

    form: str
    """Its official name."""
    id: str
    """Of the lead or check; empty for a form that has none."""
    lines: tuple[tuple[str, str], ...]
    """Left and right."""
    drawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A form that lies nowhere yet."""

    form: str
    document: DocxDocument
    notes: tuple[str, ...] = ()
    """Chinese sentences on what it does not say in whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box of a form."""

    label: str
    """As printed, with its line breaks."""
    text: str = ""
    height_cm: float
    most: int = MOST
    is_wide: bool = False
    """Spans both columns with its label inside, as the official forms print the long ones."""
    is_for_people: bool = False
    """Blank by rule: nobody need be told that it is."""


def blank(heading: Heading) -> DocxDocument:
    """An A4 page with the margins of GB/T 9704, its heading above and the page number below."""
    document = Document()
    fonts.name_fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(22), Mm(25)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    fonts.write_page_number(footer, fonts.BODY, 14)
    _write_heading(section, heading, WIDTH)
    properties = document.core_properties
    properties.title = f"{heading.form} {clean(heading.id)}".strip()[:240] + "（草稿）"
    properties.author = properties.last_modified_by = "leakwatch"
    properties.comments = ""
    properties.language = "zh-CN"
    properties.created = properties.modified = heading.drawn_at.astimezone(UTC).replace(tzinfo=None)
    return document


def turn_page(document: DocxDocument, heading: Heading) -> None:
    """Goes on upon a page that lies across, for lists of many columns."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(30)
    section.left_margin = section.right_margin = _WIDE_MARGIN
    section.header_distance, section.footer_distance = Mm(15), Mm(18)
    section.header.is_linked_to_previous = False
    _write_heading(section, heading, Mm(297) - 2 * _WIDE_MARGIN)


def _write_heading(section: Section, heading: Heading, width: int) -> None:
    header = section.header
    for number, (left, right) in enumerate(heading.lines):
        line = header.paragraphs[0] if number == 0 else header.add_paragraph()
        line.style = None  # Normal; looking for it by its name takes as long as all the rest of the line
        line.paragraph_format.tab_stops.add_tab_stop(Length(width), WD_TAB_ALIGNMENT.RIGHT)
        fonts.write(line, f"{clean(left)}\t{clean(right)}", fonts.BODY, _HEADER_PT)


def add_title(document: DocxDocument, *texts: str) -> None:
    """Each text on a line of its own; an empty one takes none."""
    for text in texts:
        if line := clean(text).strip():
            title = document.add_paragraph()
            title.alignment = WD_ALIGN_PARAGRAPH.CENTER
            title.paragraph_format.keep_with_next = True
            fonts.write(title, line, fonts.TITLE, _TITLE_PT)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)


def add_line(document: DocxDocument, text: str, size_pt: float, before_pt: int = 0) -> None:
    """One line of text above something that it stays with; what follows a tab ends at the right margin."""
    line = document.add_paragraph()
    line.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    line.paragraph_format.space_before = Pt(before_pt)
    line.paragraph_format.keep_with_next = True
    fonts.write(line, clean(text), fonts.BODY, size_pt)


def add_boxes(document: DocxDocument, boxes: Sequence[Box], whose: str) -> Iterator[str]:
    """A box a row; yields what does not stand in them in whole. whose: 线索 XS-…, for these sentences."""
    table = add_grid(document, (_LABEL_WIDTH, _VALUE_WIDTH), len(boxes))
    for box, row in zip(boxes, table.rows, strict=True):
        set_height(row, box.height_cm)
        fill(_labelled(row, box), box.text, box.most)
        yield from notes(box, whose)
    if not boxes[-1].text:  # seal and date never stand on a page of their own
        for cell in table.rows[-1].cells:
            for line in cell.paragraphs:
                line.paragraph_format.keep_with_next = True


def add_grid(document: DocxDocument, widths: Sequence[Length], rows: int) -> Table:
    """An empty table of that many rows, with lines round every cell."""
    table: Table = document.add_table(rows=rows, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def add_list(
    document: DocxDocument,
    columns: Sequence[tuple[str, Length]],
    rows: Iterable[Sequence[str]],
    size_pt: float,
) -> Table:
    """A table of many rows whose names of columns stand again at the top of every page."""
    table = add_grid(document, [width for _, width in columns], 2)
    head, pattern = table.rows
    names = [name for name, _ in columns]
    for row, texts, font in ((head, names, fonts.LABEL), (pattern, "文" * len(names), fonts.BODY)):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, (_, width) in zip(row.cells, texts, columns, strict=True):
            cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER
            fonts.write(cell.paragraphs[0], text, font, size_pt)
    head._tr.trPr.append(OxmlElement("w:tblHeader"))
    for cell in head.cells:
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    table._tbl.remove(pattern._tr)
    for written in rows:
        # Ten times as fast as to ask python-docx for a row and dress each of its cells.
        copied = deepcopy(pattern._tr)
        for place, text in zip(copied.iter(qn("w:t")), written, strict=True):
            place.text = clean(text)
            place.set(qn("xml:space"), "preserve")
        table._tbl.append(copied)
    return table


def set_height(row: _Row, height_cm: float) -> None:
    """At least so high; more text makes it grow."""
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    row.height = Cm(height_cm)


def _labelled(row: _Row, box: Box) -> _Cell:
    """The cell that takes the text of a box whose label is written."""
    label, value = row.cells
    label.width, value.width = _LABEL_WIDTH, _VALUE_WIDTH
    if box.is_wide:
        label = value = label.merge(value)
    else:
        label.vertical_alignment = value.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        label.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    fonts.write(label.paragraphs[0], box.label, fonts.LABEL, LABEL_PT)
    return value


def fill(cell: _Cell, text: str, most: int = MOST) -> None:
    """A paragraph a line, in smaller type the more there is to say; what goes beyond `most` is counted."""
    lines = _lines(text[:most])
    if len(text) > most:
        lines.append(f"（以下略，共 {len(text)} 字）")
    size = _size_pt(sum(map(len, lines)))
    blank = iter(() if cell.text else cell.paragraphs)
    for line in lines:
        fonts.write(next(blank, None) or cell.add_paragraph(), line, fonts.BODY, size)
    cell.paragraphs[0].paragraph_format.space_before = Pt(3)
    cell.paragraphs[-1].paragraph_format.space_after = Pt(3)


def _size_pt(characters: int) -> int:
    """三号 for a name, 四号 for a few lines, 小四 for long text."""
    if characters <= 40:
        return 16
    return 14 if characters <= 150 else 12


def notes(box: Box, whose: str) -> Iterator[str]:
    """What of a box's text does not stand in it."""
    name = box.label.split("：")[0].replace("\n", "")
    if not _lines(box.text) and not box.is_for_people:
        yield f"“{name}”一栏没有可填的内容，请人工填写。"
    if len(box.text) > box.most:
        yield (f"“{name}”一栏共 {len(box.text)} 字，表中只写出前 {box.most} 字，其余请见{whose} 的扫描结果。")
    lost = sum(map(len, box.text.splitlines())) - sum(len(clean(line)) for line in box.text.splitlines())
    if lost:
        yield f"{whose} 的“{name}”一栏去掉了 {lost} 个不可见或文档格式不允许的字符，原文请见证据文件。"


def _lines(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := clean(raw)).strip()]


def clean(text: str) -> str:
    """One line that a document can hold and that reads in the order in which it is written."""
    kept = (c for c in printable(text) if unicodedata.category(c) not in ("Cf", "Zl", "Zp"))
    return "".join(kept).replace("\n", " ")


def add_signature(document: DocxDocument, date: str = "年　　月　　日") -> None:
    """Seal and date, left blank for people."""
    add_blanks(document, ("填报单位：（盖章）", 18, Mm(20)), (date, 6, Mm(8)))


def add_blanks(document: DocxDocument, *lines: tuple[str, int, Length]) -> None:
    """Lines at the right that stay on one page: text, points above it, distance from the margin."""
    for text, before_pt, right in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = right
        paragraph.paragraph_format.space_before = Pt(before_pt)
        paragraph.paragraph_format.keep_with_next = True
        fonts.write(paragraph, text, fonts.BODY, LABEL_PT)
    document.paragraphs[-1].paragraph_format.keep_with_next = False
