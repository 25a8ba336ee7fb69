"""What the store makes of a scan, told after its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from leakwatch.cli.drafted import Drafted
from leakwatch.errors import LeakwatchError
from leakwatch.model import Scan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from leakwatch.store.models import Lead
    from leakwatch.store.records import Means, Recorded


class Recorder:
    """Records a scan while its copies are there; a failure waits until the report is out."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._recorded: Recorded | None = None
        self._failure: LeakwatchError | None = None

    def __call__(self, scan: Scan) -> None:
        """The scan is in the database, or it is known why not."""
        from django.db import DatabaseError

        from leakwatch.store.models import ScanKind
        from leakwatch.store.records import Asked, record

        try:
            self._recorded = record(scan, Asked(kind=ScanKind.MANUAL, actor="shell"), self._means)
        except LeakwatchError as why:
            self._failure = why
        except DatabaseError as why:  # its words may quote what was to be written
            self._failure = LeakwatchError(
                f"数据库写不进去（{type(why).__name__}），这次扫描没有记入；请检查磁盘空间和权限后重新扫描"
            )

    def write_new(self, folder: Path) -> Drafted | None:
        """The forms that say something new; None if the scan could not be recorded. folder: that of the config."""
        from leakwatch.store import papers

        if self._recorded is None:
            return None
        leads = papers.to_have_forms(self._recorded.changed)
        drafted = self._write(leads, folder)
        papers.all_written(leads)
        return drafted

    def write_all(self, folder: Path) -> Drafted | None:
        """The forms of all leads that the scan met; None if it could not be recorded."""
        from leakwatch.store import papers

        return (
            None if self._recorded is None else self._write(papers.to_have_forms(self._recorded.met), folder)
        )

    def _write(self, leads: Sequence[Lead], folder: Path) -> Drafted:
        """With what is known besides the scan: evidence, spread, head of the log; over no person's words."""
        from leakwatch.store import writing

        notes: dict[str, None] = {}
        for lead in leads:
            for made in writing.write(lead, folder, self._means.sealer):
                notes |= dict.fromkeys(made.notes)
        return Drafted(folder=folder, forms=len(leads), notes=tuple(notes))

    def tell(self) -> None:
        """One sentence on the screen; LeakwatchError if the scan could not be recorded."""
        if self._failure is not None:
            raise self._failure
        if self._recorded is not None:
            click.echo(sentence(self._recorded), err=True)


def sentence(recorded: Recorded) -> str:
    """What the scan brought, compared with what was known."""
    figures = (
        f"已记入数据库：新发现 {recorded.new} 项，已知 {recorded.known} 项，"
        f"重现 {recorded.reactivated} 项，消失 {recorded.gone} 项；新线索 {len(recorded.opened)} 条"
    )
    counts = (
        ("补充", recorded.grown),
        ("重新打开", recorded.reopened),
        ("升级为立即报告", recorded.escalated),
        ("合并", recorded.merged),
        ("已清除而内容仍在（没有再留存原文）", recorded.met_again),
    )
    rest = "".join(f"，{name} {len(ids)} 条" for name, ids in counts if ids)
    return f"{figures}{rest}。用 leakwatch leads 查看。"
