"""A filed sheet → the register, after a person has seen what was understood of it."""

from __future__ import annotations

from datetime import date

import msgspec
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from leakwatch.errors import LeakwatchError
from leakwatch.model import SHANGHAI
from leakwatch.register import PLATFORMS, Imported, Register
from leakwatch.store import groups
from leakwatch.web.filings import filing
from leakwatch.web.groups import editor
from leakwatch.web.receiving import Received, takes_files

_MOST_MIB = 16
_SALT = "leakwatch.register"
_VALID_S = 8 * 3600


@takes_files(lambda: _MOST_MIB)
def show(request: HttpRequest, received: Received | None) -> HttpResponse:
    """What was understood of the sheet, row by row, before anything is saved."""
    if received is None:
        return redirect("groups")
    wrong = received.wrong or ("" if len(received.paths) == 1 else "请选择一个 .xlsx 或 .docx 文件")
    try:
        if wrong:
            raise LeakwatchError(wrong)
        found = filing(received.folder / received.paths[0], settings.OFFICE.config.limits)
        if not found.register.units and not found.register.groups:
            raise LeakwatchError("；".join(found.notes) or "表里没有找到单位和工作群，请检查是否拿错文件")
    except LeakwatchError as why:
        messages.error(request, str(why))
        return redirect("groups")
    return render(request, "import.html", _shown(found))


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """The register with the rows that were shown."""
    try:
        given = signing.loads(request.POST.get("rows", ""), salt=_SALT, max_age=_VALID_S)
        filed = msgspec.convert(given, Register)
        on = date.fromisoformat(request.POST.get("on", ""))
    except (signing.BadSignature, msgspec.ValidationError):
        messages.error(request, "页面已过期，请重新选择文件导入")
        return redirect("groups")
    except ValueError:
        messages.error(request, "报备日期不是日期，请重新导入")
        return redirect("groups")
    saved = groups.save(filed, on, editor(request))
    told = groups.told(saved.leads)
    messages.success(
        request, f"已导入：{saved.units} 个单位，新登记 {saved.new} 个群，更新 {saved.changed} 个群{told}"
    )
    return redirect("groups")


def _shown(found: Imported) -> dict[str, object]:
    return {
        "rows": groups.understood(found.register.groups),
        "units": found.register.units,
        "notes": found.notes,
        "platforms": PLATFORMS,
        "today": settings.OFFICE.clock().astimezone(SHANGHAI).date(),
        # What was shown is what is saved; nothing of it waits on the server.
        "signed": signing.dumps(msgspec.to_builtins(found.register), salt=_SALT, compress=True),
    }
