"""A self-check → 《政府信息公开（发布）保密审查表》, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document

from leakwatch.forms import saving
from leakwatch.forms.disclosure_form import SelfCheck, draw_disclosure_form
from leakwatch.model import SHANGHAI

CHECK = SelfCheck(
    id="ZC-20310506-1a2b3c",
    bureau="青石市生态环境局",
    unit="水处",
    title="一季度水环境质量简报",
    source="「简报.docx」sha256：3f3f",
    results=("读出文字42段，全部检查。", "未发现国家秘密标志。"),
    checked_at=datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI),
)
REMARK = (
    "材料来源：「简报.docx」sha256：3f3f\n机器检查结果（2031年5月6日12:00）：\n1. 读出文字42段，全部检查。\n"
    "2. 未发现国家秘密标志。\n以上为机器检查结果，只列事实，不代替保密审查。"
)
SIGNED = "签　字：　　　　　　　年　　月　　日"


def written(folder: Path, check: SelfCheck = CHECK) -> tuple[str, ...]:
    return saving.save(draw_disclosure_form(check), folder / "表.docx")


def rows(folder: Path) -> list[list[str]]:
    table = Document(str(folder / "表.docx")).tables[0]
    return [[cell.text for cell in dict.fromkeys(row.cells)] for row in table.rows]


def test_the_table_is_the_official_one_with_title_and_result_filled(tmp_path: Path) -> None:
    opinion, grounds = "处室（单位）\n保密审核意见", "□不予公开理由"

    assert written(tmp_path) == ()
    assert rows(tmp_path) == [
        ["信息名称", "一季度水环境质量简报", "文号", ""],
        ["信息载体形式", "□公文类"],
        ["信息载体形式", "□非公文类"],
        [
            "信息拟公开方式",
            "□政府网站　□报刊　□广播　□电视　□政务公开栏\n□其他（各类展馆、展览、展板、展示、宣传片、公众号）",
        ],
        ["信息拟公开时间", ""],
        ["信息内容摘要", ""],
        [opinion, "□应予公开"],
        [opinion, grounds, "□国家秘密"],
        [opinion, grounds, "□工作秘密"],
        [opinion, grounds, "□商业秘密"],
        [opinion, grounds, "□个人隐私"],
        [opinion, grounds, "□其它不予公开的情形"],
        [opinion, "不予公开的依据："],
        [opinion, "经办人：　　　　　　负责人：　　　　　　年　　月　　日"],
        ["分管领导\n审批意见", SIGNED],
        ["局保密办\n复核备案", SIGNED],
        ["备　注", REMARK],
    ]


def test_unit_and_date_stand_above_the_table(tmp_path: Path) -> None:
    written(tmp_path)
    assert [line.text for line in Document(str(tmp_path / "表.docx")).paragraphs] == [
        "青石市生态环境局",
        "政府信息公开（发布）保密审查表",
        "处室（单位）：水处\t填报日期：　　　年　　月　　日",
    ]


def test_no_box_is_ticked_whatever_was_found(tmp_path: Path) -> None:
    written(tmp_path, replace(CHECK, results=("发现国家秘密标志1处：第1页“机密★10年”。",)))
    text = "".join(cell for row in rows(tmp_path) for cell in row)
    assert not set("☑☒■√✓✔") & set(text)


def test_a_material_without_a_name_is_told(tmp_path: Path) -> None:
    assert written(tmp_path, replace(CHECK, title="", number="青环发〔2031〕5号")) == (
        "“信息名称”一栏没有可填的内容，请人工填写。",
    )
    assert rows(tmp_path)[0] == ["信息名称", "", "文号", "青环发〔2031〕5号"]


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "\u202e", "\ufffe"])
def test_what_a_document_cannot_hold_is_taken_off_and_said(tmp_path: Path, bad: str) -> None:
    notes = written(tmp_path, replace(CHECK, title=f"简{bad}报", unit=f"水{bad}处"))
    assert rows(tmp_path)[0][1] == "简报"
    assert notes == (
        "自查 ZC-20310506-1a2b3c 的“信息名称”一栏去掉了 1 个不可见或文档格式不允许的字符，原文请见证据文件。",
    )
