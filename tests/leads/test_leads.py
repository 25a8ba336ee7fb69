"""Findings → lead drafts: what belongs together, and what a draft says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.forms.places import places
from leakwatch.leads import Units, draft
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Evidence,
    Finding,
    Hit,
    Kind,
    LeadDraft,
    Level,
    Message,
    MessageKind,
    Origin,
    Outcome,
    Precision,
    Rule,
    Scan,
    TextPiece,
    digest,
)

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
GROUP = Chat(name="青石市防汛联络群", platform="wechat", is_group=True)
UNITS = Units(reporting_unit="青石市生态环境局", incident_unit="云岭区分局")


def file(name: str, inner_path: str = "", parent: str | None = None) -> Evidence:
    return Evidence(
        sha256=digest(name) * 2,
        size=1,
        name=name,
        inner_path=inner_path or f"收件/{name}",
        path=Path(name),
        taken_at=NOON,
        parent=parent,
    )


EXPORT = file("青石群.json")


def said(number: int, text: str = "这份机密★10年", at: datetime | None = NOON) -> Message:
    precision = Precision.SECOND if at else Precision.NONE
    return Message(chat=GROUP, number=number, sender="王明远", text=text, sent_at=at, precision=precision)


def finding(
    id: str,
    message: Message | None,
    evidence: Evidence = EXPORT,
    *,
    origin: Origin = Origin.MESSAGE,
    outcome: Outcome = Outcome.LEAD,
) -> Finding:
    rule = Rule(id="mk.state", name="密级标志", kind=Kind.MARKING, category="mk.state", score=0.9)
    piece = TextPiece(text="这份机密★10年", origin=origin, evidence=evidence, message=message)
    hit = Hit(rule=rule, piece=piece, start=2, end=8, reason="★标志", level=Level.JIMI)
    return Finding(
        id=digest(id),
        rule=rule,
        level=Level.JIMI,
        score=0.9,
        outcome=outcome,
        document=digest(id),
        reasons=("★标志",),
        hits=(hit,),
    )


def of(document: str, found: Finding) -> Finding:
    return replace(found, document=document)


def drafts(findings: Sequence[Finding]) -> tuple[LeadDraft, ...]:
    scan = Scan(
        findings=tuple(findings),
        skipped=(),
        conversations=(),
        files=1,
        messages=2,
        pieces=2,
        rules_version="9f3c",
        started_at=NOON,
        ended_at=NOON,
    )
    return draft(findings, scan, UNITS, NOON)


def cases(findings: Sequence[Finding]) -> list[set[str]]:
    return [set(one.finding_ids) for one in drafts(findings)]


def sent(number: int, name: str, id: str | None = None) -> Message:
    """A file without a word, in the same second as all others."""
    attachments = (Attachment(kind=AttachmentKind.FILE, name=name, path=name),)
    return structs.replace(said(number, ""), kind=MessageKind.FILE, id=id, attachments=attachments)


PICTURE = file("1.jpg")
LATER = NOON + timedelta(minutes=1)
PAGES = [file(f"第{n}页.png", f"收件/扫描件.pdf!第{n}页.png", digest("pdf")) for n in (1, 2)]
PACKED = [file(f"{n}.png", f"收件/图片.zip!{n}.png", digest("zip")) for n in (1, 2)]
MAILED = [file(f"{n}.png", f"收件/聊天记录.eml!{n}.png", digest("eml")) for n in (1, 2)]
A, B = file("a.txt"), file("b.txt")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(finding("a", said(1)), finding("b", said(1)), id="same message"),
        pytest.param(
            finding("a", said(1)), finding("b", said(7)), id="same message of an overlapping export"
        ),
        pytest.param(
            of("青办发〔2031〕45号", finding("a", said(1))),
            of("青办发〔2031〕45号", finding("b", said(2, "另一条", LATER))),
            id="same document",
        ),
        pytest.param(
            finding("a", said(1), PICTURE, origin=Origin.OCR),
            finding("b", said(2, "另一条", LATER), PICTURE, origin=Origin.OCR),
            id="same picture posted twice",
        ),
        pytest.param(
            finding("a", None, PICTURE, origin=Origin.OCR),
            finding("b", None, PICTURE, origin=Origin.FILENAME),
            id="a loose file and its name",
        ),
        pytest.param(
            finding("a", None, PAGES[0], origin=Origin.OCR),
            finding("b", None, PAGES[1], origin=Origin.OCR),
            id="two pages of one scanned document",
        ),
        pytest.param(
            finding("a", sent(1, "a.txt"), A, origin=Origin.DOCUMENT),
            finding("b", sent(2, "另一名.txt"), A, origin=Origin.DOCUMENT),
            id="same file posted twice in a second under two names",
        ),
        pytest.param(
            finding("a", sent(1, "a.txt"), A, origin=Origin.DOCUMENT),
            finding("b", sent(8, "a.txt"), EXPORT, origin=Origin.FILENAME),
            id="same file message of an overlapping export",
        ),
    ],
)
def test_what_hangs_together_is_one_lead(one: Finding, other: Finding) -> None:
    assert cases([one, other]) == [{one.id, other.id}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(finding("a", said(1)), finding("b", said(2, "另一条")), id="two messages of one export"),
        pytest.param(
            finding("a", said(1, "[图片]", None), PICTURE, origin=Origin.OCR),
            finding("b", said(2, "[图片]", None), file("2.jpg"), origin=Origin.OCR),
            id="two pictures of unknown time",
        ),
        pytest.param(
            finding("a", None, PACKED[0], origin=Origin.OCR),
            finding("b", None, PACKED[1], origin=Origin.OCR),
            id="two pictures in one archive",
        ),
        pytest.param(
            finding("a", sent(1, "1.png"), MAILED[0], origin=Origin.OCR),
            finding("b", sent(2, "2.png"), MAILED[1], origin=Origin.OCR),
            id="two pictures of one mailed chat history in a second",
        ),
        pytest.param(
            finding("a", sent(1, "a.txt"), A, origin=Origin.DOCUMENT),
            finding("b", sent(2, "b.txt"), B, origin=Origin.DOCUMENT),
            id="two files in a second",
        ),
        pytest.param(
            finding("a", sent(1, "图片.png", "8807"), A, origin=Origin.DOCUMENT),
            finding("b", sent(2, "图片.png", "8808"), B, origin=Origin.DOCUMENT),
            id="two files of one name in a second",
        ),
    ],
)
def test_what_only_lies_side_by_side_is_two_leads(one: Finding, other: Finding) -> None:
    assert cases([one, other]) == [{one.id}, {other.id}]


def test_ties_are_joined_transitively_in_the_order_of_the_first_finding() -> None:
    first = of("甲", finding("a", said(1)))
    apart = finding("b", said(2, "无关"))
    second = finding("c", said(3, "另一条"), PICTURE, origin=Origin.OCR)
    bridge = of("甲", finding("d", said(4, "再一条", LATER), PICTURE, origin=Origin.OCR))
    assert cases([first, apart, second, bridge]) == [{first.id, second.id, bridge.id}, {apart.id}]


def test_a_review_finding_on_the_same_message_is_mentioned_only() -> None:
    lead, review = finding("a", said(1)), finding("b", said(1), outcome=Outcome.REVIEW)
    (only,) = drafts([lead, review])
    assert only.finding_ids == (lead.id,)
    assert "相关待核线索（未列入上表，由人工判断）：\n1. 密级标志：“机密★10年”" in only.remark


def test_a_review_finding_joins_no_leads_and_is_mentioned_in_both() -> None:
    one, other = finding("a", said(1)), finding("b", said(2, "另一条", LATER))
    between = finding("c", said(1), outcome=Outcome.REVIEW)
    between = replace(between, hits=(*between.hits, *other.hits))
    both = drafts([one, other, between])
    assert [found.finding_ids for found in both] == [(one.id,), (other.id,)]
    assert all("相关待核线索" in found.remark for found in both)


@pytest.mark.parametrize("outcome", [Outcome.REVIEW, Outcome.NOTE])
def test_only_lead_findings_open_a_draft(outcome: Outcome) -> None:
    assert drafts([finding("a", said(1), outcome=outcome)]) == ()


def test_a_note_is_not_mentioned() -> None:
    (only,) = drafts([finding("a", said(1)), finding("b", said(1), outcome=Outcome.NOTE)])
    assert "相关待核线索" not in only.remark


def test_the_id_says_the_day_and_hangs_on_the_findings_alone() -> None:
    one, other = finding("a", said(1)), finding("b", said(1))
    assert [found.id for found in drafts([one, other])] == [found.id for found in drafts([other, one])]
    assert drafts([one])[0].id != drafts([other])[0].id
    assert drafts([one])[0].id.startswith("XS-20310506-")
    assert len(drafts([one])[0].id) == len("XS-20310506-3f2a9c")


def test_ids_of_one_scan_never_meet() -> None:
    many = [finding(str(n), said(n, str(n))) for n in range(9_000)]
    ids = {found.id for found in drafts(many)}
    assert len(ids) == 9_000
    assert {len(id) for id in ids} == {18, 19}


def test_a_case_of_two_secret_documents_is_due_at_once() -> None:
    (only,) = drafts([of("甲", finding("a", said(1))), of("乙", finding("b", said(1)))])
    assert (only.at_once, only.due_at) == (True, NOON)


def test_one_secret_document_has_a_day() -> None:
    (only,) = drafts([finding("a", said(1))])
    assert (only.at_once, only.due_at) == (False, NOON + timedelta(hours=24))


def test_two_secret_documents_of_one_scan_are_at_once_even_in_two_cases() -> None:
    mild = replace(finding("c", said(3, "第三条")), level=Level.MIMI)
    drafted = drafts([finding("a", said(1)), finding("b", said(2, "另一条")), mild])
    assert [(one.at_once, one.due_at) for one in drafted] == [
        (True, NOON),
        (True, NOON),
        (False, NOON + timedelta(hours=24)),
    ]


def test_two_files_of_a_second_are_two_messages_to_recall_each_with_its_own_file() -> None:
    both = [
        of("甲", finding("a", sent(1, "a.txt"), A, origin=Origin.DOCUMENT)),
        of("甲", finding("b", sent(2, "b.txt"), B, origin=Origin.DOCUMENT)),
    ]
    (only,) = drafts(both)
    assert "已列出待撤回消息2条" in only.remedy
    assert [[one.name for one in place.files] for place in places(both)] == [["a.txt"], ["b.txt"]]


def test_a_secret_document_is_not_at_once_because_of_anothers_top_secret() -> None:
    top = replace(finding("b", said(2, "另一条")), level=Level.JUEMI)
    drafted = drafts([finding("a", said(1)), top])
    assert [(one.at_once, one.due_at) for one in drafted] == [
        (False, NOON + timedelta(hours=24)),
        (True, NOON),
    ]


def test_the_units_are_taken_over_and_may_be_blank() -> None:
    (only,) = drafts([finding("a", said(1))])
    assert (only.reporting_unit, only.incident_unit) == ("青石市生态环境局", "云岭区分局")
    assert (Units().reporting_unit, Units().incident_unit) == ("", "")
