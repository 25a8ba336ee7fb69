"""The pages behind a form: evidence list, chain head, spread."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from leakwatch.forms import saving
from leakwatch.forms.annexes import Annexes, ChainHead, SpreadRow
from leakwatch.forms.lead_form import draw_lead_form
from leakwatch.model import SHANGHAI, EvidenceItem, LeadDraft

NOON = datetime(2031, 5, 6, 12, 0, 7, tzinfo=SHANGHAI)
DRAFT = LeadDraft(
    id="XS-20310506-3f2a9c",
    reporting_unit="青石市生态环境局",
    incident_unit="云岭区分局",
    conduct="行为",
    documents_and_levels="文件",
    facts="经过",
    remedy="补救",
    remark="备注",
    found_at=NOON,
    due_at=NOON,
    at_once=True,
    finding_ids=(),
)
EXPORT = EvidenceItem(
    number=1,
    name="防汛群.zip",
    kind="聊天记录",
    format="ZIP 压缩包",
    size=1_234_567,
    sha256="3f" * 32,
    sm3="a0" * 32,
    taken_at=NOON,
    method="复制并同步计算校验值",
    origin="收件箱",
    parent_sha256=None,
)
PHOTO = replace(
    EXPORT, number=2, name="IMG_1.jpg", kind="图片", size=3, sha256="4e" * 32, parent_sha256="3f" * 32
)
HEAD = ChainHead(sequence=128, hash="9c" * 32)
ROW = SpreadRow(
    time="2031年5月4日09:12:03", group="微信群「防汛群」", sender="王明远", joined_by="校验值相同"
)


def drawn(folder: Path, annexes: Annexes) -> tuple[Any, tuple[str, ...]]:
    notes = saving.save(draw_lead_form(DRAFT, annexes), folder / "表.docx")
    return Document(str(folder / "表.docx")), notes


def rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_evidence_list_says_what_the_rules_ask_for(tmp_path: Path) -> None:
    document, notes = drawn(tmp_path, Annexes(evidence=(EXPORT, PHOTO), chain_head=HEAD))

    assert notes == ()
    assert rows(document.tables[1]) == [
        [
            *("编号", "名称", "类别", "文件格式", "大小\n（字节）", "校验值 SHA-256", "校验值 SM3"),
            *("提取时间", "提取方法", "来源"),
        ],
        [
            *("1", "防汛群.zip", "聊天记录", "ZIP 压缩包", "1,234,567", "3f" * 32, "a0" * 32),
            *("2031年5月6日12:00:07", "复制并同步计算校验值", "收件箱"),
        ],
        [
            *("2", "IMG_1.jpg", "图片", "ZIP 压缩包", "3", "4e" * 32, "a0" * 32),
            *("2031年5月6日12:00:07", "复制并同步计算校验值", "收件箱（取自第1项）"),
        ],
    ]
    assert [line.text for line in document.paragraphs[4:] if line.text.strip()] == [
        "电子数据证据清单",
        f"记录链首：第128条，{'9c' * 32}",
        "共2项，合计1,234,570字节。时间均为北京时间。",
        "提取人（签名）：　　　　　　持有人（提供人）（签名）：　　　　　　见证人（签名）：　　　　　　",
        "年　　月　　日",
    ]


def test_the_lists_lie_across_with_the_lead_on_every_page(tmp_path: Path) -> None:
    document, _ = drawn(tmp_path, Annexes(evidence=(EXPORT,)))
    upright, across = document.sections
    assert (upright.orientation, across.orientation) == (WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE)
    assert across.header.paragraphs[0].text == "线索编号：XS-20310506-3f2a9c\t草稿 · 密级未经核定"


def test_the_names_of_the_columns_stand_on_every_page_and_rows_stay_whole(tmp_path: Path) -> None:
    document, _ = drawn(tmp_path, Annexes(evidence=(EXPORT,) * 60))
    marks = [
        [mark for mark in ("w:tblHeader", "w:cantSplit") if row._tr.trPr.find(qn(mark)) is not None]
        for row in document.tables[1].rows
    ]
    assert marks == [["w:tblHeader", "w:cantSplit"], *[["w:cantSplit"]] * 60]


def test_a_part_of_what_is_not_on_the_list_names_it_by_its_hash(tmp_path: Path) -> None:
    document, _ = drawn(tmp_path, Annexes(evidence=(PHOTO,)))
    assert rows(document.tables[1])[1][-1] == f"收件箱（取自 {'3f' * 32}）"


def test_the_chain_head_stands_alone_where_there_is_no_evidence(tmp_path: Path) -> None:
    document, _ = drawn(tmp_path, Annexes(chain_head=HEAD))
    assert len(document.tables) == 1
    assert f"记录链首：第128条，{'9c' * 32}" in [line.text for line in document.paragraphs]


def test_the_spread_is_listed_by_time_as_given(tmp_path: Path) -> None:
    document, _ = drawn(tmp_path, Annexes(evidence=(EXPORT,), spread=(ROW, replace(ROW, sender="陈雨"))))
    assert rows(document.tables[2]) == [
        ["序号", "时间", "群（会话）", "发送人", "关联依据"],
        ["1", "2031年5月4日09:12:03", "微信群「防汛群」", "王明远", "校验值相同"],
        ["2", "2031年5月4日09:12:03", "微信群「防汛群」", "陈雨", "校验值相同"],
    ]


def test_without_annexes_there_is_no_page(tmp_path: Path) -> None:
    document, _ = drawn(tmp_path, Annexes())
    assert (len(document.sections), len(document.tables)) == (1, 1)


def test_a_list_beyond_a_thousand_is_cut_and_said(tmp_path: Path) -> None:
    document, notes = drawn(tmp_path, Annexes(spread=(ROW,) * 1_001))
    assert len(document.tables[1].rows) == 1_001
    assert document.paragraphs[-1].text == "以下略，共1001项，此处列出前1000项。"
    assert notes == ("《传播时间线》共 1001 项，表中只列出前 1000 项，其余请见证据库。",)


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "\u202e", "\ufffe", "\n", "\u2028"])
def test_strangers_names_stay_on_one_clean_line(tmp_path: Path, bad: str) -> None:
    item = replace(EXPORT, name=f"机{bad}密", origin=f"收{bad}件", method=f"复{bad}制", format=f"格{bad}式")
    document, _ = drawn(tmp_path, Annexes(evidence=(item,)))
    row = rows(document.tables[1])[1]
    assert [row[at].replace(" ", "") for at in (1, 3, 8, 9)] == ["机密", "格式", "复制", "收件"]


def test_a_long_name_is_cut_visibly(tmp_path: Path) -> None:
    document, _ = drawn(tmp_path, Annexes(evidence=(replace(EXPORT, name="长" * 500),)))
    assert rows(document.tables[1])[1][1] == "长" * 119 + "…"
