"""Postings → matters: what speaks of one document, in whatever groups, with what joined it.

File, message and number join without more.  Pictures and texts that are merely alike join only

- where no numbers speak against it: pages under one red head differ in their numbers;
- a picture far from another (17–31 bits) only where the words of both agree: forms with other figures are
  20 bits apart, a sheet cropped or photographed twice 15–30 (bench/prints.py);
- a text of some length, by what few matters share, and each to the one text that holds most of it: a set
  phrase that stands in two documents never makes one of them.

A copy number alone joins nothing: a bureau is sent the same copy of every document of a series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leakwatch.spread.forest import Edge, Forest
from leakwatch.spread.likeness import alike_pictures, alike_texts
from leakwatch.spread.postings import How, Matter, Posting


def join(new: Sequence[Posting], known: Sequence[Posting] = ()) -> tuple[Matter, ...]:
    """The matters that hold something new, in the order of the first of it; known postings come along."""
    postings = [*known, *new]
    fresh = range(len(known), len(postings))
    forest = Forest(postings)
    for tie in _ties(postings):
        forest.join(tie)
    pages = [edge for edge in alike_pictures(postings, fresh) if forest.join(edge)]
    for edge in alike_texts(postings, fresh, forest):
        forest.join(edge)
    return tuple(forest.matters(fresh, pages))


def _ties(postings: Sequence[Posting]) -> Iterator[Edge]:
    """What joins without more, strongest first."""
    for how in (How.LEAD, How.MESSAGE, How.FILE, How.CONTENT, How.COPY, How.NUMBER):
        firsts: dict[str, int] = {}
        for place, posting in enumerate(postings):
            for key, figure in _keys(posting, how):
                if (first := firsts.setdefault(key, place)) != place:
                    yield Edge(first, place, how, figure)


def _keys(posting: Posting, how: How) -> Iterator[tuple[str, str]]:
    """What a posting shares with others, and what of it is shown."""
    match how:
        case How.LEAD if posting.lead:
            yield posting.lead, posting.lead
        case How.MESSAGE:
            yield posting.place, ""
        case How.FILE:
            yield from ((file, "") for file in sorted({posting.carrier, posting.whole} - {"", posting.place}))
        case How.CONTENT:
            yield from ((key, "") for key in sorted({posting.document, *posting.findings} - posting.numbers))
        case How.COPY if posting.copy:
            yield from (
                (f"{one} {posting.copy}", f"{one}，{posting.copy}") for one in sorted(posting.numbers)
            )
        case How.NUMBER:
            yield from ((number, number) for number in sorted(posting.numbers))
        case _:
            return
