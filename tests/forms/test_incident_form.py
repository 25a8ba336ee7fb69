"""LeadDraft → 《泄密事件报告表》, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document

from leakwatch.forms import saving
from leakwatch.forms.annexes import Annexes, ChainHead
from leakwatch.forms.incident_form import draw_incident_form, incident_form_name
from leakwatch.model import SHANGHAI, LeadDraft

DRAFT = LeadDraft(
    id="XS-20310506-3f2a9c",
    reporting_unit="青石市生态环境局",
    incident_unit="云岭区分局",
    conduct="拍照后发群",
    documents_and_levels="1. 文号青办发〔2031〕45号；标注为“机密★10年”",
    facts="原因：（由人工填写）\n经过：\n1. 2031年5月4日09:12:03，“王明远”发送",
    remedy="已计算校验值",
    remark="规则版本",
    found_at=datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI),
    due_at=datetime(2031, 5, 7, 12, 0, tzinfo=SHANGHAI),
    at_once=False,
    finding_ids=(),
)


def written(folder: Path, draft: LeadDraft = DRAFT, annexes: Annexes | None = None) -> tuple[str, ...]:
    return saving.save(draw_incident_form(draft, annexes or Annexes()), folder / "表.docx")


def cells(folder: Path) -> list[str]:
    rows = [row.cells for row in Document(str(folder / "表.docx")).tables[0].rows]
    return [cell.text for row in rows for cell in dict.fromkeys(row)]


def test_only_unit_content_and_course_are_filled(tmp_path: Path) -> None:
    assert written(tmp_path) == ()
    assert cells(tmp_path) == [
        *("发生泄密事件单位", "云岭区分局"),
        *("泄密内容\n及密级", "1. 文号青办发〔2031〕45号；标注为“机密★10年”"),
        "主要责任人基本情况：",
        f"泄密事件发生经过、造成危害及造成泄密的主要原因：\n{DRAFT.facts}\n造成危害：（由人工填写）",
        "补救措施：",
        "处理结果：",
        "备注：",
    ]


def test_signatures_seal_and_date_are_left_to_people(tmp_path: Path) -> None:
    written(tmp_path)
    assert [line.text for line in Document(str(tmp_path / "表.docx")).paragraphs] == [
        "泄密事件报告表",
        "主管领导：　　　　　　　　　填表人：",
        "填报单位：（盖章）",
        "20　　年　　月　　日",
    ]


def test_the_lead_stands_on_every_page_and_the_chain_behind(tmp_path: Path) -> None:
    written(tmp_path, annexes=Annexes(chain_head=ChainHead(sequence=8, hash="9c")))
    document = Document(str(tmp_path / "表.docx"))
    assert [section.header.paragraphs[0].text for section in document.sections] == [
        "线索编号：XS-20310506-3f2a9c\t草稿 · 密级未经核定"
    ] * 2
    assert "记录链首：第8条，9c" in [line.text for line in document.paragraphs]


def test_a_box_that_the_facts_should_fill_is_told_when_empty(tmp_path: Path) -> None:
    assert written(tmp_path, replace(DRAFT, incident_unit="", documents_and_levels="")) == (
        "“发生泄密事件单位”一栏没有可填的内容，请人工填写。",
        "“泄密内容及密级”一栏没有可填的内容，请人工填写。",
    )


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "\u202e", "\ufffe"])
def test_what_a_document_cannot_hold_is_taken_off_and_said(tmp_path: Path, bad: str) -> None:
    notes = written(tmp_path, replace(DRAFT, incident_unit=f"云{bad}岭"))
    assert cells(tmp_path)[1] == "云岭"
    assert notes == (
        "线索 XS-20310506-3f2a9c 的“发生泄密事件单位”一栏去掉了 1 个不可见或文档格式不允许的字符，原文请见证据文件。",
    )


def test_it_is_named_after_the_lead() -> None:
    assert incident_form_name(DRAFT) == "XS-20310506-3f2a9c-泄密事件报告表.docx"
