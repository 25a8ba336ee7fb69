"""Fixtures that more than one room uses; fakes instead of mocks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import hypothesis
import pytest
from django.conf import settings
from django.db import connection

from leakwatch import rules
from leakwatch.model import SHANGHAI, Evidence
from leakwatch.rules import RuleBook
from leakwatch.scanners import Matcher
from leakwatch.store import append_only
from leakwatch.store.connection import base_settings, database
from leakwatch.store.sealing import KeySealer
from leakwatch.vault import Vault

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their column: an archive holds the time it was made, and every worker makes its own."""
    return argname if isinstance(val, bytes) else None


def pytest_configure(config: pytest.Config) -> None:
    """No test is timed; pytest-django makes the test database: SQLite, or that of TEST_DATABASE.

    In a file: threads that share SQLite's memory do not wait for each other as they do on disk.
    """
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    folder = TemporaryDirectory(prefix="leakwatch-tests-")
    config.add_cleanup(folder.cleanup)
    given = database(os.environ.get("TEST_DATABASE", ""), Path(folder.name))
    if given["ENGINE"].endswith("sqlite3"):
        given["TEST"] = {"NAME": str(Path(folder.name) / "test.sqlite3")}
    tables = base_settings(given, KeySealer(bytes(range(32))))  # that of tests.store.scans
    settings.configure(**tables, SECRET_KEY="only of tests")  # noqa: S106


LISTS = Path(__file__).parents[1] / "keyword_lists"


@cache
def shipped() -> RuleBook:
    """keyword_lists/ as shipped; frozen, so that who needs them before there are fixtures shares them."""
    return rules.load(LISTS)


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """keyword_lists/ as shipped."""
    return shipped()


@pytest.fixture(scope="session")
def matcher(book: RuleBook) -> Matcher:
    """All scanners over the shipped rules."""
    return Matcher(book)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """An empty vault whose clock stands still at NOON."""
    return Vault(tmp_path / "vault", lambda: NOON)


@pytest.fixture
def keep(vault: Vault) -> Callable[[str, bytes], Evidence]:
    """Turns a name and bytes into evidence."""
    return lambda name, data: vault.keep_stream([data], name)


_Yields = TypeVar("_Yields")


class Here:
    """A sandbox that is none: the work is done in this process, where a test can see it."""

    def stream(
        self, work: Callable[..., Iterator[_Yields]], *arguments: object, desk: object = None
    ) -> Iterator[_Yields]:
        """What the work yields."""
        return work(*arguments, *([] if desk is None else [desk]))


@pytest.fixture(scope="session")
def _bare() -> list[str]:
    """Tests that committed: since then the tables stand without their triggers."""
    return []


@pytest.fixture(autouse=True)
def _emptied(request: pytest.FixtureRequest, _bare: list[str]) -> Iterator[None]:
    """Tables that can only grow are emptied by Django after a test that commits: then without their triggers."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if not commits and not {"transactional_db", "live_server"} & set(request.fixturenames):
        if _bare and (marker is not None or "db" in request.fixturenames):
            request.getfixturevalue("db")
            append_only.protect(connection)  # undone with all else that the test does
        yield
        return
    _bare.append(request.node.nodeid)
    request.getfixturevalue("transactional_db")
    append_only.expose(connection)
    append_only.protect(connection)
    yield
    append_only.expose(connection)
