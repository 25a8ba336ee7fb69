"""Red heads and seals on pictures: what `leakwatch.redhead` saw, in words, against the rules for pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.model import Hit, Kind
from leakwatch.rules import RuleBook
from leakwatch.scanners.sieving.sieve import Candidate


class RedHeads:
    """The rules of kind image go by their patterns alone."""

    triggers: tuple[str, ...] = ()
    grammars: tuple[re.Pattern[str], ...] = ()

    def __init__(self, book: RuleBook) -> None:
        self._rules = tuple(rule for rule in book.of_kind(Kind.IMAGE) if rule.pattern)

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """One hit a rule at most."""
        for rule in self._rules:
            if found := candidate.search(*candidate.possible.get(rule.pattern, ())):
                start, end, _ = found
                yield Hit(rule=rule, piece=candidate.piece, start=start, end=end, reason=rule.name)
