"""leakwatch: its core alone, and the core with everything that verifies a hit."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bench.engines import Engine, Run
from leakwatch import rules
from leakwatch.model import SHANGHAI, Evidence, Origin, Rule, TextPiece
from leakwatch.rules import RuleBook
from leakwatch.rules.disguised import DisguisedWords
from leakwatch.scanners import Matcher
from leakwatch.scanners.disguises.disguise import Disguises
from leakwatch.scanners.sieving.sieve import Means, Sieve
from leakwatch.text import Lexicon, fold_each, tight_each

_BATCH = 5_000
"""As a scan has them."""
_EXAMPLES = ("量快慢甲", "量快慢乙", "量快慢丙")
_RULE = """owner = "bench"
since = 2026-11-22

[[rule]]
id = "mk.bench"
name = "比速度用的词"
category = "mk.work"
score = 0.3
terms = ["@terms.txt"]
clauses = ["work 二"]
context = "internal_paper"
examples = ["量快慢甲看完还我，勿扩散", "量快慢乙看完还我，勿扩散", "量快慢丙看完还我，勿扩散"]
non_examples = ["今天食堂有鱼", "下午三点开会", "周报交了吗"]
"""
"""Like a shipped rule that is found by its terms alone."""
_LISTS = Path(__file__).parents[1] / "keyword_lists"


def lists_with(terms: Sequence[str], folder: Path) -> Path:
    """A copy of the shipped lists with one rule more, that holds the terms."""
    shutil.copytree(_LISTS, folder)
    # Last by name: where a shipped rule has the same term, that one counts.
    (folder / "terms.txt").write_text("\n".join((*terms, *_EXAMPLES)), "utf-8")
    (folder / "terms.toml").write_text(_RULE, "utf-8")
    return folder


def _book_with(terms: Sequence[str]) -> RuleBook:
    with tempfile.TemporaryDirectory() as folder:
        return rules.load(lists_with(terms, Path(folder) / "lists"))


def _rule(terms: Sequence[str]) -> Rule:
    return _book_with(terms).rule("mk.bench")


def _core(terms: Sequence[str]) -> Run:
    sieve = Sieve([_rule(terms)], Means(), Disguises(DisguisedWords()))
    return lambda texts: sum(len(sieve.suspects(batch)) for batch in _batches(texts))


def _shipped_core(terms: Sequence[str]) -> Run:
    book = _book_with(terms)
    sieve = Sieve(book.rules, Means(), Disguises(book.disguised))
    return lambda texts: sum(len(sieve.suspects(batch)) for batch in _batches(texts))


def _located(terms: Sequence[str]) -> Run:
    """What the peers tell, and no more: which terms stand where, in raw places."""
    rule = _rule(terms)
    words = tight_each(rule.terms)
    sieve, lexicon = Sieve([rule], Means(), Disguises(DisguisedWords())), Lexicon(words)

    def told(texts: Sequence[str]) -> int:
        suspects = [batch[number] for batch in _batches(texts) for number in sieve.suspects(batch)]
        folds = [dense for _, dense in fold_each(suspects)]
        found = lexicon.find([dense.text for dense in folds])
        places = zip(found.owners.tolist(), found.ends.tolist(), found.words.tolist(), strict=True)
        spans = [(owner, folds[owner].span(end - len(words[word]), end)) for owner, end, word in places]
        return len({owner for owner, _ in spans})

    return told


def _verified(terms: Sequence[str]) -> Run:
    book = _book_with(terms)
    matcher = Matcher(book)
    # A scan proves its rules before it reads anything: by then the dictionary is loaded.
    matcher.match(_pieces([example for rule in book.rules for example in rule.examples]))
    return lambda texts: sum(
        len({id(found.piece) for found in matcher.match(_pieces(batch))}) for batch in _batches(texts)
    )


def _pieces(texts: Sequence[str]) -> list[TextPiece]:
    never = datetime.min.replace(tzinfo=SHANGHAI)
    file = Evidence(sha256="", size=0, name="", inner_path="", path=Path(), taken_at=never)
    return [TextPiece(text=text, origin=Origin.MESSAGE, evidence=file) for text in texts]


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))


CORE = Engine(name="leakwatch 内核（折叠＋筛）", build=_core)
SHIPPED_CORE = Engine(name="leakwatch 内核，另加自带规则", build=_shipped_core)
LOCATED = Engine(name="leakwatch 内核＋定位（同一词表，无自带规则）", build=_located)
VERIFIED = Engine(name="leakwatch 内核＋核实（自带规则）", build=_verified)
