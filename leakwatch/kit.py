"""The composition root: settings → the kit of a scan."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from leakwatch import proof, readings, rules
from leakwatch.config import Config
from leakwatch.errors import RulesError
from leakwatch.forms.naming import lead_of
from leakwatch.intake import Intake
from leakwatch.ocr.pool import ReadAhead
from leakwatch.pipeline import Kit
from leakwatch.rules import RuleBook
from leakwatch.sandbox import Sandbox
from leakwatch.scanners import Matcher
from leakwatch.vault import EVIDENCE, PREFIX, Vault, system_clock

OCR_CACHE = "ocr"
"""Where the text of photos is kept, in data_dir."""

_PRIVATE = re.compile(re.escape(PREFIX) + r"\d+-[0-9a-z_]{8}")
_CACHE = re.compile(r"[0-9a-f]{16}")
"""A version of an engine: `ocr.cache.Cached` makes one folder for each."""
_BATCH = re.compile(r"[0-9a-f]{32}")
"""A folder of sealed originals: its name is the id of its data key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What a scan writes, and where."""

    private: Path
    """Copies of the evidence and all temporary files; gone when the scan is."""
    ocr_cache: Path | None = None
    """Where the text of photos is kept; None: nowhere."""
    drafts: Path | None = None
    report: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The rules and the matcher over them."""

    book: RuleBook
    matcher: Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The child processes that read what comes from outside."""

    photos: ReadAhead
    sandbox: Sandbox


@contextmanager
def build_kit(config: Config, jobs: int, places: Places, judge: Judge | None = None) -> Iterator[Kit]:
    """Everything a scan works with; its child processes are gone when the block ends.

    jobs: photos that are recognised side by side; judge: rules that were loaded and proved before.
    RulesError if a rule fails its own examples.
    """
    judge = judge or load_judge(config)
    gc.freeze()  # else rules and dictionary are gone through again and again: a tenth of the time of a scan
    try:
        with open_readers(config, jobs, places) as readers:
            yield kit_of(config, judge, readers, places)
    finally:
        gc.unfreeze()


def load_judge(config: Config) -> Judge:
    """The rules of the config; RulesError if one fails its own examples."""
    judge = unproved_judge(config)
    prove(judge)
    return judge


def unproved_judge(config: Config) -> Judge:
    """The rules of the config, whose examples are still to be run: that takes longer than all the rest."""
    book = rules.load(config.paths.keyword_lists)
    return Judge(book=book, matcher=Matcher(book))


def prove(judge: Judge) -> None:
    """RulesError if a rule fails its own examples."""
    if faults := proof.faults(judge.book, judge.matcher, system_clock().date()):
        raise RulesError(
            f"规则没有通过自检，共 {len(faults)} 处，没有开始扫描；第一处：{faults[0]}\n"
            "请运行 leakwatch rules check 查看，改正后再扫描"
        )


@contextmanager
def open_readers(config: Config, jobs: int, places: Places) -> Iterator[Readers]:
    """The readers until the block ends; `places` says where their temporary files and the texts of photos go."""
    limits = config.limits
    parsers = (readings.__name__,)
    with (
        ReadAhead.of_engine(config.ocr, jobs, places.ocr_cache, places.private) as photos,
        Sandbox(limits.reader_timeout_s, limits.reader_memory_mib, places.private, parsers) as sandbox,
    ):
        yield Readers(photos=photos, sandbox=sandbox)


def kit_of(config: Config, judge: Judge, readers: Readers, places: Places) -> Kit:
    """The kit of one scan, whose copies lie in `places.private`."""
    intake = Intake(
        vault=Vault(places.private, system_clock),
        sandbox=readers.sandbox,
        limits=config.limits,
        photos=readers.photos,
        is_own=own_files(config, places.private, places.drafts, places.report),
    )
    return Kit(
        intake=intake,
        matcher=judge.matcher,
        allowed=judge.book.allowed,
        rules_version=judge.book.version,
        neighbours_within=timedelta(minutes=config.findings.neighbour_minutes),
        clock=system_clock,
    )


def own_files(
    config: Config, private: Path, drafts: Path | None, report: Path | None
) -> Callable[[Path], bool]:
    """Whether leakwatch wrote a file, or a folder with all it holds: its words are no finding of a scan.

    Only what carries a name that leakwatch gives: a folder called data or drafts may hold the user's files.
    Asked of each file and folder on the way down: what lies in an own folder is not known as own.
    """
    own_folder = _real(private)
    cache = _real(config.paths.data_dir) / OCR_CACHE
    evidence = _real(config.paths.data_dir) / EVIDENCE
    forms = {_real(folder) for folder in (config.paths.drafts_dir, drafts) if folder}
    own_report = _placed(report, _real) if report else None
    # A walk asks for one folder's files in a row.
    real = lru_cache(maxsize=64)(_real)

    def is_own(path: Path) -> bool:
        asked = _placed(path, real)
        return (
            asked in (own_folder, own_report)
            or (asked.parent in forms and lead_of(asked.name) is not None)
            or (asked.parent == cache and bool(_CACHE.fullmatch(asked.name)))
            or (asked.parent == evidence and bool(_BATCH.fullmatch(asked.name)))
            or (bool(_PRIVATE.fullmatch(asked.name)) and asked.is_dir())
        )

    return is_own


def _placed(path: Path, real: Callable[[Path], Path]) -> Path:
    """The absolute path without links above; the file itself may be a link and stays one."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps ..
    return real(whole.parent) / whole.name


def _real(path: Path) -> Path:
    """Path.resolve, but for a folder that may not be entered or runs in a circle too."""
    return Path(os.path.realpath(path))
