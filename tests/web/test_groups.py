"""The register of work groups on the page."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from pytest_django.asserts import assertNumQueries

from leakwatch.store.models import Group, LogEntry, Role, Unit
from tests.web.people import NOON, Visit, account, visitor
from tests.web.rows import NUMBER, lead
from tests.web.test_importing import upload


def group(name: str = "青石市应急工作群", **changed: Any) -> Group:
    """A group of the register."""
    values: dict[str, Any] = {"platform": "wechat", "is_registered": True, "owner_name": "王明远"}
    made: Group = Group.objects.create(name=name, **(values | changed))
    return made


def unit(name: str = "应急处") -> Unit:
    """A unit."""
    made: Unit = Unit.objects.create(name=name, contact="陈雨", telephone="0571-000000")
    return made


def page(visit: Visit, role: Role = Role.OFFICE) -> str:
    """The register."""
    return visit(role).get("/groups").content.decode()


def test_each_group_stands_with_unit_owner_and_remark(visit: Visit) -> None:
    group(unit=unit(), remark="值班用", filed_at=date(2031, 4, 1)).owners.add(account(Role.OWNER))
    for words in ("青石市应急工作群", "应急处", "王明远", "值班用", "微信", "owner", "2031-04-01", "陈雨"):
        assert words in page(visit)


@pytest.mark.parametrize(
    ("filed_at", "today", "words"),
    [
        (date(2031, 4, 1), date(2031, 5, 6), "已报备"),
        (date(2030, 6, 1), date(2031, 5, 6), "还没到时候"),
        (date(2030, 6, 1), date(2031, 6, 1), "请在 6 月 15 日前报备"),
        (None, date(2031, 6, 16), "逾期未报备"),
    ],
)
def test_each_unit_stands_with_how_it_filed_this_year(
    visit: Visit, settings: Any, filed_at: date | None, today: date, words: str
) -> None:
    import dataclasses

    settings.OFFICE = dataclasses.replace(
        settings.OFFICE, clock=lambda: NOON.replace(month=today.month, day=today.day)
    )
    group(unit=unit(), filed_at=filed_at)
    group("已解散的群", unit=Unit.objects.get(), filed_at=date(2031, 5, 1), dissolved_at=date(2031, 5, 2))
    assert f">{words}</span>" in page(visit)


def test_a_group_that_nobody_registered_is_told_with_its_twin(visit: Visit) -> None:
    group()
    group("青石市应急工作群(35)", is_registered=False)
    group("钓鱼群", is_registered=False)
    shown = page(visit)
    assert "出现过但没有登记的群" in shown
    assert shown.count("可能是同一个群") == 1


def test_a_group_that_fell_silent_is_suggested_for_dissolution(visit: Visit) -> None:
    group("静群", last_message_at=NOON - timedelta(days=181))
    group("解散的群", last_message_at=NOON - timedelta(days=400), dissolved_at=date(2031, 1, 1))
    group("活群", last_message_at=NOON - timedelta(days=179))
    assert page(visit).count("，最近一条消息") == 1


def test_only_the_office_edits(visit: Visit) -> None:
    group()
    shown = page(visit, Role.REVIEWER)
    assert "青石市应急工作群" in shown
    assert not any(words in shown for words in ("导入报备表", "修改</a>", "导出登记表"))


def test_an_account_is_tied_to_its_group_and_sees_its_leads(visit: Visit) -> None:
    lead()
    made, owner = Group.objects.get(), account(Role.OWNER)
    sent = {"is_registered": "on", "owner_name": "王明远", "new_unit": "应急处", "owners": owner.pk}
    assert visit(Role.OFFICE).post(f"/groups/{made.pk}", sent)["Location"] == "/groups"
    made.refresh_from_db()
    assert (made.unit.name, made.is_registered) == ("应急处", True)
    assert NUMBER in visitor(owner).get("/leads").content.decode()
    assert LogEntry.objects.get(action="group.changed").details == {
        "leads": 1,
        "owners": [owner.pk],
        "unit": made.unit_id,
        "is_registered": True,
        "is_dissolved": False,
    }


def test_saving_what_the_form_shows_changes_nothing(visit: Visit) -> None:
    made = group(unit=unit(), remark="值班用", filed_at=date(2031, 4, 1), dissolved_at=date(2031, 5, 1))
    client = visit(Role.OFFICE)
    shown = client.get(f"/groups/{made.pk}").content.decode()
    fields = re.findall(r'<input type="(?:text|date)" name="(\w+)"(?: value="([^"]*)")?', shown)
    assert f'<option value="{made.unit_id}" selected>应急处</option>' in shown
    client.post(f"/groups/{made.pk}", {**dict(fields), "is_registered": "on", "unit": made.unit_id})
    assert Group.objects.filter(pk=made.pk).values().get() == {
        name: getattr(made, name) for name in Group.objects.values().first()
    }


def test_the_form_of_an_unregistered_group_starts_with_what_its_twin_says(visit: Visit) -> None:
    group(unit=unit(), remark="值班用")
    made = group("青石市应急工作群(35)", is_registered=False, owner_name="")
    shown = visit(Role.OFFICE).get(f"/groups/{made.pk}").content.decode()
    assert 'value="值班用"' in shown
    assert 'value="王明远"' in shown


def test_the_register_goes_out_as_a_sheet_and_comes_back_the_same(visit: Visit) -> None:
    group(unit=unit(), remark="=1+1", filed_at=date(2031, 4, 1), aliases=["旧名"])
    client = visit(Role.OFFICE)
    written = client.get("/groups/sheet").content
    cells = [cell for row in load_workbook(io.BytesIO(written)).worksheets[0].values for cell in row]
    assert "=1+1" in cells
    shown = upload(client, "登记表.xlsx", written)
    assert "更新已有的群：青石市应急工作群（微信）" in shown
    assert "新登记" not in shown


def test_a_unit_s_form_holds_its_groups(visit: Visit) -> None:
    made = unit()
    group(unit=made)
    group("别处的群", unit=unit("水务处"))
    answer = visit(Role.OFFICE).get(f"/units/{made.pk}/form")
    texts = [cell.text for row in Document(io.BytesIO(answer.content)).tables[0].rows for cell in row.cells]
    assert ("青石市应急工作群" in texts, "别处的群" in texts) == (True, False)


def test_the_page_costs_the_same_however_many_there_are(visit: Visit) -> None:
    client = visit(Role.OFFICE)
    for number in range(3):
        group(f"群{number}", unit=unit(f"处{number}"), last_message_at=NOON - timedelta(days=200)).owners.add(
            account(Role.OWNER)
        )
        group(f"未{number}", is_registered=False)
    with assertNumQueries(11):
        client.get("/groups")
