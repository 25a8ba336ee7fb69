"""The picture of a place, and the boxes of what was recognised in it, for who has asked to see the words."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
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

_Box = Sequence[tuple[float, float]]


@require_safe
def picture(request: HttpRequest, id: str, place: int) -> HttpResponse:
    """The picture as JPEG, its words upright."""
    jpeg = _shown(*_page(request, id, place)).jpeg
    return HttpResponse(jpeg, content_type="image/jpeg", headers={"Content-Disposition": "inline"})


@require_safe
def boxes(request: HttpRequest, id: str, place: int) -> HttpResponse:
    """The boxes of all that was read on the picture, as an SVG that lies over it."""
    found, read = _page(request, id, place)
    page = _shown(found, read)
    outlines = [" ".join(f"{x:.0f},{y:.0f}" for x, y in box) for box in read]
    values = {
        "page": page,
        "outlines": outlines,
        "stroke": max(2, page.width_px // 300),
        "turns": _turns(read),
    }
    return render(request, "boxes.svg", values, content_type="image/svg+xml")


def _page(request: HttpRequest, id: str, place: int) -> tuple[ShownPlace, Sequence[_Box]]:
    """The place, and the boxes of all places on the same page."""
    whole = looking.whole(request, id)
    found = next((one for one in whole.places if one.id == place), None)
    if found is None or not looking.is_unmasked(request, id):
        raise Http404
    return found, sorted(
        {box for one in whole.places if _is_same_page(one, found) for box in one.content.boxes}
    )


def _is_same_page(one: ShownPlace, other: ShownPlace) -> bool:
    return one.sha256 == other.sha256 and one.content.spot == other.content.spot


def _turns(read: Sequence[_Box]) -> int:
    """Quarters clockwise until the lines run from left to right; each box begins where its line does."""
    across = sum(box[1][0] - box[0][0] for box in read if len(box) > 1)
    down = sum(box[1][1] - box[0][1] for box in read if len(box) > 1)
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 2
    return 1 if down < 0 else 3


def _shown(place: ShownPlace, read: Sequence[_Box]) -> Shown:
    """Opened in a child process, as every picture from outside is."""
    office = settings.OFFICE
    limits = office.config.limits
    try:
        with private_folder(office.config.paths.data_dir) as folder:
            path = _copied(place.sha256, folder)
            with Sandbox(limits.reader_timeout_s, limits.reader_memory_mib, folder) as sandbox:
                asked = (path, place.content.spot or "", _turns(read))
                return next(iter(list(sandbox.stream(shown, *asked))))
    except (LeakwatchError, StopIteration) as why:
        raise Http404 from why


def _copied(sha256: str, folder: Path) -> Path:
    with (
        settings.OFFICE.originals.open(sha256) as original,
        tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy,
    ):
        shutil.copyfileobj(original, copy)
        return Path(copy.name)
