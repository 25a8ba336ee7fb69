"""leakwatch: its core alone, and the core with everything that verifies a hit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bench.engines import Engine, Run
from leakwatch import rules
from leakwatch.model import SHANGHAI, Evidence, Kind, Origin, Rule, TextPiece
from leakwatch.rules import RuleBook
from leakwatch.rules.disguised import DisguisedWords
from leakwatch.scanners import Matcher
from leakwatch.scanners.disguises.disguise import Disguises
from leakwatch.scanners.sieving.sieve import Means, Sieve

_BATCH = 20_000
_LISTS = Path(__file__).parents[1] / "keyword_lists"


def book_with(terms: Sequence[str]) -> RuleBook:
    """The shipped rules and one more that holds the terms."""
    book = rules.load(_LISTS)
    return replace(book, rules=(*book.rules, _rule(book, terms)))


def _rule(book: RuleBook, terms: Sequence[str]) -> Rule:
    """Like a shipped rule that is found by its terms alone."""
    alike = next(rule for rule in book.of_kind(Kind.MARKING) if rule.terms and not rule.pattern)
    return replace(alike, id="bench.terms", terms=tuple(terms))


def _core(terms: Sequence[str]) -> Run:
    sieve = Sieve([_rule(rules.load(_LISTS), terms)], Means(), Disguises(DisguisedWords()))
    return lambda texts: sum(len(sieve.suspects(batch)) for batch in _batches(texts))


def _shipped_core(terms: Sequence[str]) -> Run:
    book = book_with(terms)
    sieve = Sieve(book.rules, Means(), Disguises(book.disguised))
    return lambda texts: sum(len(sieve.suspects(batch)) for batch in _batches(texts))


def _verified(terms: Sequence[str]) -> Run:
    matcher = Matcher(book_with(terms))
    never = datetime.min.replace(tzinfo=SHANGHAI)
    file = Evidence(sha256="", size=0, name="", inner_path="", path=Path(), taken_at=never)

    def run(texts: Sequence[str]) -> int:
        hit: set[int] = set()
        for batch in _batches(texts):
            pieces = [TextPiece(text=text, origin=Origin.MESSAGE, evidence=file) for text in batch]
            hit |= {id(found.piece) for found in matcher.match(pieces)}
        return len(hit)

    return run


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))


CORE = Engine(name="leakwatch 内核（折叠＋筛）", build=_core)
SHIPPED_CORE = Engine(name="leakwatch 内核，另加自带规则", build=_shipped_core)
VERIFIED = Engine(name="leakwatch 内核＋核实（自带规则）", build=_verified)
