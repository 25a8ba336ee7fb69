"""`evidence verify|anchor|list`: whether originals and log are as they were left, and what is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import load
from leakwatch.model import SHANGHAI

if TYPE_CHECKING:
    from leakwatch.chain import Anchor, Problem
    from leakwatch.keeping import Keeping
    from leakwatch.store.models import Original
    from leakwatch.store.sealing import Sealer

_path = click.Path(path_type=Path)


@click.command(cls=Command, help="核对封存的原件、日志和结论，逐条列出被改动、缺失、多出的")
@click.option(
    "--anchor",
    metavar="FILE",
    type=_path,
    help="库外留存的日志锚点，用来发现被截去的末尾；默认用配置里的 anchor_file",
)
@settings.option
@click.pass_obj
def verify(road: Road, /, anchor: Path | None, config_file: Path | None) -> int:
    """0 if all is as it was left, else 1."""
    config = load(config_file, os.environ)
    keeping = road.open_store(config)
    from leakwatch.store import log

    own = config.store.anchor_file
    file = anchor or (own if own.exists() else None)
    kept = log.last_anchor(file) if file else None
    problems = 0
    for sentence in _problems(keeping, log.verify(kept)):
        output.write(f"{sentence}\n", None)
        problems += 1
    click.echo(
        f"核对完毕，{f'有 {problems} 处问题' if problems else '没有问题'}。{_anchored(kept, file)}", err=True
    )
    return int(problems > 0)


@click.command(cls=Command, help="把日志最后一条的校验值追加到文件（请留存在另外的地方）")
@click.argument("file", metavar="文件", type=_path)
@settings.option
@click.pass_obj
def anchor(road: Road, /, file: Path, config_file: Path | None) -> None:
    """The file can be given to `verify`."""
    road.open_store(load(config_file, os.environ))
    from leakwatch.store import log
    from leakwatch.vault import system_clock

    last = log.anchor(file, system_clock())
    output.write(f"日志第 {last.seq} 条，校验值 {last.hash}，已记入 {file}\n", None)


@click.command("list", cls=Command, help="列出原件：SHA-256、SM3、字节数、是否封存、取得时间、文件名")
@click.option("--lead", metavar="线索编号", help="只列这条线索涉及的")
@settings.option
@click.pass_obj
def listed(road: Road, /, lead: str | None, config_file: Path | None) -> None:
    """One original a line, fields parted by tabs; without --lead only those that are kept."""
    keeping = road.open_store(load(config_file, os.environ))
    from leakwatch.store.models import Holder, Original

    rows = Original.objects.order_by("taken_at", "sha256")
    if lead:
        rows = rows.filter(sha256__in=Holder.objects.filter(place__finding__lead=lead).values("sha256"))
    else:
        rows = rows.filter(is_kept=True)
    number = 0
    for row in rows.iterator(500):
        output.write(_line(row, keeping.sealer), None)
        number += 1
    click.echo(f"共 {number} 个原件", err=True)


def _anchored(kept: Anchor | None, file: Path | None) -> str:
    if kept is None:
        return "没有库外留存的日志锚点，末尾被截去、整体改写查不出来；请用 evidence anchor 留存一份。"
    return f"日志已与 {file} 里的第 {kept.seq} 条对过。"


def _problems(keeping: Keeping, log_problems: Iterator[Problem]) -> Iterator[str]:
    for problem in log_problems:
        yield problem.detail
    from leakwatch.store import agreement, verifying

    yield from agreement.faults(keeping.sealer)
    for fault in keeping.vault.verify(verifying.index()):
        yield fault.detail


def _line(row: Original, sealer: Sealer) -> str:
    from leakwatch.store import originals

    name = " ".join(originals.paths([row.sha256], sealer).get(row.sha256, "-").split())
    state = "已销毁" if row.purged_at else "已封存" if row.is_kept else "未封存"
    taken = f"{row.taken_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return "\t".join((row.sha256, row.sm3 or "-", str(row.size), state, taken, name)) + "\n"
