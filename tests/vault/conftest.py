"""What the tests of the lasting store share: both suites."""

from __future__ import annotations

import pytest

from leakwatch.vault.suites import SUITES, Suite


@pytest.fixture(params=SUITES, ids=lambda suite: suite.name)
def suite(request: pytest.FixtureRequest) -> Suite:
    """Each suite in turn."""
    found = request.param
    assert isinstance(found, Suite)
    return found
