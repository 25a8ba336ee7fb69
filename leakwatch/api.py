"""The Python outside: the same findings as the command line, as values; no global state."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from leakwatch.config import Config, load
from leakwatch.model import SHANGHAI, Finding, Scan


def scan_path(*paths: Path | str, config: Config | None = None) -> Scan:
    """Everything found under the paths and everything that could not be read; nothing is kept on disk."""
    from leakwatch.kit import build_kit
    from leakwatch.pipeline import scan
    from leakwatch.vault import Vault

    with (
        tempfile.TemporaryDirectory(prefix="leakwatch-") as folder,
        build_kit(config or load(None, {}), Vault(Path(folder), _now), 1) as kit,
    ):
        return scan([Path(path) for path in paths], kit, lambda _done, _total: None)


def scan_text(text: str, config: Config | None = None) -> tuple[Finding, ...]:
    """What a message of that text would be found to hold, gravest first."""
    from leakwatch.kit import build_kit
    from leakwatch.pipeline import explain
    from leakwatch.vault import Vault

    with (
        tempfile.TemporaryDirectory(prefix="leakwatch-") as folder,
        build_kit(config or load(None, {}), Vault(Path(folder), _now), 1) as kit,
    ):
        return explain(text, kit)


def _now() -> datetime:
    return datetime.now(SHANGHAI)
