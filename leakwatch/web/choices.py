"""What a person chooses from when deciding on a lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from leakwatch.store.models import Lead

CHOICES = (
    ("1", "confirmed", "确认"),
    ("2", "dismissed", "非泄密"),
    ("3", "unclear", "待查明"),
)
"""Key, verdict, words."""
PAUSES: Mapping[str, str] = MappingProxyType({"30": "30 天", "90": "90 天", "365": "一年"})
"""Days for which content that is no leak opens no lead again."""
_EXCLUSIONS = (
    ("state", "依法应当确定为国家秘密的（如属于，仍可确认，但须在理由里写明按国家秘密处理）"),
    ("open", "党内法规、法律、行政法规、规章和国家有关规定明确要求公开的"),
    ("public", "需要社会公众广泛知晓或者参与的"),
    ("published", "已经依法公开的"),
)
"""What must not be held to be a work secret (工作秘密管理制度, 二（二）)."""


def exclusions(lead: Lead) -> Sequence[tuple[str, str]]:
    """What a person must have asked before confirming it."""
    is_work = lead.category.startswith("ws.") or lead.category == "mk.work"
    return _EXCLUSIONS if is_work else ()
