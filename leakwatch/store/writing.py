"""The forms of a lead as files in the folder of drafts; what a person has written in one is never overwritten."""

from __future__ import annotations

from pathlib import Path

from leakwatch.forms import pdf, saving
from leakwatch.forms.incident_form import draw_incident_form, incident_form_name
from leakwatch.forms.lead_form import draw_lead_form, form_name
from leakwatch.forms.remaking import Outcome, Remade, remake
from leakwatch.store import papers
from leakwatch.store.models import Lead
from leakwatch.store.sealing import Sealer
from leakwatch.vault import make_folder

_CONVERTED_S = 60


def write(lead: Lead, folder: Path, sealer: Sealer) -> tuple[Remade, ...]:
    """线索报告表, and 泄密事件报告表 of a lead that was confirmed; Refused for a purged one."""
    draft, annexes = papers.draft(lead, papers.boxes(lead, sealer)), papers.annexes(lead, sealer)
    make_folder(folder)
    made = [remake(draw_lead_form(draft, annexes), folder / form_name(draft))]
    if lead.verified_at is not None:
        made.append(remake(draw_incident_form(draft, annexes), folder / incident_form_name(draft)))
    return tuple(made)


def write_drafts(lead: Lead, folder: Path, sealer: Sealer) -> tuple[Remade, ...]:
    """The same in the folder of drafts of the config, where nobody needs to write them any more."""
    made = write(lead, folder, sealer)
    papers.written(lead)
    return made


def as_pdf(made: Remade, converter: Path) -> Path:
    """The form as .pdf beside it; that of an older form is put aside, as the form was."""
    path = made.path.with_suffix(".pdf")
    if path.exists() and made.outcome is Outcome.SAME:
        return path
    if path.exists():
        saving.put(path, path.with_stem(f"{path.stem}-旧稿"))
    return pdf.to_pdf(made.path, converter, _CONVERTED_S)
