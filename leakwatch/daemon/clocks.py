"""New leads and running clocks → notices, each told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from leakwatch.daemon.post import Post
from leakwatch.deadlines import Clock, Duty, Stage, state
from leakwatch.notices import Subject
from leakwatch.store import letters
from leakwatch.store.models import Lead, LeadState
from leakwatch.store.queries import OPEN

_ORDINARY = timedelta(hours=24)
_SUBJECTS = {
    Stage.HALF: Subject.DUE,
    Stage.SOON: Subject.DUE,
    Stage.LAST: Subject.DUE,
    Stage.OVERDUE: Subject.OVERDUE,
}


@dataclass(frozen=True, slots=True)
class Running:
    """One clock of one lead."""

    lead_id: str
    clock: Clock

    def key(self, stage: Stage) -> str:
        """A clock that was set anew, for a lead opened again, is another one."""
        due = f"{self.clock.due_at:%Y%m%d%H%M}"
        return f"{self.lead_id}:{self.clock.duty}:{stage.name}:{due}"


def tell_new(post: Post, now: datetime) -> None:
    """Leads that nobody was told of yet; those to be reported at once on their own."""
    leads = {f"{lead.id}:new:{lead.at_once}:{lead.due_at.timestamp():.0f}": lead for lead in _open()}
    fresh = letters.news(leads, now)
    for subject, at_once in ((Subject.AT_ONCE, True), (Subject.NEW_LEADS, False)):
        ids = [lead.id for key, lead in leads.items() if key in fresh and lead.at_once is at_once]
        if ids:
            post.tell(subject, ids)


def tick(post: Post, now: datetime) -> str:
    """Warnings at 12, 20 and 23 hours and beyond the limit; what came of it (Chinese)."""
    reached: dict[Subject, list[tuple[str, str]]] = defaultdict(list)
    for one in running():
        stage = state(one.clock, now).stage
        if (subject := _SUBJECTS.get(stage)) is not None:
            reached[subject].append((one.lead_id, one.key(stage)))
    told = 0
    for subject, pairs in reached.items():
        fresh = letters.news((key for _, key in pairs), now)
        if ids := [lead_id for lead_id, key in pairs if key in fresh]:
            post.tell(subject, ids)
            told += len(ids)
    return f"提醒 {told} 件" if told else ""


def running() -> Iterator[Running]:
    """The unit's clock of undecided leads, the office's of confirmed ones that were not reported on."""
    for lead in _open():
        major_at = lead.due_at if lead.at_once else None
        started_at = min(lead.found_at, lead.due_at) if lead.at_once else lead.due_at - _ORDINARY
        yield Running(lead.id, Clock(duty=Duty.UNIT, started_at=started_at, major_at=major_at))
    waiting = Lead.objects.filter(state=LeadState.CONFIRMED, reported_at=None, merged_into=None)
    for lead in waiting.exclude(office_due_at=None).exclude(verified_at=None):
        major_at = lead.office_due_at if lead.at_once else None
        yield Running(
            lead.id, Clock(duty=Duty.OFFICE, started_at=lead.office_due_at - _ORDINARY, major_at=major_at)
        )


def _open() -> list[Lead]:
    leads = Lead.objects.filter(state__in=OPEN, is_draft=True, merged_into=None)
    return list(leads.only("id", "at_once", "due_at", "found_at", "state").order_by("due_at", "id"))
