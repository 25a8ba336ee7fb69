"""Whether the sealed originals, the log and what people decided are what they were when they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from leakwatch.errors import LeakwatchError
from leakwatch.model import Sealed
from leakwatch.store import agreement, log
from leakwatch.store.models import Original
from leakwatch.store.sealing import Sealer
from leakwatch.vault.sealed import Flaw, Problem

_AT_ONCE = 1_000


class Vault(Protocol):
    """The sealed originals."""

    def verify(self, index: Iterable[Sealed]) -> Iterator[Problem]:
        """Everything that differs from the index."""
        ...


def verify(vault: Vault, sealer: Sealer, anchor_file: Path, now: datetime) -> str:
    """What was proved (Chinese), and the log's last row written down outside; LeakwatchError says what is wrong.

    Originals that are in the vault and not in the tables are counted only: whoever is killed between sealing and
    recording leaves one.
    """
    anchor = log.last_anchor(anchor_file) if anchor_file.exists() else None
    wrong = [problem.detail for problem in log.verify(anchor)]
    wrong += agreement.faults(sealer)
    extra = 0
    for flaw in vault.verify(index()):
        if flaw.flaw is Flaw.EXTRA:
            extra += 1
        else:
            wrong.append(flaw.detail)
    if wrong:
        raise LeakwatchError(f"核对发现 {len(wrong)} 处问题；第一处：{wrong[0]}")
    head = log.anchor(anchor_file, now)
    kept = Original.objects.filter(is_kept=True, purged_at=None).count()
    return f"原件 {kept} 件、日志 {head.seq} 条，全部相符" + (f"；未登记的封存件 {extra} 个" if extra else "")


def index() -> Iterator[Sealed]:
    """What should lie in the vault."""
    rows = Original.objects.filter(is_kept=True, purged_at=None).order_by("key_id", "sha256")
    for row in rows.iterator(_AT_ONCE):
        yield Sealed(
            sha256=row.sha256,
            sm3=row.sm3,
            size=row.size,
            suite=row.suite,
            key_id=row.key_id,
            stored_at=row.taken_at,
        )
