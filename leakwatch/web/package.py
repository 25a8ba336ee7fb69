"""The hand-over package of a lead, for the office."""

from __future__ import annotations

import shutil
import tempfile
from typing import IO

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from leakwatch.errors import LeakwatchError, Refused
from leakwatch.store.handing_over import Means, hand_over
from leakwatch.vault import private_folder
from leakwatch.vault.handover import SUFFIX, Package
from leakwatch.vault.passphrases import new_stretching
from leakwatch.vault.suites import suite_of
from leakwatch.web import lead as leads
from leakwatch.web import looking


@require_POST
def make(request: HttpRequest, id: str) -> HttpResponse:
    """The package as a download, or the page of the lead with why there is none."""
    looking.known(request, id)
    try:
        if request.POST.get("passphrase") != request.POST.get("again"):
            raise Refused("两次输入的口令不一样，没有制作交接包，请重新输入")
        file = _packed(request, id)
    except LeakwatchError as why:
        return leads.page(request, id, str(why))
    return FileResponse(
        file, as_attachment=True, filename=f"{id}{SUFFIX}", content_type="application/octet-stream"
    )


def _packed(request: HttpRequest, id: str) -> IO[bytes]:
    """A file without a name, gone once it was sent."""
    office = settings.OFFICE
    paths = office.config.paths
    means = Means(sealer=office.sealer, open=office.originals.open, drafts=paths.drafts_dir)
    with private_folder(paths.data_dir) as folder:
        made = Package(
            path=folder / f"{id}{SUFFIX}",
            passphrase=request.POST.get("passphrase", ""),
            suite=suite_of(office.config.store.suite),
            stretching=new_stretching(),
            made_at=office.clock(),
        )
        hand_over(id, made, means, request.user.username)
        sent = tempfile.TemporaryFile(dir=paths.data_dir)  # noqa: SIM115 - the response closes it
        with made.path.open("rb") as source:
            shutil.copyfileobj(source, sent)
    sent.seek(0)
    return sent
