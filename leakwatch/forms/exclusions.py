"""What may not be held for a work secret: shown before such a lead is confirmed (工作秘密管理制度, 二（二）)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leakwatch.model import Clause, Finding, Kind

_DOCUMENT = "工作秘密管理制度"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """One sort of matter that is no work secret."""

    id: str
    sentence: str
    """As the regulation has it."""
    then: str
    """What becomes of the lead if it applies (Chinese)."""
    clause: Clause


EXCLUSIONS = (
    Exclusion(
        id="state-secret",
        sentence="依法应当确定为国家秘密的",
        then="按国家秘密办理，不作工作秘密",
        clause=Clause(document=_DOCUMENT, article="二（二）1"),
    ),
    Exclusion(
        id="must-be-public",
        sentence="党内法规、法律、行政法规、规章和国家有关规定明确要求公开的",
        then="不是工作秘密，请注明要求公开的规定",
        clause=Clause(document=_DOCUMENT, article="二（二）2"),
    ),
    Exclusion(
        id="for-the-public",
        sentence="需要社会公众广泛知晓或者参与的",
        then="不是工作秘密，请注明面向公众的事由",
        clause=Clause(document=_DOCUMENT, article="二（二）3"),
    ),
    Exclusion(
        id="already-public",
        sentence="已经依法公开的",
        then="不是工作秘密，请注明公开的网址或者刊物和日期",
        clause=Clause(document=_DOCUMENT, article="二（二）4"),
    ),
)


def exclusions(findings: Iterable[Finding]) -> tuple[Exclusion, ...]:
    """Those to be ruled out before a lead on these findings is confirmed; none without a work secret."""
    return EXCLUSIONS if any(finding.rule.kind is Kind.WORKSECRET for finding in findings) else ()
