"""The Python outside: the same findings as the command line, as values; no global state."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from leakwatch.config import Config, load
from leakwatch.errors import UsageError
from leakwatch.model import Finding, Scan


def scan_path(*paths: Path | str, config: Config | None = None) -> Scan:
    """Everything found under the paths and everything that could not be read; nothing is kept on disk.

    UsageError if a path does not exist.
    """
    from leakwatch.kit import Places, build_kit
    from leakwatch.pipeline import scan
    from leakwatch.vault import private_folder

    there = existing(paths)
    with (
        private_folder(None) as folder,
        build_kit(config or load(None, {}), 1, Places(private=folder)) as kit,
    ):
        return scan(there, kit, lambda _progress: None)


def scan_text(text: str, config: Config | None = None) -> tuple[Finding, ...]:
    """What a message of that text would be found to hold, gravest first."""
    from leakwatch.kit import Places, build_kit
    from leakwatch.pipeline import explain
    from leakwatch.vault import private_folder

    with (
        private_folder(None) as folder,
        build_kit(config or load(None, {}), 1, Places(private=folder)) as kit,
    ):
        return explain(text, kit)


def existing(names: Sequence[Path | str]) -> tuple[Path, ...]:
    """The paths of that name; UsageError names all that do not exist."""
    missing = [str(name) or "（空的路径）" for name in names if not _is_there(name)]
    if missing:
        raise UsageError(f"找不到：{'、'.join(missing)}，请检查路径和权限后重试")
    return tuple(map(Path, names))


def _is_there(name: Path | str) -> bool:
    """An empty name is a script's unset variable; as a path it would be the current folder."""
    try:
        return name != "" and Path(name).exists()
    except (OSError, ValueError):  # a folder above that may not be entered; a NUL in the name
        return False
