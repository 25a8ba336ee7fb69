"""LeadDraft → the official form as .docx, read back."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from leakwatch.errors import LeakwatchError
from leakwatch.forms.lead_form import form_name, write_lead_form
from leakwatch.model import SHANGHAI, LeadDraft

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
TIMELINE = "\n".join(
    f"{n}. 2031年5月4日09:{n:02}:03，微信群「青石市防汛联络群」，“王明远”发送（第{n}条）：图片「IMG_{n}.jpg」："
    "“机密★10年 特急 青办发〔2031〕45号 关于做好主汛期水库调度工作的通知”。"
    for n in range(1, 41)
)
DRAFT = LeadDraft(
    id="XS-20310506-3f2a9c",
    reporting_unit="青石市生态环境局",
    incident_unit="青石市生态环境局云岭区分局",
    conduct="微信群「青石市防汛联络群」：在40处（图片）出现密级或内部标志字样、文件编号。",
    documents_and_levels=f"1. 文号青办发〔2031〕45号；标注为“机密★10年”；「IMG_1.jpg」sha256：{'3f' * 32}\n"
    "2. 文号青环请〔2031〕12号；未见密级标志\n"
    "以上密级为载体标注或文字所称，密级未经核定。",
    facts=TIMELINE,
    remedy="证据已固定。\n单位采取的措施：（由人工填写）",
    remark="本表由 leakwatch 依据导出的聊天记录自动起草，结论由人工填写。",
    found_at=NOON,
    due_at=NOON + timedelta(hours=24),
    at_once=False,
    finding_ids=("a" * 32,),
)
BOXES = ("reporting_unit", "incident_unit", "conduct", "documents_and_levels", "facts", "remedy", "remark")


def cells(path: Path) -> list[str]:
    """Every cell of the table once: a merged one counts once."""
    rows = [row.cells for row in Document(str(path)).tables[0].rows]
    return [cell.text for row in rows for cell in dict.fromkeys(row)]


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def test_every_box_stands_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "表.docx"
    assert write_lead_form(DRAFT, path) == ()
    assert cells(path) == [
        *("报告单位", DRAFT.reporting_unit),
        *("案件（事件）发生单位", DRAFT.incident_unit),
        *("泄密违规行为", DRAFT.conduct),
        *("涉及文件资料及密级", DRAFT.documents_and_levels),
        f"事实经过：（时间、原因、经过等）\n{TIMELINE}",
        f"补救及整改措施情况：\n{DRAFT.remedy}",
        *("备注", DRAFT.remark),
    ]


def test_title_seal_and_date_stand_around_the_table(tmp_path: Path) -> None:
    write_lead_form(DRAFT, tmp_path / "表.docx")
    assert [paragraph.text for paragraph in Document(str(tmp_path / "表.docx")).paragraphs] == [
        "青石市生态环境局",
        "微信泄密违规案件（事件）线索报告表",
        "填报单位：（盖章）",
        "年　　月　　日",
    ]


@pytest.mark.parametrize(("at_once", "due"), [(False, "2031年5月7日12:00前"), (True, "立即报告")])
def test_the_header_says_id_deadline_and_that_it_is_a_draft(tmp_path: Path, at_once: bool, due: str) -> None:
    write_lead_form(replace(DRAFT, at_once=at_once), tmp_path / "表.docx")
    header = Document(str(tmp_path / "表.docx")).sections[0].header
    assert [line.text for line in header.paragraphs] == [
        "线索编号：XS-20310506-3f2a9c\t草稿 · 密级未经核定",
        f"起草时间：2031年5月6日12:00\t报告时限：{due}",
    ]


def test_the_page_is_upright_a4(tmp_path: Path) -> None:
    write_lead_form(DRAFT, tmp_path / "表.docx")
    section = Document(str(tmp_path / "表.docx")).sections[0]
    size = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round((length or 0) / Mm(1)) for length in size] == [210, 297, 28, 26]


def test_every_run_names_its_east_asian_typeface(tmp_path: Path) -> None:
    write_lead_form(DRAFT, tmp_path / "表.docx")
    document = Document(str(tmp_path / "表.docx"))
    runs = list(document.element.body.iter(qn("w:r")))
    named = {run.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) for run in runs}
    assert named == {"方正小标宋简体", "黑体", "仿宋_GB2312"}
    title = document.paragraphs[0].runs[0]
    assert (title.font.size, title.font.name) == (Pt(22), "Times New Roman")


def test_the_font_table_says_what_to_show_where_a_typeface_is_missing(tmp_path: Path) -> None:
    write_lead_form(DRAFT, tmp_path / "表.docx")
    fonts = part(tmp_path / "表.docx", "word/fontTable.xml")
    assert re.findall(r'w:name="([^"]+)"><w:altName w:val="([^"]+)"', fonts) == [
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S,SimSun,宋体,Noto Serif CJK SC"),
        ("黑体", "SimHei,Noto Sans CJK SC"),
        ("仿宋_GB2312", "仿宋,FangSong,SimSun,Noto Serif CJK SC"),
    ]


def test_rows_may_break_over_pages(tmp_path: Path) -> None:
    write_lead_form(DRAFT, tmp_path / "表.docx")
    assert "w:cantSplit" not in part(tmp_path / "表.docx", "word/document.xml")


def test_the_file_names_no_person_as_author(tmp_path: Path) -> None:
    write_lead_form(DRAFT, tmp_path / "表.docx")
    properties = Document(str(tmp_path / "表.docx")).core_properties
    assert (properties.title, properties.author, properties.last_modified_by, properties.comments) == (
        "微信泄密违规案件（事件）线索报告表 XS-20310506-3f2a9c（草稿）",
        "leakwatch",
        "leakwatch",
        "",
    )


@pytest.mark.parametrize(
    "text",
    [
        "<w:t>&amp;</w:t><w:p/>]]>",
        "{{ 7*7 }}{% for x in y %}",
        "𠮷野家的🐟与👨‍👩‍👧".replace("\u200d", ""),
        "=cmd|'/c calc'!A1",
        "密" * 9_999,
    ],
)
def test_strangers_words_stay_words(tmp_path: Path, text: str) -> None:
    assert write_lead_form(replace(DRAFT, conduct=text), tmp_path / "表.docx") == ()
    assert cells(tmp_path / "表.docx")[5] == text


@pytest.mark.parametrize(
    "bad",
    ["\x00", "\x1b", "\x08", "\ud800", "\ufffe", "\u202e", "\u2066", "\u200b", "\ufeff", "\u061c", "\xad"],
)
def test_what_a_document_cannot_hold_is_taken_off_and_said(tmp_path: Path, bad: str) -> None:
    notes = write_lead_form(replace(DRAFT, conduct=f"机{bad}密{bad}件"), tmp_path / "表.docx")
    assert cells(tmp_path / "表.docx")[5] == "机密件"
    assert notes == (
        "线索 XS-20310506-3f2a9c 的“泄密违规行为”一栏去掉了 2 个不可见或文档格式不允许的字符，原文请见证据文件。",
    )


def test_every_box_takes_every_hostile_text(tmp_path: Path) -> None:
    hostile = "".join(map(chr, (*range(0x20), 0x85, 0x2028, 0x202E, 0xD800, 0xDFFF, 0xFFFF))) + "密"
    texts: dict[str, Any] = dict.fromkeys(("id", *BOXES), hostile)
    write_lead_form(replace(DRAFT, **texts), tmp_path / "表.docx")
    assert all("密" in text for text in cells(tmp_path / "表.docx")[1::2])


def test_a_long_text_is_cut_visibly_and_said(tmp_path: Path) -> None:
    notes = write_lead_form(replace(DRAFT, remark="水" * 10_001), tmp_path / "表.docx")
    assert cells(tmp_path / "表.docx")[-1] == f"{'水' * 10_000}\n（以下略，共 10001 字）"
    assert notes == (
        "“备注”一栏共 10001 字，表中只写出前 10000 字，其余请见线索 XS-20310506-3f2a9c 的扫描结果。",
    )


def test_an_empty_box_stays_empty_and_is_said(tmp_path: Path) -> None:
    notes = write_lead_form(replace(DRAFT, reporting_unit="", incident_unit=" "), tmp_path / "表.docx")
    assert notes == (
        "“报告单位”一栏没有可填的内容，请人工填写。",
        "“案件（事件）发生单位”一栏没有可填的内容，请人工填写。",
    )
    document = Document(str(tmp_path / "表.docx"))
    assert document.paragraphs[0].text == "微信泄密违规案件（事件）线索报告表"
    assert document.tables[0].cell(0, 1).text == ""


def test_an_existing_form_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / form_name(DRAFT)
    path.write_bytes(b"signed")
    notes = [write_lead_form(DRAFT, path) for _ in range(2)]
    assert path.read_bytes() == b"signed"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "XS-20310506-3f2a9c-2.docx",
        "XS-20310506-3f2a9c-3.docx",
        "XS-20310506-3f2a9c.docx",
    ]
    assert notes[1] == ("XS-20310506-3f2a9c.docx 已经存在，没有覆盖，本次写入 XS-20310506-3f2a9c-3.docx。",)


def test_a_form_that_cannot_be_written_says_where_and_leaves_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(
        LeakwatchError, match=r"^微信泄密违规案件（事件）线索报告表写不进 .*请检查目录权限和磁盘空间后重试$"
    ):
        write_lead_form(DRAFT, blocked / "表.docx")
    assert list(tmp_path.iterdir()) == [blocked]


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("XS-20310506-3f2a9c", "XS-20310506-3f2a9c.docx"),
        ("../../etc/passwd", "XS-______etc_passwd.docx"),
        ("XS-王明远:1", "XS-____1.docx"),
        ("CON", "XS-CON.docx"),
        ("XS-" + "a" * 500, f"XS-{'a' * 80}.docx"),
    ],
)
def test_a_form_is_named_by_its_id_on_every_system(id: str, name: str) -> None:
    assert form_name(replace(DRAFT, id=id)) == name
