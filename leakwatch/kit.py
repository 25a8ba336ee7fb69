"""The composition root: settings → the kit of a scan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from leakwatch import rules
from leakwatch.config import Config
from leakwatch.model import SHANGHAI
from leakwatch.ocr.pool import ReadAhead
from leakwatch.pipeline import Kit
from leakwatch.scanners import Matcher
from leakwatch.vault import Vault


@contextmanager
def build_kit(config: Config, vault: Vault, jobs: int, ocr_cache: Path | None = None) -> Iterator[Kit]:
    """Everything a scan works with; its child processes are gone when the block ends.

    jobs: photos that are recognised side by side.  ocr_cache: where their text is kept, None = in memory.
    """
    book = rules.load(config.paths.keyword_lists)
    with ReadAhead.of_engine(config.ocr.engine, config.ocr.timeout_s, jobs, ocr_cache) as photos:
        yield Kit(
            vault=vault,
            limits=config.limits,
            matcher=Matcher(book),
            rules_version=book.version,
            photos=photos,
            neighbours_within=timedelta(minutes=config.findings.neighbour_minutes),
            clock=lambda: datetime.now(SHANGHAI),
        )
