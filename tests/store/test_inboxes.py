"""Whose a lead is that came from an inbox, and how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from leakwatch.config import Config, Inbox, Store
from leakwatch.forms.lead_form import draw_lead_form
from leakwatch.leads import Units
from leakwatch.model import Scan
from leakwatch.store import dossier, papers
from leakwatch.store.inboxes import by_root
from leakwatch.store.models import Conversation, Group, Lead, Place, Role, ScanKind, Unit
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.queries import visible
from leakwatch.store.records import Asked, record
from leakwatch.store.terms import of_config
from tests.store.scans import MEANS, SEALER, Post, scan, user

pytestmark = pytest.mark.django_db

HOUSING = Inbox(path=Path("/收件/住建"), group="青石市住建工作群", unit="青石市住建局")
WATER = Inbox(path=Path("/收件/水务"), unit="青石市水务局")
PLAIN = Inbox(path=Path("/收件/其他"))
PHOTO = Post(file="照片.jpg", text="督办单 机密★10年", loose=True)


def put(scanned: Scan, inbox: Inbox, units: Units = MEANS.units) -> Lead:
    """The one lead, after that scan."""
    means = replace(MEANS, units=units, inboxes=by_root((HOUSING, WATER, PLAIN)))
    record(scanned, Asked(kind=ScanKind.INBOX, root=str(inbox.path)), means)
    return Lead.objects.get(merged_into=None)


def units(lead: Lead) -> tuple[str, str]:
    """报告单位, 案件（事件）发生单位 of its form."""
    boxes = papers.boxes(lead, SEALER)
    return boxes.reporting_unit, boxes.incident_unit


def groups(lead: Lead) -> list[str]:
    return sorted(lead.groups.values_list("name", flat=True))


def test_what_says_no_chat_belongs_to_the_group_of_its_inbox() -> None:
    lead = put(scan(PHOTO), HOUSING)
    assert (groups(lead), Place.objects.get().group) == (
        ["青石市住建工作群"],
        Group.objects.get(platform="other"),
    )
    assert ScanRow.objects.get().root == "/收件/住建"


def test_group_and_unit_reach_the_page_and_the_form() -> None:
    lead = put(scan(PHOTO), HOUSING)
    shown = dossier.lead(user("office", Role.OFFICE), lead.pk, SEALER)
    assert (shown.groups, shown.content and shown.content.incident_unit) == (
        ("青石市住建工作群",),
        "青石市住建局",
    )
    form = draw_lead_form(
        papers.draft(lead, papers.boxes(lead, SEALER)), papers.annexes(lead, SEALER)
    ).document
    cells = [cell.text for table in form.tables for row in table.rows for cell in row.cells]
    assert "青石市住建局" in cells


def test_whoever_owns_the_group_of_an_inbox_sees_its_leads() -> None:
    lead, owner = put(scan(PHOTO), HOUSING), user("owner", Role.OWNER)
    assert not visible(owner).filter(pk=lead.pk).exists()
    owner.own_groups.add(Group.objects.get(platform="other"))
    assert visible(owner).get() == lead


def test_a_chat_without_a_name_belongs_to_the_group_of_its_inbox() -> None:
    assert groups(put(scan(Post(group="  ")), HOUSING)) == ["青石市住建工作群"]
    assert Conversation.objects.get().name == "青石市住建工作群"


def test_a_chat_with_a_name_keeps_it() -> None:
    assert groups(put(scan(Post()), HOUSING)) == ["青石市防汛联络群"]
    assert groups(put(scan(Post()), PLAIN)) == ["青石市防汛联络群"]


def test_the_group_of_an_inbox_is_the_registered_one_of_that_name() -> None:
    registered = Group.objects.create(
        platform="wechat", name="青石市住建工作群（128）", is_registered=True, filed_at=date(2031, 6, 1)
    )
    put(scan(PHOTO), HOUSING)
    assert Place.objects.get().group == registered


@pytest.mark.parametrize("inbox", [WATER, PLAIN], ids=["unit", "none"])
def test_without_a_group_there_is_none(inbox: Inbox) -> None:
    assert groups(put(scan(PHOTO), inbox)) == []


@pytest.mark.parametrize(
    ("inbox", "given", "named"),
    [
        (WATER, Units(), ("青石市水务局", "青石市水务局")),
        (WATER, Units(reporting_unit="市局", incident_unit="市局"), ("市局", "青石市水务局")),
        (PLAIN, Units(reporting_unit="市局", incident_unit="云岭区分局"), ("市局", "云岭区分局")),
        (PLAIN, Units(), ("", "")),
    ],
)
def test_the_unit_of_the_inbox_stands_in_the_form(inbox: Inbox, given: Units, named: tuple[str, str]) -> None:
    assert units(put(scan(Post()), inbox, given)) == named


def test_the_unit_of_the_register_goes_before_that_of_the_inbox() -> None:
    unit = Unit.objects.create(name="云岭区应急局")
    Group.objects.create(platform="wechat", name="青石市防汛联络群", is_registered=True, unit=unit)
    assert units(put(scan(Post()), WATER, Units())) == ("云岭区应急局", "云岭区应急局")


def test_a_lead_names_the_inboxes_in_which_its_findings_were_met_first() -> None:
    first, again = Post(document="青石市发3号"), Post(document="青石市发3号", minute=3)
    put(scan(first), WATER, Units())
    lead = put(scan(first, again, export="再次.json"), HOUSING, Units())
    assert units(lead) == ("青石市住建局、青石市水务局",) * 2
    assert units(put(scan(first, again, export="又一次.json"), PLAIN, Units())) == units(lead)


@pytest.mark.parametrize(
    ("own", "store", "roots", "kept"),
    [
        ((-1, -1), 30, ["/1"], 30),
        ((90, -1), 30, ["/1"], 90),
        ((90, -1), 30, ["/2"], 30),
        ((90, -1), 30, [""], 30),
        ((90, 7), 30, ["/1", "/2"], 90),
        ((7, -1), 30, ["/1", "/2"], 30),
        ((0, 7), 30, ["/1", "/2"], 0),
        ((0, 7), 30, ["/2"], 7),
        ((7, -1), 0, ["/2"], 0),
        ((7, -1), 0, ["/1"], 7),
        ((-1, -1), 30, [], 30),
    ],
)
def test_a_lead_is_kept_as_long_as_its_inboxes_say(
    own: tuple[int, int], store: int, roots: Sequence[str], kept: int
) -> None:
    inboxes = tuple(Inbox(path=Path(f"/{number}"), keep_days=days) for number, days in enumerate(own, 1))
    terms = of_config(Config(store=Store(keep_days=store), inbox=inboxes))
    assert terms.of(roots) == timedelta(days=kept)
