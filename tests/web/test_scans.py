"""What arrives, is being read and was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django.asserts import assertNumQueries

from leakwatch.store.models import Arrival, Conversation, Finding, Role, Scan
from tests.web.people import NOON, Visit
from tests.web.rows import NUMBER, lead, scan


def arrival(state: str, **changed: Any) -> Arrival:
    """Something that came to rest in an inbox."""
    values: dict[str, Any] = {"root": "收件", "name": "群.zip", "signature": state, "kind": "inbox"}
    values |= {"files": 3, "size": 4_096, "state": state, "arrived_at": NOON}
    made: Arrival = Arrival.objects.create(**(values | changed))
    return made


def conversation(run: Scan, **coverage: int) -> Conversation:
    """A chat that was read."""
    made: Conversation = Conversation.objects.create(
        scan=run,
        name="青石市应急工作群",
        platform="wechat",
        format="weflow-json",
        messages=98,
        declared=100,
        is_incomplete=True,
        coverage=coverage,
        lossy=["语音没有转写"],
    )
    return made


def test_the_queue_and_what_came_of_it(visit: Visit) -> None:
    arrival("working", progress="3/10 个文件，500 段文字")
    arrival("waiting", name="b.zip")
    arrival("done", name="c.zip", scan=scan(unread=2), ended_at=NOON)
    arrival("given_up", name="d.zip", detail="试了 3 次，已放弃", ended_at=NOON)
    page = visit(Role.REVIEWER).get("/scans").content.decode()
    assert '<meta http-equiv="refresh"' in page
    for words in ("3/10 个文件，500 段文字", "等待读取", "48,210 条消息，2 处未读", "试了 3 次，已放弃"):
        assert words in page


def test_what_still_grows_is_shown_and_what_is_queued_is_not(visit: Visit, settings_inbox: Path) -> None:
    (settings_inbox / "群.zip").write_bytes(b"123")
    (settings_inbox / "旧.zip").write_bytes(b"123")
    from leakwatch.watch.inbox import signature_of
    from leakwatch.watch.listing import look_into

    listing = look_into(settings_inbox)
    assert listing
    known = signature_of(listing.arrivals["旧.zip"])
    arrival("done", root=str(settings_inbox), name="旧.zip", signature=known, scan=scan(), rules_version="1")
    page = visit(Role.OFFICE).get("/scans").content.decode()
    assert page.count("还在变化") == 1


@pytest.fixture
def settings_inbox(tmp_path: Path, settings: Any) -> Path:
    """An inbox of its own."""
    import dataclasses

    import msgspec

    from leakwatch.config import Inbox

    (tmp_path / "收件").mkdir()
    config = msgspec.structs.replace(settings.OFFICE.config, inbox=(Inbox(path=tmp_path / "收件"),))
    settings.OFFICE = dataclasses.replace(settings.OFFICE, config=config)
    return tmp_path / "收件"


def test_an_inbox_that_is_not_there_is_said(visit: Visit, settings_inbox: Path) -> None:
    settings_inbox.rmdir()
    assert "现在打不开" in visit(Role.OFFICE).get("/scans").content.decode()


def test_a_scan_tells_how_much_of_each_chat_was_there(visit: Visit) -> None:
    run = scan(unread=1)
    conversation(run, images_present=5, images_thumbnail=2, images_missing=3, voice=4, forwards_summary=1)
    page = visit(Role.REVIEWER).get(f"/scans/{run.pk}").content.decode()
    for words in ("98 / 100", "5 / 2 / 3", "不完整", "图片缺 3 张", "语音 4 条未听", "语音没有转写", "00ff"):
        assert words in page
    assert f"/unread?scan={run.pk}" in page


def test_a_scan_names_the_leads_that_it_met_first(visit: Visit) -> None:
    run = scan()
    lead()
    Finding.objects.update(first_scan=run)
    assert NUMBER in visit(Role.REVIEWER).get(f"/scans/{run.pk}").content.decode()


def test_before_the_first_scan_the_page_says_what_to_do(visit: Visit) -> None:
    page = visit(Role.REVIEWER).get("/scans").content.decode()
    assert "还没有扫描过" in page
    assert "没有在排队或正在读取的内容" in page


def test_lists_cost_the_same_however_long(visit: Visit, settings_inbox: Path) -> None:
    client = visit(Role.REVIEWER)
    for number in range(3):
        run = scan()
        conversation(run)
        arrival("done", name=f"{number}.zip", scan=run, ended_at=NOON)
    with assertNumQueries(7):
        client.get("/scans")
    with assertNumQueries(6):
        client.get(f"/scans/{run.pk}")
