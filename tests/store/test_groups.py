"""The register in the tables."""

from __future__ import annotations

from datetime import date

import pytest

from leakwatch.errors import Refused
from leakwatch.register import Group as Filed
from leakwatch.register import Register
from leakwatch.register import Unit as FiledUnit
from leakwatch.store import groups
from leakwatch.store.groups import Editor, Entry, Saved
from leakwatch.store.models import Group, Role, Unit
from leakwatch.store.naming import Naming
from tests.conftest import NOON
from tests.store.scans import MEANS, SEALER, Post, put
from tests.store.test_uploads import user

pytestmark = pytest.mark.django_db

MAY = date(2031, 5, 6)


def row(name: str = "防汛群", platform: str = "wechat", **changed: object) -> Group:
    made: Group = Group.objects.create(name=name, platform=platform, **changed)
    return made


def filed(*rows: Filed, units: tuple[FiledUnit, ...] = ()) -> Register:
    return Register(units=units, groups=rows)


def editor(role: Role = Role.OFFICE, name: str = "一") -> Editor:
    named = Naming(sealer=SEALER, units=MEANS.units, inboxes={})
    return Editor(user=user(role, name), at=NOON, naming=named)


@pytest.mark.parametrize(
    ("name", "platform", "aliases", "known"),
    [
        ("防汛群", "", (), True),
        ("防汛群（128）", "wechat", (), True),
        ("【防汛】群", "other", (), True),
        ("防汛群", "qq", (), False),
        ("汛期群", "", ("防汛群",), True),
        ("防汛一群", "", (), False),
    ],
)
def test_a_filed_group_is_known_by_what_its_name_says(
    name: str, platform: str, aliases: tuple[str, ...], known: bool
) -> None:
    row()
    found = groups.understood([Filed(name=name, platform=platform, aliases=aliases)])[0].known
    assert found == (("防汛群（微信）",) if known else ())


def test_an_import_registers_what_was_seen_and_adds_what_was_not() -> None:
    seen = row("防汛群(35)")
    register = filed(
        Filed(name="防汛群", owner="王明远", unit="水务处", remarks="值班"),
        Filed(name="新群", platform="qq", filed_at=date(2031, 4, 1)),
        units=(FiledUnit(name="水务处", contact="陈雨", telephone="1", parent="局机关"),),
    )
    assert groups.save(register, MAY, editor()) == Saved(units=1, new=1, changed=1)
    seen.refresh_from_db()
    assert (seen.owner_name, seen.unit.name, seen.filed_at, seen.remark) == ("王明远", "水务处", MAY, "值班")
    new = Group.objects.get(name="新群")
    assert (new.platform, new.is_registered, new.filed_at) == ("qq", True, date(2031, 4, 1))


def test_an_import_that_moves_a_group_tells_how_many_leads_name_another_unit() -> None:
    put(Post(group="防汛群"))
    register = filed(Filed(name="防汛群", unit="水务处"), units=(FiledUnit(name="水务处"),))
    office = editor()
    assert [groups.save(register, MAY, office).leads for _ in range(2)] == [1, 0]
    assert (groups.told(1), groups.told(0)) == ("；1 条线索改了单位，报告表随后按新单位重写", "")


def test_the_same_import_twice_changes_nothing_but_the_day() -> None:
    register = filed(Filed(name="防汛群", owner="王明远", unit="水务处"), units=(FiledUnit(name="水务处"),))
    office = editor()
    groups.save(register, MAY, office)
    before = groups.register()
    assert groups.save(register, MAY, office) == Saved(units=1, new=0, changed=1)
    assert groups.register() == before


def test_what_a_sheet_leaves_blank_stays() -> None:
    office = editor()
    unit = FiledUnit(name="水务处", contact="陈雨", telephone="1", parent="局机关")
    groups.save(filed(Filed(name="防汛群", owner="王明远", remarks="值班"), units=(unit,)), MAY, office)
    groups.save(filed(Filed(name="防汛群"), units=(FiledUnit(name="水务处"),)), MAY, office)
    assert groups.register().units == (unit,)
    assert (Group.objects.get().owner_name, Group.objects.get().remark) == ("王明远", "值班")


def test_two_rows_of_one_new_group_make_one() -> None:
    register = filed(Filed(name="防汛群", unit="一"), Filed(name="防汛群(3)", unit="二"))
    assert groups.save(register, MAY, editor()) == Saved(units=0, new=1, changed=1)


def test_names_that_are_cut_to_the_same_make_one_group() -> None:
    register = filed(Filed(name="群" * 300 + "甲"), Filed(name="群" * 300 + "乙"))
    assert groups.save(register, MAY, editor()) == Saved(units=0, new=1, changed=1)


def test_an_unregistered_group_knows_its_twin() -> None:
    twin, strange, other = row(is_registered=True), row("防汛群(35)"), row("别的群")
    assert groups.twins([twin, strange, other]) == {strange.pk: twin}


def entry(**changed: object) -> Entry:
    values: dict[str, object] = {
        "owner_name": "", "unit": None, "remark": "", "is_registered": True, "filed_at": None,
        "dissolved_at": None, "owners": [],
    }  # fmt: skip
    return Entry(**(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN])
def test_only_the_office_changes_the_register(role: Role) -> None:
    with pytest.raises(Refused):
        groups.change(row(), entry(), editor(role))
    with pytest.raises(Refused):
        groups.save(filed(Filed(name="新群")), MAY, editor(role, "二"))
    assert list(Group.objects.values_list("is_registered", flat=True)) == [False]


def test_only_an_owner_s_account_is_tied_to_a_group() -> None:
    with pytest.raises(Refused, match="角色须为“群主”"):
        groups.change(row(), entry(owners=[user(Role.REVIEWER)]), editor())
    assert not Unit.objects.exists()
