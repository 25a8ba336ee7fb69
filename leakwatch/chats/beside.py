"""The files around an export, for formats that spread one chat over several files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from leakwatch.model import Evidence


class Beside(Protocol):
    """The drop as seen from one of its exports; paths as exporters write them, relative to the export."""

    def take(self, path: str) -> Evidence | None:
        """The file at that path: chunks/c000001.jsonl, ../users.json; who takes it reads it, nobody else will."""

    def within(self, folder: str) -> Sequence[Evidence]:
        """All files below that folder, "" being the export's own, in the order of their paths; none is taken."""

    def embed(self, name: str, data: bytes) -> str:
        """The path by which an attachment names a picture or document that lies inside the export itself."""


class Alone:
    """An export with nothing around it."""

    def take(self, path: str) -> Evidence | None:  # noqa: ARG002
        """None."""
        return None

    def within(self, folder: str) -> Sequence[Evidence]:  # noqa: ARG002
        """Nothing."""
        return ()

    def embed(self, name: str, data: bytes) -> str:  # noqa: ARG002
        """The name."""
        return name
