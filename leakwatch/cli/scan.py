"""`scan PATH...`: one scan, its report, its lead forms, its exit code."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from leakwatch import deadlines
from leakwatch.api import existing
from leakwatch.cli import output, progress, settings, stopping
from leakwatch.cli.chinese import Command
from leakwatch.cli.drafted import Drafted
from leakwatch.cli.recording import Recorder
from leakwatch.cli.road import Job, Road
from leakwatch.config import load
from leakwatch.errors import UsageError
from leakwatch.model import Finding, Outcome, Scan
from leakwatch.reports import FORMATS, View, words

FOUND, AT_ONCE, UNREAD, INTERRUPTED = 3, 4, 5, 130
_PLAIN_WIDTH = 100
_WIDTHS = (40, 160)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one call."""

    paths: tuple[str, ...]
    form: str
    output: Path | None
    outcome: str
    drafts: Path | None
    store: bool
    jobs: int | None
    redact: bool
    config_file: Path | None


@click.command(cls=Command, help="扫描文件、文件夹或压缩包")
@click.argument("paths", nargs=-1, required=True, metavar="路径…")
@click.option(
    "--format", "form", type=click.Choice(tuple(FORMATS)), default="table", help="报告格式，默认 table"
)
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="报告写入文件，默认显示在屏幕上"
)
@click.option(
    "--outcome",
    type=click.Choice(tuple(outcome.value for outcome in Outcome)),
    default=Outcome.REVIEW.value,
    help="列到哪一级：线索、待审（默认）、备查",
)
@click.option("--drafts", metavar="DIR", type=click.Path(path_type=Path), help="线索报告表写到哪个文件夹")
@click.option(
    "--store/--no-store", default=True, help="--no-store：不记入数据库，不写数据文件夹，也不起草报告表"
)
@click.option("--jobs", metavar="N", type=click.IntRange(0, 256), help="同时使用的进程数，0 为核数")
@click.option("--redact/--no-redact", default=True, help="屏幕报告遮盖原文（默认）或显示原文")
@settings.option
@click.pass_obj
def scan(road: Road, /, **given: Any) -> int:
    """Scans, reports, drafts; the exit code says what came of it."""
    options = Options(**given)
    config = load(options.config_file, os.environ)
    paths = existing(options.paths)
    _check_targets(options)
    recorder = road.recorder(config) if options.store else None
    with stopping.by_signals(_tell_of_stop) as stop, progress.shown(Console(stderr=True)) as moved:
        job = Job(
            paths=paths,
            config=config,
            jobs=config.scan.jobs if options.jobs is None else options.jobs,
            folder=config.paths.data_dir if options.store else None,
            drafts=options.drafts,
            report=options.output,
            is_over=stop.is_set,
            keep=recorder,
        )
        result = road.scan(job, moved)
    is_at_once = deadlines.is_at_once(_leads(result))
    try:
        output.write_parts(FORMATS[options.form](result, _view(options)), options.output)
        if options.form != "table" or options.output:
            click.echo(words.summary(result), err=True)
        if is_at_once:
            click.echo("其中有绝密 1 件以上或机密 2 件以上，须立即报告。", err=True)
    finally:  # a report that cannot be written must not cost the forms
        if folder := options.drafts or (config.paths.drafts_dir if options.store else None):
            _tell(_written(recorder, options, folder) or road.draft(result, config, folder), options)
        if recorder is not None:
            recorder.tell()
    return exit_code(result, is_at_once)


def exit_code(scan: Scan, is_at_once: bool) -> int:
    """130 stopped halfway, 4 report at once, 3 found, 5 nothing found but not all was read, 0 nothing."""
    if scan.pending:
        return INTERRUPTED
    if is_at_once:
        return AT_ONCE
    if any(finding.outcome is not Outcome.NOTE for finding in scan.findings):
        return FOUND
    if scan.skipped or any(conversation.is_incomplete for conversation in scan.conversations):
        return UNREAD
    return 0


def _tell_of_stop() -> None:
    click.echo("正在停下：读到哪里就报告到哪里，没读的列为待读；再按一次 Ctrl+C 立即中断。", err=True)


def _leads(scan: Scan) -> list[Finding]:
    return [finding for finding in scan.findings if finding.outcome is Outcome.LEAD]


def _check_targets(options: Options) -> None:
    """Before the long work, not after it."""
    if options.output and (options.output.is_dir() or not options.output.parent.is_dir()):
        raise UsageError(f"--output {options.output}：应为文件名，所在的文件夹必须已经存在")
    if options.output and not os.access(options.output.parent, os.W_OK):
        raise UsageError(f"--output {options.output}：没有写入此文件夹的权限，请换一个位置")
    if options.drafts and options.drafts.exists() and not options.drafts.is_dir():
        raise UsageError(f"--drafts {options.drafts}：是文件，不是文件夹，请换一个位置")


def _view(options: Options) -> View:
    is_screen = options.output is None and sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_screen else _PLAIN_WIDTH
    return View(
        lowest=Outcome(options.outcome),
        is_masked=options.redact,
        width=min(max(width, _WIDTHS[0]), _WIDTHS[1]),
        has_colour=is_screen and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
    )


def _written(recorder: Recorder | None, options: Options, folder: Path) -> Drafted | None:
    """The forms of the store: what is new, or all of the scan where a folder is named; None if it has none."""
    if recorder is None:
        return None
    return recorder.write_all(folder) if options.drafts else recorder.write_new(folder)


def _tell(drafted: Drafted, options: Options) -> None:
    if drafted.forms:
        click.echo(f"已起草 {drafted.forms} 份线索报告表，在 {drafted.folder.resolve()}", err=True)
    elif options.drafts:
        click.echo("没有线索，未起草报告表。", err=True)
    for note in drafted.notes:
        click.echo(note, err=True)
