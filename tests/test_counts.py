"""What is new, known, back and gone."""

from __future__ import annotations

import pytest

from leakwatch.counts import Counts, Past, count


def past(*scopes: str, is_gone: bool = False) -> Past:
    return Past(scopes=frozenset(scopes), is_gone=is_gone)


@pytest.mark.parametrize(
    ("found", "known", "scanned", "words"),
    [
        (set(), {}, set(), "新增0，已知0，重现0，消失0"),
        ({"a"}, {}, {"e1"}, "新增1，已知0，重现0，消失0"),
        ({"a"}, {"a": past("e1")}, {"e1"}, "新增0，已知1，重现0，消失0"),
        ({"a"}, {"a": past("e1")}, {"e2"}, "新增0，已知1，重现0，消失0"),
        ({"a"}, {"a": past("e1", is_gone=True)}, {"e1"}, "新增0，已知0，重现1，消失0"),
        (set(), {"a": past("e1")}, {"e1"}, "新增0，已知0，重现0，消失1"),
        (set(), {"a": past("e1")}, {"e2"}, "新增0，已知0，重现0，消失0"),
        (set(), {"a": past("e1", "e2")}, {"e1"}, "新增0，已知0，重现0，消失0"),
        (set(), {"a": past("e1", is_gone=True)}, {"e1"}, "新增0，已知0，重现0，消失0"),
        (set(), {"a": past()}, {"e1"}, "新增0，已知0，重现0，消失0"),
    ],
)
def test_a_finding_is_counted_once(
    found: set[str], known: dict[str, Past], scanned: set[str], words: str
) -> None:
    assert count(found, known, scanned).words == words


def test_the_ids_are_told() -> None:
    known = {"b": past("e1"), "c": past("e1", is_gone=True), "d": past("e1")}
    assert count({"a", "b", "c"}, known, {"e1"}) == Counts(
        new=frozenset("a"), known=frozenset("b"), reactivated=frozenset("c"), gone=frozenset("d")
    )
