"""Few checks at a time."""

from __future__ import annotations

import pytest

from leakwatch.errors import Refused
from leakwatch.web.turns import Turns


def test_places_are_taken_and_given_back() -> None:
    turns = Turns(2)
    with turns.take("a"), turns.take("b"):
        with pytest.raises(Refused, match="人较多"), turns.take("c"):
            pass
        with pytest.raises(Refused, match="还没有结束"), turns.take("a"):
            pass
    with pytest.raises(ValueError, match="x"), turns.take("a"):
        raise ValueError("x")
    with turns.take("a"), turns.take("c"):
        pass
