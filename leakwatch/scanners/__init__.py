"""TextPiece → Hit: each scanner finds and says why; it knows no settings, no store, no other scanner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Protocol

from leakwatch.cues import Cues
from leakwatch.model import Hit, Kind, TextPiece
from leakwatch.rules import RuleBook
from leakwatch.scanners.disguises.disguise import Disguises
from leakwatch.scanners.disguises.veiled import Veiled
from leakwatch.scanners.marks.marks import Marks
from leakwatch.scanners.numbers.numbers import Numbers
from leakwatch.scanners.personal.personal import Personal
from leakwatch.scanners.redhead import RedHeads
from leakwatch.scanners.sieving.sieve import Candidate, Means, Sieve
from leakwatch.scanners.work_secrets import WorkSecrets
from leakwatch.text import tight_each


class Scanner(Protocol):
    """Built once from the rules; pure."""

    triggers: tuple[str, ...]
    """Words that make a piece worth a look besides the terms of the rules."""
    grammars: tuple[re.Pattern[str], ...]
    """Expressions that it tries only where `Candidate.possible` holds them."""

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """The hits of one piece."""
        ...


class Matcher:
    """All scanners behind one sieve."""

    def __init__(self, book: RuleBook) -> None:
        self.cues = Cues(book.rules)
        """What the surroundings of its hits are asked for."""
        self._veiled = Veiled(book)
        self._scanners: tuple[Scanner, ...] = (
            Marks(book), self._veiled, Numbers(book), WorkSecrets(book), Personal(book), RedHeads(book),
        )  # fmt: skip
        means = Means(
            triggers=[word for scanner in self._scanners for word in scanner.triggers],
            grammars=[grammar for scanner in self._scanners for grammar in scanner.grammars],
        )
        topics = [word for rule in book.of_kind(Kind.WORKSECRET) for word in (*rule.terms, *rule.loose)]
        self._sieve = Sieve(book.rules, means, Disguises(book.disguised, tight_each(topics)))

    def match(self, pieces: Sequence[TextPiece]) -> list[Hit]:
        """The hits of many pieces, in their order; batches of thousands are cheapest."""
        candidates = list(self._sieve.candidates(pieces))
        # Scanner by scanner: what one looks up stays in the processor's cache.
        found = [[list(scanner.scan(candidate)) for candidate in candidates] for scanner in self._scanners]
        return [
            self._veiled.reveal(hit, candidate)
            for candidate, *hits in zip(candidates, *found, strict=True)
            for hit in chain.from_iterable(hits)
        ]
