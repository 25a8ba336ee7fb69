"""Forms name the unit that the register names, also where it learns of it after they were drafted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from leakwatch.config import Config, Inbox
from leakwatch.config import Units as UnitSettings
from leakwatch.leads import Units
from leakwatch.store import naming, papers
from leakwatch.store.models import Group, Lead, LeadState, Unit
from leakwatch.store.naming import Naming
from tests.conftest import NOON
from tests.store.scans import MEANS, SEALER, Post, put

pytestmark = pytest.mark.django_db

NAMING = Naming(sealer=SEALER, units=MEANS.units, inboxes={})


def lead() -> Lead:
    """Drafted before anybody said whose its group is; its form is written."""
    put(Post())
    Lead.objects.update(has_form=True)
    made: Lead = Lead.objects.get()
    return made


def registered(unit: str) -> list[Group]:
    Group.objects.update(unit=Unit.objects.get_or_create(name=unit)[0] if unit else None)
    return list(Group.objects.all())


def names(one: Lead) -> tuple[str, str, bool]:
    """报告单位, 案件（事件）发生单位, and whether the form is written."""
    one.refresh_from_db()
    boxes = papers.boxes(one, SEALER)
    return boxes.reporting_unit, boxes.incident_unit, one.has_form


def test_what_was_drafted_before_follows_the_register() -> None:
    one = lead()
    before = papers.boxes(one, SEALER)
    assert names(one) == ("青石市生态环境局", "云岭区分局", True)
    assert naming.follow(registered("水务处"), NAMING) == 1
    assert names(one) == ("青石市生态环境局", "水务处", False)
    after = papers.boxes(one, SEALER)
    assert (after.facts, after.remark, after.conduct) == (before.facts, before.remark, before.conduct)
    assert naming.follow(registered(""), NAMING) == 1
    assert names(one) == ("青石市生态环境局", "云岭区分局", False)


def test_without_a_unit_in_the_settings_it_reports_itself() -> None:
    one = lead()
    naming.follow(registered("水务处"), replace(NAMING, units=Units()))
    assert names(one) == ("水务处", "水务处", False)


def test_a_form_that_would_say_the_same_is_not_drawn_again() -> None:
    one = lead()
    assert naming.follow(registered(""), NAMING) == 0
    assert names(one)[2]


@pytest.mark.parametrize(
    "stands",
    [
        {"state": LeadState.DISMISSED},
        {"handed_over_at": NOON},
        {"reported_at": NOON},
        {"purged_at": NOON, "sealed": b""},
    ],
)
def test_what_was_decided_against_or_left_the_house_stays(stands: dict[str, object]) -> None:
    lead()
    Lead.objects.update(**stands)
    assert naming.follow(registered("水务处"), NAMING) == 0


def test_leads_of_other_groups_stay() -> None:
    one = lead()
    other = Group.objects.create(name="别的群", unit=Unit.objects.create(name="水务处"))
    assert (naming.follow([other], NAMING), names(one)[1]) == (0, "云岭区分局")


def test_a_form_drawn_meanwhile_does_not_count_as_written() -> None:
    one = lead()
    drawn: Lead = Lead.objects.get()
    naming.follow(registered("水务处"), NAMING)
    papers.written(drawn)
    assert not names(one)[2]
    papers.written(Lead.objects.get())
    assert names(one)[2]


def test_the_settings_say_what_the_register_does_not() -> None:
    inbox = Inbox(path=Path("/收件/水务"), unit="青石市水务局")
    config = Config(units=UnitSettings(reporting_unit="甲", incident_unit="乙"), inbox=(inbox,))
    assert naming.of_config(config, SEALER) == Naming(
        sealer=SEALER, units=Units(reporting_unit="甲", incident_unit="乙"), inboxes={"/收件/水务": inbox}
    )
