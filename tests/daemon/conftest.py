"""A house for each test, with nobody left in it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.house import House


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house that was lived in, from which others are copied; nobody starts anything in it."""
    return House(tmp_path_factory.mktemp("settled")).settle_in()


@pytest.fixture
def house(tmp_path: Path, settled: House) -> Iterator[House]:
    """Furnished and settled in, nothing started."""
    home = House(tmp_path).furnish(settled)
    yield home
    home.close()


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[House]:
    """Furnished, and never started."""
    home = House(tmp_path).furnish()
    yield home
    home.close()
