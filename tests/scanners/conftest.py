"""The real rules and a way to post a message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Evidence, Hit, Origin, TextPiece
from leakwatch.scanners import Matcher


@pytest.fixture
def hits(matcher: Matcher, keep: Callable[[str, bytes], Evidence]) -> Callable[..., list[Hit]]:
    """The hits of one text."""

    def of(text: str, origin: Origin = Origin.MESSAGE) -> list[Hit]:
        return matcher.match([TextPiece(text=text, origin=origin, evidence=keep("a", b"a"))])

    return of
