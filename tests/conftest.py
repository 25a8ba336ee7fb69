"""Fixtures that more than one room uses; fakes instead of mocks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
from django.conf import settings

from leakwatch import rules
from leakwatch.model import SHANGHAI, Evidence
from leakwatch.rules import RuleBook
from leakwatch.scanners import Matcher
from leakwatch.store.connection import base_settings, database
from leakwatch.vault import Vault

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their column: an archive holds the time it was made, and every worker makes its own."""
    return argname if isinstance(val, bytes) else None


def pytest_configure() -> None:
    """pytest-django makes the test database: SQLite, or that of LEAKWATCH_TEST_DATABASE."""
    url = os.environ.get("LEAKWATCH_TEST_DATABASE", "")
    settings.configure(**base_settings(database(url, Path())))


LISTS = Path(__file__).parents[1] / "keyword_lists"


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """keyword_lists/ as shipped."""
    return rules.load(LISTS)


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
