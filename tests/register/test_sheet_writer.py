"""Register → .xlsx, read back cell by cell."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from leakwatch.register.sheet_reader import read_filing
from leakwatch.register.sheet_writer import workbook
from leakwatch.register.values import Group, Register, Unit

UNIT = Unit(name="云岭区分局", contact="陈雨", telephone="0571-88880000", parent="青石市生态环境局")
GROUP = Group(
    name="防汛联络群",
    platform="wecom",
    owner="王明远",
    unit="云岭区分局",
    remarks="汛期后解散",
    filed_at=date(2031, 5, 1),
    aliases=("老防汛群", "防汛"),
)
REGISTER = Register(units=(UNIT,), groups=(GROUP,))


def rows(data: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(data)).worksheets[0].iter_rows()]


def test_the_sheet_has_the_layout_of_the_official_form() -> None:
    written = rows(workbook(REGISTER, "青石市生态环境局"))

    assert [[cell for cell in row if cell is not None] for row in written] == [
        ["青石市生态环境局微信工作群报备表"],
        ["单位（部门）：云岭区分局"],
        ["联系人：陈雨"],
        ["联系电话：0571-88880000"],
        "序号 微信工作群名称 群主 备注 平台 联系人 电话 单位 上级单位 曾用名 报备日期 解散日期".split(),
        [
            *("1", "防汛联络群", "王明远", "汛期后解散", "企业微信", "陈雨", "0571-88880000", "云岭区分局"),
            *("青石市生态环境局", "老防汛群；防汛", "2031-05-01", None),
        ][:11],
        ["备注：本表每年 6 月 15 日前，经单位（部门）主要领导审核同意，报送局保密办。"],
    ]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1+1", "-2", "@SUM(1)", "#N/A", "＝1", "=", "'=1", "机\x00密\u202e群"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    register = Register(groups=(Group(name=text, owner=text, remarks=text),))
    sheet = load_workbook(BytesIO(workbook(register, ""))).worksheets[0]

    for number in (2, 3, 4):
        cell = sheet.cell(6, number)
        assert isinstance(cell, Cell)
        assert (cell.data_type, cell.number_format, cell.quotePrefix) == ("s", "@", True)
        assert cell.value == text.replace("\x00", "").replace("\u202e", "")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    register = Register(
        units=(UNIT, Unit(name="水处")),
        groups=(
            GROUP,
            Group(name="=1+1", unit="云岭区分局"),
            Group(name="应急群", dissolved_at=date(2031, 1, 2)),
        ),
    )
    (tmp_path / "表.xlsx").write_bytes(workbook(register, "青石市生态环境局"))

    imported = read_filing(tmp_path / "表.xlsx")

    assert (imported.register, imported.notes) == (register, ())
