"""The register of work groups in the tables: filed sheets come in, the register goes out, groups are edited.

A group of the register and one that was seen in an export are one row when their names say the same
(`register.name_key`), whatever members or emoji the exporter wrote behind the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from leakwatch.chain import Json
from leakwatch.errors import Refused
from leakwatch.register import PLATFORMS, Register, name_key
from leakwatch.register import Group as Filed
from leakwatch.register import Unit as FiledUnit
from leakwatch.store import log, naming
from leakwatch.store.models import Group, Role, Unit, User
from leakwatch.store.naming import Naming
from leakwatch.store.plain import column

_ANY = ("", "other")
_DEFAULT = "wechat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One row of a filed sheet, and which groups it speaks of."""

    filed: Filed
    known: tuple[str, ...]
    """Names and platforms of the groups that are there; none: it is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of an import."""

    units: int
    new: int
    changed: int
    leads: int = 0
    """That name another unit now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who edits the register, when, and by what the forms of its leads follow."""

    user: User
    at: datetime
    naming: Naming


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What of a group can be edited."""

    owner_name: str
    unit: Unit | None
    remark: str
    is_registered: bool
    filed_at: date | None
    dissolved_at: date | None
    owners: Sequence[User]


def register() -> Register:
    """All units, and the groups that are registered, by unit and name."""
    return Register(
        units=tuple(
            FiledUnit(name=unit.name, contact=unit.contact, telephone=unit.telephone, parent=unit.parent)
            for unit in sorted(Unit.objects.all(), key=lambda unit: str(unit.name))
        ),
        groups=tuple(
            Filed(
                name=group.name,
                platform=group.platform,
                owner=group.owner_name,
                unit=group.unit.name if group.unit else "",
                remarks=group.remark,
                filed_at=group.filed_at,
                dissolved_at=group.dissolved_at,
                aliases=tuple(group.aliases),
            )
            for group in registered()
        ),
    )


def registered() -> list[Group]:
    """The groups of the register by unit and name; those without a unit last."""
    rows = Group.objects.filter(is_registered=True).select_related("unit").prefetch_related("owners")
    return sorted(
        rows, key=lambda row: (row.unit is None, row.unit.name if row.unit else "", row.name, row.pk)
    )


def understood(filed: Iterable[Filed]) -> list[Understood]:
    """What an import would do, row by row."""
    known = _by_key()
    return [Understood(filed=one, known=tuple(map(_called, _same(one, known)))) for one in filed]


def twins(groups: Iterable[Group]) -> dict[int, Group]:
    """Group → a registered one whose name says the same."""
    known = _by_key()
    found = {}
    for group in groups:
        like = (
            row for row in known.get(name_key(group.name), ()) if row.is_registered and row.pk != group.pk
        )
        if (twin := next(like, None)) is not None:
            found[group.pk] = twin
    return found


def save(filed: Register, on: date, editor: Editor) -> Saved:
    """The rows of a sheet as registered groups, filed on that day where they do not say another; logged."""
    _must_be_office(editor.user)
    with transaction.atomic():
        log.lock()
        units = {unit.name: _unit(unit) for unit in filed.units}
        known, new, changed = _by_key(), 0, 0
        moved: list[Group] = []
        for one in filed.groups:
            rows = _same(one, known) or [_new(one)]
            for row in rows:
                new, changed = new + (row.pk is None), changed + (row.pk is not None)
                unit_before = row.unit
                _fill(row, one, units.get(one.unit), one.filed_at or on)
                row.save()
                moved += [row] if row.unit != unit_before else []
                known.setdefault(name_key(one.name), []).append(row)
        leads = naming.follow(moved, editor.naming)
        saved = Saved(units=len(units), new=new, changed=changed, leads=leads)
        details: dict[str, Json] = {"units": saved.units, "new": new, "changed": changed, "leads": leads}
        _log(editor, "register.imported", "register", details)
    return saved


def told(leads: int) -> str:
    """Behind what else is said of a change (Chinese); nothing where no lead names another unit."""
    return f"；{leads} 条线索改了单位，报告表随后按新单位重写" if leads else ""


def change(group: Group, entry: Entry, editor: Editor) -> int:
    """How many leads of the group, as edited, name another unit now; who owns it sees its leads from now on."""
    _must_be_office(editor.user)
    if any(owner.role != Role.OWNER for owner in entry.owners):
        raise Refused("群主账号的角色须为“群主”，请先让管理员改好")
    with transaction.atomic():
        log.lock()
        group.owner_name, group.unit, group.remark = entry.owner_name, entry.unit, entry.remark
        group.is_registered = entry.is_registered
        group.filed_at, group.dissolved_at = entry.filed_at, entry.dissolved_at
        group.save()
        group.owners.set(entry.owners)
        leads = naming.follow([group], editor.naming)
        details: dict[str, Json] = {
            "leads": leads,
            "owners": sorted(owner.pk for owner in entry.owners),
            "unit": group.unit_id,
            "is_registered": group.is_registered,
            "is_dissolved": group.dissolved_at is not None,
        }
        _log(editor, "group.changed", f"group:{group.pk}", details)
    return leads


def _log(editor: Editor, action: str, subject: str, details: dict[str, Json]) -> None:
    act = log.Act(at=editor.at, actor=editor.user.username, action=action, subject=subject, details=details)
    log.append(act)


def _must_be_office(user: User) -> None:
    if user.role != Role.OFFICE:
        raise Refused("只有保密办可以修改工作群登记")


def _by_key() -> dict[str, list[Group]]:
    """What a name says → the groups that are called so, now or before."""
    known: dict[str, list[Group]] = {}
    for group in Group.objects.order_by("pk"):
        for key in dict.fromkeys(name_key(name) for name in (group.name, *group.aliases)):
            known.setdefault(key, []).append(group)
    return known


def _same(filed: Filed, known: dict[str, list[Group]]) -> list[Group]:
    """A sheet may leave the platform out, and an exported table does not tell it."""
    rows: dict[int, Group] = {}
    for name in (filed.name, *filed.aliases):
        for row in known.get(name_key(name), ()):
            if row.platform == filed.platform or row.platform in _ANY or filed.platform in _ANY:
                rows[row.pk] = row
    return list(rows.values())


def _called(row: Group) -> str:
    return f"{row.name}（{PLATFORMS.get(row.platform, row.platform)}）"


def _new(filed: Filed) -> Group:
    """A group under that name; the one that has it already, where names are cut to what a column holds."""
    name, platform = column(filed.name, 300), filed.platform or _DEFAULT
    known: Group | None = Group.objects.filter(name=name, platform=platform).first()
    return known or Group(name=name, platform=platform)


def _unit(filed: FiledUnit) -> Unit:
    """The unit; what the sheet leaves blank stays as it is."""
    unit, _ = Unit.objects.get_or_create(name=column(filed.name, 200))
    unit.contact = column(filed.contact, 100) or unit.contact
    unit.telephone = column(filed.telephone, 50) or unit.telephone
    unit.parent = column(filed.parent, 200) or unit.parent
    unit.save()
    return unit


def _fill(row: Group, filed: Filed, unit: Unit | None, on: date) -> None:
    row.owner_name = column(filed.owner, 100) or row.owner_name
    row.unit = unit or row.unit
    row.remark = column(filed.remarks, 500) or row.remark
    row.aliases = sorted({*row.aliases, *(column(name, 300) for name in filed.aliases)})
    row.is_registered, row.filed_at = True, on
    row.dissolved_at = filed.dissolved_at or row.dissolved_at
