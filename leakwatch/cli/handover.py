"""`evidence pack|purge`: a lead leaves the house, and then its words do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import load
from leakwatch.errors import UsageError

_ACTOR = "shell"


@click.command(cls=Command, help="制作一条线索的交接包：报告表、原件、证据清单、日志，用口令加密")
@click.argument("lead", metavar="线索编号")
@click.argument("file", metavar="交接包文件", type=click.Path(path_type=Path))
@settings.option
@click.pass_obj
def pack(road: Road, /, lead: str, file: Path, config_file: Path | None) -> None:
    """The check values of the package; the passphrase is typed twice, or the first line of standard input."""
    config = load(config_file, os.environ)
    keeping = road.open_store(config)
    from leakwatch.store.handing_over import Means, hand_over
    from leakwatch.vault import system_clock
    from leakwatch.vault.handover import Package
    from leakwatch.vault.passphrases import new_stretching
    from leakwatch.vault.suites import suite_of
    from leakwatch.web.originals import SealedOriginals

    opened = SealedOriginals(keeping.vault).open
    package = Package(
        path=file,
        passphrase=_passphrase(),
        suite=suite_of(config.store.suite),
        stretching=new_stretching(),
        made_at=system_clock(),
    )
    means = Means(sealer=keeping.sealer, open=opened, drafts=config.paths.drafts_dir)
    packed = hand_over(lead, package, means, _ACTOR)
    output.write(f"{file}\nSHA-256 {packed.sha256}\nSM3 {packed.sm3}\n", None)
    click.echo(f"已打包：表格 {packed.forms} 份，原件 {packed.originals} 件。口令请另行告知对方。", err=True)
    if packed.absent:
        click.echo(f"有 {packed.absent} 个文件当时没有封存原件，不在包里，请向提供单位索取。", err=True)


@click.command(cls=Command, help="清除一条已移交（或非泄密）线索的原文和原件，无法恢复")
@click.argument("lead", metavar="线索编号")
@click.option("--reason", metavar="TEXT", required=True, help="为什么清除，记在线索页面上")
@settings.option
@click.pass_obj
def purge(road: Road, /, lead: str, reason: str, config_file: Path | None) -> None:
    """What went; run again after a break it makes up for the rest."""
    config = load(config_file, os.environ)
    keeping = road.open_store(config)
    from leakwatch.store import arrivals, purging
    from leakwatch.vault import system_clock

    order = purging.Order(lead=lead, because=reason, actor=_ACTOR, at=system_clock())
    keeps = purging.Keeps(vault=keeping.vault, drafts=config.paths.drafts_dir)
    went = purging.purge(order, keeps)
    swept = f"封存文件 {went.swept.files} 个、报告表 {len(went.swept.forms)} 份"
    if not went.findings:
        output.write(f"{went.lead}：以前已经清除，这次补删{swept}\n", None)
    else:
        output.write(
            f"{went.lead}：已清除 {went.findings} 项发现、{went.places} 处原文、{len(went.originals)} 个原件，"
            f"删除{swept}\n",
            None,
        )
    if went.left:
        click.echo(f"另有 {went.left} 个原件别的线索还要用，没有清除。", err=True)
    for path in arrivals.holding(went.originals):
        click.echo(f"{path}：收到的原件还在这里，没有删除；请按档案和保密规定处理。", err=True)
    for sentence in went.swept.stayed:
        click.echo(f"{sentence}。", err=True)


def _passphrase() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first, again = (str(click.prompt(said, hide_input=True, err=True)) for said in ("口令", "再输一次"))
    if first != again:
        raise UsageError("两次输入的口令不一样，没有制作交接包，请重新运行")
    return first
