"""What a person chooses from when deciding on a lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.http import HttpRequest

from leakwatch.forms.exclusions import EXCLUSIONS, Exclusion
from leakwatch.store.models import Lead

CHOICES = (
    ("1", "confirmed", "确认"),
    ("2", "dismissed", "非泄密"),
    ("3", "unclear", "待查明"),
)
"""Key, verdict, words."""
PAUSES: Mapping[str, str] = MappingProxyType({"30": "30 天", "90": "90 天", "365": "一年"})
"""Days for which content that is no leak opens no lead again."""


_LONGEST = 2_000
"""Characters of a reason."""


def exclusions(lead: Lead) -> Sequence[Exclusion]:
    """What a person must have asked before confirming it as a work secret."""
    is_work = lead.category.startswith("ws.") or lead.category == "mk.work"
    return EXCLUSIONS if is_work else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was typed and chosen in a verdict's form, to be shown again where it was refused."""

    verdict: str
    reason: str
    pause: str
    checked: frozenset[str]


def given(request: HttpRequest) -> Given:
    """Of any request; Django logs the whole of a form when a template asks it for what it does not hold."""
    sent = request.POST
    return Given(
        verdict=sent.get("verdict", ""),
        reason=sent.get("reason", "").replace("\0", "").strip()[:_LONGEST],
        pause=sent.get("pause", ""),
        checked=frozenset(sent),
    )
