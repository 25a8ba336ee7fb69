"""What the form of a lead is drawn from: its boxes, the evidence behind them, the head of the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import QuerySet

from leakwatch.errors import Refused
from leakwatch.forms.annexes import Annexes, ChainHead
from leakwatch.forms.places import carrier, file_of
from leakwatch.model import Evidence, EvidenceItem, Finding, LeadDraft, Outcome
from leakwatch.store import facts, log, originals, tracing, uploads
from leakwatch.store.contents import LeadContent, unpack
from leakwatch.store.likeness import pictures_of
from leakwatch.store.models import Holder, Lead, Original
from leakwatch.store.sealing import Sealer

_METHOD = "自动复制并同步计算校验值，原件加密留存"
_BATCH = 500
_EXPORT = "导出文件"


def unwritten() -> QuerySet[Lead]:
    """The leads whose forms do not say yet what is known of them, oldest first."""
    return Lead.objects.filter(is_draft=True, has_form=False, merged_into=None, purged_at=None).order_by(
        "found_at", "id"
    )


def to_have_forms(ids: Sequence[str]) -> list[Lead]:
    """Those of the leads that are to have a form, due first."""
    leads = Lead.objects.filter(is_draft=True, merged_into=None, purged_at=None)
    found = [
        lead
        for start in range(0, len(ids), _BATCH)
        for lead in leads.filter(pk__in=ids[start : start + _BATCH])
    ]
    return sorted(found, key=lambda lead: (lead.due_at, lead.pk))


def written(lead: Lead) -> None:
    """Its form says what that row says; a row that has changed since then stays unwritten."""
    Lead.objects.filter(pk=lead.pk, sealed=bytes(lead.sealed), due_at=lead.due_at).update(has_form=True)


def all_written(leads: Iterable[Lead]) -> None:
    """The same of many, in one write to the disk."""
    with transaction.atomic():
        for lead in leads:
            written(lead)


def boxes(lead: Lead, sealer: Sealer) -> LeadContent:
    """The boxes of its form as drafted; Refused if they were purged."""
    if lead.purged_at is not None:
        raise Refused(f"{lead.id}：内容已清除，不能再起草报告表或移交")
    return unpack(lead.sealed, LeadContent, sealer, f"lead:{lead.id}")


def draft(lead: Lead, content: LeadContent) -> LeadDraft:
    """The lead as its form is drawn."""
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
        finding_ids=tuple(lead.findings.order_by("id").values_list("id", flat=True)),
    )


def annexes(lead: Lead, sealer: Sealer) -> Annexes:
    """The originals that hold its findings, what they came in, how it spread, and where the log stands now."""
    known = facts.of_leads([lead.id], sealer).get(lead.id, [])
    found = [one for one in known if one.outcome is not Outcome.NOTE]
    head = log.head()
    return Annexes(
        evidence=tuple(_items(found, lead, sealer)),
        chain_head=ChainHead(sequence=head.seq, hash=head.hash) if head.seq else None,
        spread=tracing.annex(found, pictures_of([lead.id], sealer).get(lead.id, {})),
    )


def _items(findings: Iterable[Finding], lead: Lead, sealer: Sealer) -> Iterator[EvidenceItem]:
    """Only what lies sealed: the list is signed for."""
    kinds: dict[str, str] = {}
    files: dict[str, Evidence] = {}
    for piece in (hit.piece for finding in findings for hit in finding.hits):
        files.setdefault(piece.evidence.sha256, piece.evidence)
        kinds.setdefault(piece.evidence.sha256, carrier(piece) if file_of(piece) else "聊天记录")
    holders = Holder.objects.filter(place__finding__lead=lead).values_list("sha256", flat=True)
    wholes = {*holders, *(file.parent for file in files.values() if file.parent)} - set(files)
    kept = Original.objects.filter(pk__in={*files, *wholes}, is_kept=True, purged_at=None)
    paths = originals.paths(wholes, sealer)
    for number, original in enumerate(kept.order_by("taken_at", "pk"), 1):
        file = files.get(original.pk)
        path = file.inner_path if file else paths.get(original.pk, "")
        name = file.name if file else path.replace("!", "/").rpartition("/")[2]
        yield EvidenceItem(
            number=number,
            name=name,
            kind=kinds.get(original.pk, _EXPORT),
            format=PurePosixPath(name).suffix.removeprefix(".").upper(),
            size=original.size,
            sha256=original.pk,
            sm3=original.sm3,
            taken_at=file.taken_at if file else original.taken_at,
            method=_METHOD,
            origin=uploads.shown(path),
            parent_sha256=(file.parent if file else original.parent) or None,
        )
