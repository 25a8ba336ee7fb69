"""What every part of recording a scan is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leakwatch.config import Inbox
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
    inboxes: Mapping[str, Inbox]
    """By their folder."""
    home: Group | None
    """The group of the inbox that all this came from."""

    def group(self, chat: Chat | None) -> Group | None:
        """None for a chat of two; what says no chat belongs to the group of its inbox, if that has one."""
        if chat is None or not chat.name.strip():
            return self.home
        return self.groups.get((chat.platform, column(chat.name, 300)))
