"""Work secrets: a topic of the regulation's list, made specific by a figure, a name, a time or a place.

Whether it is public, taught or joked about is weighed in findings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from leakwatch.model import Hit, Kind, Rule, Signal
from leakwatch.rules import RuleBook
from leakwatch.scanners.sieving.sieve import Candidate, TermHit
from leakwatch.scanners.words.borders import stands_alone

_SHORT = 2
_WORDY = 120
_LONG = 300
"""Characters: in 3,200 real laws, judgments and news a figure or a name is always near, so it says nothing."""


class WorkSecrets:
    """Topics by their words, with what makes them specific; conduct and contradictions by their patterns."""

    triggers: tuple[str, ...] = ()
    grammars: tuple[re.Pattern[str], ...] = ()

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._loose = {rule.id: frozenset(rule.loose) for rule in book.of_kind(Kind.WORKSECRET)}

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """One hit a category at most: of the rule whose pattern fits, else of its topic words."""
        topics: dict[str, list[TermHit]] = {}
        turns: dict[str, dict[str, Rule]] = {}
        for found in candidate.terms:
            if found.rule.kind != Kind.WORKSECRET:
                continue
            if found.rule.pattern:
                turns.setdefault(found.rule.category, {})[found.rule.id] = found.rule
            elif _is_word(candidate, found):
                topics.setdefault(found.rule.category, []).append(found)
        places = len(_distinct([found for founds in topics.values() for found in founds]))
        for category in {**turns, **topics}:
            founds = topics.get(category, [])
            signals = self._signals(candidate, places, self._of_the_trade(founds))
            turned = next(self._turns(candidate, turns.get(category, {}).values()), None)
            if turned is not None:
                yield replace(turned, signals=signals)
            elif founds:
                yield replace(self._topic(candidate, founds), signals=signals)

    def _turns(self, candidate: Candidate, rules: Iterable[Rule]) -> Iterator[Hit]:
        """Turns of phrase that fit, heaviest rule first."""
        for rule in sorted(rules, key=lambda rule: -rule.score):
            if spot := candidate.search(*candidate.possible.get(rule.pattern, ())):
                start, end, _ = spot
                yield Hit(rule=rule, piece=candidate.piece, start=start, end=end, reason=rule.name)

    def _topic(self, candidate: Candidate, founds: list[TermHit]) -> Hit:
        first = min(self._of_the_trade(founds) or founds, key=lambda found: (found.start, -found.end))
        words = _distinct(founds)
        return Hit(
            rule=first.rule,
            piece=candidate.piece,
            start=first.start,
            end=first.end,
            reason=f"谈到{'、'.join(f'“{word}”' for word in words[:3])}（{first.rule.name}）",
        )

    def _of_the_trade(self, founds: list[TermHit]) -> list[TermHit]:
        return [found for found in founds if found.term not in self._loose[found.rule.id]]

    def _signals(self, candidate: Candidate, places: int, of_the_trade: list[TermHit]) -> tuple[Signal, ...]:
        """places: how many topic words stand in the piece, of whatever category."""
        trade = "trade_word" if of_the_trade else ""
        names = (*_length(candidate.piece.text), *_more(places), trade)
        return tuple(self._book.signal(name) for name in names if name)


def _length(text: str) -> tuple[str, ...]:
    """A long text holds some word and some figure of every topic."""
    if len(text) > _LONG:
        return ("long",)
    return ("wordy",) if len(text) > _WORDY else ()


def _more(places: int) -> tuple[str, ...]:
    names = ("", "", "two_words", "three_words", "many_words")
    return (names[min(places, len(names) - 1)],)


def _distinct(founds: list[TermHit]) -> tuple[str, ...]:
    """The topic words, each place counted once by its longest word."""
    taken: list[TermHit] = []
    for found in sorted(founds, key=lambda found: found.start - found.end):
        if not any(found.start < other.end and other.start < found.end for other in taken):
            taken.append(found)
    return tuple(dict.fromkeys(found.term for found in sorted(taken, key=lambda found: found.start)))


def _is_word(candidate: Candidate, found: TermHit) -> bool:
    """前台|办理 holds no 台办: a term of two characters must stand between word borders."""
    text = candidate.piece.text
    return found.end - found.start > _SHORT or stands_alone(text, found.start, found.end)
