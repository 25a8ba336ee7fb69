"""SARIF 2.1.0 for tools that collect scanner results; quotes are masked like on the screen.

A result names its file and, as a logical location, its message; it gives no region, because offsets
count inside a message or a page, not inside the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import quote

from leakwatch.model import Evidence, Finding, Hit, Outcome, Rule, Scan, Skipped
from leakwatch.reports import words
from leakwatch.reports.view import View
from leakwatch.text import printable

_SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Outcome, str] = MappingProxyType(
    {Outcome.LEAD: "error", Outcome.REVIEW: "warning", Outcome.NOTE: "note"}
)
_Object = dict[str, object]


def render(scan: Scan, view: View) -> str:
    """One SARIF log with one run."""
    shown = view.shown(scan)
    rules = {finding.rule.id: finding.rule for finding in shown}
    positions = {rule_id: position for position, rule_id in enumerate(rules)}
    run: _Object = {
        "tool": {
            "driver": {
                "name": "leakwatch",
                "properties": {"rulesVersion": scan.rules_version},
                "rules": [_rule(rule) for rule in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(scan, view)],
        "results": [_result(finding, positions[finding.rule.id], view) for finding in shown],
    }
    log: _Object = {"$schema": _SCHEMA_URI, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> _Object:
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": f"{words.CATEGORIES.get(rule.category, rule.category)}：{rule.name}"},
        "help": {"text": "依据：" + ("；".join(map(str, rule.clauses)) or "无")},
        "properties": {"kind": rule.kind, "category": rule.category},
    }


def _result(finding: Finding, position: int, view: View) -> _Object:
    level = f"〔{finding.level}〕" if finding.level else ""
    sentence = f"{level}“{view.quote(finding.hits[0].quote)}”：{'；'.join(finding.reasons)}"
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": position,
        "level": _LEVELS[finding.outcome],
        "rank": round(finding.score * 100, 1),
        "message": {"text": printable(sentence)},
        "locations": [_location(hit, view) for hit in finding.hits],
        "fingerprints": {"leakwatch/v1": finding.id},
        "properties": {"outcome": finding.outcome, "markedLevel": finding.level},
    }


def _location(hit: Hit, view: View) -> _Object:
    return {
        "physicalLocation": {"artifactLocation": _artifact(hit.piece.evidence, view)},
        "logicalLocations": [{"fullyQualifiedName": view.place(printable(words.place(hit)))}],
    }


def _artifact(evidence: Evidence, view: View) -> _Object:
    return {"uri": quote(view.place(evidence.inner_path), errors="replace")}


def _invocation(scan: Scan, view: View) -> _Object:
    return {
        "executionSuccessful": True,
        "startTimeUtc": _utc(scan.started_at),
        "endTimeUtc": _utc(scan.ended_at),
        "toolExecutionNotifications": [_notification(skipped, view) for skipped in scan.skipped],
    }


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _notification(skipped: Skipped, view: View) -> _Object:
    sentence = f"{skipped.name}：{words.REASONS[skipped.reason]}，{skipped.detail}"
    return {
        "level": "warning",
        "descriptor": {"id": f"unread/{skipped.reason}"},
        "message": {"text": view.place(printable(sentence))},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(skipped.evidence, view)}}],
    }
