"""The forms of a lead as files, for who has asked to see the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from leakwatch.errors import LeakwatchError
from leakwatch.forms import pdf, saving
from leakwatch.forms.annexes import Annexes
from leakwatch.forms.drawing import Drawn
from leakwatch.forms.incident_form import draw_incident_form, incident_form_name
from leakwatch.forms.lead_form import draw_lead_form, form_name
from leakwatch.model import LeadDraft
from leakwatch.store import papers
from leakwatch.vault import private_folder
from leakwatch.web import looking, trail

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CONVERTED_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A form that a lead can be drawn as."""

    draw: Callable[[LeadDraft, Annexes], Drawn]
    name: Callable[[LeadDraft], str]


_PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        "lead": Paper(draw=draw_lead_form, name=form_name),
        "incident": Paper(draw=draw_incident_form, name=incident_form_name),
    }
)


@require_safe
def as_docx(request: HttpRequest, id: str, kind: str) -> HttpResponse:
    """线索报告表 or 泄密事件报告表 for Word and WPS."""
    return _given(request, id, kind, lambda path: (path, _DOCX))


@require_safe
def as_pdf(request: HttpRequest, id: str, kind: str) -> HttpResponse:
    """The same for reading and printing, where LibreOffice is."""
    return _given(
        request,
        id,
        kind,
        lambda path: (pdf.to_pdf(path, pdf.find_converter(), _CONVERTED_S), "application/pdf"),
    )


def _given(
    request: HttpRequest, id: str, kind: str, finish: Callable[[Path], tuple[Path, str]]
) -> HttpResponse:
    """The file as `finish` leaves it; a purpose must be in the log before."""
    whole = looking.whole(request, id)
    if kind not in _PAPERS or whole.content is None:  # None: the owner of one of several groups
        raise Http404
    draft = papers.draft(whole.lead, whole.content)
    if not looking.is_unmasked(request, id):
        return redirect("lead", id=id)
    paper = _PAPERS[kind]
    try:
        with private_folder(settings.OFFICE.config.paths.data_dir) as folder:
            docx = folder / paper.name(draft)
            annexes = papers.annexes(whole.lead, settings.OFFICE.sealer)
            saving.save(paper.draw(draft, annexes), docx)
            path, content_type = finish(docx)
            written = path.read_bytes()
    except LeakwatchError as why:
        messages.error(request, str(why))
        return redirect("lead", id=id)
    with transaction.atomic():
        trail.note(request, "lead.form_taken", id, {"form": kind})
    disposition = f"attachment; filename*=UTF-8''{quote(path.name)}"
    return HttpResponse(written, content_type=content_type, headers={"Content-Disposition": disposition})
