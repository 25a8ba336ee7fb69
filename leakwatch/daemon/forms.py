"""The lead forms in the folder of drafts, kept up with what the leads say."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

from leakwatch.errors import LeakwatchError, whereabouts
from leakwatch.forms import saving
from leakwatch.forms.lead_form import draw_lead_form, form_name
from leakwatch.forms.remaking import remake
from leakwatch.store import jobs, papers
from leakwatch.store.models import Lead
from leakwatch.store.plain import column
from leakwatch.store.sealing import Sealer
from leakwatch.vault import make_folder, system_clock

_log = logging.getLogger(__name__)

NAME = "forms"
_ABANDONED = timedelta(minutes=10)
"""A form is written in less than a second; whoever was killed over one leaves it half-written."""
_MOST_FAULTS = 5
"""Then it is the disk, not the lead."""


def catch_up(folder: Path, sealer: Sealer) -> int:
    """How many forms now say what their leads say; the rest is told, and made up for the next time.

    A form that a person has written in stays as it is: the new one lies beside it.
    """
    saving.sweep(folder, system_clock() - _ABANDONED)
    count = 0
    faults: list[str] = []
    for lead_id in list(papers.unwritten().values_list("pk", flat=True)):
        lead = papers.unwritten().filter(pk=lead_id).first()
        if lead is None or len(faults) >= _MOST_FAULTS:
            continue
        try:
            _write(lead, folder, sealer)
        except Exception as why:  # noqa: BLE001 - one lead: the others are written, and arrivals read
            _log.error("form of %s cannot be written: %s", lead_id, whereabouts(why))
            faults.append(str(why) if isinstance(why, LeakwatchError) else f"{lead_id}：{type(why).__name__}")
        else:
            count += 1
    if faults:
        jobs.failed(NAME, system_clock(), column(f"{faults[0]}；已写 {count} 份，其余稍后补写", 500))
    elif count:
        jobs.succeeded(NAME, system_clock(), f"写了 {count} 份线索报告表")
    return count


def _write(lead: Lead, folder: Path, sealer: Sealer) -> None:
    make_folder(folder)
    draft = papers.draft(lead, papers.boxes(lead, sealer))
    remake(draw_lead_form(draft, papers.annexes(lead, sealer)), folder / form_name(draft))
    papers.written(lead)
