"""A filed sheet on its way into the register."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from leakwatch.store.models import Group, LogEntry, Role
from tests.web.people import Visit


def upload(client: Any, name: str, data: bytes) -> str:
    """The page after a sheet was sent."""
    file = io.BytesIO(data)
    file.name = name
    return str(client.post("/groups/import", {"file": file}, follow=True).content.decode())


def sheet(*rows: tuple[str, ...]) -> bytes:
    """As units fill it in."""
    book = Workbook()
    for row in (("单位（部门）：应急处",), ("序号", "微信工作群名称", "群主", "备注"), *rows):
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_nothing_is_saved_before_it_was_shown(visit: Visit) -> None:
    seen = Group.objects.create(name="青石市应急工作群(35)")
    client = visit(Role.OFFICE)
    shown = upload(
        client, "应急处.xlsx", sheet(("1", "青石市应急工作群", "王明远", "值班"), ("2", "新群", "", ""))
    )
    assert "更新已有的群：青石市应急工作群(35)（微信）" in shown
    assert "新登记" in shown
    assert Group.objects.filter(is_registered=True).count() == 0
    rows = shown.split('name="rows" value="')[1].split('"')[0]
    page = client.post("/groups/save", {"rows": rows, "on": "2031-05-06"}, follow=True).content.decode()
    assert "1 个单位，新登记 1 个群，更新 1 个群" in page
    seen.refresh_from_db()
    assert (seen.owner_name, seen.unit.name, seen.filed_at) == ("王明远", "应急处", date(2031, 5, 6))
    assert Group.objects.get(name="新群").platform == "wechat"
    assert LogEntry.objects.get(action="register.imported").details == {
        "units": 1, "new": 1, "changed": 1, "leads": 0
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "on", "said"), [("x", "2031-05-06", "页面已过期"), ("", "2031-05-06", "页面已过期")]
)
def test_rows_that_were_not_shown_are_not_saved(visit: Visit, rows: str, on: str, said: str) -> None:
    page = visit(Role.OFFICE).post("/groups/save", {"rows": rows, "on": on}, follow=True)
    assert said in page.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式"), ("b.xlsx", b"PK\x03\x04", "不是可以打开的")],
)
def test_a_file_that_is_no_sheet_is_said(visit: Visit, name: str, data: bytes, said: str) -> None:
    assert said in upload(visit(Role.OFFICE), name, data)
