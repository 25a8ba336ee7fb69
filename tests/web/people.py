"""Who visits the page in tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.test import Client

from leakwatch.errors import EvidenceDamaged
from leakwatch.model import SHANGHAI
from leakwatch.store.models import Role, User

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)

Visit = Callable[[Role], Client]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Originals as plain files, named by their hash."""

    folder: Path

    def open(self, sha256: str) -> IO[bytes]:
        """The file of that name."""
        try:
            return (self.folder / sha256).open("rb")
        except OSError as why:
            raise EvidenceDamaged(f"{sha256}：没有这份原件") from why


def account(role: Role, name: str = "") -> User:
    """A user with that role, past the one-time password; the same one for the same name."""
    known: User | None = User.objects.filter(username=name or role.value).first()
    return known or User.objects.create(
        username=name or role.value, role=role, must_change_password=False, created_at=NOON
    )


def visitor(user: User) -> Client:
    """A client that is logged in."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client
