"""What every part of recording a scan is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leakwatch.leads import Units
from leakwatch.model import Chat, Scan
from leakwatch.store.models import Group
from leakwatch.store.models import Scan as ScanRow
from leakwatch.store.plain import column
from leakwatch.store.sealing import Sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where the rows of one scan go."""

    scan: Scan
    row: ScanRow
    at: datetime
    """When what was found counts as discovered: the end of the scan."""
    actor: str
    sealer: Sealer
    units: Units
    groups: Mapping[tuple[str, str], Group]
    """Platform and name → work group."""

    def group(self, chat: Chat) -> Group | None:
        """None for a chat of two, and for one that has no name."""
        return self.groups.get((chat.platform, column(chat.name, 300)))
