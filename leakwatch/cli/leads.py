"""`leads`: what waits for a person, without a word of it; `review`: what a person decides; `form`: its forms."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import load
from leakwatch.errors import Refused
from leakwatch.model import SHANGHAI
from leakwatch.reports.words import CATEGORIES

if TYPE_CHECKING:
    from leakwatch.store.models import User
    from leakwatch.store.queries import Row

_STATES = ("new", "in_review", "second_look", "confirmed", "dismissed", "unclear")
_OPEN = ("new", "in_review", "second_look", "unclear")
_VERDICTS = MappingProxyType({"confirm": "confirmed", "dismiss": "dismissed", "unclear": "unclear"})


@click.command(cls=Command, help="列出线索：编号、状态、密级、期限、类别、工作群、处数，不显示原文")
@click.option(
    "--state", "states", multiple=True, type=click.Choice(_STATES), help="只列这些状态，默认未办结的"
)
@click.option("--page", metavar="N", type=click.IntRange(1, 1_000_000), default=1, help="第几页，默认 1")
@settings.option
@click.pass_obj
def leads(road: Road, /, states: tuple[str, ...], page: int, config_file: Path | None) -> None:
    """One lead a line, due first, fields parted by tabs."""
    road.open_store(load(config_file, os.environ))
    from leakwatch.store import queries
    from leakwatch.store.models import Role, User

    whoever = User(username="shell", role=Role.AUDITOR)  # sees all leads and no words
    shown = queries.queue(whoever, queries.Filters(states=states or _OPEN), page)
    output.write("".join(map(_line, shown.rows)), None)
    click.echo(f"共 {shown.total} 条线索，第 {shown.number} 页，共 {shown.pages} 页", err=True)


@click.command(cls=Command, help="对一条线索作出结论：confirm 确认，dismiss 非泄密，unclear 待查明")
@click.argument("lead", metavar="线索编号")
@click.argument("verdict", metavar="结论", type=click.Choice(tuple(_VERDICTS)))
@click.option("--user", "username", metavar="NAME", required=True, help="谁作出结论（审核员或保密办的账号）")
@click.option("--reason", metavar="TEXT", default="", help="理由；只有 confirm 可以不写")
@settings.option
@click.pass_obj
def review(road: Road, /, config_file: Path | None, **given: Any) -> None:
    """The verdict of an account that proves itself by its password, typed or the first line of standard input."""
    keeping = road.open_store(load(config_file, os.environ))
    from leakwatch.store.models import LeadState
    from leakwatch.store.review import Decision, decide
    from leakwatch.vault import system_clock

    verdict = LeadState(_VERDICTS[given["verdict"]])
    by = _person(given["username"], system_clock())
    decision = Decision(by=by, verdict=verdict, reason=given["reason"], at=system_clock())
    decided = decide(given["lead"], decision, keeping.sealer)
    output.write(f"{decided.id}：{LeadState(decided.state).label}\n", None)
    if decided.state == LeadState.SECOND_LOOK:
        click.echo("这条线索须由另一人复核后才算办结。", err=True)


@click.command(cls=Command, help="重新写出一条线索的报告表（.docx，有 LibreOffice 时还有 .pdf）")
@click.argument("lead", metavar="线索编号")
@click.option(
    "--drafts", metavar="DIR", type=click.Path(path_type=Path), help="写到哪个文件夹，默认同 config.toml"
)
@settings.option
@click.pass_obj
def form(road: Road, /, lead: str, drafts: Path | None, config_file: Path | None) -> None:
    """Where each form lies now; one that a person has written in stays as it is."""
    config = load(config_file, os.environ)
    keeping = road.open_store(config)
    from leakwatch.forms import pdf
    from leakwatch.store import writing
    from leakwatch.store.review import unmerged

    converter = pdf.find_converter()
    found, sealer = unmerged(lead), keeping.sealer
    for made in (
        writing.write(found, drafts, sealer)
        if drafts
        else writing.write_drafts(found, config.paths.drafts_dir, sealer)
    ):
        output.write(f"{made.path}\n", None)
        for note in made.notes:
            click.echo(note, err=True)
        if converter is not None:
            output.write(f"{writing.as_pdf(made, converter)}\n", None)
    if converter is None:
        click.echo("没有安装 LibreOffice，没有写 .pdf；请用 Word 或 WPS 打开后另存为 PDF。", err=True)


def _person(username: str, now: datetime) -> User:
    from leakwatch.store.models import User

    person: User | None = User.objects.filter(username=username, is_active=True).first()
    is_locked = person is not None and person.locked_until is not None and person.locked_until > now
    if person is None or is_locked or not person.check_password(_password()):
        raise Refused("用户名或密码不对，或账号已停用、锁定；请检查后再试")
    if person.must_change_password:
        raise Refused("还在用一次性密码，请先在审核页面登录并更换密码")
    return person


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("密码", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _line(row: Row) -> str:
    from leakwatch.store.models import LeadState

    due = f"{row.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    cells = (
        row.id,
        str(LeadState(row.state).label),
        row.level or "-",
        "立即" if row.at_once else due,
        CATEGORIES.get(row.category, row.category),
        "、".join(map(_one_line, row.groups)) or "-",
        f"{row.places} 处",
    )
    return "\t".join(cells) + "\n"


def _one_line(name: str) -> str:
    """Names of groups are strangers' words."""
    return " ".join(name.split())
