"""The command line: composition root and the one place where errors become exit codes."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from leakwatch.cli import backup, custody, doctor, evidence, leads, page, rules, scan, settings, status
from leakwatch.cli import run as run_
from leakwatch.cli.chinese import Group, sentence
from leakwatch.cli.groups import groups
from leakwatch.cli.handover import pack, purge
from leakwatch.cli.road import Road
from leakwatch.errors import LeakwatchError, UsageError


@click.group(
    cls=Group,
    help="查找工作群导出记录中的国家秘密、工作秘密和个人信息，并起草线索报告表。",
    epilog="退出码：0 没有发现，1 出错，2 用法不对，3 有发现，4 须立即报告，5 有内容没读到，9 配置不对。",
)
def leakwatch() -> None:
    """The group of all commands."""


for command in (
    scan.scan,
    leads.leads,
    leads.review,
    leads.form,
    groups,
    run_.run,
    run_.work,
    status.status,
    backup.backup,
    backup.restore,
    page.serve,
    page.page,
    page.user,
    evidence.evidence,
    rules.rules,
    doctor.doctor,
    settings.config,
):
    leakwatch.add_command(command)
for command in (custody.verify, custody.anchor, custody.listed, pack, purge):
    evidence.evidence.add_command(command)


def main() -> None:
    """Runs the command of this process and leaves with its exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    owner = os.getpid()

    def interrupt(number: int, _frame: FrameType | None) -> None:
        """Lets the private copies of the evidence be removed; a forked child just ends."""
        if os.getpid() != owner:
            os._exit(128 + number)
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), interrupt)
    sys.exit(run(sys.argv[1:], Road()))


def run(arguments: Sequence[str], road: Road) -> int:
    """The exit code of one command; every failure that we foresee is one sentence on stderr."""
    try:
        code = leakwatch.main(list(arguments), "leakwatch", standalone_mode=False, obj=road)
    except LeakwatchError as why:
        click.echo(str(why), err=True)
        return why.exit_code
    except click.UsageError as why:
        click.echo(sentence(why), err=True)
        return UsageError.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断，临时副本已删除。", err=True)
        return scan.INTERRUPTED
    return code if isinstance(code, int) else 0
