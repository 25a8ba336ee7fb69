"""What the commands call: the real road; tests pass another one.

Imports stand inside the methods so that --help and wrong usage answer without loading any reader.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from leakwatch.config import Config
from leakwatch.errors import LeakwatchError
from leakwatch.model import SHANGHAI, Finding, Scan

if TYPE_CHECKING:
    from leakwatch.rules import RuleBook

_PREFIX = "leakwatch-scan-"
Progress = Callable[[int, int], None]
"""Files done, files in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One scan as asked for."""

    paths: tuple[Path, ...]
    config: Config
    jobs: int
    """0: one for each core."""
    folder: Path | None
    """Where the private folder of the copies is made; None: the system's place for temporary files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """Lead forms that were written."""

    folder: Path
    forms: int
    notes: tuple[str, ...]
    """What a form does not say in whole, and where a form already lay (Chinese)."""


class Road:
    """Reading, rules and forms, put together for one command."""

    def scan(self, job: Job, progress: Progress) -> Scan:
        """The scan; the copies of the evidence are gone when it returns."""
        from leakwatch.kit import build_kit
        from leakwatch.pipeline import scan
        from leakwatch.vault import Vault

        with (
            _private_folder(job.folder) as folder,
            build_kit(job.config, Vault(folder, _now), job.jobs or _cores(), _ocr_cache(job)) as kit,
        ):
            return scan(job.paths, kit, progress)

    def draft(self, scan: Scan, config: Config, folder: Path) -> Drafted:
        """A form for each lead of the scan, in `folder`."""
        from leakwatch import leads
        from leakwatch.forms.lead_form import form_name, write_lead_form

        units = leads.Units(
            reporting_unit=config.units.reporting_unit, incident_unit=config.units.incident_unit
        )
        drafts = leads.draft(scan.findings, scan, units, scan.ended_at)
        if drafts:
            make_folder(folder)
        notes = [note for draft in drafts for note in write_lead_form(draft, folder / form_name(draft))]
        return Drafted(folder=folder, forms=len(drafts), notes=tuple(dict.fromkeys(notes)))

    def load_rules(self, folder: Path) -> RuleBook:
        """The rules of that folder."""
        from leakwatch.rules import load

        return load(folder)

    def check_rules(self, book: RuleBook) -> list[str]:
        """What the rules' own examples prove wrong."""
        from leakwatch.pipeline import check

        return check(book)

    def explain(self, text: str, config: Config) -> Sequence[Finding]:
        """What a message of that text would be found to hold."""
        from leakwatch.kit import build_kit
        from leakwatch.pipeline import explain
        from leakwatch.vault import Vault

        with _private_folder(None) as folder, build_kit(config, Vault(folder, _now), 1) as kit:
            return explain(text, kit)


def _ocr_cache(job: Job) -> Path | None:
    """Where the text of photos is kept for the next run; nowhere if the scan is to leave no trace."""
    return job.folder / "ocr" if job.folder else None


def make_folder(folder: Path) -> None:
    """The folder, for its owner alone where it is new; LeakwatchError if the system refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as why:
        raise LeakwatchError(
            f"{folder}：文件夹建不了（{why.strerror}），请检查权限，或在 config.toml 的 [paths] 里换一个位置"
        ) from why


@contextmanager
def _private_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder that only this user can open (0700); removed with all it holds."""
    if parent:
        make_folder(parent)
    _sweep(parent or Path(tempfile.gettempdir()))
    try:
        folder = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent)
    except OSError as why:
        raise LeakwatchError(
            f"{parent or tempfile.gettempdir()}：写不进去（{why.strerror}），请检查权限和磁盘空间"
        ) from why
    with folder as name:
        yield Path(name)


def _sweep(parent: Path) -> None:
    """Removes what scans that were killed left behind: plain copies of the evidence must not stay."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    """Whether such a process runs; not asked where asking would end it (Windows)."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _now() -> datetime:
    return datetime.now(SHANGHAI)


def _cores() -> int:
    """Those this process may use: in a container fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
