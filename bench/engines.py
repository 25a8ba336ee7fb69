"""What is measured: an engine is built from a list of terms and says how many messages hold something."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Run = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One row of the table."""

    name: str
    build: Callable[[Sequence[str]], Run]
    """Terms → the engine ready to run; ImportError or OSError where it is not installed."""
    clock: Callable[[], float] = time.process_time
    """CPU seconds used so far."""
    share: float = 1.0
    """Which part of the messages it is given; its time is scaled up."""
    most_terms: int = 100_000
    """With longer lists it would take hours."""
