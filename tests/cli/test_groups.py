"""`groups list|add|import|export`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leakwatch.store.models import Group, LogEntry

Call = Callable[..., int]
MakeRoad = Callable[..., Any]

pytestmark = pytest.mark.django_db
NAME = "青石市防汛联络群"


def test_a_group_is_added_and_listed_with_its_unit(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str]
) -> None:
    Group.objects.create(name="云岭\n值班群")
    assert call(road(), "groups", "add", NAME, "--owner", "王明远", "--unit", "应急科") == 0
    assert "新登记 1 个群" in capsys.readouterr().out
    assert call(road(), "groups", "list") == 0
    out, err = capsys.readouterr()
    rows = [line.split("\t") for line in out.splitlines()]
    assert [row[:3] for row in rows] == [
        ["单位", "应急科", "1 个群"],
        ["已登记", NAME, "微信"],
        ["未登记", "云岭 值班群", "微信"],
    ]
    assert rows[1][3:5] == ["王明远", "应急科"]
    assert "-06-15" in err
    assert LogEntry.objects.get(action="register.imported").actor == "shell"


def test_an_exported_register_can_be_imported_again(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call(road(), "groups", "add", NAME, "--owner", "王明远", "--unit", "应急科")
    assert call(road(), "groups", "export", "登记表.xlsx") == 0
    assert call(road(), "groups", "export", "登记表.xlsx") == 1
    assert "没有覆盖" in capsys.readouterr().err
    Group.objects.all().delete()
    assert call(road(), "groups", "import", "登记表.xlsx", "--dry-run") == 0
    assert (capsys.readouterr().out, Group.objects.count()) == (f"{NAME}\t新登记\n", 0)
    assert call(road(), "groups", "import", "登记表.xlsx", "--on", "2031-06-10") == 0
    group = Group.objects.get()
    assert (group.name, group.owner_name, group.is_registered) == (NAME, "王明远", True)
    assert group.filed_at is not None


def test_the_form_of_a_unit_can_be_imported_too(call: Call, road: MakeRoad) -> None:
    call(road(), "groups", "add", NAME, "--owner", "王明远", "--unit", "应急科")
    assert call(road(), "groups", "export", "报备表.docx", "--unit", "应急科") == 0
    Group.objects.all().delete()
    assert call(road(), "groups", "import", "报备表.docx", "--on", "2031-06-10") == 0
    group = Group.objects.get()
    assert (group.name, group.filed_at) == (NAME, date(2031, 6, 10))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("export", "登记表.csv"), 2),
        (("export", "报备表.docx"), 2),
        (("export", "登记表.xlsx", "--unit", "应急科"), 2),
        (("export", "报备表.docx", "--unit", "没有的科"), 2),
        (("import", "没有.xlsx"), 1),
        (("import", "收件.txt"), 1),
        (("import", "收件.txt", "--on", "明天"), 2),
        (("add", "  "), 2),
    ],
)
def test_what_cannot_be_done_is_said(
    call: Call, road: MakeRoad, arguments: tuple[str, ...], code: int
) -> None:
    assert call(road(), "groups", *arguments) == code
    assert Group.objects.count() == 0
