"""What was not read."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertNumQueries

from leakwatch.store import reasons
from leakwatch.store.models import LogEntry, Role, Unread
from tests.web.people import NOON, Visit, account
from tests.web.rows import SEALER, scan
from tests.web.rows import unread as part

WHY = "已人工打开看过，是食堂菜单"


def shown(client: Client, address: str = "/unread") -> str:
    """The page of a visitor who asked to see the names."""
    client.post("/unread/unmask")
    return client.get(address).content.decode()


def test_names_are_masked_until_somebody_asks_which_is_logged(visit: Visit) -> None:
    part("机密督办单.docx", "机密督办单.docx 打不开")
    client = visit(Role.REVIEWER)
    assert "督办单" not in client.get("/unread").content.decode()
    assert "督办单" in shown(client)
    assert [(one.action, one.subject) for one in LogEntry.objects.all()] == [("unread.unmasked", "unread")]


def test_names_do_not_stand_in_the_tables_in_clear() -> None:
    row = part("机密督办单.docx")
    assert "督办单".encode() not in bytes(row.sealed)


def test_each_part_stands_with_its_reason_and_what_to_do(visit: Visit) -> None:
    made = part(group="青石市应急工作群")
    page = shown(visit(Role.REVIEWER))
    for words in ("附件.zip", "有密码", "请解开后再导入", "青石市应急工作群", f"/scans/{made.scan_id}"):
        assert words in page


def test_a_reason_narrows_the_list(visit: Visit) -> None:
    part("一.zip")
    part("二.jpg", reason="damaged")
    page = shown(visit(Role.OFFICE), "/unread?reason=damaged")
    assert ("一.zip" in page, "二.jpg" in page) == (False, True)
    assert "有密码 1" in page


@pytest.mark.parametrize("query", ["scan=x", "scan=999999", "page=x", "page=999", "reason=x", "settled=2"])
def test_an_odd_address_is_no_fault(visit: Visit, query: str) -> None:
    assert visit(Role.REVIEWER).get(f"/unread?{query}").status_code == 200


def test_a_part_is_settled_with_a_sentence_that_stands_in_no_log(visit: Visit) -> None:
    made, client = part(), visit(Role.REVIEWER)
    page = client.post("/unread/settle", {"part": made.pk, "because": WHY}, follow=True).content.decode()
    assert "已说明 1 处" in page
    made.refresh_from_db()
    assert (made.settled_at, made.settled_by.username, reasons.of_unread(made, SEALER)) == (
        NOON,
        "reviewer",
        WHY,
    )
    assert list(LogEntry.objects.values_list("action", "subject", "details")) == [
        ("unread.settled", f"unread:{made.pk}", {})
    ]
    assert WHY in client.get("/unread?settled=1").content.decode()
    assert "没有等待处理的未读内容" in client.get("/unread").content.decode()


@pytest.mark.parametrize(("parts", "because", "said"), [(True, " 无 ", "请写明"), (False, WHY, "请先勾选")])
def test_without_a_sentence_or_a_part_nothing_is_settled(
    visit: Visit, parts: bool, because: str, said: str
) -> None:
    made = part()
    sent = {"part": made.pk if parts else "x", "because": because}
    assert said in visit(Role.REVIEWER).post("/unread/settle", sent, follow=True).content.decode()
    assert Unread.objects.get().settled_at is None


def test_what_was_settled_before_keeps_its_sentence(visit: Visit) -> None:
    made = part(settled_at=NOON, settled_by=account(Role.REVIEWER))
    visit(Role.OFFICE).post("/unread/settle", {"part": made.pk, "because": WHY})
    made.refresh_from_db()
    assert (made.settled_by.username, LogEntry.objects.count()) == ("reviewer", 0)


def test_an_empty_list_says_what_was_scanned(visit: Visit) -> None:
    client = visit(Role.REVIEWER)
    assert "还没有扫描过" in client.get("/unread").content.decode()
    scan()
    assert "扫描了 312 个文件、48,210 条消息" in client.get("/unread").content.decode()


def test_the_list_costs_the_same_however_long(visit: Visit) -> None:
    client = visit(Role.REVIEWER)
    for number in range(3):
        part(f"{number}.zip")
    with assertNumQueries(6):
        client.get("/unread")
