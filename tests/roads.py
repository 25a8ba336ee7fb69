"""The command line's own road, for tests that scan again and again."""

from __future__ import annotations

from leakwatch.cli.road import Road
from leakwatch.config import Config
from leakwatch.kit import Judge


class ProvedOnce(Road):
    """The command line as it is, but for the rules: forty scans need not load and prove them forty times."""

    def __init__(self) -> None:
        self._judge: Judge | None = None

    def judge(self, config: Config) -> Judge:
        """Loaded at the first scan; all of them use one folder of rules."""
        self._judge = self._judge or super().judge(config)
        return self._judge
