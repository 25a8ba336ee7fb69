"""发前自查: what is about to be published goes along the road; nothing of it is kept, nor of what was found."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import msgspec
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from leakwatch.errors import LeakwatchError, Refused
from leakwatch.forms import fields
from leakwatch.forms.disclosure_form import SelfCheck, draw_disclosure_form
from leakwatch.model import SHANGHAI, Scan
from leakwatch.web import trail
from leakwatch.web.downloads import DOCX, download
from leakwatch.web.receiving import Received, takes_files
from leakwatch.web.results import Result, result_of, sentences

_MOST_MIB = 64
_TEXT_NAME = "粘贴的文字.txt"
_SALT = "leakwatch.check"
_VALID_S = 8 * 3600


@takes_files(lambda: _MOST_MIB)
def check(request: HttpRequest, received: Received | None) -> HttpResponse:
    """The form, and what came of it."""
    if received is None:
        return _page(request)
    try:
        material = _material(request, received)
        with settings.OFFICE.turns.take(request.user.username):
            scan = settings.OFFICE.inspect(material)
    except LeakwatchError as why:
        return _page(request, str(why))
    return _page(request, result=_noted(request, scan, received))


def _material(request: HttpRequest, received: Received) -> list[Path]:
    """The files, and the text as one more; Refused if there is neither."""
    if received.wrong:
        raise Refused(received.wrong)
    material = sorted(received.folder.iterdir())  # not the folder: its name is ours
    if (text := request.POST.get("text", "")).strip():
        pasted = received.folder.with_name(_TEXT_NAME)
        pasted.write_text(text, "utf-8", "replace")
        material.append(pasted)
    if not material:
        raise Refused("请先粘贴文字，或选择要检查的文件")
    return material


def _noted(request: HttpRequest, scan: Scan, received: Received) -> Result:
    """What the page shows; the log is told figures alone."""
    now = settings.OFFICE.clock()
    id = f"ZC-{now.astimezone(SHANGHAI):%Y%m%d}-{token_hex(3)}"
    made = SelfCheck(
        id=id,
        bureau=settings.OFFICE.config.units.reporting_unit,
        unit=request.user.unit.name if request.user.unit else "",
        title=request.POST.get("title", "").strip() or received.title or "（请填写信息名称）",
        number=request.POST.get("number", "").strip(),
        source=_source(scan),
        results=tuple(sentences(scan)),
        checked_at=now,
    )
    result = result_of(scan, id)
    figures = {"findings": len(result.findings), "unread": len(scan.skipped), "files": scan.files}
    with transaction.atomic():
        trail.note(request, "check.made", id, dict(figures))
    return msgspec.structs.replace(result, signed=_signed(made))


@require_POST
def form(request: HttpRequest) -> HttpResponse:
    """政府信息公开（发布）保密审查表 as .docx, of a check that the visitor still has on the screen."""
    try:
        given = signing.loads(request.POST.get("check", ""), salt=_SALT, max_age=_VALID_S)
        made = msgspec.convert(given, SelfCheck)
    except (signing.BadSignature, msgspec.ValidationError):
        return _page(request, "页面已过期，请重新检查一次再下载")
    written = fields.recorded(draw_disclosure_form(made).document)
    with transaction.atomic():
        trail.note(request, "check.form_taken", made.id)
    return download(written, f"保密审查表-{made.id}.docx", DOCX)


def _page(request: HttpRequest, wrong: str = "", result: Result | None = None) -> HttpResponse:
    given = request.POST if wrong else {}
    shown = {"wrong": wrong, "result": result, "given": given, "most_mib": _MOST_MIB}
    return render(request, "check.html", shown, status=400 if wrong else 200)


def _source(scan: Scan) -> str:
    """Names and hashes of what was checked."""
    files = [f"{file.name}（SHA-256 {file.sha256}）" for file in scan.received[:5]]
    more = f"等 {len(scan.received)} 个文件" if len(scan.received) > 5 else ""
    return "；".join(files) + more


def _signed(made: SelfCheck) -> str:
    """The check as the browser gives it back: nobody but the visitor holds it."""
    return signing.dumps(msgspec.to_builtins(made), salt=_SALT, compress=True)
