"""A scan against what is known: new, known, reactivated and gone findings.

Findings are content-addressed, so that a re-scan and an overlapping export bring back the same ids.  Gone is
only what was looked for: where the evidence was not read again, nobody can say that it is no longer there.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is on record of one finding."""

    scopes: frozenset[str]
    """sha256 of every evidence that it was found in."""
    is_gone: bool = False
    """The last scan of its evidence did not find it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The ids of the findings of one scan, each in one set."""

    new: frozenset[str]
    known: frozenset[str]
    reactivated: frozenset[str]
    """Found again after they were gone."""
    gone: frozenset[str]

    @property
    def words(self) -> str:
        """新增3，已知12，重现0，消失1."""
        sets = (
            ("新增", self.new),
            ("已知", self.known),
            ("重现", self.reactivated),
            ("消失", self.gone),
        )
        return "，".join(f"{name}{len(ids)}" for name, ids in sets)


def count(found: Set[str], past: Mapping[str, Past], scanned: Set[str]) -> Counts:
    """found: ids of this scan; scanned: sha256 of the evidence that was read whole in it."""
    gone = {
        id
        for id, one in past.items()
        if id not in found and not one.is_gone and one.scopes and one.scopes <= scanned
    }
    back = {id for id in found if id in past and past[id].is_gone}
    return Counts(
        new=frozenset(found - past.keys()),
        known=frozenset(found & past.keys() - back),
        reactivated=frozenset(back),
        gone=frozenset(gone),
    )
