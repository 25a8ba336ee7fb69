"""The groups of one unit → 《微信工作群报备表》, read back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document

from leakwatch.forms import saving
from leakwatch.forms.register_form import Filing, draw_register_form
from leakwatch.model import SHANGHAI
from leakwatch.register import Group, Unit

UNIT = Unit(name="云岭区分局", contact="陈雨", telephone="0571-88880000")
GROUPS = (
    Group(name="防汛联络群", platform="wechat", owner="王明远", unit="云岭区分局", remarks="汛期后解散"),
    Group(name="值班群", platform="qq", owner="周文", unit="云岭区分局"),
    Group(name="旧群", owner="周文", unit="云岭区分局", dissolved_at=date(2031, 1, 2)),
    Group(name="应急群", platform="dingtalk", owner="陈雨", unit="云岭区分局", remarks="长期"),
)


def written(folder: Path, *groups: Group, unit: Unit = UNIT) -> list[list[str]]:
    drawn = draw_register_form(
        Filing(
            bureau="青石市生态环境局",
            unit=unit,
            groups=groups,
            drawn_at=datetime(2031, 6, 2, 9, 0, tzinfo=SHANGHAI),
        )
    )
    assert saving.save(drawn, folder / "表.docx") == ()
    return [[cell.text for cell in row.cells] for row in Document(str(folder / "表.docx")).tables[0].rows]


def test_the_table_lists_what_stands_and_leaves_rows_for_more(tmp_path: Path) -> None:
    assert written(tmp_path, *GROUPS) == [
        ["序号", "微信工作群名称", "群主", "备注"],
        ["1", "防汛联络群", "王明远", "汛期后解散"],
        ["2", "值班群", "周文", "QQ"],
        ["3", "应急群", "陈雨", "钉钉；长期"],
        *[["", "", "", ""]] * 9,
    ]


def test_unit_contact_and_footnote_stand_around_the_table(tmp_path: Path) -> None:
    written(tmp_path)
    assert [line.text for line in Document(str(tmp_path / "表.docx")).paragraphs] == [
        "青石市生态环境局",
        "微信工作群报备表",
        "单位（部门）：云岭区分局",
        "联系人：陈雨",
        "联系电话：0571-88880000",
        "备注：本表每年 6 月 15 日前，经单位（部门）主要领导审核同意，报送局保密办。",
    ]


def test_many_groups_are_all_listed(tmp_path: Path) -> None:
    table = written(tmp_path, *[Group(name=f"第{n}群") for n in range(1, 301)])
    assert [row[1] for row in table[1:]] == [f"第{n}群" for n in range(1, 301)]


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "\u202e", "\ufffe", "\u2028"])
def test_strangers_names_stay_on_one_clean_line(tmp_path: Path, bad: str) -> None:
    table = written(tmp_path, Group(name=f"防{bad}汛群", owner=f"王{bad}明远", remarks=f"长{bad}期"))
    assert [cell.replace(" ", "") for cell in table[1]] == ["1", "防汛群", "王明远", "长期"]
