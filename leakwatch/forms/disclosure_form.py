"""A self-check → 《政府信息公开（发布）保密审查表》 as .docx (政府信息公开保密审查制度, 附表).

leakwatch fills in what was checked and what the machine saw, as fact, in 备注. Whether it may be published is
decided by people: every box to tick stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from docx.document import Document as DocxDocument
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.table import _Cell

from leakwatch.forms import drawing, fonts
from leakwatch.forms.drawing import MOST_OF_A_NAME, Box, Drawn, Heading
from leakwatch.forms.places import clock

_FORM = "政府信息公开（发布）保密审查表"
_WIDTHS = (Mm(36), Mm(40), Mm(26), Mm(18), Mm(36))
_PT = 12
_LABELS = (
    (0, "信息名称"),
    (1, "信息载体形式"),
    (3, "信息拟公开方式"),
    (4, "信息拟公开时间"),
    (5, "信息内容摘要"),
    (6, "处室（单位）\n保密审核意见"),
    (14, "分管领导\n审批意见"),
    (15, "局保密办\n复核备案"),
    (16, "备　注"),
)
_SIGNED = "签　字：　　　　　　　年　　月　　日"
_PRINTED = (
    (1, 1, "□公文类"),
    (2, 1, "□非公文类"),
    (
        3,
        1,
        "□政府网站　□报刊　□广播　□电视　□政务公开栏\n□其他（各类展馆、展览、展板、展示、宣传片、公众号）",
    ),
    (6, 1, "□应予公开"),
    (7, 1, "□不予公开理由"),
    (7, 2, "□国家秘密"),
    (8, 2, "□工作秘密"),
    (9, 2, "□商业秘密"),
    (10, 2, "□个人隐私"),
    (11, 2, "□其它不予公开的情形"),
    (12, 1, "不予公开的依据："),
    (13, 1, "经办人：　　　　　　负责人：　　　　　　年　　月　　日"),
    (14, 1, _SIGNED),
    (15, 1, _SIGNED),
)
"""Row, column and what the official form prints there."""
_MERGED = (
    *(((1, 0), (2, 0)), ((6, 0), (13, 0)), ((7, 1), (11, 1))),
    ((0, 1), (0, 2)),
    *(((row, 1), (row, 4)) for row in (1, 2, 3, 4, 5, 6, 12, 13, 14, 15, 16)),
    *(((row, 2), (row, 4)) for row in range(7, 12)),
)
_HEIGHTS_CM = {0: 1.1, 3: 1.3, 5: 1.4, 12: 0.9, 13: 0.9, 14: 1.2, 15: 1.2, 16: 1.5}
_LEAST_CM = 0.6
_MOST_OF_A_TITLE = 200
_MACHINE = "以上为机器检查结果，只列事实，不代替保密审查。"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """What is known of a material that someone wants to publish."""

    id: str
    bureau: str
    """Whose form it is; stands in the title."""
    unit: str
    """处室（单位）; empty: left to people."""
    title: str
    """Of the material: its name or file name."""
    number: str = ""
    """文号, where the material has one."""
    source: str
    """Where it was taken from: file and sha256 (Chinese)."""
    results: tuple[str, ...]
    """What was and was not found, and what could not be read: a Chinese sentence each."""
    checked_at: datetime


def draw_disclosure_form(check: SelfCheck) -> Drawn:
    """The form with the check's id on every page."""
    heading = Heading(
        form=_FORM,
        id=check.id,
        lines=((f"自查编号：{check.id}", f"自查时间：{clock(check.checked_at)}"),),
        drawn_at=check.checked_at,
    )
    document = drawing.blank(heading)
    drawing.add_title(document, check.bureau[:MOST_OF_A_NAME], _FORM)
    unit = check.unit[:MOST_OF_A_NAME] or "　" * 8
    drawing.add_line(document, f"处室（单位）：{unit}\t填报日期：　　　年　　月　　日", _PT)
    notes = tuple(_add_table(document, check))
    return Drawn(form=_FORM, document=document, notes=notes)


def _add_table(document: DocxDocument, check: SelfCheck) -> Iterator[str]:
    """The seventeen rows; yields what does not stand in them in whole."""
    cells = _cells(document)
    for row, label in _LABELS:
        _label(cells[row][0], label)
    _label(cells[0][3], "文号")
    for row, column, text in _PRINTED:
        fonts.write(cells[row][column].paragraphs[0], text, fonts.BODY, _PT)
    for box, cell in zip(_boxes(check), (cells[0][1], cells[0][4], cells[16][1]), strict=True):
        drawing.fill(cell, box.text, box.most)
        yield from drawing.notes(box, f"自查 {check.id}")


def _cells(document: DocxDocument) -> Sequence[Sequence[_Cell]]:
    """By row and column, merged as the official form has them."""
    table = drawing.add_grid(document, _WIDTHS, 17)
    cells = [row.cells for row in table.rows]
    for number, row in enumerate(table.rows):
        drawing.set_height(row, _HEIGHTS_CM.get(number, _LEAST_CM))
        for cell, width in zip(cells[number], _WIDTHS, strict=True):
            cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER
    for (top, left), (bottom, right) in _MERGED:
        cells[top][left].merge(cells[bottom][right])
    return cells


def _label(cell: _Cell, text: str) -> None:
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    fonts.write(cell.paragraphs[0], text, fonts.LABEL, _PT)


def _boxes(check: SelfCheck) -> tuple[Box, ...]:
    results = "\n".join(f"{number}. {text}" for number, text in enumerate(check.results, 1))
    remark = f"材料来源：{check.source}\n机器检查结果（{clock(check.checked_at)}）：\n{results}\n{_MACHINE}"
    return (
        Box(label="信息名称", text=check.title, height_cm=0, most=_MOST_OF_A_TITLE),
        Box(label="文号", text=check.number, height_cm=0, most=MOST_OF_A_NAME, is_for_people=True),
        Box(label="备注", text=remark, height_cm=0),
    )
