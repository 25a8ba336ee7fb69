"""The lead forms in the folder of drafts, kept up with what the leads say."""

from __future__ import annotations

import logging
from pathlib import Path

from leakwatch.errors import LeakwatchError, whereabouts
from leakwatch.forms.lead_form import draw_lead_form, form_name
from leakwatch.forms.remaking import remake
from leakwatch.store import jobs, papers
from leakwatch.store.sealing import Sealer
from leakwatch.vault import make_folder, system_clock

_log = logging.getLogger(__name__)

NAME = "forms"


def catch_up(folder: Path, sealer: Sealer) -> int:
    """How many forms now say what their leads say; the rest is told, and made up for the next time.

    A form that a person has written in stays as it is: the new one lies beside it.
    """
    count = 0
    ids = list(papers.unwritten().values_list("pk", flat=True))
    if not ids:
        return 0
    try:
        make_folder(folder)
        for lead_id in ids:
            if (lead := papers.unwritten().filter(pk=lead_id).first()) is not None:
                draft = papers.draft(lead, papers.boxes(lead, sealer))
                remake(draw_lead_form(draft, papers.annexes(lead, sealer)), folder / form_name(draft))
                papers.written(lead)
                count += 1
    except LeakwatchError as why:
        _log.error("forms cannot be written: %s", whereabouts(why))
        jobs.failed(NAME, system_clock(), f"{why}；已写 {count} 份，其余稍后补写")
    else:
        jobs.succeeded(NAME, system_clock(), f"写了 {count} 份线索报告表")
    return count
