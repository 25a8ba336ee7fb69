"""Who looks at a lead: what the visitor may know of, and whether its words are shown or masked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest

from leakwatch.errors import Refused
from leakwatch.store import dossier
from leakwatch.store.dossier import Dossier
from leakwatch.store.models import Lead
from leakwatch.store.queries import visible
from leakwatch.web import trail

PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "review": "审核本线索",
        "second_look": "复核他人的结论",
        "form": "填写或核对报告表",
        "superior": "领导查阅",
        "remedy": "通知撤回、删除等补救",
    }
)
"""Why somebody looks at the words; chosen, not written: the log is read by people who may not see the words."""

UNREAD = "unread"
"""What stands for a lead's id where the names of unread files are asked for."""
_OPENED = "opened"
_UNMASKED = "unmasked"


def known(request: HttpRequest, id: str) -> Lead:
    """The lead, if the visitor may know of it."""
    found: Lead | None = visible(request.user).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def whole(request: HttpRequest, id: str) -> Dossier:
    """The lead with all that is known of it, if the visitor may; the first look of a session is logged."""
    opened = request.session.get(_OPENED, [])
    if id not in opened:
        known(request, id)
        with transaction.atomic():
            trail.note(request, "lead.looked_at", id)
            _remember(request, _OPENED, id)
    try:
        return dossier.lead(request.user, id, settings.OFFICE.sealer)
    except Refused as why:
        raise Http404 from why


def unmask(request: HttpRequest, id: str, purpose: str) -> None:
    """Shows the words of that lead, or the names of what was not read, until the visitor logs out; logged."""
    with transaction.atomic():
        trail.note(request, "unread.unmasked" if id == UNREAD else "lead.unmasked", id, {"purpose": purpose})
        _remember(request, _UNMASKED, id)


def _remember(request: HttpRequest, name: str, id: str) -> None:
    """Written with the row of the log: left to the end of the request it would wait for the disk once more."""
    session = request.session
    session[name] = [*session.get(name, []), id]
    session.save()
    session.modified = False


def is_unmasked(request: HttpRequest, id: str) -> bool:
    """Whether this visitor has said why the words are needed."""
    return id in request.session.get(_UNMASKED, [])
