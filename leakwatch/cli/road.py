"""What the commands call: the real road; tests pass another one.

Imports stand inside the methods so that --help and wrong usage answer without loading any reader.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leakwatch.cli.drafted import Drafted
from leakwatch.config import Config
from leakwatch.model import SHANGHAI, Finding, Progress, Scan

if TYPE_CHECKING:
    from leakwatch.cli.recording import Recorder
    from leakwatch.corpus import Label
    from leakwatch.daemon.serving import Page
    from leakwatch.keeping import Keeping
    from leakwatch.kit import Judge
    from leakwatch.measure import Figures
    from leakwatch.rules import RuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One scan as asked for."""

    paths: tuple[Path, ...]
    config: Config
    jobs: int
    """0: one for each core."""
    folder: Path | None
    """Where the private folder of the copies is made; None: the system's place for temporary files."""
    drafts: Path | None = None
    """Where forms are written; not read as evidence, as `report`."""
    report: Path | None = None
    is_over: Callable[[], bool] = lambda: False
    """Asked again and again; once it is over, the scan tells what it knows by then."""
    keep: Callable[[Scan], None] | None = None
    """Given the scan while its copies of the evidence are there."""


class Road:
    """Reading, rules and forms, put together for one command."""

    def scan(self, job: Job, progress: Callable[[Progress], None]) -> Scan:
        """The scan; the copies of the evidence are gone when it returns."""
        from leakwatch.kit import OCR_CACHE, Places, build_kit
        from leakwatch.pipeline import scan
        from leakwatch.vault import private_folder

        # Without a folder the scan is to leave no trace.
        ocr_cache = job.folder / OCR_CACHE if job.folder else None
        with private_folder(job.folder) as folder:
            places = Places(private=folder, ocr_cache=ocr_cache, drafts=job.drafts, report=job.report)
            with build_kit(job.config, job.jobs or _cores(), places, self.judge(job.config)) as kit:
                result = scan(job.paths, kit, progress, job.is_over)
            if job.keep is not None:
                job.keep(result)
            return result

    def judge(self, config: Config) -> Judge:
        """The rules of the config; RulesError if one fails its own examples."""
        from leakwatch.kit import load_judge

        return load_judge(config)

    def draft(self, scan: Scan, config: Config, folder: Path) -> Drafted:
        """A form for each lead of the scan, in `folder`."""
        from leakwatch import leads

        units = leads.Units(
            reporting_unit=config.units.reporting_unit, incident_unit=config.units.incident_unit
        )
        drafts = leads.draft(scan.findings, scan, units, scan.ended_at)
        from leakwatch.forms.lead_form import form_name, write_lead_form
        from leakwatch.vault import make_folder

        if drafts:
            make_folder(folder)
        notes = [note for draft in drafts for note in write_lead_form(draft, folder / form_name(draft))]
        return Drafted(folder=folder, forms=len(drafts), notes=tuple(dict.fromkeys(notes)))

    def load_rules(self, folder: Path) -> RuleBook:
        """The rules of that folder."""
        from leakwatch.rules import load

        return load(folder)

    def check_rules(self, book: RuleBook) -> list[str]:
        """What the rules' own examples prove wrong, and which of them prove nothing."""
        from leakwatch import proof
        from leakwatch.scanners import Matcher

        matcher = Matcher(book)
        return [*proof.faults(book, matcher, _today()), *proof.unproved(book, matcher)]

    def read_corpus(self, path: Path) -> tuple[Label, ...]:
        """The labelled messages of a file or folder."""
        from leakwatch.corpus import read

        return read(path)

    def measure(self, labels: Sequence[Label], folder: Path, against: Path | None) -> Figures:
        """How the rules of `folder` do on the messages, and where they differ from those of `against`."""
        from leakwatch.measure import figures, measure

        measured = measure(labels, self.load_rules(folder), _today())
        other = measure(labels, self.load_rules(against), _today()) if against else None
        return figures(labels, measured, other)

    def explain(self, text: str, config: Config) -> Sequence[Finding]:
        """What a message of that text would be found to hold."""
        from leakwatch.proof import explain

        return explain(text, self.load_rules(config.paths.keyword_lists), _today())

    def recorder(self, config: Config) -> Recorder:
        """What puts a scan into the database; KeyRefused before any reading where its key is missing."""
        from leakwatch.cli.recording import Recorder

        return Recorder(self.open_store(config).means())

    def open_store(self, config: Config) -> Keeping:
        """The tables and the key are ready."""
        from leakwatch.keeping import open_keeping

        return open_keeping(config, os.environ, _say)

    def join_store(self, config: Config) -> Keeping:
        """As `open_store`, for a process that the daemon started."""
        from leakwatch.keeping import join_keeping

        return join_keeping(config, os.environ, _say)

    def open_page(self, config: Config) -> Keeping:
        """The tables and the page are ready; at the very first start the administrator's password is told."""
        from leakwatch.keeping import refuse_without_rows
        from leakwatch.store.connection import connect
        from leakwatch.vault import system_clock

        keeping, values = _page_settings(config)
        connect(values)
        refuse_without_rows(keeping)
        from leakwatch.store.accounts import first_start  # its tables need Django ready

        if first := first_start(system_clock()):
            name, password = first
            _say(f"第一次启动，已建立管理员账号：{name}，一次性密码：{password}（只显示这一次）")
        return keeping

    def join_page(self, config: Config) -> None:
        """As `open_page`, for a process that the page's first one started."""
        from leakwatch.store.connection import join

        join(_page_settings(config)[1])

    def start_page(self, config: Config, config_file: Path | None, environ: Mapping[str, str]) -> Page:
        """The page is served, in threads and further processes; `close` of what is returned ends it.

        environ: as this process was given it.
        """
        from leakwatch.daemon.serving import Start, page
        from leakwatch.web.site import application

        return page(config, application(), Start(config_file=config_file, environ=environ))

    def join_serving(self, config: Config, handles: Sequence[int]) -> Page:
        """The page is served on the sockets of another process too."""
        from leakwatch.daemon.serving import join
        from leakwatch.web.site import application

        return join(config, application(), handles)


def _page_settings(config: Config) -> tuple[Keeping, dict[str, Any]]:
    """What the page works with, and what Django needs to know of it."""
    from leakwatch.inspection import Inspection
    from leakwatch.keeping import prepare
    from leakwatch.store.connection import base_settings, database
    from leakwatch.vault import system_clock
    from leakwatch.web.originals import SealedOriginals
    from leakwatch.web.site import Office, site_settings

    keeping = prepare(config, os.environ, _say)
    office = Office(
        config=config,
        clock=system_clock,
        sealer=keeping.sealer,
        originals=SealedOriginals(keeping.vault),
        inspect=Inspection(config),
    )
    tables = base_settings(database(config.store.database, config.paths.data_dir), keeping.sealer)
    return keeping, site_settings(tables, office)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _today() -> date:
    return datetime.now(SHANGHAI).date()


def _cores() -> int:
    """Those this process may use: in a container fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
