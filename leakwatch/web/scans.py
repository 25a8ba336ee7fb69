"""What arrives and is being read, what was read, and how much of it there was to be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from leakwatch.config import Config
from leakwatch.model import Chat, Coverage
from leakwatch.model import Conversation as Read
from leakwatch.reports.words import gaps
from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, ArrivalState, Conversation, Finding, Lead, Scan
from leakwatch.store.queries import visible
from leakwatch.store.uploads import UPLOADS, named
from leakwatch.watch.inbox import signature_of
from leakwatch.watch.listing import look_into

_OPEN = (ArrivalState.WORKING, ArrivalState.WAITING)
_ENDED = 20
_SCANS = 30
_MOST_CHATS = 500
_MOST_LEADS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """Something in an inbox that is not in the queue yet: it may still be growing."""

    inbox: str
    name: str
    files: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChat:
    """One conversation of a scan and what of it was not there to be read."""

    row: Conversation
    gaps: Sequence[str]


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """The queue, what ended last, and the scans, the newest first."""
    rows, sealer = Arrival.objects.select_related("asked_by", "scan"), settings.OFFICE.sealer
    lying, missing = _lying(settings.OFFICE.config)
    shown = {
        "open_arrivals": named(rows.filter(state__in=_OPEN).order_by("-state", "arrived_at", "pk"), sealer),
        "ended": named(rows.exclude(state__in=_OPEN).order_by("-ended_at", "-pk")[:_ENDED], sealer),
        "lying": lying,
        "missing": missing,
        "page": Paginator(
            Scan.objects.select_related("asked_by").order_by("-ended_at", "-pk"), _SCANS
        ).get_page(request.GET.get("page")),
    }
    return render(request, "scans.html", shown)


@require_safe
def one(request: HttpRequest, id: int) -> HttpResponse:
    """The figures of one scan, conversation by conversation."""
    scan = get_object_or_404(Scan.objects.select_related("asked_by"), pk=id)
    chats = sorted(scan.conversations.all(), key=lambda chat: (not chat.is_incomplete, chat.name, chat.pk))
    ids = Finding.objects.filter(first_scan=scan, lead__isnull=False).values("lead")
    leads: Sequence[Lead] = visible(request.user).filter(pk__in=ids).order_by("due_at", "pk")[:_MOST_LEADS]
    shown = {
        "scan": scan,
        "chats": [ShownChat(row=row, gaps=_gaps(row)) for row in chats[:_MOST_CHATS]],
        "leads": leads,
        "arrivals": named(scan.arrivals.order_by("arrived_at"), settings.OFFICE.sealer),
    }
    return render(request, "scan.html", shown)


def _gaps(row: Conversation) -> list[str]:
    chat = Chat(name=row.name, platform=row.platform)
    return gaps(Read(chat=chat, format=row.format, coverage=Coverage(**row.coverage)))


def _lying(config: Config) -> tuple[list[Lying], list[Path]]:
    """What lies in the inboxes and did not come to rest yet, and the inboxes that are not there."""
    lying: list[Lying] = []
    missing: list[Path] = []
    for path, moves in _inboxes(config):
        listing = look_into(path, moves=moves)
        if listing is None:
            missing.append(path)
            continue
        known = arrivals.taken(str(path))
        for name, files in listing.arrivals.items():
            if known.get(name) != signature_of(files):
                size = sum(file.size for file in files)
                lying.append(Lying(inbox=path.name, name=name, files=len(files), size=size))
    return lying, missing


def _inboxes(config: Config) -> Iterator[tuple[Path, bool]]:
    """Each with whether it moves what was read."""
    yield from ((inbox.path, inbox.after == "move") for inbox in config.inbox)
    if (uploads := config.paths.data_dir / UPLOADS).is_dir():
        yield uploads, True
