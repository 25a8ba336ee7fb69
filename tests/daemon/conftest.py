"""A house for each test, with nobody left in it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.house import House, wait_for


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> House:
    """A house that was lived in, from which others are copied; nobody starts anything in it.

    One for all workers: to settle in takes a daemon and fifteen seconds.
    """
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "settled"
    ready = home.with_name("settled.ready")
    try:
        home.mkdir()
    except FileExistsError:
        wait_for(ready.exists)
        return House(home)
    house = House(home).settle_in()
    ready.touch()
    return house


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
