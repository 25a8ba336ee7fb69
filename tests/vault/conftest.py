"""What the tests of the lasting store share: both suites, and an invented master key."""

from __future__ import annotations

import pytest

from leakwatch.vault.keys import MasterKey
from leakwatch.vault.suites import SUITES, Suite


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
