"""What belongs to one lead, and what must not."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from leakwatch.store.joining import Matter, Tied, matters


def tied(finding: str, ties: str, *, lead: str = "", is_lead: bool = True) -> Tied:
    return Tied(finding=finding, is_lead=is_lead, ties=frozenset(ties.split()), lead=lead)


def waits(finding: str, ties: str, lead: str = "") -> Tied:
    return tied(finding, ties, lead=lead, is_lead=False)


def joined(findings: Sequence[Tied], *drafts: str) -> set[frozenset[str]]:
    return {frozenset(matter.findings) for matter in matters(findings, set(drafts))}


def parts(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in groups}


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], parts()),
        ([tied("a", "1"), tied("b", "2")], parts("a", "b")),
        ([tied("a", "1"), tied("b", "1")], parts("a b")),
        ([tied("a", "1"), tied("b", "1 2"), tied("c", "2")], parts("a b c")),
        ([tied("a", "1"), waits("r", "1")], parts("a r")),
        ([tied("a", "1"), tied("b", "2"), waits("r", "1 2")], parts("a r", "b")),
        ([waits("r", "1"), waits("s", "1 2"), waits("t", "2"), waits("u", "3")], parts("r s t", "u")),
        ([tied("a", "1"), waits("r", "1 2"), waits("s", "2")], parts("a r s")),
    ],
)
def test_of_one_scan(findings: Sequence[Tied], expected: set[frozenset[str]]) -> None:
    assert joined(findings) == expected


@pytest.mark.parametrize(
    ("findings", "drafts", "expected"),
    [
        ([tied("a", "1", lead="X"), tied("b", "1")], ["X"], [(("a", "b"), ("X",))]),
        (
            [tied("a", "1", lead="X"), tied("b", "2", lead="Y"), tied("c", "1 2")],
            ["X", "Y"],
            [(("a", "b", "c"), ("X", "Y"))],
        ),
        (  # what only waits in a draft joins it to no other draft
            [waits("r", "1", "X"), tied("b", "1")],
            ["X"],
            [(("b",), ()), (("r",), ("X",))],
        ),
        ([waits("r", "1", "X"), tied("b", "1")], [], [(("b", "r"), ("X",))]),
        ([waits("r", "1", "X"), waits("s", "1")], ["X"], [(("r", "s"), ("X",))]),
        ([waits("r", "1", "X"), waits("s", "1")], [], [(("r", "s"), ("X",))]),
        (
            [waits("r", "1", "X"), waits("s", "2", "Y"), waits("t", "1 2")],
            [],
            [(("r", "s", "t"), ("X", "Y"))],
        ),
        ([tied("a", "1", lead="X"), waits("r", "9", "X")], [], [(("a", "r"), ("X",))]),
    ],
)
def test_with_history(
    findings: Sequence[Tied],
    drafts: Sequence[str],
    expected: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    assert list(matters(findings, set(drafts))) == [
        Matter(findings=names, leads=leads) for names, leads in expected
    ]


def test_the_order_of_the_findings_changes_no_draft() -> None:
    findings = [tied("a", "1"), tied("b", "1 2"), tied("c", "3"), waits("r", "2 3"), waits("s", "4")]
    drafts = {
        frozenset(frozenset(name for name in group if name in "abc") for group in joined(list(order)))
        for order in itertools.permutations(findings)
    }
    assert drafts == {frozenset({frozenset("ab"), frozenset("c"), frozenset()})}
