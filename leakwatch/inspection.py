"""The road over what somebody is about to publish: the rules are loaded once, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from leakwatch.config import Config
from leakwatch.model import Scan
from leakwatch.vault import private_folder

if TYPE_CHECKING:
    from leakwatch.kit import Judge

LOCK = "inspection.lock"
"""In data_dir: the page is served by several processes, and a machine has memory for one inspection."""


class Inspection:
    """Reads one drop after the other; the first one waits until the rules are loaded."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._judge: Judge | None = None
        self._one_at_a_time = Lock()

    def __call__(self, paths: Sequence[Path]) -> Scan:
        """What is found and what is not read; RulesError if the rules fail their own examples.

        The text of photos is kept nowhere, and private copies are gone when the scan is returned.
        """
        # Here and not above: every process of the page would load the readers, and few are ever asked.
        from leakwatch import kit
        from leakwatch.pipeline import scan

        data = self._config.paths.data_dir
        with self._one_at_a_time, private_folder(data) as folder, _alone(data / LOCK):
            if self._judge is None:
                self._judge = kit.load_judge(self._config)
            places = kit.Places(private=folder)
            with kit.open_readers(self._config, 1, places) as readers:
                return scan(paths, kit.kit_of(self._config, self._judge, readers, places), lambda _: None)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Waits until no other process holds the lock; Windows has one process alone."""
    with place.open("ab") as file:
        try:
            import fcntl
        except ImportError:
            yield
            return
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
