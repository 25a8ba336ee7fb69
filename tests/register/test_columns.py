"""What units call the columns."""

from __future__ import annotations

import pytest

from leakwatch.register.columns import Column, column


@pytest.mark.parametrize(
    ("text", "named"),
    [
        *((known.value, known) for known in Column),
        (" 微信工作群　名称 ", Column.NAME),
        ("群名称：", Column.NAME),
        ("单位（部门）", Column.UNIT),
        ("联系电话", Column.TELEPHONE),
        ("防汛群", None),
        ("群", None),
        ("", None),
        ("备注：本表每年6月15日前报送", None),
    ],
)
def test_a_column_is_known_by_its_name(text: str, named: Column | None) -> None:
    assert column(text) is named
