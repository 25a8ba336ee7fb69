"""Content that a person said is no leak: known again by a blinded fingerprint, until it expires."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from leakwatch.errors import Refused
from leakwatch.model import Finding, Kind, Origin
from leakwatch.store import log
from leakwatch.store.models import Role, Suppression, User
from leakwatch.store.sealing import Sealer
from leakwatch.text import tight

_SPECIFIC = (Kind.PERSONAL, Kind.DOCNUMBER)
"""What is hit says by itself what it is; a mark such as 机密★10年 stands on a thousand documents."""
_FILES = (Origin.OCR, Origin.DOCUMENT, Origin.IMAGE)


def fingerprint(finding: Finding, sealer: Sealer) -> str:
    """The same for the same content under the same rule, wherever it stands.

    A person's number is the same content everywhere; a mark is, only on the same file or in the same words.
    """
    hit = finding.hits[0]
    piece, around = hit.piece, ""
    if finding.rule.kind not in _SPECIFIC:
        is_file = piece.origin in _FILES
        around = (piece.whole or piece.evidence.sha256) if is_file else tight(piece.text).text
    return sealer.blind("content", finding.rule.id, tight(hit.quote).text or hit.quote, around)


def apply(found: Mapping[str, tuple[str, frozenset[int | None]]], now: datetime) -> dict[str, Suppression]:
    """Those that a valid suppression covers in every group they stand in; its uses are counted.

    found: id → fingerprint, groups.
    """
    valid: dict[str, list[Suppression]] = defaultdict(list)
    prints = {one for one, _ in found.values()}
    for suppression in Suppression.objects.filter(fingerprint__in=prints, expires_at__gt=now).order_by("id"):
        valid[suppression.fingerprint].append(suppression)
    covered: dict[str, Suppression] = {}
    for id, (content, groups) in found.items():
        covering = valid.get(content, ())
        if covering and all(any(_covers(one, group) for one in covering) for group in groups):
            covered[id] = covering[0]
    for pk, uses in Counter(one.pk for one in covered.values()).items():
        Suppression.objects.filter(pk=pk).update(uses=F("uses") + uses, last_used_at=now)
    return covered


def end(id: int, user: User, now: datetime) -> Suppression:
    """The suppression, over from now on; Refused to others than the office, or if it is over already."""
    if user.role != Role.OFFICE:
        raise Refused("只有保密办可以提前结束")
    with transaction.atomic():
        log.lock()
        suppression: Suppression | None = Suppression.objects.filter(pk=id, expires_at__gt=now).first()
        if suppression is None:
            raise Refused("这一条已经到期，不用再结束")
        suppression.expires_at = now
        suppression.save(update_fields=["expires_at"])
        subject = f"suppression:{suppression.pk}"
        log.append(log.Act(at=now, actor=user.username, action="suppression.ended", subject=subject))
    return suppression


def _covers(suppression: Suppression, group: int | None) -> bool:
    return suppression.group_id is None or suppression.group_id == group
