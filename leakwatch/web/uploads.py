"""Uploading exports, and what becomes of them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from leakwatch.store import uploads
from leakwatch.store.models import Arrival, ArrivalState, Unread
from leakwatch.store.unread import opened
from leakwatch.store.uploads import UPLOADS, Upload
from leakwatch.vault import make_folder
from leakwatch.vault.files import sync_folder
from leakwatch.watch.inbox import Arrival as Rested
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_into
from leakwatch.web import looking
from leakwatch.web.receiving import Received, not_written, takes_files

_SHOWN = 20
_SYNCING = 32
_MOST_UNREAD = 200
_OPEN = (ArrivalState.WAITING, ArrivalState.WORKING)


def _most_mib() -> int:
    most: int = settings.OFFICE.config.limits.file_mib
    return most


@takes_files(_most_mib)
def upload(request: HttpRequest, received: Received | None) -> HttpResponse:
    """The form; what it brought lies where the daemon looks, and waits in the queue."""
    if received is None:
        return _page(request)
    if received.wrong or not received.paths:
        return _page(request, received.wrong or "请先选择文件或文件夹")
    try:
        _sync(received)
        row = _arrived(request, received)
    except OSError as why:
        return _page(request, not_written(why))
    return redirect("upload-state", id=row.pk)


def _sync(received: Received) -> None:
    """All of it is on the disk before anything says that it is there.

    Side by side, since the disk commits together what waits together: 5,000 small files in 0.7 s, not 25 s.
    """
    with ThreadPoolExecutor(_SYNCING) as pool:
        list(pool.map(_sync_file, [received.folder / path for path in received.paths]))
    for folder in {received.folder / parent for path in received.paths for parent in path.parents}:
        sync_folder(folder)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs no file that is open for reading
        os.fsync(file.fileno())


def _arrived(request: HttpRequest, received: Received) -> Arrival:
    """Moved in one step, under a name that tells nothing; only then it is in the queue."""
    office = settings.OFFICE
    root, name = office.config.paths.data_dir / UPLOADS, token_hex(8)
    make_folder(root)
    received.folder.rename(root / name)
    sync_folder(root)
    listing = look_into(root, moves=True)
    files = listing.arrivals.get(name, []) if listing else []
    size = sum(file.size for file in files)
    rested = Rested(name=name, signature=signature_of(files), files=len(files), size=size)
    brought = Upload(by=request.user, title=received.title, sealer=office.sealer)
    return uploads.put(str(root), rested, brought, office.clock())


def _page(request: HttpRequest, wrong: str = "") -> HttpResponse:
    rows = uploads.visible(request.user).order_by("-arrived_at", "-pk")[:_SHOWN]
    shown = {"rows": uploads.named(rows, settings.OFFICE.sealer), "wrong": wrong, "most_mib": _most_mib()}
    return render(request, "upload.html", shown, status=400 if wrong else 200)


@require_safe
def show(request: HttpRequest, id: int) -> HttpResponse:
    """How far an upload has come, and what came of it."""
    row = get_object_or_404(uploads.visible(request.user), pk=id)
    unread = (
        Unread.objects.filter(scan=row.scan).order_by("reason", "pk") if row.scan else Unread.objects.none()
    )
    shown = {
        "row": row,
        "title": uploads.named([row], settings.OFFICE.sealer)[0].title,
        "is_open": row.state in _OPEN,
        "before": uploads.before(row),
        "share": _share(row.progress),
        "first_read": uploads.first_read(row, request.user),
        # Who brought the files knows their names; others say that they want to know.
        "sees_names": row.asked_by_id == request.user.pk or looking.is_unmasked(request, looking.UNREAD),
        "unread": opened(unread[:_MOST_UNREAD], settings.OFFICE.sealer),
        "leads": uploads.leads_of(row, request.user),
    }
    return render(request, "upload_state.html", shown)


def _share(progress: str) -> tuple[str, str] | None:
    """Files read, and of how many, where both are known: 3/10 个文件，…"""
    done, slash, rest = progress.partition("/")
    total = rest.partition(" ")[0]
    return (done, total) if slash and done.isdecimal() and total.isdecimal() else None
