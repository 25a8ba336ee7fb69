"""The log on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from leakwatch.store import append_only, log
from leakwatch.store.models import LogEntry, Role
from tests.web.people import NOON, Visit


def acted(actor: str, action: str, subject: str, days: int = 0) -> None:
    """A row of the log."""
    with transaction.atomic():
        act = log.Act(
            at=NOON - timedelta(days=days), actor=actor, action=action, subject=subject, details={"n": 3}
        )
        log.append(act)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a-1", "b-2", "c-3"]),
        ("actor=王审核", ["a-1"]),
        ("action=lead.claimed", ["b-2"]),
        ("subject=c-3", ["c-3"]),
        ("since=2031-05-06", ["c-3"]),
        ("until=2031-05-04", ["a-1"]),
        ("since=2031-05-05&until=2031-05-05", ["b-2"]),
        ("since=x&page=x", ["a-1", "b-2", "c-3"]),
        ("actor=x", []),
    ],
)
def test_the_list_is_narrowed(visit: Visit, query: str, found: list[str]) -> None:
    acted("王审核", "lead.opened", "a-1", days=2)
    acted("陈复核", "lead.claimed", "b-2", days=1)
    acted("leakwatch", "scan.recorded", "c-3")
    page = visit(Role.AUDITOR).get(f"/log?{query}").content.decode()
    assert [id for id in ("a-1", "b-2", "c-3") if f">{id}</td>" in page] == found


def test_a_whole_log_is_said_to_be_whole_and_the_check_is_logged(visit: Visit) -> None:
    acted("王审核", "lead.opened", "a-1")
    page = visit(Role.AUDITOR).post("/log/verify").content.decode()
    assert "核对了 1 条，没有发现问题" in page
    assert "末尾被截去、整体改写查不出来" in page
    assert LogEntry.objects.get(action="log.verified").details == {"problems": 0, "anchored": False}


def test_the_line_that_was_taken_shows_a_cut_tail(visit: Visit) -> None:
    client = visit(Role.OFFICE)
    for id in ("a-1", "b-2"):
        acted("王审核", "lead.opened", id)
    answer = client.get("/log/anchor")
    line = answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="leakwatch-log-20310506-1200.txt"'
    assert (
        "与库外留存的校验值（第 2 条）相符" in client.post("/log/verify", {"anchor": line}).content.decode()
    )
    append_only.expose(connection)
    LogEntry.objects.filter(seq__gt=1).delete()
    assert "末尾被截去" in client.post("/log/verify", {"anchor": line}).content.decode()


def test_without_a_line_the_file_of_the_nights_is_taken(visit: Visit) -> None:
    client, office = visit(Role.AUDITOR), settings.OFFICE
    for id in ("a-1", "b-2"):
        acted("王审核", "lead.opened", id)
    log.anchor(office.config.store.anchor_file, NOON)
    assert f"第 2 条，取自 {office.config.store.anchor_file}" in client.post("/log/verify").content.decode()
    append_only.expose(connection)
    LogEntry.objects.filter(seq__gt=1).delete()
    assert "末尾被截去" in client.post("/log/verify").content.decode()


def test_an_edited_row_is_named(visit: Visit) -> None:
    acted("王审核", "lead.opened", "a-1")
    append_only.expose(connection)
    LogEntry.objects.update(actor="别人")
    assert "日志第 1 条内容与它的校验值不符" in visit(Role.ADMIN).post("/log/verify").content.decode()


def test_the_pages_of_a_checked_log_lead_on(visit: Visit) -> None:
    for number in range(101):
        acted("王审核", "lead.opened", f"a-{number}")
    page = visit(Role.AUDITOR).post("/log/verify").content.decode()
    assert '<form method="get" action="/log"' in page
    assert 'href="/log?page=2"' in page


@pytest.mark.parametrize(
    ("role", "leads_on"), [(Role.OFFICE, True), (Role.AUDITOR, False), (Role.ADMIN, False)]
)
def test_a_lead_is_led_to_for_who_may_see_it(visit: Visit, role: Role, leads_on: bool) -> None:
    acted("王审核", "lead.opened", "XS-20310506-3f2a9c")
    assert ('href="/leads/XS-20310506-3f2a9c"' in visit(role).get("/log").content.decode()) == leads_on


@pytest.mark.parametrize("given", ["x", "2031 x y", "一 二 三 四"])
def test_what_is_no_such_line_is_said(visit: Visit, given: str) -> None:
    answer = visit(Role.AUDITOR).post("/log/verify", {"anchor": given})
    assert answer.status_code == 400
    assert "不是日志锚点文件" in answer.content.decode()
