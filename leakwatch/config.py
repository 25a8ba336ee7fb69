"""config.toml → frozen settings."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far an archive or a file is followed; over a limit = `Skipped`, the rest goes on."""

    archive_depth: int = 4
    archive_entries: int = 10_000
    archive_total_mib: int = 2048
    archive_ratio: int = 100
    """Unpacked bytes per packed byte, counted above 1 MiB only."""
    file_mib: int = 2048
