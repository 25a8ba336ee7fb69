"""A road that is not real: it returns what the test lays on it and remembers what it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from leakwatch.cli import run
from leakwatch.cli.drafted import Drafted
from leakwatch.cli.recording import Recorder
from leakwatch.cli.road import Job, Road
from leakwatch.config import Config
from leakwatch.corpus import Label
from leakwatch.measure import Difference, Figures, Row, Share
from leakwatch.model import (
    SHANGHAI,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Origin,
    Outcome,
    Progress,
    Rule,
    Scan,
    TextPiece,
)
from leakwatch.rules import RuleBook
from leakwatch.rules.series import Spelling

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
RULE = Rule(
    id="mk.state",
    name="密级标志",
    kind=Kind.MARKING,
    category="mk.state",
    score=0.9,
    examples=("机密★10年",),
    non_examples=("开机密码",),
    owner="区保密办",
    since=date(2031, 5, 1),
)


class Unrecorded(Recorder):
    """Only remembers what it was given."""

    def __init__(self, kept: list[Scan]) -> None:
        self._kept = kept

    def __call__(self, scan: Scan) -> None:
        self._kept.append(scan)

    def write_new(self, folder: Path) -> None:
        """As where nothing could be recorded: the forms are those of the scan alone."""

    def write_all(self, folder: Path) -> None:
        """As above."""

    def tell(self) -> None:
        """Nothing."""


class FakeRoad(Road):
    """Nothing is read; problems and findings are as given."""

    def __init__(self, *findings: Finding) -> None:
        self.scanned = Scan(
            findings=findings,
            skipped=(),
            conversations=(),
            files=1,
            messages=0,
            pieces=1,
            rules_version="00ff",
            started_at=NOON,
            ended_at=NOON + timedelta(seconds=1),
        )
        self.kept: list[Scan] = []
        self.problems: list[str] = []
        self.jobs: list[Job] = []
        self.drafted: list[Path] = []
        self.measured: list[tuple[Path, Path | None]] = []

    def scan(self, job: Job, progress: Callable[[Progress], None]) -> Scan:
        self.jobs.append(job)
        progress(Progress(files_done=1, files=1, pieces=3))
        if job.keep is not None:
            job.keep(self.scanned)
        return self.scanned

    def recorder(self, config: Config) -> Recorder:
        return Unrecorded(self.kept)

    def draft(self, scan: Scan, config: Config, folder: Path) -> Drafted:
        self.drafted.append(folder)
        forms = sum(finding.outcome is Outcome.LEAD for finding in scan.findings)
        return Drafted(folder=folder, forms=forms, notes=("备注栏截断。",) if forms else ())

    def load_rules(self, folder: Path) -> RuleBook:
        return RuleBook(
            rules=(RULE,),
            cues={},
            series=(),
            spelling=Spelling(letters=frozenset(), names={}, stops=(), organ=re.compile("(?!)")),
            published={},
            signals={},
            version="00ff",
        )

    def check_rules(self, book: RuleBook) -> list[str]:
        return self.problems

    def measure(self, labels: Sequence[Label], folder: Path, against: Path | None) -> Figures:
        self.measured.append((folder, against))
        half = Share(1, 2)
        row = Row(name="mark", lead=half, found=Share(2, 2), precision=half, level=half, span=Share(0, 0))
        changes = Difference(new=("a.jsonl:2",), lost=(), changed=()) if against else None
        return Figures(rows=(row,), leads=half, found=half, allowed_unused=("甲没有用到",), against=changes)

    def explain(self, text: str, config: Config) -> Sequence[Finding]:
        return self.scanned.findings if "机密" in text else ()


def found(outcome: Outcome, level: Level | None = None) -> Finding:
    """A mark of that outcome."""
    text = "机密★10年"
    evidence = Evidence(sha256="a", size=1, name="a.txt", inner_path="a.txt", path=Path("a"), taken_at=NOON)
    piece = TextPiece(text=text, origin=Origin.DOCUMENT, evidence=evidence)
    hit = Hit(rule=RULE, piece=piece, start=0, end=len(text), reason="有密级有期限")
    return Finding(
        id="0123456789abcdef",
        rule=RULE,
        level=level,
        score=0.9,
        outcome=outcome,
        document=text,
        reasons=("有密级有期限",),
        hits=(hit,),
    )


@pytest.fixture
def lead() -> Finding:
    """One 机密 lead: to be reported within a day."""
    return found(Outcome.LEAD, Level.JIMI)


@pytest.fixture
def gravest() -> Finding:
    """One 绝密 lead: to be reported at once."""
    return found(Outcome.LEAD, Level.JUEMI)


@pytest.fixture
def review() -> Finding:
    """A finding for a person to decide."""
    return found(Outcome.REVIEW)


@pytest.fixture
def note() -> Finding:
    """A finding that is only counted."""
    return found(Outcome.NOTE)


@pytest.fixture
def road() -> Callable[..., FakeRoad]:
    """Makes a road on which those findings lie."""
    return FakeRoad


@pytest.fixture
def interrupted() -> Road:
    """A road on which the user presses Ctrl-C."""

    class Interrupted(FakeRoad):
        def scan(self, job: Job, progress: Callable[[Progress], None]) -> Scan:
            raise KeyboardInterrupt

    return Interrupted()


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Calls the command line in an empty folder that holds one file, 收件.txt."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "收件.txt").write_text("", "utf-8")

    def call(road: Road, *arguments: str) -> int:
        return run(arguments, road)

    return call
