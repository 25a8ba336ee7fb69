"""One small scan with something of everything; all invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from leakwatch.model import (
    SHANGHAI,
    Chat,
    Clause,
    Conversation,
    Coverage,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Message,
    Origin,
    Outcome,
    Precision,
    Reason,
    Rule,
    Scan,
    Skipped,
    TextPiece,
)

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
CHAT = Chat(name="云岭区工作群", platform="wechat")


def evidence(name: str) -> Evidence:
    """A file of the drop 收件."""
    return Evidence(
        sha256=name[0] * 64, size=9, name=name, inner_path=f"收件/{name}", path=Path("x"), taken_at=NOON
    )


def message(number: int, text: str) -> Message:
    """A message of 王明远, one minute after the other."""
    return Message(
        chat=CHAT,
        number=number,
        id=f"id{number}",
        sender="王明远",
        text=text,
        sent_at=NOON + timedelta(minutes=number),
        precision=Precision.SECOND,
    )


def hit(rule: Rule, piece: TextPiece, quote: str) -> Hit:
    """The rule at the first place of the quote."""
    start = piece.text.index(quote)
    return Hit(rule=rule, piece=piece, start=start, end=start + len(quote), reason="理由")


@pytest.fixture
def marked() -> Finding:
    """A mark in a photo that was sent, and once more in a message."""
    rule = Rule(
        id="mk.state",
        name="密级标志",
        kind=Kind.MARKING,
        category="mk.state",
        score=0.9,
        clauses=(Clause(document="保守国家秘密法", article="第二十二条"),),
    )
    photo = TextPiece(
        text="机密★10年\n关于",
        origin=Origin.OCR,
        evidence=evidence("b.jpg"),
        spot="第1页",
        message=message(2, ""),
    )
    said = TextPiece(
        text="是机密★10年的",
        origin=Origin.MESSAGE,
        evidence=evidence("a.txt"),
        message=message(3, "是机密★10年的"),
    )
    return Finding(
        id="0123456789abcdef",
        rule=rule,
        level=Level.JIMI,
        score=0.98765,
        outcome=Outcome.LEAD,
        document="机密★10年",
        reasons=("密级和期限写法完整", "图片第一页"),
        hits=(hit(rule, photo, "机密★10年"), hit(rule, said, "机密★10年")),
    )


@pytest.fixture
def hostile() -> Finding:
    """A quote that is a formula, a terminal command, rich markup and half a surrogate pair."""
    rule = Rule(id="pd.id", name="身份证号", kind=Kind.PERSONAL, category="pd.id", score=0.5)
    text = '=HYPERLINK("x")\x1b[31m[red]\ud83d\u2028末'
    piece = TextPiece(text=text, origin=Origin.DOCUMENT, evidence=evidence("c.docx"), spot="表1!B4")
    return Finding(
        id="fedcba9876543210",
        rule=rule,
        level=None,
        score=0.5,
        outcome=Outcome.REVIEW,
        document="",
        reasons=("像公式",),
        hits=(hit(rule, piece, text),),
    )


@pytest.fixture
def scan(marked: Finding, hostile: Finding) -> Scan:
    """Two findings, two unread pictures of one cause and a locked archive, one incomplete chat."""
    missing = [
        Skipped(
            evidence=evidence("a.txt"),
            name=f"{number}.jpg",
            reason=Reason.MISSING_ATTACHMENT,
            detail="导出时没有带上图片，请连同图片重新导出",
            message=message(number, ""),
        )
        for number in (4, 5)
    ]
    locked = Skipped(
        evidence=evidence("d.zip"),
        name="d.zip",
        reason=Reason.PASSWORD,
        detail="压缩包有密码，请解开后再放入",
    )
    chat = Conversation(
        chat=CHAT,
        format="memotrace-txt",
        declared=9,
        parsed=5,
        coverage=Coverage(images_present=1, images_missing=2, voice=1),
        lossy=("此格式不保留引用的原文",),
    )
    return Scan(
        findings=(marked, hostile),
        skipped=(*missing, locked),
        conversations=(chat,),
        files=4,
        messages=5,
        pieces=7,
        rules_version="00ff",
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=1.25),
    )


@pytest.fixture
def empty() -> Scan:
    """Two files in which there is nothing."""
    return Scan(
        findings=(),
        skipped=(),
        conversations=(),
        files=2,
        messages=0,
        pieces=2,
        rules_version="00ff",
        started_at=NOON,
        ended_at=NOON,
    )
