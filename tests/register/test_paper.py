"""The form as filled in with Word → rows."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from leakwatch.errors import Unreadable
from leakwatch.model import Reason
from leakwatch.register.grid import Row
from leakwatch.register.paper import is_mine, tables
from leakwatch.register.sheet_reader import Imported, read_filing
from leakwatch.register.values import Group, Register, Unit


def form() -> bytes:
    document = Document()
    document.add_paragraph("青石市生态环境局微信工作群报备表")
    document.add_paragraph("单位（部门）：水处")
    document.add_paragraph("联系人：陈雨　　联系电话：0571-88880000")
    table = document.add_table(4, 4)
    for row, texts in zip(
        table.rows,
        (
            ("序号", "微信工作群名称", "群主", "备注"),
            ("1", "防汛群", "王明远", "汛期"),
            ("2", "值班群", "", ""),
            ("3",),
        ),
        strict=True,
    ):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    document.add_paragraph("备注：本表每年 6 月 15 日前，经单位（部门）主要领导审核同意，报送局保密办。")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


FORM = form()


def written(folder: Path, data: bytes) -> Path:
    (folder / "表.docx").write_bytes(data)
    return folder / "表.docx"


def test_lines_and_rows_come_in_the_order_of_the_page(tmp_path: Path) -> None:
    assert tables(written(tmp_path, FORM)) == [
        (
            "文档表格",
            [
                Row(number=0, texts=("青石市生态环境局微信工作群报备表",)),
                Row(number=0, texts=("单位（部门）：水处",)),
                Row(number=0, texts=("联系人：陈雨 联系电话：0571-88880000",)),
                Row(number=1, texts=("序号", "微信工作群名称", "群主", "备注")),
                Row(number=2, texts=("1", "防汛群", "王明远", "汛期")),
                Row(number=3, texts=("2", "值班群", "王明远", "")),
                Row(number=4, texts=("3", "", "", "")),
                Row(
                    number=4,
                    texts=("备注：本表每年 6 月 15 日前，经单位（部门）主要领导审核同意，报送局保密办。",),
                ),
            ],
        )
    ]


def test_the_form_is_filed_from_word_as_from_excel(tmp_path: Path) -> None:
    assert read_filing(written(tmp_path, FORM)) == Imported(
        register=Register(
            units=(Unit(name="水处", contact="陈雨", telephone="0571-88880000"),),
            groups=(
                Group(name="防汛群", owner="王明远", unit="水处", remarks="汛期"),
                Group(name="值班群", owner="王明远", unit="水处"),
            ),
        ),
        notes=(),
    )


def test_a_cell_over_columns_is_said_once(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "水处"
    table.cell(0, 2).text = "陈雨"
    document.save(str(tmp_path / "表.docx"))
    assert tables(tmp_path / "表.docx")[0][1] == [Row(number=1, texts=("水处", "", "陈雨"))]


@pytest.mark.parametrize(
    ("data", "mine"), [(FORM, True), (b"", False), (b"PK\x03\x04", False), (FORM[:-30], False)]
)
def test_a_docx_is_known_by_its_content(tmp_path: Path, data: bytes, mine: bool) -> None:
    assert is_mine(written(tmp_path, data)) is mine


def test_no_file_is_none_of_ours(tmp_path: Path) -> None:
    assert not is_mine(tmp_path / "表.docx")


def test_a_locked_or_old_document_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="去掉密码") as refused:
        read_filing(written(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))
    assert refused.value.reason is Reason.UNSUPPORTED


@pytest.mark.parametrize("seed", range(60))
def test_broken_bytes_raise_nothing_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same bytes each time
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(FORM)) as old, zipfile.ZipFile(file, "w") as package:
        broken = chance.choice(sorted(old.namelist()))
        for name in old.namelist():
            content = bytearray(old.read(name))
            for _ in range(chance.choice((1, 3, 20)) if name in (broken, "word/document.xml") else 0):
                place = chance.randrange(len(content))
                content[place : place + chance.choice((0, 1, 9))] = chance.randbytes(chance.choice((0, 1, 4)))
            package.writestr(name, bytes(content))
    try:
        read_filing(written(tmp_path, file.getvalue()))
    except Unreadable as why:
        assert why.detail
