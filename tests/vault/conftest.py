"""What the tests of the lasting store share: an invented master key and a small sealed vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.vault.keys import MasterKey
from leakwatch.vault.sealed import SealedVault
from leakwatch.vault.suites import SUITES, Suite
from tests.conftest import NOON


@pytest.fixture
def master() -> MasterKey:
    """Not random: tests must give the same every time."""
    return MasterKey(bytes(range(32)))


@pytest.fixture(params=SUITES, ids=lambda suite: suite.name)
def suite(request: pytest.FixtureRequest) -> Suite:
    """Each suite in turn."""
    found = request.param
    assert isinstance(found, Suite)
    return found


@pytest.fixture
def store(tmp_path: Path, suite: Suite, master: MasterKey) -> SealedVault:
    """An empty sealed vault whose clock stands still at NOON."""
    return SealedVault(tmp_path / "evidence", suite, master, lambda: NOON)
