"""A house for each test, with nobody left in it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Furnished, nothing started."""
    home = House(tmp_path).furnish()
    yield home
    home.close()
