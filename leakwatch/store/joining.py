"""Findings of a scan and of history → matters (一事一报): what one lead speaks of. Pure.

Findings that draft a form join through any shared tie, transitively. Those that only wait for a person's look join
among themselves and go along with a draft they share a tie with, but never join two drafts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied:
    """A finding and what it shares with others of the same matter."""

    finding: str
    is_lead: bool
    """It drafts a form, whoever looks at it."""
    ties: frozenset[str]
    """At least one."""
    lead: str = ""
    """The lead that it belongs to already."""

    @property
    def marks(self) -> frozenset[str]:
        """Its ties, and the lead that it belongs to."""
        return self.ties | {f"lead {self.lead}"} if self.lead else self.ties


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What belongs together."""

    findings: tuple[str, ...]
    leads: tuple[str, ...]
    """Those that it was known under; more than one have proved to be one."""


def matters(findings: Sequence[Tied], drafts: Set[str]) -> tuple[Matter, ...]:
    """Those with a draft first, each in the order of its first finding; history is to be given first.

    drafts: which of the leads named are drafts.
    """
    leading = [one for one in findings if one.is_lead]
    riding = [one for one in findings if not one.is_lead and one.lead in drafts]
    waiting = [one for one in findings if not one.is_lead and one.lead not in drafts]
    groups = _grouped(leading)
    homes = _homes(groups)
    for one in riding:
        home = homes.get(f"lead {one.lead}")
        if home is None:  # the findings that drafted its lead share nothing with this scan
            home = len(groups)
            groups.append([])
        groups[home].append(one)
        for mark in one.marks:
            homes.setdefault(mark, home)
    alone = []
    for group in _grouped(waiting):
        shared = {homes[mark] for one in group for mark in one.marks if mark in homes}
        if shared:
            groups[min(shared)].extend(group)
        else:
            alone.append(group)
    return tuple(map(_matter, [*groups, *alone]))


def _grouped(findings: Iterable[Tied]) -> list[list[Tied]]:
    """Joined through any shared mark (union–find); in order."""
    parent: dict[str, str] = {}

    def root(mark: str) -> str:
        while parent.setdefault(mark, mark) != mark:
            parent[mark] = mark = parent[parent[mark]]
        return mark

    listed = list(findings)
    for one in listed:
        first, *others = one.marks
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[str, list[Tied]] = {}
    for one in listed:
        groups.setdefault(root(next(iter(one.marks))), []).append(one)
    return list(groups.values())


def _homes(groups: Sequence[Sequence[Tied]]) -> dict[str, int]:
    """Mark → the number of its group."""
    return {mark: number for number, group in enumerate(groups) for one in group for mark in one.marks}


def _matter(group: Sequence[Tied]) -> Matter:
    return Matter(
        findings=tuple(one.finding for one in group),
        leads=tuple(dict.fromkeys(one.lead for one in group if one.lead)),
    )
