"""The page over a test database.

Django's tables are imported inside the fixtures: this file is read before the settings are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import override_settings

from leakwatch.config import Config, Paths, Store, Web
from leakwatch.web.site import Office, site_settings

if TYPE_CHECKING:
    from tests.web.people import Visit


@pytest.fixture(scope="session", autouse=True)
def _key() -> None:
    """Django does without while it knows no page, but does not go back to having none."""
    settings.SECRET_KEY = "only of tests"  # noqa: S105


@pytest.fixture(autouse=True)
def _page(tmp_path: Path, db: None) -> Iterator[None]:
    """The settings of the page; the clock stands still at NOON, passwords are hashed fast."""
    from tests.web.people import NOON, Shelf
    from tests.web.rows import SEALER

    store = Store(anchor_file=tmp_path / "anchors" / "log")
    config = Config(paths=Paths(data_dir=tmp_path), web=Web(allowed_hosts=("testserver",)), store=store)
    office = Office(config=config, clock=lambda: NOON, sealer=SEALER, originals=Shelf(tmp_path))
    fast = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(**site_settings(fast, office)):
        yield


@pytest.fixture
def visit() -> Visit:
    """A client that is logged in with that role."""
    from tests.web.people import account, visitor

    return lambda role: visitor(account(role))
