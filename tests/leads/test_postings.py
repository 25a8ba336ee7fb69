"""What spread tracing is told of a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from leakwatch.images.prints import PicturePrint
from leakwatch.leads.postings import Prints, numbers, postings
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
    TextPiece,
)
from leakwatch.spread import TextPrint

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
FILE = Evidence(
    sha256="a" * 64, size=1, name="1.jpg", inner_path="收件/1.jpg", path=Path("1.jpg"), taken_at=NOON
)
MESSAGE = Message(
    chat=Chat(name="青石联络群", platform="wechat", is_group=True),
    number=3,
    sender="王明远",
    text="[图片]",
    id="8807",
    sent_at=NOON,
    precision=Precision.MINUTE,
)
NUMBER = "云密发〔2031〕3号"


def finding(
    text: str, origin: Origin = Origin.OCR, kind: Kind = Kind.MARKING, *, document: str = ""
) -> Finding:
    rule = Rule(id="mk.state", name="密级标志", kind=kind, category="mk.state", score=0.9)
    piece = TextPiece(text=text, origin=origin, evidence=FILE, message=MESSAGE)
    named = document if kind is Kind.DOCNUMBER else ""
    hit = Hit(rule=rule, piece=piece, start=0, end=2, reason="标志", level=Level.JIMI, document=named)
    return Finding(
        id=f"{text}{origin}{kind}",
        rule=rule,
        level=Level.JIMI,
        score=0.9,
        outcome=Outcome.LEAD,
        document=document or FILE.sha256,
        reasons=(),
        hits=(hit,),
    )


def test_a_file_in_a_message_is_one_posting_with_all_that_is_known_of_it() -> None:
    found = [
        finding("机密★10年"),
        finding(NUMBER, kind=Kind.DOCNUMBER, document=NUMBER),
    ]
    picture = PicturePrint(5)
    (only,) = postings(found, Prints(pictures={FILE.sha256: picture}))
    assert (only.carrier, only.document, only.numbers) == (FILE.sha256, FILE.sha256, frozenset({NUMBER}))
    assert (only.channel, only.sender, only.moment) == (
        "微信群「青石联络群」",
        "王明远",
        "2031年5月6日12:00",
    )
    assert (only.sent_at, only.precision) == (NOON, Precision.MINUTE)
    assert (only.picture, only.is_recognised) == (picture, True)
    assert only.findings == {one.id for one in found}
    assert only.text == TextPrint.merged([TextPrint.of("机密★10年"), TextPrint.of(NUMBER)])


def test_the_words_of_a_message_and_its_file_are_two_postings_of_one_place() -> None:
    words, file = postings([finding("机密★10年", Origin.MESSAGE), finding("机密★10年")], Prints())
    assert words.place == file.place == words.carrier
    assert (file.carrier, words.is_recognised) == (FILE.sha256, False)


def test_the_print_of_a_whole_file_is_taken_before_that_of_what_was_hit() -> None:
    whole = TextPrint.of("各镇人民政府，区直各单位：现将有关事项通知如下")
    (only,) = postings([finding("机密★10年")], Prints(texts={FILE.sha256: whole}))
    assert only.text == whole


@pytest.mark.parametrize("origin", [Origin.FILENAME, Origin.IMAGE])
def test_names_of_files_and_words_on_what_a_picture_shows_are_no_text(origin: Origin) -> None:
    (only,) = postings([finding("图片版式：红色标题、红色分隔线", origin)], Prints())
    assert only.text == TextPrint.of("")


def test_a_loose_file_has_no_sender_and_no_time() -> None:
    found = finding("机密★10年")
    piece = TextPiece(text="机密★10年", origin=Origin.OCR, evidence=FILE)
    (only,) = postings([replace(found, hits=(replace(found.hits[0], piece=piece),))], Prints())
    assert (only.channel, only.sender, only.moment, only.sent_at) == (
        "材料「收件/1.jpg」（未对应到消息）",
        "",
        "时间未知",
        None,
    )


@pytest.mark.parametrize(
    ("head", "copy"),
    [
        ("000012\n机密★10年\n特急", "000012"),
        ("份号：000012\n机密★10年", "000012"),
        ("Ｎｏ．０００１２３\n机密★10年", "000123"),
        ("机密★10年\n 000012 \n特急", "000012"),
        ("机密★10年", ""),
        ("00012\n机密★10年", ""),
        ("邮编200120\n机密★10年", ""),
        ("机密★10年\n特急\n云岭区文件\n关于防汛\n200120", ""),
        ("2031年度 000012 份\n机密★10年", ""),
    ],
)
def test_a_copy_number_stands_alone_on_a_line_of_the_head(head: str, copy: str) -> None:
    (only,) = postings([finding(head)], Prints())
    assert only.copy == copy


def test_hashes_are_no_numbers() -> None:
    named = [finding("机密"), finding(NUMBER, kind=Kind.DOCNUMBER, document=NUMBER)]
    assert numbers([*named, finding("密", document="d" * 32)]) == {NUMBER}
