"""JSON lines, schema 1: findings, then what was not read, then one summary. Never masked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict

from leakwatch.model import Conversation, Evidence, Finding, Hit, Mark, Message, Scan, Skipped
from leakwatch.reports.view import View, counts

_SCHEMA = 1
# Lone surrogates have no UTF-8, and some readers split lines at the other three.
_ESCAPED = re.compile("[\ud800-\udfff\x85\u2028\u2029]")
_Object = dict[str, object]


def render(scan: Scan, view: View) -> Iterator[str]:
    """One JSON object a line, each closed by a line feed."""
    return (_line(record) + "\n" for record in _records(scan, view))


def _records(scan: Scan, view: View) -> Iterator[_Object]:
    yield from map(_finding, view.shown(scan))
    yield from map(_unread, scan.skipped)
    yield _summary(scan)


def _line(record: _Object) -> str:
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finding(finding: Finding) -> _Object:
    first, *others = finding.hits
    return {
        "type": "finding",
        "schema": _SCHEMA,
        "finding": finding.id,
        "kind": finding.rule.kind,
        "category": finding.rule.category,
        "level": finding.level,
        "mark": _mark(first.mark),
        "outcome": finding.outcome,
        "score": round(finding.score, 4),
        "quote": first.quote,
        "reason": "；".join(finding.reasons),
        "rule": finding.rule.id,
        "clauses": [str(clause) for clause in finding.rule.clauses],
        **_place(first),
        "document": finding.document,
        "places": [{"quote": hit.quote, **_place(hit)} for hit in others],
    }


def _mark(mark: Mark | None) -> _Object | None:
    if mark is None:
        return None
    return {
        "term": mark.term,
        "months": mark.months,
        "until": mark.until.isoformat() if mark.until else None,
        "anomalies": list(mark.anomalies),
    }


def _place(hit: Hit) -> _Object:
    piece = hit.piece
    return {
        "origin": piece.origin,
        "spot": piece.spot,
        "start": hit.start,
        "end": hit.end,
        "message": _message(piece.message),
        "evidence": _evidence(piece.evidence),
    }


def _message(message: Message | None) -> _Object | None:
    if message is None:
        return None
    return {
        "id": message.id,
        "number": message.number,
        "group": message.chat.name,
        "platform": message.chat.platform,
        "sender": message.sender,
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
    }


def _evidence(evidence: Evidence) -> _Object:
    return {"sha256": evidence.sha256, "name": evidence.name, "path": evidence.inner_path}


def _unread(skipped: Skipped) -> _Object:
    return {
        "type": "unread",
        "schema": _SCHEMA,
        "reason": skipped.reason,
        "name": skipped.name,
        "detail": skipped.detail,
        "message": _message(skipped.message),
        "evidence": _evidence(skipped.evidence),
    }


def _summary(scan: Scan) -> _Object:
    return {
        "type": "summary",
        "schema": _SCHEMA,
        "files": scan.files,
        "messages": scan.messages,
        "pieces": scan.pieces,
        "findings": counts(scan),
        "unread": len(scan.skipped),
        "pending": scan.pending,
        "conversations": [_conversation(conversation) for conversation in scan.conversations],
        "rules_version": scan.rules_version,
        "allowed_unused": list(scan.allowed_unused),
        "seconds": round((scan.ended_at - scan.started_at).total_seconds(), 3),
    }


def _conversation(conversation: Conversation) -> _Object:
    return {
        "name": conversation.chat.name,
        "platform": conversation.chat.platform,
        "format": conversation.format,
        "encoding": conversation.encoding,
        "messages": conversation.parsed,
        "declared": conversation.declared,
        "incomplete": conversation.is_incomplete,
        **asdict(conversation.coverage),
        "lossy": list(conversation.lossy),
        "twins": list(conversation.twins),
    }
