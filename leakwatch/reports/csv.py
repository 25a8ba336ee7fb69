"""One row for each finding and each unread part, for Excel and WPS: UTF-8 with BOM, no live formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from leakwatch.model import Evidence, Finding, Message, Scan, Skipped
from leakwatch.reports import words
from leakwatch.reports.view import View
from leakwatch.text import inert

HEADER = (
    "处理",
    "密级",
    "类别",
    "类别代号",
    "原文",
    "理由",
    "依据",
    "规则",
    "分值",
    "会话",
    "平台",
    "发送人",
    "时间",
    "消息序号",
    "消息编号",
    "来源",
    "位置",
    "文件",
    "sha256",
    "其他位置数",
    "编号",
)


def render(scan: Scan, view: View) -> Iterator[str]:
    """CSV with CRLF line ends behind a BOM, row by row; texts are raw, but a cell never starts a formula."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    table = csv.writer(text)
    for row in _rows(scan, view):
        table.writerow(row)
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _rows(scan: Scan, view: View) -> Iterator[tuple[str, ...]]:
    yield HEADER
    for finding in view.shown(scan):
        yield tuple(map(inert, _finding(finding)))
    for skipped in scan.skipped:
        yield tuple(map(inert, _unread(skipped)))


def _finding(finding: Finding) -> tuple[str, ...]:
    hit, rule = finding.hits[0], finding.rule
    return (
        words.OUTCOMES[finding.outcome],
        finding.level or "",
        words.CATEGORIES.get(rule.category, rule.category),
        rule.category,
        hit.quote,
        "；".join(finding.reasons),
        "；".join(map(str, rule.clauses)),
        rule.id,
        f"{finding.score:.2f}",
        *_message(hit.piece.message),
        words.ORIGINS[hit.piece.origin],
        hit.piece.spot or "",
        *_evidence(hit.piece.evidence),
        str(len(finding.hits) - 1),
        finding.id,
    )


def _unread(skipped: Skipped) -> tuple[str, ...]:
    blank = ("", "", "")
    return (
        "未读取",
        *blank,
        skipped.name,
        f"{words.REASONS[skipped.reason]}：{skipped.detail}",
        *blank,
        *_message(skipped.message),
        "",
        "",
        *_evidence(skipped.evidence),
        "",
        "",
    )


def _message(message: Message | None) -> tuple[str, ...]:
    if message is None:
        return ("",) * 6
    return (
        message.chat.name,
        message.chat.platform,
        message.sender,
        words.moment(message),
        str(message.number),
        message.id or "",
    )


def _evidence(evidence: Evidence) -> tuple[str, str]:
    return (evidence.inner_path, evidence.sha256)
