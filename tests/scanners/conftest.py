"""The real rules and a way to post a message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch import rules
from leakwatch.model import Evidence, Hit, Origin, TextPiece
from leakwatch.rules import RuleBook
from leakwatch.scanners import Matcher

LISTS = Path(__file__).parents[2] / "keyword_lists"


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """keyword_lists/ as shipped."""
    return rules.load(LISTS)


@pytest.fixture(scope="session")
def matcher(book: RuleBook) -> Matcher:
    """All scanners over the shipped rules."""
    return Matcher(book)


@pytest.fixture
def hits(matcher: Matcher, keep: Callable[[str, bytes], Evidence]) -> Callable[..., list[Hit]]:
    """The hits of one text."""

    def of(text: str, origin: Origin = Origin.MESSAGE) -> list[Hit]:
        return matcher.match([TextPiece(text=text, origin=origin, evidence=keep("a", b"a"))])

    return of
