"""The picture of a place, and the boxes of what was recognised in it, for who has asked to see the words."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leakwatch.errors import LeakwatchError
from leakwatch.images.showing import Shown, shown
from leakwatch.sandbox import Sandbox
from leakwatch.store.dossier import ShownPlace
from leakwatch.vault import private_folder
from leakwatch.web import looking


@require_safe
def picture(request: HttpRequest, id: str, place: int) -> HttpResponse:
    """The picture as JPEG."""
    jpeg = _shown(_place(request, id, place)).jpeg
    return HttpResponse(jpeg, content_type="image/jpeg", headers={"Content-Disposition": "inline"})


@require_safe
def boxes(request: HttpRequest, id: str, place: int) -> HttpResponse:
    """The boxes of all that was read on the picture, as an SVG that lies over it."""
    found = _place(request, id, place)
    page = _shown(found)
    read = looking.whole(request, id).places
    boxes = {box for one in read if _is_same_page(one, found) for box in one.content.boxes}
    outlines = [" ".join(f"{x:.0f},{y:.0f}" for x, y in box) for box in sorted(boxes)]
    values = {"page": page, "outlines": outlines, "stroke": max(2, page.width_px // 300)}
    return render(request, "boxes.svg", values, content_type="image/svg+xml")


def _is_same_page(one: ShownPlace, other: ShownPlace) -> bool:
    return one.sha256 == other.sha256 and one.content.spot == other.content.spot


def _place(request: HttpRequest, id: str, place: int) -> ShownPlace:
    whole = looking.whole(request, id)
    found = next((one for one in whole.places if one.id == place), None)
    if found is None or not looking.is_unmasked(request, id):
        raise Http404
    return found


def _shown(place: ShownPlace) -> Shown:
    """Opened in a child process, as every picture from outside is."""
    office = settings.OFFICE
    limits = office.config.limits
    try:
        with private_folder(office.config.paths.data_dir) as folder:
            path = _copied(place.sha256, folder)
            with Sandbox(limits.reader_timeout_s, limits.reader_memory_mib, folder) as sandbox:
                return next(iter(list(sandbox.stream(shown, path, place.content.spot or ""))))
    except (LeakwatchError, StopIteration) as why:
        raise Http404 from why


def _copied(sha256: str, folder: Path) -> Path:
    with (
        settings.OFFICE.originals.open(sha256) as original,
        tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy,
    ):
        shutil.copyfileobj(original, copy)
        return Path(copy.name)
