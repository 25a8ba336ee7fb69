"""What an engine's text of a picture is worth: leakwatch's own rules are asked what they find in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from leakwatch import rules
from leakwatch.config import load
from leakwatch.detect import detect
from leakwatch.findings import merge
from leakwatch.model import Evidence, Finding, Kind, Origin, Outcome, TextPiece
from leakwatch.scanners import Matcher

_FILE = Evidence(
    sha256="0" * 64, size=0, name="", inner_path="", path=Path(), taken_at=datetime(2031, 5, 6, tzinfo=UTC)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a picture shows."""

    condition: str
    level: str = ""
    """Empty for a picture without a mark."""
    number: str = ""
    has_head: bool = False
    """Red title, number and line are all in the picture."""
    lines: Sequence[str] = ()
    is_everyday: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was found of it."""

    has_level: bool
    """The mark with its level."""
    has_mark: bool
    """The mark, its level perhaps for a person to say."""
    has_number: bool
    has_near_number: bool
    """With one wrong character at most."""
    is_silent: bool
    """Nothing that a person would look at."""
    marks: Sequence[str]
    """Marks that a person would be shown."""
    errors: float
    """Of the printed characters, each line against what comes nearest to it."""


class Judge:
    """The rules."""

    def __init__(self) -> None:
        self._matcher = Matcher(rules.load(load(None, {}).paths.keyword_lists))

    def score(self, text: str, is_unsure: bool, truth: Truth) -> Score:
        """What of the truth the text holds."""
        findings = self._findings(text, Origin.OCR)
        shown = [finding for finding in findings if finding.outcome is not Outcome.NOTE]
        # What is said in quotation marks is talk; a mark is what stands on a carrier.
        marks = [finding for finding in shown if finding.rule.kind is Kind.MARKING and finding.rule.grammar]
        numbers = {finding.document for finding in findings if finding.rule.kind is Kind.DOCNUMBER}
        wanted = {finding.document for finding in self._findings(truth.number, Origin.MESSAGE)}
        return Score(
            has_level=any(finding.level == truth.level for finding in marks),
            has_mark=bool(marks),
            has_number=bool(wanted & numbers),
            has_near_number=any(_is_near(number, other) for number in wanted for other in numbers),
            is_silent=not (shown or is_unsure),
            marks=[f"{finding.rule.id}“{finding.hits[0].quote}”" for finding in marks],
            errors=_errors(truth.lines, text),
        )

    def _findings(self, text: str, origin: Origin) -> tuple[Finding, ...]:
        piece = TextPiece(text=text, origin=origin, evidence=_FILE)
        return merge(detect([piece] if text else [], self._matcher, timedelta()))


def _is_near(number: str, other: str) -> bool:
    return len(number) == len(other) and sum(map(str.__ne__, number, other)) <= 1


def _errors(lines: Sequence[str], text: str) -> float:
    printed = ["".join(line.split()) for line in lines]
    read = np.array([ord(character) for character in text if not character.isspace()], np.int64)
    missed = sum(_distance(line, read) for line in printed)
    return missed / max(1, sum(map(len, printed)))


def _distance(line: str, read: np.ndarray) -> int:
    """Characters to change until the line occurs somewhere in what was read."""
    places = np.arange(len(read) + 1)
    row = np.zeros(len(read) + 1, np.int64)
    for number, character in enumerate(line, 1):
        changed = np.concatenate([[number], np.minimum(row[:-1] + (read != ord(character)), row[1:] + 1)])
        row = np.minimum.accumulate(changed - places) + places
    return int(row.min())
