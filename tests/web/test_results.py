"""What somebody who wants to publish is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from leakwatch.model import (
    Clause,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Origin,
    Outcome,
    Reason,
    Rule,
    Scan,
    Skipped,
    TextPiece,
)
from leakwatch.web.results import result_of, sentences
from tests.web.people import NOON

FILE = Evidence(sha256="ab", size=1, name="稿.docx", inner_path="稿.docx", path=Path(), taken_at=NOON)


def finding(outcome: Outcome, quote: str = "机密★10年") -> Finding:
    """One that a rule found in the file."""
    clause = Clause(document="工作秘密管理制度", article="二（一）5")
    rule = Rule(
        id="mk", name="密级标志", kind=Kind.MARKING, category="mk.state", score=0.9, clauses=(clause,)
    )
    piece = TextPiece(text=quote, origin=Origin.DOCUMENT, evidence=FILE, spot="第1页")
    hit = Hit(rule=rule, piece=piece, start=0, end=len(quote), reason="有★")
    return Finding(
        id=quote,
        rule=rule,
        level=Level.JIMI,
        score=0.9,
        outcome=outcome,
        document="",
        reasons=("有★",),
        hits=(hit,),
    )


def scan(findings: Sequence[Finding], skipped: Sequence[Skipped] = (), pieces: int = 1) -> Scan:
    """What came of a check."""
    return Scan(
        findings=tuple(findings),
        skipped=tuple(skipped),
        conversations=(),
        files=1,
        messages=0,
        pieces=pieces,
        rules_version="00ff",
        started_at=NOON,
        ended_at=NOON,
    )


GAP = Skipped(evidence=FILE, name="附件.zip", reason=Reason.PASSWORD, detail="有密码，请解开后再查。")


@pytest.mark.parametrize(
    ("outcomes", "skipped", "pieces", "tone", "start"),
    [
        ([Outcome.LEAD, Outcome.REVIEW], [GAP], 1, "red", "先不要发：发现 1 处"),
        ([Outcome.REVIEW], [], 1, "amber", "有 1 处要由人判断"),
        ([], [GAP], 1, "amber", "有内容没能读出"),
        ([], [], 0, "amber", "有内容没能读出"),
        ([Outcome.NOTE], [], 1, "green", "没有发现规则所列的内容"),
    ],
)
def test_the_verdict_goes_by_the_gravest(
    outcomes: list[Outcome], skipped: list[Skipped], pieces: int, tone: str, start: str
) -> None:
    result = result_of(scan([finding(outcome) for outcome in outcomes], skipped, pieces), "ZC-1")
    assert (result.tone, result.verdict.startswith(start)) == (tone, True)


def test_the_form_says_what_was_found_and_what_was_not_read() -> None:
    assert list(sentences(scan([finding(Outcome.REVIEW), finding(Outcome.NOTE)], [GAP]))) == [
        "共检查 1 个文件、1 段文字，规则版本 00ff。",
        "密级标志（标注：机密）：有★。位置：稿.docx · 第1页。供对照：《工作秘密管理制度》二（一）5。",
        "没能读出：附件.zip（有密码）。有密码，请解开后再查。",
    ]


def test_the_form_says_that_nothing_was_found() -> None:
    assert list(sentences(scan([])))[1] == "没有发现规则所列的密级标志、文号、工作秘密和个人信息。"


def test_no_more_than_a_hundred_are_listed_and_the_rest_is_said() -> None:
    many = scan([finding(Outcome.LEAD, f"机密★{number}年") for number in range(120)])
    assert len(result_of(many, "ZC-1").findings) == 100
    assert list(sentences(many))[-1] == "另有 20 处没有列出。"


def test_a_long_quote_is_cut() -> None:
    shown = result_of(scan([finding(Outcome.LEAD, "密" * 200)]), "ZC-1").findings[0]
    assert shown.quote == "密" * 80 + "…"
