"""The prints of postings, each once: a file in fifty groups is compared once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

_Print = TypeVar("_Print", bound=Hashable)


class Distinct(Generic[_Print]):
    """Which postings have which prints."""

    def __init__(self, prints: Sequence[_Print | None], fresh: range) -> None:
        """fresh: the places of those that are new."""
        self._firsts: dict[_Print, int] = {}
        self.asked: dict[_Print, int] = {}
        """Prints that something new has, with the first such posting."""
        self.equals: list[tuple[int, int]] = []
        """The first posting with a print, and a new one with the same."""
        for place, one in enumerate(prints):
            if one is None:
                continue
            first = self._firsts.setdefault(one, place)
            if place in fresh:
                self.asked.setdefault(one, place)
                if first != place:
                    self.equals.append((first, place))
        self.prints = list(self._firsts)
        self.owners = list(self._firsts.values())
        """For each of `prints` the first posting that has it."""
