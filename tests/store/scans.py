"""Scans as values, recorded with a key of the tests; people who look at what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from leakwatch.leads import Units
from leakwatch.model import (
    Chat,
    Clause,
    Conversation,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Message,
    Origin,
    Outcome,
    Precision,
    Rule,
    Scan,
    Skipped,
    TextPiece,
    digest,
)
from leakwatch.store.models import Role, ScanKind, User
from leakwatch.store.records import Asked, Means, Recorded, record
from leakwatch.store.sealing import KeySealer
from tests.conftest import NOON

SEALER = KeySealer(bytes(range(32)))
MEANS = Means(
    sealer=SEALER, units=Units(reporting_unit="青石市生态环境局", incident_unit="云岭区分局"), keeper=None
)
ASKED = Asked(kind=ScanKind.MANUAL, actor="命令行")
CLAUSE = Clause(document="微信使用保密管理工作规范", article="第四条")
MARK = Rule(
    id="mk.state", name="密级标志", kind=Kind.MARKING, category="mk.state", score=0.9, clauses=(CLAUSE,)
)
PERSONAL = Rule(id="pd.id", name="身份证号", kind=Kind.PERSONAL, category="pd.id", score=0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message with a mark or a number in it, or a file that it carries."""

    text: str = "这份机密★10年"
    quote: str = "机密★10年"
    document: str = ""
    """Empty: the carrier counts."""
    level: Level | None = Level.JIMI
    outcome: Outcome = Outcome.LEAD
    rule: Rule = MARK
    group: str = "青石市防汛联络群"
    minute: int = 0
    sender: str = "王明远"
    file: str = ""
    """Name of a picture; empty: the words stand in the message."""
    loose: bool = False
    """A file that came without a message."""


def evidence(name: str, inner_path: str = "") -> Evidence:
    return Evidence(
        sha256=digest(name) * 2,
        size=len(name),
        name=name,
        inner_path=inner_path or f"收件/{name}",
        path=Path("nowhere") / (digest(name) * 2),
        taken_at=NOON,
    )


def message(post: Post) -> Message:
    return Message(
        chat=Chat(name=post.group, platform="wechat", is_group=True),
        number=post.minute + 1,
        sender=post.sender,
        text="" if post.file else post.text,
        id=f"m{post.minute}" if post.file else None,
        sent_at=NOON - timedelta(days=1) + timedelta(minutes=post.minute),
        precision=Precision.SECOND,
    )


def finding(posts: Sequence[Post], export: Evidence) -> Finding:
    """One fact at one or more places."""
    hits = tuple(_hit(post, export) for post in posts)
    post, hit = posts[0], hits[0]
    bearer = hit.piece.message
    carrier = hit.piece.evidence.sha256 if post.file or bearer is None else bearer.key
    return Finding(
        id=digest(post.rule.category, carrier, post.quote),
        rule=post.rule,
        level=post.level,
        score=0.9,
        outcome=post.outcome,
        document=post.document or carrier,
        reasons=("有密级有期限（0.90）",),
        hits=hits,
    )


def _hit(post: Post, export: Evidence) -> Hit:
    start = post.text.index(post.quote)
    piece = TextPiece(
        text=post.text,
        origin=Origin.OCR if post.file else Origin.MESSAGE,
        evidence=evidence(post.file) if post.file else export,
        message=None if post.loose else message(post),
    )
    return Hit(
        rule=post.rule,
        piece=piece,
        start=start,
        end=start + len(post.quote),
        reason="★标志",
        level=post.level,
        document=post.document,
    )


def scan(
    *posts: Post | Sequence[Post],
    export: str = "青石群.json",
    skipped: Sequence[Skipped] = (),
    at: datetime = NOON,
    also: Sequence[Evidence] = (),
) -> Scan:
    """A scan of one export in which those posts were found."""
    file = evidence(export)
    facts = [[one] if isinstance(one, Post) else list(one) for one in posts]
    merged: dict[str, Finding] = {}
    for one in (finding(places, file) for places in facts):
        known = merged.get(one.id)
        merged[one.id] = replace(known, hits=(*known.hits, *one.hits)) if known else one
    chats = {Chat(name=post.group, platform="wechat", is_group=True): post for fact in facts for post in fact}
    conversations = [Conversation(chat=chat, format="微信", parsed=9, last_at=NOON) for chat in chats]
    files = {hit.piece.evidence.sha256: hit.piece.evidence for one in merged.values() for hit in one.hits}
    return Scan(
        findings=tuple(merged.values()),
        skipped=tuple(skipped),
        conversations=tuple(conversations),
        files=1,
        messages=9,
        pieces=9,
        rules_version="00ff",
        started_at=at,
        ended_at=at,
        received=tuple({**files, file.sha256: file, **{one.sha256: one for one in also}}.values()),
    )


def put(*posts: Post | Sequence[Post], at: datetime = NOON, export: str = "青石群.json") -> Recorded:
    """The scan of those posts, recorded."""
    return record(scan(*posts, at=at, export=export), ASKED, MEANS)


def user(name: str, role: Role = Role.REVIEWER) -> User:
    made: User = User.objects.create(username=name, role=role, password="!", created_at=NOON)  # noqa: S106
    return made
