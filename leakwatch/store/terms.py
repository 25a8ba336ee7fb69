"""How long decided leads are kept, and whose time is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, F, OuterRef, Q, Subquery, When

from leakwatch.config import Config
from leakwatch.store.inboxes import by_root, roots_of
from leakwatch.store.models import Lead, LeadState, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long a decided lead is kept; none: for ever."""

    store: timedelta
    inboxes: Mapping[str, timedelta] = field(default_factory=dict)
    """Folder of an inbox → that of the leads that came from there, where it is another."""

    @property
    def given(self) -> tuple[timedelta, ...]:
        """Those after which something is purged."""
        return tuple(term for term in (self.store, *self.inboxes.values()) if term)

    def of(self, roots: Iterable[str]) -> timedelta:
        """The longest of those inboxes; none if one of them keeps for ever."""
        terms = [self.inboxes.get(root, self.store) for root in roots] or [self.store]
        return max(terms) if all(terms) else timedelta()


def of_config(config: Config) -> Terms:
    """Those of the config."""
    own = {root: inbox.keep_days for root, inbox in by_root(config.inbox).items()}
    return Terms(
        store=timedelta(days=config.store.keep_days),
        inboxes={root: timedelta(days=days) for root, days in own.items() if days >= 0},
    )


def due(now: datetime, terms: Terms) -> dict[str, timedelta]:
    """Leads that were handed over or dismissed longer ago than they are kept, oldest first, with that time."""
    if not terms.given:
        return {}
    ended = _ended_before(now - min(terms.given))
    roots = roots_of(list(ended))
    kept = {lead: terms.of(roots[lead]) for lead in ended}
    return {lead: kept[lead] for lead, at in ended.items() if kept[lead] and at <= now - kept[lead]}


def _ended_before(at: datetime) -> dict[str, datetime]:
    """Lead → when it was handed over or dismissed."""
    last = Verdict.objects.filter(lead=OuterRef("pk")).order_by("-pk").values("at")[:1]
    handed_over = Q(state=LeadState.CONFIRMED, handed_over_at__gte=F("changed_at"))
    over = (handed_over & Q(handed_over_at__lte=at)) | Q(state=LeadState.DISMISSED, decided_at__lte=at)
    leads = Lead.objects.filter(merged_into=None, purged_at=None).alias(decided_at=Subquery(last))
    ended = Case(When(state=LeadState.DISMISSED, then=F("decided_at")), default=F("handed_over_at"))
    rows = leads.filter(over).annotate(ended_at=ended).order_by("found_at", "pk")
    return dict(rows.values_list("pk", "ended_at"))
