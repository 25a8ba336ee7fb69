"""A scan → what somebody who wants to publish is told: by the gravest, with reasons and clauses."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from leakwatch.model import Finding, Outcome, Scan
from leakwatch.reports.words import REASONS, place

_MOST_FINDINGS = 100
_MOST_QUOTE = 80
_SHOWN = (Outcome.LEAD, Outcome.REVIEW)


class ShownFinding(Struct, frozen=True, kw_only=True):
    """One finding."""

    rule_name: str
    level: str
    is_grave: bool
    """Would draft a lead, had it been sent."""
    quote: str
    place: str
    reasons: tuple[str, ...]
    clauses: tuple[str, ...]


class ShownGap(Struct, frozen=True, kw_only=True):
    """One thing that was not read."""

    name: str
    reason: str
    detail: str


class Result(Struct, frozen=True, kw_only=True):
    """What came of a check."""

    id: str
    tone: str
    verdict: str
    findings: tuple[ShownFinding, ...]
    gaps: tuple[ShownGap, ...]
    files: int
    pieces: int
    rules_version: str
    signed: str = ""


def result_of(scan: Scan, id: str) -> Result:
    """What the page shows."""
    findings = tuple(map(_finding, _found(scan)))
    tone, verdict = _verdict(findings, len(scan.skipped), scan.pieces)
    gaps = (ShownGap(name=one.name, reason=REASONS[one.reason], detail=one.detail) for one in scan.skipped)
    return Result(
        id=id,
        tone=tone,
        verdict=verdict,
        findings=findings[:_MOST_FINDINGS],
        gaps=tuple(gaps),
        files=scan.files,
        pieces=scan.pieces,
        rules_version=scan.rules_version,
    )


def sentences(scan: Scan) -> Iterator[str]:
    """What stands on the form: facts, a sentence each."""
    yield f"共检查 {scan.files} 个文件、{scan.pieces} 段文字，规则版本 {scan.rules_version[:12]}。"
    found = list(_found(scan))
    for finding in found[:_MOST_FINDINGS]:
        one = _finding(finding)
        level = f"（标注：{one.level}）" if one.level else ""
        clauses = f"供对照：{'；'.join(one.clauses)}。" if one.clauses else ""
        yield f"{one.rule_name}{level}：{'；'.join(one.reasons)}。位置：{one.place}。{clauses}"
    if len(found) > _MOST_FINDINGS:
        yield f"另有 {len(found) - _MOST_FINDINGS} 处没有列出。"
    if not found:
        yield "没有发现规则所列的密级标志、文号、工作秘密和个人信息。"
    for skipped in scan.skipped[:_MOST_FINDINGS]:
        yield f"没能读出：{skipped.name}（{REASONS[skipped.reason]}）。{skipped.detail}"


def _found(scan: Scan) -> Iterator[Finding]:
    for outcome in _SHOWN:
        yield from (finding for finding in scan.findings if finding.outcome is outcome)


def _finding(finding: Finding) -> ShownFinding:
    hit = finding.hits[0]
    quote = hit.quote if len(hit.quote) <= _MOST_QUOTE else hit.quote[:_MOST_QUOTE] + "…"
    return ShownFinding(
        rule_name=finding.rule.name,
        level=finding.level.value if finding.level else "",
        is_grave=finding.outcome is Outcome.LEAD,
        quote=quote,
        place=place(hit),
        reasons=finding.reasons,
        clauses=tuple(map(str, finding.rule.clauses)),
    )


def _verdict(findings: tuple[ShownFinding, ...], unread: int, pieces: int) -> tuple[str, str]:
    if grave := sum(one.is_grave for one in findings):
        return "red", f"先不要发：发现 {grave} 处疑似不能公开的内容，请交保密审查。"
    if findings:
        return "amber", f"有 {len(findings)} 处要由人判断，请交保密审查后再发。"
    if unread or not pieces:
        return "amber", "有内容没能读出，不能算检查过，请人工查看。"
    return "green", "没有发现规则所列的内容。机器检查不代替保密审查，仍须按规定审批。"
