"""`groups list|add|import|export`: the register of work groups, as the page has it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command, Group
from leakwatch.cli.road import Road
from leakwatch.config import Config, load
from leakwatch.errors import LeakwatchError, UsageError
from leakwatch.model import SHANGHAI
from leakwatch.register.values import PLATFORMS

if TYPE_CHECKING:
    from leakwatch.keeping import Keeping
    from leakwatch.register import Register
    from leakwatch.store.groups import Editor, Saved

_path = click.Path(path_type=Path)
_day = click.DateTime(["%Y-%m-%d"])
_STANDINGS = (("filed", "已报备"), ("early", "还没到时候"), ("remind", "请报备"), ("overdue", "逾期未报备"))


@click.group("groups", cls=Group, help="工作群登记：每年 6 月 15 日前报送")
def groups() -> None:
    """The group of the four commands."""


@groups.command("list", cls=Command, help="列出单位、登记的群和没有登记的群")
@settings.option
@click.pass_obj
def listed(road: Road, /, config_file: Path | None) -> None:
    """One a line, fields parted by tabs."""
    road.open_store(load(config_file, os.environ))
    from leakwatch.register import due
    from leakwatch.store import groups

    today = datetime.now(SHANGHAI).date()
    register = groups.register()
    output.write("".join(f"{line}\n" for line in _lines(register, today)), None)
    click.echo(f"今年的报送期限是 {due(today.year).due_on:%Y-%m-%d}", err=True)


@groups.command(cls=Command, help="登记一个群，已有的补上所写的内容")
@click.argument("name", metavar="群名")
@click.option("--platform", type=click.Choice(tuple(PLATFORMS)), default="wechat", help="平台，默认 wechat")
@click.option("--owner", metavar="NAME", default="", help="群主")
@click.option("--unit", metavar="NAME", default="", help="单位（部门）")
@click.option("--remark", metavar="TEXT", default="", help="备注")
@settings.option
@click.pass_obj
def add(road: Road, /, config_file: Path | None, **given: Any) -> None:
    """Filed today."""
    config = load(config_file, os.environ)
    keeping = road.open_store(config)
    from leakwatch.register import Group as Filed
    from leakwatch.register import Register, Unit

    if not given["name"].strip():
        raise UsageError("群名是空的，请写上群名")
    group = Filed(
        name=given["name"],
        platform=given["platform"],
        owner=given["owner"],
        unit=given["unit"],
        remarks=given["remark"],
    )
    units = (Unit(name=given["unit"]),) if given["unit"] else ()
    _tell(_saved(Register(units=units, groups=(group,)), None, _editor(config, keeping)))


@groups.command("import", cls=Command, help="导入报备表（.xlsx 或 .docx）")
@click.argument("file", metavar="文件", type=_path)
@click.option("--on", metavar="DATE", type=_day, help="报备日期，如 2031-06-10，默认今天；表里写了的以表为准")
@click.option("--dry-run", is_flag=True, help="只列出会登记什么，不保存")
@settings.option
@click.pass_obj
def import_(road: Road, /, file: Path, config_file: Path | None, **given: Any) -> None:
    """Row by row what was understood, then what came of it."""
    config = load(config_file, os.environ)
    keeping = road.open_store(config)
    from leakwatch.store import groups

    register, notes = _read(file, config)
    for note in notes:
        click.echo(note, err=True)
    if not register.units and not register.groups:
        raise LeakwatchError(f"{file}：没有找到单位和工作群，没有导入；请检查是否拿错文件")
    for row in groups.understood(register.groups):
        known = f"更新 {'、'.join(map(_one_line, row.known))}" if row.known else "新登记"
        output.write(f"{_one_line(row.filed.name)}\t{known}\n", None)
    if not given["dry_run"]:
        on = given["on"].date() if given["on"] else None
        _tell(_saved(register, on, _editor(config, keeping)))


@groups.command(cls=Command, help="导出登记表（.xlsx），或一个单位的报备表（.docx，须加 --unit）")
@click.argument("file", metavar="文件", type=_path)
@click.option("--unit", metavar="NAME", default="", help="哪个单位的报备表")
@settings.option
@click.pass_obj
def export(road: Road, /, file: Path, unit: str, config_file: Path | None) -> None:
    """A new file; it can be imported again."""
    config = load(config_file, os.environ)
    if file.suffix.lower() not in (".xlsx", ".docx") or (file.suffix.lower() == ".docx") != bool(unit):
        raise UsageError(f"{file}：全部登记请导出为 .xlsx；一个单位的报备表请用 .docx，并加 --unit 单位")
    road.open_store(config)
    data = _form(config, unit) if unit else _sheet(config)
    try:
        with file.open("xb") as new:
            new.write(data)
    except FileExistsError as why:
        raise LeakwatchError(f"{file}：这里已有文件，没有覆盖；请换一个名字") from why
    except OSError as why:
        raise LeakwatchError(f"{file}：写不进去（{why.strerror}），请检查路径和权限") from why
    _log_taken()
    output.write(f"{file}\n", None)


def _lines(register: Register, today: date) -> Iterator[str]:
    from leakwatch.register import standing
    from leakwatch.store.models import Group as Row

    words = dict(_STANDINGS)
    for unit in register.units:
        own = [one for one in register.groups if one.unit == unit.name and one.dissolved_at is None]
        last = max((one.filed_at for one in own if one.filed_at), default=None)
        yield "\t".join(
            ("单位", _one_line(unit.name), f"{len(own)} 个群", _on(last), words[standing(today, last)])
        )
    for one in register.groups:
        name, platform = _one_line(one.name), PLATFORMS.get(one.platform, one.platform)
        state = "已解散" if one.dissolved_at else "已登记"
        owner, unit_name = _one_line(one.owner) or "-", _one_line(one.unit) or "-"
        yield "\t".join((state, name, platform, owner, unit_name, _on(one.filed_at)))
    strange = Row.objects.filter(is_registered=False).values_list("name", "platform")
    for name, platform in sorted(strange):
        yield "\t".join(("未登记", _one_line(name), PLATFORMS.get(platform, platform), "-", "-", "-"))


def _read(file: Path, config: Config) -> tuple[Register, tuple[str, ...]]:
    """In a folder of its own: a child process reads it."""
    from leakwatch.vault import private_folder
    from leakwatch.web.filings import filing

    with private_folder(config.paths.data_dir) as folder:
        copy = folder / f"{file.stem}{file.suffix.lower()}"
        try:
            shutil.copyfile(file, copy)
        except OSError as why:
            raise LeakwatchError(f"{file}：打不开（{why.strerror}），请检查路径和权限") from why
        found = filing(copy, config.limits)
        return found.register, tuple(found.notes)


def _saved(register: Register, on: date | None, editor: Editor) -> Saved:
    from leakwatch.store import groups

    return groups.save(register, on or editor.at.astimezone(SHANGHAI).date(), editor)


def _editor(config: Config, keeping: Keeping) -> Editor:
    """Who acts in the log where it is no user of the page."""
    from leakwatch.store import naming
    from leakwatch.store.groups import Editor
    from leakwatch.store.models import Role, User
    from leakwatch.vault import system_clock

    shell = User(username="shell", role=Role.OFFICE)
    return Editor(user=shell, at=system_clock(), naming=naming.of_config(config, keeping.sealer))


def _tell(saved: Saved) -> None:
    from leakwatch.store.groups import told

    figures = f"单位 {saved.units} 个，新登记 {saved.new} 个群，更新 {saved.changed} 个群"
    output.write(f"{figures}{told(saved.leads)}\n", None)


def _sheet(config: Config) -> bytes:
    from leakwatch.register import workbook
    from leakwatch.store import groups

    return workbook(groups.register(), config.units.reporting_unit)


def _form(config: Config, name: str) -> bytes:
    from leakwatch.forms import fields
    from leakwatch.forms.register_form import Filing, draw_register_form
    from leakwatch.store import groups
    from leakwatch.vault import system_clock

    register = groups.register()
    unit = next((one for one in register.units if one.name == name), None)
    if unit is None:
        raise UsageError(f"没有单位 {name}，用 leakwatch groups list 查看")
    filing = Filing(
        bureau=config.units.reporting_unit,
        unit=unit,
        groups=tuple(one for one in register.groups if one.unit == name),
        drawn_at=system_clock(),
    )
    return fields.recorded(draw_register_form(filing).document)


def _log_taken() -> None:
    from django.db import transaction

    from leakwatch.store import log
    from leakwatch.vault import system_clock

    with transaction.atomic():
        log.append(log.Act(at=system_clock(), actor="shell", action="register.taken", subject="register"))


def _on(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else "-"


def _one_line(name: str) -> str:
    """Names of groups are strangers' words."""
    return " ".join(name.split())
