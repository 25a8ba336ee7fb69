"""How well a rule set does on labelled messages: shares with intervals, and what another set does otherwise."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from leakwatch.allowlist import sift
from leakwatch.corpus import Label, Sort, Wanted
from leakwatch.detect import detect
from leakwatch.findings import Weighed, merge
from leakwatch.model import SHANGHAI, Chat, Evidence, Finding, Level, Message, Origin, Outcome, TextPiece
from leakwatch.rules import RuleBook
from leakwatch.scanners import Matcher

_START = datetime(2031, 5, 6, 9, 0, tzinfo=SHANGHAI)
_STEP = timedelta(seconds=20)
_WITHIN = timedelta(minutes=5)
_FILES = frozenset({Origin.FILENAME, Origin.OCR, Origin.DOCUMENT})
_HARMLESS = frozenset({Sort.NEGATIVE, Sort.EVERYDAY})
_PREFIXES = {Sort.MARK: "mk.", Sort.NUMBER: "dn.", Sort.WORKSECRET: "ws.", Sort.PERSONAL: "pd."}
_Z = 1.959964
"""Standard deviations on either side of a 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a rule set makes of one message."""

    outcome: Outcome
    categories: frozenset[str] = frozenset()
    """Of its leads and reviews."""
    levels: frozenset[Level] = frozenset()
    quotes: frozenset[str] = frozenset()

    @property
    def is_found(self) -> bool:
        """A person gets to see it."""
        return self.outcome is not Outcome.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The verdicts of one rule set, message by message, and what of its allow-list did nothing."""

    verdicts: tuple[Verdict, ...]
    allowed_unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval; everything is possible where nothing was counted."""
        if not self.whole:
            return 0.0, 1.0
        n, p = self.whole, self.part / self.whole
        centre = p + _Z**2 / (2 * n)
        spread = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
        scale = 1 + _Z**2 / n
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The figures of one sort or category."""

    name: str
    lead: Share
    found: Share
    """Lead or review: the recall, and for what is harmless the rate of false alarms."""
    precision: Share
    """Of the messages flagged by rules of this sort or category, those that a person should see."""
    level: Share
    """Right, of those that carry a state level."""
    span: Share
    """Exact, of those whose quote is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one rule set finds otherwise than another, by places in the corpus."""

    new: tuple[str, ...]
    lost: tuple[str, ...]
    changed: tuple[str, ...]
    """Found by both, with another outcome or other categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is said of one rule set."""

    rows: tuple[Row, ...]
    leads: Share
    """Of all leads those on leaks."""
    found: Share
    """Of all leads and reviews those that a person should see."""
    allowed_unused: tuple[str, ...]
    against: Difference | None = None


_Pairs = Sequence[tuple[Label, Verdict]]


def measure(labels: Sequence[Label], book: RuleBook, today: date) -> Measured:
    """Every message down the production road, in one batch, each in a chat of its own."""
    pieces = [piece for number, label in enumerate(labels) for piece in _pieces(number, label)]
    sifted = sift(list(detect(pieces, Matcher(book), _WITHIN)), book.allowed, today)
    found: list[list[Weighed]] = [[] for _ in labels]
    for one in sifted.weighed:
        found[int(one.hit.piece.evidence.sha256)].append(one)
    verdicts = tuple(_verdict(merge(weighed)) for weighed in found)
    return Measured(verdicts=verdicts, allowed_unused=sifted.unused)


def figures(labels: Sequence[Label], measured: Measured, against: Measured | None) -> Figures:
    """What is said of `measured`, and where it differs from `against`."""
    verdicts = measured.verdicts
    pairs = list(zip(labels, verdicts, strict=True))
    leads = [label for label, verdict in pairs if verdict.outcome is Outcome.LEAD]
    found = [label for label, verdict in pairs if verdict.is_found]
    return Figures(
        rows=tuple(rows(pairs)),
        leads=Share(sum(label.sort not in _HARMLESS for label in leads), len(leads)),
        found=_precision(found),
        allowed_unused=measured.allowed_unused,
        against=difference(labels, against.verdicts, verdicts) if against else None,
    )


def rows(pairs: _Pairs) -> Iterator[Row]:
    """Sort by sort, then category by category, as far as the corpus holds any."""
    sorts = {label.sort for label, _ in pairs}
    for sort in (sort for sort in Sort if sort in sorts):
        flagged = _flagged(pairs, _PREFIXES[sort]) if sort in _PREFIXES else []
        yield _row(sort, [pair for pair in pairs if pair[0].sort is sort], flagged)
    for name in sorted({label.category for label, _ in pairs if label.category}):
        yield _row(name, [pair for pair in pairs if pair[0].category == name], _flagged(pairs, name))


def difference(labels: Sequence[Label], before: Sequence[Verdict], after: Sequence[Verdict]) -> Difference:
    """What the rules of `after` find otherwise than those of `before`."""
    triples = list(zip(labels, before, after, strict=True))
    return Difference(
        new=tuple(label.place for label, old, new in triples if new.is_found and not old.is_found),
        lost=tuple(label.place for label, old, new in triples if old.is_found and not new.is_found),
        changed=tuple(
            label.place
            for label, old, new in triples
            if old.is_found
            and new.is_found
            and (old.outcome, old.categories) != (new.outcome, new.categories)
        ),
    )


def _pieces(number: int, label: Label) -> Iterator[TextPiece]:
    evidence = Evidence(sha256=f"{number:064}", size=0, name="", inner_path="", path=Path(), taken_at=_START)
    chat = Chat(name=str(number), platform="other")
    said = [
        *((text, Origin.MESSAGE) for text in label.before),
        (label.text, label.origin),
        *((text, Origin.MESSAGE) for text in label.after),
    ]
    for place, (text, origin) in enumerate(said, 1):
        message = Message(chat=chat, number=place, sender="甲", text=text, sent_at=_START + place * _STEP)
        yield TextPiece(
            text=text, origin=origin, evidence=evidence, message=None if origin in _FILES else message
        )


def _verdict(findings: Sequence[Finding]) -> Verdict:
    flagged = [finding for finding in findings if finding.outcome is not Outcome.NOTE]
    return Verdict(
        outcome=flagged[0].outcome if flagged else Outcome.NOTE,
        categories=frozenset(finding.rule.category for finding in flagged),
        levels=frozenset(finding.level for finding in findings if finding.level),
        quotes=frozenset(hit.quote for finding in findings for hit in finding.hits),
    )


def _flagged(pairs: _Pairs, family: str) -> list[Label]:
    """Messages with a lead or review of that category, or of those that start so."""
    return [
        label
        for label, verdict in pairs
        if any(category.startswith(family) for category in verdict.categories)
    ]


def _precision(flagged: Sequence[Label]) -> Share:
    return Share(sum(label.expect is not Wanted.NONE for label in flagged), len(flagged))


def _row(name: str, pairs: _Pairs, flagged: Sequence[Label]) -> Row:
    levels = [label.level in verdict.levels for label, verdict in pairs if label.level]
    spans = [label.quote in verdict.quotes for label, verdict in pairs if label.quote]
    return Row(
        name=name,
        lead=Share(sum(verdict.outcome is Outcome.LEAD for _, verdict in pairs), len(pairs)),
        found=Share(sum(verdict.is_found for _, verdict in pairs), len(pairs)),
        precision=_precision(flagged),
        level=Share(sum(levels), len(levels)),
        span=Share(sum(spans), len(spans)),
    )
