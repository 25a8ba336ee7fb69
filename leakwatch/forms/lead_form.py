"""LeadDraft → 《微信泄密违规案件（事件）线索报告表》 as .docx (微信使用保密管理工作规范, 附件2).

The table is built here instead of filled into a template: a template that an office may edit is a program
(template engines run what stands in it), and the words for the boxes come from strangers.
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Mm, Pt
from docx.table import _Cell, _Row

from leakwatch.errors import LeakwatchError
from leakwatch.forms import fonts
from leakwatch.forms.places import clock
from leakwatch.model import LeadDraft
from leakwatch.text import printable

_FORM = "微信泄密违规案件（事件）线索报告表"
_MOST = 10_000
_MOST_OF_A_NAME = 60
_LABEL_WIDTH, _VALUE_WIDTH = Mm(39), Mm(117)
_TITLE_PT, _LABEL_PT, _HEADER_PT = 22, 16, 10.5
"""二号, 三号, 五号. Six characters of 三号 fill the label column, so that 案件（事件）发生单位 breaks where
the official form breaks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """One box of the form."""

    label: str
    text: str
    height_cm: float
    most: int = _MOST
    is_wide: bool = False
    """Spans both columns with its label inside, as the official form prints the long ones."""


def form_name(draft: LeadDraft) -> str:
    """A file name that says the lead's id alone and is safe on Windows and Linux."""
    safe = re.sub(r"[^0-9A-Za-z-]", "_", draft.id.removeprefix("XS-"))[:80]
    return f"XS-{safe}.docx"


def write_lead_form(draft: LeadDraft, path: Path) -> tuple[str, ...]:
    """Sentences on what the form at `path` does not say in whole.

    An existing file stays: the form then lies beside it (name-2.docx), which a sentence says.
    LeakwatchError if the system does not let us write.
    """
    document = Document()
    fonts.name_fonts(document)
    _set_page(document)
    _set_identity(document, draft)
    _add_title(document, draft.reporting_unit)
    notes = list(_add_table(document, draft))
    _add_signature(document)
    written = _save(document, path)
    if written != path:
        notes.append(f"{path.name} 已经存在，没有覆盖，本次写入 {written.name}。")
    return tuple(notes)


def _boxes(draft: LeadDraft) -> tuple[_Box, ...]:
    return (
        _Box(label="报告单位", text=draft.reporting_unit, height_cm=1.3, most=_MOST_OF_A_NAME),
        _Box(label="案件（事件）发生单位", text=draft.incident_unit, height_cm=1.6, most=_MOST_OF_A_NAME),
        _Box(label="泄密违规行为", text=draft.conduct, height_cm=1.6),
        _Box(label="涉及文件资料及密级", text=draft.documents_and_levels, height_cm=1.6),
        _Box(label="事实经过：（时间、原因、经过等）", text=draft.facts, height_cm=5.5, is_wide=True),
        _Box(label="补救及整改措施情况：", text=draft.remedy, height_cm=3.5, is_wide=True),
        _Box(label="备注", text=draft.remark, height_cm=1.6),
    )


def _set_page(document: DocxDocument) -> None:
    """A4 with the margins of GB/T 9704 and the page number below."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(22), Mm(25)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    fonts.write_page_number(footer, fonts.BODY, 14)


def _set_identity(document: DocxDocument, draft: LeadDraft) -> None:
    """The lead's id and clocks on every page, and the properties of the file."""
    due = "立即报告" if draft.at_once else f"{clock(draft.due_at)}前"
    header = document.sections[0].header
    for line, left, right in (
        (header.paragraphs[0], f"线索编号：{_clean(draft.id)}", "草稿 · 密级未经核定"),
        (header.add_paragraph(), f"起草时间：{clock(draft.found_at)}", f"报告时限：{due}"),
    ):
        line.style = document.styles["Normal"]
        line.paragraph_format.tab_stops.add_tab_stop(_LABEL_WIDTH + _VALUE_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        fonts.write(line, f"{left}\t{right}", fonts.BODY, _HEADER_PT)
    properties = document.core_properties
    properties.title = f"{_FORM} {_clean(draft.id)}（草稿）"[:255]
    properties.author = properties.last_modified_by = "leakwatch"
    properties.comments = ""
    properties.language = "zh-CN"
    properties.created = properties.modified = draft.found_at.astimezone(UTC).replace(tzinfo=None)


def _add_title(document: DocxDocument, unit: str) -> None:
    """Unit and name of the form on lines of their own; the unit's box says what is cut of it."""
    for line in (_clean(unit).strip()[:_MOST_OF_A_NAME], _FORM):
        if line:
            title = document.add_paragraph()
            title.alignment = WD_ALIGN_PARAGRAPH.CENTER
            fonts.write(title, line, fonts.TITLE, _TITLE_PT)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)


def _add_table(document: DocxDocument, draft: LeadDraft) -> Iterator[str]:
    """The seven boxes; yields what does not stand in them in whole."""
    boxes = _boxes(draft)
    table = document.add_table(rows=len(boxes), cols=2, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, (_LABEL_WIDTH, _VALUE_WIDTH), strict=True):
        column.width = width
    for box, row in zip(boxes, table.rows, strict=True):
        row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        row.height = Cm(box.height_cm)
        cell = _labelled(row, box)
        lines = _lines(box.text[: box.most])
        if len(box.text) > box.most:
            lines.append(f"（以下略，共 {len(box.text)} 字）")
        _fill(cell, lines)
        yield from _notes(box, draft.id)


def _labelled(row: _Row, box: _Box) -> _Cell:
    """The cell that takes the text of a box whose label is written."""
    label, value = row.cells
    label.width, value.width = _LABEL_WIDTH, _VALUE_WIDTH
    if box.is_wide:
        label = value = label.merge(value)
    else:
        label.vertical_alignment = value.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        label.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    fonts.write(label.paragraphs[0], box.label, fonts.LABEL, _LABEL_PT)
    return value


def _fill(cell: _Cell, lines: Sequence[str]) -> None:
    """A paragraph a line, in smaller type the more there is to say."""
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


def _notes(box: _Box, id: str) -> Iterator[str]:
    name = box.label.split("：")[0]
    if not _lines(box.text):
        yield f"“{name}”一栏没有可填的内容，请人工填写。"
    if len(box.text) > box.most:
        yield (
            f"“{name}”一栏共 {len(box.text)} 字，表中只写出前 {box.most} 字，其余请见线索 {id} 的扫描结果。"
        )
    lost = sum(map(len, box.text.splitlines())) - sum(len(_clean(line)) for line in box.text.splitlines())
    if lost:
        yield f"线索 {id} 的“{name}”一栏去掉了 {lost} 个不可见或文档格式不允许的字符，原文请见证据文件。"


def _lines(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := _clean(raw)).strip()]


def _clean(text: str) -> str:
    """One line that a document can hold and that reads in the order in which it is written."""
    return "".join(c for c in printable(text) if unicodedata.category(c) not in ("Cf", "Zl", "Zp"))


def _add_signature(document: DocxDocument) -> None:
    """Seal and date, left blank for people."""
    for text, before_pt, right in (("填报单位：（盖章）", 18, Mm(20)), ("年　　月　　日", 6, Mm(8))):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = right
        paragraph.paragraph_format.space_before = Pt(before_pt)
        paragraph.paragraph_format.keep_with_next = True
        fonts.write(paragraph, text, fonts.BODY, _LABEL_PT)
    document.paragraphs[-1].paragraph_format.keep_with_next = False


def _save(document: DocxDocument, path: Path) -> Path:
    """Where the document lies: whole or not at all, and over no other file."""
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", suffix=".docx", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            document.save(file)
        return _put(part, path)
    except OSError as why:
        raise LeakwatchError(
            f"线索报告表写不进 {path}（{why.strerror}），请检查目录权限和磁盘空间后重试"
        ) from why
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _put(part: Path, path: Path) -> Path:
    """`path`, or the first name beside it that no file has: an empty file holds the name until the move."""
    number, free = 1, path
    while True:
        try:
            free.touch(mode=0o600, exist_ok=False)
            break
        except FileExistsError:
            number += 1
            free = path.with_stem(f"{path.stem}-{number}")
    try:
        return part.replace(free)
    except OSError:
        free.unlink(missing_ok=True)
        raise
