"""What the tests of unpacking share: archives made on the spot or by other programs, and what comes of them."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leakwatch.config import Limits
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.unpack import unpack
from leakwatch.unpack.libarchive import load
from leakwatch.vault import Vault

Row = tuple[str, bytes | Reason]

MADE = Path(__file__).parent / "made"


@pytest.fixture
def engine() -> Any:
    """libarchive-c, where the system has libarchive."""
    try:
        load()
    except Unreadable as why:
        pytest.skip(why.detail)
    return importlib.import_module("libarchive")


@pytest.fixture
def made(engine: Any) -> Callable[[str], bytes]:
    """An archive of made/, where its README says who wrote it."""
    return lambda name: (MADE / name).read_bytes()


@pytest.fixture
def opened(keep: Callable[[str, bytes], Evidence], vault: Vault) -> Callable[..., list[Row]]:
    """(inner path, content) of what was read, (name, reason) of what was not."""

    def read(name: str, data: bytes, limits: Limits | None = None) -> list[Row]:
        return [
            (row.name, row.reason) if isinstance(row, Skipped) else (row.inner_path, row.path.read_bytes())
            for row in unpack(keep(name, data), vault, limits or Limits())
        ]

    return read


@pytest.fixture
def written(engine: Any) -> Callable[..., bytes]:
    """An archive that libarchive writes: format, content by name, filter, options, password."""

    def write(
        kind: str,
        members: dict[str, bytes],
        through: str | None = None,
        options: str = "",
        password: str | bytes = "",
    ) -> bytes:
        out = io.BytesIO()
        with engine.custom_writer(
            lambda data: out.write(bytes(data)),
            kind,
            through,
            options=options,
            passphrase=password or None,
        ) as archive:
            for name, data in members.items():
                archive.add_file_from_memory(name, len(data), data)
        return out.getvalue()

    return write
