"""Sheets as units fill them in → register and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from leakwatch.register.sheet_reader import Imported, read_filing
from leakwatch.register.values import Group, Register, Unit

HEADER = ("序号", "微信工作群名称", "群主", "备注")
Cells = Sequence[Sequence[object]]


def imported(folder: Path, sheets: Mapping[str, Cells], merged: Sequence[str] = ()) -> Imported:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
    book.save(folder / "表.xlsx")
    return read_filing(folder / "表.xlsx")


def test_the_official_form_is_read_with_its_lines_and_without_its_footnote(tmp_path: Path) -> None:
    rows = (
        ("青石市生态环境局微信工作群报备表",),
        ("单位（部门）：", "云岭区分局"),
        ("联系人：陈雨　联系电话：057188880000",),
        (),
        HEADER,
        (1, "防汛　联络群", "王明远", None),
        (2, " 值班群 ", "周文", "轮值\n使用"),
        (3, None, None, None),
        ("备注：本表每年 6 月 15 日前，经单位（部门）主要领导审核同意，报送局保密办。",),
    )
    assert imported(tmp_path, {"表": rows}, ["A1:D1"]) == Imported(
        register=Register(
            units=(Unit(name="云岭区分局", contact="陈雨", telephone="057188880000"),),
            groups=(
                Group(name="防汛 联络群", owner="王明远", unit="云岭区分局"),
                Group(name="值班群", owner="周文", unit="云岭区分局", remarks="轮值 使用"),
            ),
        ),
        notes=(),
    )


def test_columns_come_in_any_order_and_by_other_names(tmp_path: Path) -> None:
    rows = (
        ("部门", "群主姓名", "群名称", "平台", "联系电话", "备案日期"),
        ("水处", "王明远", "防汛群", "企微", 13800000000.0, datetime(2031, 5, 1)),  # noqa: DTZ001 - a cell has no zone
    )
    assert imported(tmp_path, {"表": rows}).register == Register(
        units=(Unit(name="水处", telephone="13800000000"),),
        groups=(
            Group(name="防汛群", platform="wecom", owner="王明远", unit="水处", filed_at=date(2031, 5, 1)),
        ),
    )


def test_a_unit_written_once_over_merged_cells_holds_for_each_row(tmp_path: Path) -> None:
    rows = (
        ("单位", "群名称", "群主"),
        ("水处", "甲群", "王明远"),
        (None, "乙群", "周文"),
        (None, "丙群", "陈雨"),
    )
    groups = imported(tmp_path, {"表": rows}, ["A2:A3"]).register.groups
    assert [(group.name, group.unit) for group in groups] == [
        ("甲群", "水处"),
        ("乙群", "水处"),
        ("丙群", ""),
    ]


def test_a_merged_unit_in_the_last_column_holds_too(tmp_path: Path) -> None:
    rows = (("群名称", "群主", "单位"), ("甲群", "王明远", "水处"), ("乙群", "周文"), ("丙群", "陈雨"))
    groups = imported(tmp_path, {"表": rows}, ["C2:C3"]).register.groups
    assert [group.unit for group in groups] == ["水处", "水处", ""]


def test_every_sheet_and_every_table_is_read(tmp_path: Path) -> None:
    one = (("单位：水处",), HEADER, (1, "甲群", "王明远"), ("单位：土处",), HEADER, (1, "乙群", "周文"))
    two = (HEADER, (1, "丙群", "陈雨"))
    groups = imported(tmp_path, {"一": one, "二": two}).register.groups
    assert [(group.name, group.unit) for group in groups] == [
        ("甲群", "水处"),
        ("乙群", "土处"),
        ("丙群", ""),
    ]


@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        (
            (HEADER, (1, "甲群", "王明远"), (2, "甲群（12）", "周文")),
            (
                "工作表“表”第3行：“甲群（12）”（群主“周文”）与工作表“表”第2行的“甲群”（群主“王明远”）重复，没有导入",
            ),
        ),
        ((HEADER, (1, None, "王明远", "待定")), ("工作表“表”第2行：没有群名称，没有导入（王明远、待定）",)),
        (
            ((*HEADER, "单位"), (1, "甲群", "王明远", "", "水处"), (2, "甲群", "周文", "", "土处")),
            ("工作表“表”第3行：“甲群”与工作表“表”第2行同名而单位不同，两行都已导入，请核对是否同一个群",),
        ),
        (
            ((*HEADER, "平台"), (1, "甲群", "王明远", "", "飞鸽")),
            ("工作表“表”第2行：不认识平台“飞鸽”，按“其他”导入",),
        ),
        (
            (
                (*HEADER, "报备日期"),
                (1, "甲群", "王明远", "", "去年"),
                (2, "乙群", "王明远", "", "2031-13-01"),
            ),
            (
                "工作表“表”第2行：报备日期“去年”不是日期，已留空，请写成 2031-05-06",
                "工作表“表”第3行：报备日期“2031-13-01”不是日期，已留空，请写成 2031-05-06",
            ),
        ),
        (
            ((*HEADER, "群人数"), (1, "甲群", "王明远", "", 12)),
            ("工作表“表”第1行：不认识“群人数”一列，这一列没有导入",),
        ),
        (
            (
                (*HEADER, "单位", "联系人"),
                (1, "甲群", "", "", "水处", "陈雨"),
                (2, "乙群", "", "", "水处", "周文"),
            ),
            ("工作表“表”第3行：单位“水处”的联系人写作“周文”，前面写作“陈雨”，采用前面的",),
        ),
        (
            (("名单",), ("甲群", "王明远")),
            ("工作表“表”没有找到带“群名称”和“群主”的表头，没有导入；请补上表头后重试",),
        ),
        (
            (HEADER, (1, "甲群", "王明远", "", "多写的")),
            ("工作表“表”第2行：“多写的”不知属于哪一列，没有导入",),
        ),
        (
            (HEADER, (1, "甲群", "王明远"), ("审核人：王明远",), (2,), ("联系人：",)),
            ("工作表“表”第3行：“审核人：王明远”不知属于哪一列，没有导入",),
        ),
        (
            (HEADER, (1, "甲群", "王明远", "合计"), ("合计", "1个"), (None, "总 计", "1")),
            ("工作表“表”第3行：合计的一行不是群，没有导入", "工作表“表”第4行：合计的一行不是群，没有导入"),
        ),
        (((),), ()),
    ],
)
def test_what_is_not_taken_as_it_stands_is_told(tmp_path: Path, rows: Cells, notes: tuple[str, ...]) -> None:
    assert imported(tmp_path, {"表": rows}).notes == notes


def test_a_unit_without_groups_is_kept(tmp_path: Path) -> None:
    rows = ((*HEADER, "单位"), (None, None, None, None, "水处"))
    assert imported(tmp_path, {"表": rows}) == Imported(
        register=Register(units=(Unit(name="水处"),)), notes=()
    )


def test_a_unit_that_files_no_group_is_kept(tmp_path: Path) -> None:
    rows = (("单位：水处",), ("联系人：________",), HEADER, (1,), (2,))
    assert imported(tmp_path, {"表": rows}) == Imported(
        register=Register(units=(Unit(name="水处"),)), notes=()
    )
