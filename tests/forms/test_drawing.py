"""The parts that the official forms are drawn from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from leakwatch.forms import drawing
from leakwatch.forms.drawing import Box, Heading, clean
from leakwatch.model import SHANGHAI

HEADING = Heading(
    form="报告表",
    id="XS-1",
    lines=(("线索编号：XS-1", "草稿"),),
    drawn_at=datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI),
)


def cell(box: Box) -> Any:
    document = drawing.blank(HEADING)
    list(drawing.add_boxes(document, (box,), "线索 XS-1"))
    return document.tables[0].cell(0, 1)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("机密★10年", "机密★10年"),
        ("𠮷野🐟", "𠮷野🐟"),
        ("机\x00密\ud800件\ufffe", "机密件"),
        ("\u202e密机\u2066", "密机"),
        ("甲\n乙", "甲 乙"),
        ("甲\u2028乙", "甲乙"),
        ("", ""),
    ],
)
def test_a_clean_text_is_one_line_that_a_document_can_hold(text: str, kept: str) -> None:
    assert clean(text) == kept


@pytest.mark.parametrize(("characters", "points"), [(1, 16), (40, 16), (41, 14), (150, 14), (151, 12)])
def test_the_more_there_is_to_say_the_smaller_the_type(characters: int, points: int) -> None:
    run = cell(Box(label="备注", text="水" * characters, height_cm=1)).paragraphs[0].runs[0]
    assert run.font.size == Pt(points)


def test_a_box_for_people_is_blank_without_a_word() -> None:
    boxes = (
        Box(label="处理结果：", height_cm=1, is_wide=True, is_for_people=True),
        Box(label="备注", height_cm=1),
    )
    assert list(drawing.add_boxes(drawing.blank(HEADING), boxes, "线索 XS-1")) == [
        "“备注”一栏没有可填的内容，请人工填写。"
    ]


def test_a_label_of_two_lines_is_named_on_one() -> None:
    box = Box(label="泄密内容\n及密级", height_cm=1)
    assert list(drawing.notes(box, "线索 XS-1")) == ["“泄密内容及密级”一栏没有可填的内容，请人工填写。"]


@pytest.mark.parametrize(("text", "is_kept"), [("", True), ("很长的备注", False)])
def test_an_empty_last_box_stays_with_seal_and_date(text: str, is_kept: bool) -> None:
    document = drawing.blank(HEADING)
    list(drawing.add_boxes(document, (Box(label="备注：", text=text, height_cm=1, is_wide=True),), "线索"))
    (line, *_) = document.tables[0].rows[-1].cells[0].paragraphs
    assert bool(line.paragraph_format.keep_with_next) is is_kept


def test_a_page_across_repeats_the_heading_to_its_own_margin() -> None:
    document = drawing.blank(HEADING)
    drawing.turn_page(document, HEADING)
    stops = [section.header.paragraphs[0].paragraph_format.tab_stops for section in document.sections]
    assert [round(next(iter(stop)).position / Mm(1)) for stop in stops] == [156, 247]


def test_a_title_and_a_line_stay_with_what_follows() -> None:
    document = drawing.blank(HEADING)
    drawing.add_title(document, "", "报告表")
    drawing.add_line(document, "联系人：陈雨", 14)
    assert [(line.text, line.paragraph_format.keep_with_next) for line in document.paragraphs] == [
        ("报告表", True),
        ("联系人：陈雨", True),
    ]


def test_a_list_without_rows_has_its_names_alone() -> None:
    document = drawing.blank(HEADING)
    table = drawing.add_list(document, (("序号", Mm(20)), ("群\n名", Mm(40))), (), 12)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["序号", "群\n名"]]
    assert table._tbl.find(f".//{qn('w:tblHeader')}") is not None


@pytest.mark.parametrize(("id", "title"), [("XS-1", "报告表 XS-1（草稿）"), ("", "报告表（草稿）")])
def test_the_file_says_what_it_is(id: str, title: str) -> None:
    heading = Heading(form="报告表", id=id, lines=(), drawn_at=HEADING.drawn_at)
    assert drawing.blank(heading).core_properties.title == title
