"""TextPiece → Hit: each scanner finds and says why; it knows no settings, no store, no other scanner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from leakwatch.model import Hit, TextPiece
from leakwatch.rules import RuleBook
from leakwatch.scanners.marks import Marks
from leakwatch.scanners.numbers import Numbers
from leakwatch.scanners.personal import Personal
from leakwatch.scanners.sieve import Candidate, Sieve
from leakwatch.scanners.work_secrets import WorkSecrets


class Scanner(Protocol):
    """Built once from the rules; pure."""

    triggers: tuple[str, ...]
    """Words that make a piece worth a look besides the terms of the rules."""

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """The hits of one piece."""
        ...


class Matcher:
    """All scanners behind one sieve."""

    def __init__(self, book: RuleBook) -> None:
        self._scanners: tuple[Scanner, ...] = (Marks(book), Numbers(book), WorkSecrets(book), Personal(book))
        triggers = [word for scanner in self._scanners for word in scanner.triggers]
        self._sieve = Sieve(book.rules, triggers)

    def match(self, pieces: Sequence[TextPiece]) -> list[Hit]:
        """The hits of many pieces, in their order; batches of thousands are cheapest."""
        return [
            hit
            for candidate in self._sieve.candidates(pieces)
            for scanner in self._scanners
            for hit in scanner.scan(candidate)
        ]
