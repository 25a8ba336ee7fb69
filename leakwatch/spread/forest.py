"""Which postings hang together (union–find), and by which of their joins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from leakwatch.model import Precision
from leakwatch.spread.postings import How, Join, Matter, Posting

_WEAK = (How.PICTURE, How.TEXT)
_DATELESS = (Precision.TIME_ONLY, Precision.NONE)


@dataclass(frozen=True, slots=True)
class Edge:
    """Two postings by their places in the sequence, and what they share."""

    one: int
    other: int
    how: How
    figure: str = ""


class Forest:
    """Postings, joined one edge at a time; what joined first stays the reason."""

    def __init__(self, postings: Sequence[Posting]) -> None:
        self._postings = postings
        self._parents = list(range(len(postings)))
        self._numbers = {place: posting.numbers for place, posting in enumerate(postings) if posting.numbers}
        self._edges: dict[int, list[Edge]] = defaultdict(list)

    def root(self, place: int) -> int:
        """The same for all that hang together."""
        parents = self._parents
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    def join(self, edge: Edge) -> bool:
        """Whether both hang together now; likeness joins none whose numbers are all different."""
        one, other = self.root(edge.one), self.root(edge.other)
        if one == other:
            return True
        numbers = self._numbers.get(one, frozenset()), self._numbers.get(other, frozenset())
        if edge.how in _WEAK and all(numbers) and numbers[0].isdisjoint(numbers[1]):
            return False
        self._parents[other] = one
        self._numbers[one] = numbers[0] | numbers[1]
        for end in (edge.one, edge.other):
            self._edges[end].append(edge)
        return True

    def matters(self, fresh: Iterable[int], alike: Iterable[Edge]) -> Iterator[Matter]:
        """Those that hold one of the fresh, in order; `alike` says which carriers show the same page."""
        members: dict[int, list[int]] = {self.root(place): [] for place in fresh}
        for place in range(len(self._postings)):
            members.get(self.root(place), []).append(place)
        pairs: dict[int, list[Edge]] = defaultdict(list)
        for edge in alike:
            pairs[self.root(edge.one)].append(edge)
        for root, places in members.items():
            yield self._matter(places, pairs[root])

    def _matter(self, places: list[int], alike: list[Edge]) -> Matter:
        ordered = sorted(places, key=lambda place: _when(self._postings[place]))
        postings = tuple(self._postings[place] for place in ordered)
        joins = self._joins(ordered[0])
        return Matter(
            postings=postings,
            joins=tuple(joins.get(place) for place in ordered),
            leads=tuple(
                dict.fromkeys(self._postings[place].lead for place in places if self._postings[place].lead)
            ),
            documents=self._one_page(alike),
        )

    def _joins(self, first: int) -> dict[int, Join]:
        """How each hangs on another that is nearer to the first."""
        joins: dict[int, Join] = {}
        reached = [first]
        for place in reached:
            for edge in self._edges[place]:
                beyond = edge.other if edge.one == place else edge.one
                if beyond != first and beyond not in joins:
                    joins[beyond] = Join(how=edge.how, figure=edge.figure, place=self._postings[place].place)
                    reached.append(beyond)
        return joins

    def _one_page(self, alike: list[Edge]) -> dict[str, str]:
        """Keys of documents → the key that counts; a number counts before a hash, two numbers stay two."""
        counts: dict[str, str] = {}

        def root(key: str) -> str:
            while (above := counts.get(key, key)) != key:
                key = above
            return key

        for edge in alike:
            one, other = (self._postings[end] for end in (edge.one, edge.other))
            keys = {root(one.document), root(other.document)}
            numbers = keys & (one.numbers | other.numbers | self._numbers[self.root(edge.one)])
            if len(keys) == 2 and len(numbers) < 2:
                kept = min(numbers or keys)
                counts[(keys - {kept}).pop()] = kept
        return {key: root(key) for key in counts}


def _when(posting: Posting) -> tuple[bool, datetime | float, str]:
    """Unknown times last; among equals by place, which is the same in every scan."""
    if posting.sent_at is None or posting.precision in _DATELESS:
        return (True, 0.0, posting.place)
    return (False, posting.sent_at.timestamp(), posting.place)
