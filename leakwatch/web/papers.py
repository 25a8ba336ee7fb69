"""The forms of a lead as files."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from leakwatch.forms.lead_form import form_name, write_lead_form
from leakwatch.model import LeadDraft
from leakwatch.store.dossier import Dossier
from leakwatch.vault import private_folder
from leakwatch.web import looking, trail

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def lead_form(request: HttpRequest, id: str) -> HttpResponse:
    """线索报告表 as .docx, for who has asked to see the words."""
    whole = looking.whole(request, id)
    if not looking.is_unmasked(request, id):
        return redirect("lead", id=id)
    draft = _draft(whole)
    with private_folder(settings.OFFICE.config.paths.data_dir) as folder:
        path = folder / form_name(draft)
        write_lead_form(draft, path)
        written = path.read_bytes()
    with transaction.atomic():
        trail.note(request, "lead.form_taken", id)
    disposition = f"attachment; filename*=UTF-8''{quote(path.name)}"
    return HttpResponse(written, content_type=_DOCX, headers={"Content-Disposition": disposition})


def _draft(whole: Dossier) -> LeadDraft:
    lead, content = whole.lead, whole.content
    if content is None:  # the owner of one of several groups
        raise Http404
    return LeadDraft(
        id=lead.id,
        reporting_unit=content.reporting_unit,
        incident_unit=content.incident_unit,
        conduct=content.conduct,
        documents_and_levels=content.documents_and_levels,
        facts=content.facts,
        remedy=content.remedy,
        remark=content.remark,
        found_at=lead.found_at,
        due_at=lead.due_at,
        at_once=lead.at_once,
        finding_ids=tuple(sorted(finding.id for finding in whole.findings)),
    )
