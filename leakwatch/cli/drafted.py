"""What a command wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """Lead forms that were written."""

    folder: Path
    forms: int
    notes: tuple[str, ...]
    """What a form does not say in whole, and where a form already lay (Chinese)."""
