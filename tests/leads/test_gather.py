"""Findings of several scans about one document are one lead, which keeps its name and its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from leakwatch.images.prints import PicturePrint
from leakwatch.leads import Basis, History, Lead, Prints, Units, counted, gather, matter_key
from leakwatch.model import (
    SHANGHAI,
    Chat,
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
    TextPiece,
    digest,
)
from leakwatch.spread import How, Posting

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
LATER = NOON + timedelta(hours=5)
RULE = Rule(id="mk.state", name="密级标志", kind=Kind.MARKING, category="mk.state", score=0.9)
SCAN = Scan(
    findings=(),
    skipped=(),
    conversations=(),
    files=1,
    messages=1,
    pieces=1,
    rules_version="9f3c",
    started_at=NOON,
    ended_at=NOON,
)


def file(name: str) -> Evidence:
    return Evidence(
        sha256=digest(name) * 2, size=1, name=name, inner_path=name, path=Path(name), taken_at=NOON
    )


def photo(name: str, group: str = "青石联络群", at: datetime = NOON, *, document: str = "") -> Finding:
    """A mark read on a photo that somebody posted."""
    message = Message(
        chat=Chat(name=group, platform="wechat", is_group=True),
        number=1,
        sender=f"{name}的发送人",
        text=name,
        sent_at=at,
        precision=Precision.SECOND,
    )
    piece = TextPiece(text="机密★10年", origin=Origin.OCR, evidence=file(name), message=message)
    hit = Hit(rule=RULE, piece=piece, start=0, end=6, reason="★标志", level=Level.JIMI)
    return Finding(
        id=digest(name),
        rule=RULE,
        level=Level.JIMI,
        score=0.9,
        outcome=Outcome.LEAD,
        document=document or file(name).sha256,
        reasons=("★标志",),
        hits=(hit,),
    )


def basis(history: History | None = None, at: datetime = NOON, **pictures: int) -> Basis:
    """Pictures by their names, as prints."""
    prints = Prints(pictures={file(name).sha256: PicturePrint(bits) for name, bits in pictures.items()})
    return Basis(scan=SCAN, units=Units(), found_at=at, history=history or History(), prints=prints)


def kept(leads: Sequence[Lead], id: str = "") -> History:
    """What a store would keep of them."""
    return History(
        postings=tuple(
            replace(posting, lead=id or lead.draft.id) for lead in leads for posting in lead.matter.postings
        ),
        opened_at={id or lead.draft.id: lead.clock.started_at for lead in leads},
        marked={id or lead.draft.id: lead.marked for lead in leads},
    )


def both(one: History, other: History) -> History:
    return History(
        postings=one.postings + other.postings,
        opened_at={**one.opened_at, **other.opened_at},
        marked={**one.marked, **other.marked},
    )


BITS = int("0123456789abcdef" * 4, 16)
NUMBER = "云密发〔2031〕3号"


def test_one_picture_in_two_groups_is_one_lead_and_one_document() -> None:
    (only,) = gather([photo("a"), photo("b", "柳树镇群")], basis(a=BITS, b=BITS ^ 7))
    assert only.draft.finding_ids == tuple(sorted([digest("a"), digest("b")]))
    assert only.marked == {min(file("a").sha256, file("b").sha256): Level.JIMI}
    assert not only.draft.at_once
    assert "合计1件：机密1件" in only.draft.documents_and_levels


def test_two_pages_under_one_head_are_two_documents_at_once() -> None:
    leads = gather([photo("a"), photo("b")], basis(a=BITS, b=BITS ^ (1 << 60) - 1))
    assert [lead.draft.at_once for lead in leads] == [True, True]


def test_a_scan_counts_pages_that_are_one_by_their_pictures_once() -> None:
    found = [photo("a"), photo("b", document=NUMBER), photo("c")]
    prints = {file(name).sha256: str(PicturePrint(bits)) for name, bits in (("a", BITS), ("b", BITS ^ 7))}
    assert [one.document for one in counted(found, prints)] == [NUMBER, NUMBER, file("c").sha256]


def test_why_the_parts_are_one_matter_stands_in_the_remark_with_the_first_sender() -> None:
    found = [photo("b", "柳树镇群", LATER), photo("a")]
    (only,) = gather(found, basis(a=BITS, b=BITS))
    assert only.draft.remark.startswith(
        "并为一事的依据（按时间）：\n"
        "1. 2031年5月6日12:00:00，微信群「青石联络群」，“a的发送人”：最先出现\n"
        "2. 2031年5月6日17:00:00，微信群「柳树镇群」，“b的发送人”：图片相似（相似度100%）\n"
    )


def test_what_stands_in_one_message_alone_has_no_relations() -> None:
    (only,) = gather([photo("a")], basis())
    assert "并为一事" not in only.draft.remark


def test_a_scan_of_the_same_again_finds_the_same_lead() -> None:
    first = gather([photo("a")], basis())
    (again,) = gather([photo("a")], basis(kept(first), LATER))
    assert (again.draft.id, again.is_new, again.merged) == (first[0].draft.id, False, ())
    assert again.draft.found_at == NOON


def test_what_joins_later_goes_to_the_lead_and_keeps_its_clock() -> None:
    first = gather([photo("a", document=NUMBER)], basis())
    (later,) = gather([photo("b", "柳树镇群", LATER, document=NUMBER)], basis(kept(first), LATER))
    assert later.draft.id == first[0].draft.id
    assert (later.draft.found_at, later.draft.due_at) == (NOON, NOON + timedelta(hours=24))
    assert [join.how for join in later.matter.joins if join] == [How.NUMBER]
    assert "“a的发送人”（此前已列）：最先出现" in later.draft.remark


def test_the_second_secret_document_of_a_lead_makes_it_major_when_it_is_found() -> None:
    first = gather([photo("a", document=NUMBER)], basis())
    message = photo("a").hits[0].piece.message
    second = photo("b", document="云密发〔2031〕4号")
    piece = TextPiece(text="机密★10年", origin=Origin.OCR, evidence=file("b"), message=message)
    second = replace(second, hits=(replace(second.hits[0], piece=piece),))
    (later,) = gather([second], basis(kept(first), LATER))
    assert later.draft.id == first[0].draft.id
    assert (later.draft.at_once, later.draft.due_at) == (True, LATER)
    assert later.clock.major_at == LATER


def test_what_joins_two_leads_goes_to_the_older_and_the_link_is_told() -> None:
    old = kept(gather([photo("a", document=NUMBER)], basis()), "XS-20310506-old")
    young = kept(gather([photo("b")], basis(at=LATER, b=BITS)), "XS-20310506-aaa")
    bridge = photo("c", "柳树镇群", LATER, document=NUMBER)
    (only,) = gather([bridge], basis(both(young, old), LATER, c=BITS))
    assert (only.draft.id, only.merged) == ("XS-20310506-old", ("XS-20310506-aaa",))
    assert "线索XS-20310506-aaa与本线索XS-20310506-old为同一事项，并入本线索办理。" in only.draft.remark


def test_leads_that_nothing_new_touches_stay_as_they_are() -> None:
    history = kept(gather([photo("a")], basis()))
    (only,) = gather([photo("b")], basis(history, LATER))
    assert (only.is_new, len(only.matter.postings)) == (True, 1)


def test_the_key_of_a_matter_hangs_on_its_number_else_on_its_first_finding() -> None:
    numbered, bare = photo("a", document=NUMBER), photo("b")
    assert matter_key([numbered]) == matter_key([photo("c", document=NUMBER), bare])
    assert matter_key([bare]) == matter_key([photo("b", "柳树镇群", LATER)])
    assert matter_key([bare]) != matter_key([photo("c")])


def test_history_is_plain() -> None:
    """A store keeps postings as text: what is compared of them can be written and read back."""
    (only,) = gather([photo("a")], basis(a=BITS))
    (posting,) = only.matter.postings
    assert posting.picture is not None
    assert posting.text is not None
    read = replace(
        posting,
        picture=PicturePrint.parse(str(posting.picture)),
        text=type(posting.text).parse(str(posting.text)),
    )
    assert isinstance(read, Posting)
    assert read == posting
