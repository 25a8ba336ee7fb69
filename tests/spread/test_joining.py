"""What speaks of one document is one matter; what is merely alike, or lies side by side, is not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from leakwatch.images.prints import PicturePrint
from leakwatch.model import SHANGHAI, Precision
from leakwatch.spread import How, Join, Posting, TextPrint, join

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
ONE, TWO = "云发〔2031〕3号", "云发〔2031〕4号"
PAGE = random.Random(3).getrandbits(256)  # noqa: S311


def prose(seed: int, length: int) -> str:
    source = random.Random(seed)  # noqa: S311
    return "".join(chr(0x4E00 + source.randrange(3000)) for _ in range(length))


def misread(text: str, share: float, seed: int = 1) -> str:
    source = random.Random(seed)  # noqa: S311
    return "".join("丕" if source.random() < share else character for character in text)


def picture(bits: int) -> PicturePrint:
    """So many bits from PAGE."""
    return PicturePrint(PAGE ^ sum(1 << 5 * place for place in range(bits)))


def posting(name: str, *numbers: str, text: str = "", minute: int = 0) -> Posting:
    return Posting(
        place=f"place {name}",
        carrier=f"file {name}",
        document=numbers[0] if numbers else f"file {name}",
        numbers=frozenset(numbers),
        text=TextPrint.of(text) if text else None,
        findings=frozenset({f"finding {name}"}),
        sent_at=NOON + timedelta(minutes=minute),
        precision=Precision.SECOND,
    )


def seen(name: str, bits: int, text: str = "", *numbers: str) -> Posting:
    """A photo, read by OCR."""
    return replace(posting(name, *numbers, text=text), picture=picture(bits), is_recognised=True)


def read(name: str, text: str) -> Posting:
    return replace(posting(name, text=text), is_recognised=True)


def matters(*new: Posting, known: Sequence[Posting] = ()) -> list[set[str]]:
    return [{one.place[6:] for one in matter.postings} for matter in join(new, known)]


A = posting("a")
PROSE, OTHER = prose(1, 400), prose(2, 400)
PHRASE = prose(9, 90)
"""An admonition that everybody copies."""


@pytest.mark.parametrize(
    ("one", "other", "how", "figure"),
    [
        (A, replace(posting("b"), place=A.place), How.MESSAGE, ""),
        (A, replace(posting("b"), carrier=A.carrier), How.FILE, ""),
        (replace(A, whole="pdf"), replace(posting("b"), whole="pdf"), How.FILE, ""),
        (replace(A, whole="pdf"), replace(posting("b"), carrier="pdf"), How.FILE, ""),
        (A, replace(posting("b"), findings=A.findings), How.CONTENT, ""),
        (A, replace(posting("b"), document=A.document), How.CONTENT, ""),
        (posting("a", ONE), posting("b", TWO, ONE), How.NUMBER, ONE),
        (
            replace(posting("a", ONE), copy="000012"),
            replace(posting("b", ONE), copy="000012"),
            How.COPY,
            f"{ONE}，000012",
        ),
        (replace(A, lead="XS-1"), replace(posting("b"), lead="XS-1"), How.LEAD, "XS-1"),
        (seen("a", 0), seen("b", 0), How.PICTURE, "相似度100%"),
        (seen("a", 0), seen("b", 16), How.PICTURE, "相似度94%"),
        (seen("a", 0, PROSE), seen("b", 31, misread(PROSE, 0.05)), How.PICTURE, "相似度88%"),
        (seen("a", 0, "", ONE), seen("b", 12), How.PICTURE, "相似度95%"),
        (posting("a", text=PHRASE), posting("b", text=PHRASE), How.TEXT, "全文相同"),
        (read("a", PROSE), read("b", misread(PROSE[100:300], 0.05)), How.TEXT, "共同部分78%"),
        (posting("a", text=PROSE), posting("b", text=PROSE[:100] + "谁知道？"), How.TEXT, "共同部分94%"),
    ],
)
def test_what_speaks_of_one_document_is_one_matter(
    one: Posting, other: Posting, how: How, figure: str
) -> None:
    (only,) = join([one, other])
    assert only.postings == (one, other)
    assert only.joins == (None, Join(how=how, figure=figure, place=one.place))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(A, posting("b"), id="nothing in common"),
        pytest.param(posting("a", ONE), posting("b", TWO), id="neighbouring numbers"),
        pytest.param(
            replace(posting("a", ONE), copy="000012"),
            replace(posting("b", TWO), copy="000012"),
            id="copy number alone",
        ),
        pytest.param(
            replace(A, copy="000012"), replace(posting("b"), copy="000012"), id="copy number, no number"
        ),
        pytest.param(seen("a", 0, "", ONE), seen("b", 3, "", TWO), id="one head, other numbers"),
        pytest.param(seen("a", 0), seen("b", 24), id="one form, words unknown"),
        pytest.param(seen("a", 0, PROSE), seen("b", 24, OTHER), id="one form, other words"),
        pytest.param(seen("a", 0, PROSE), seen("b", 5, OTHER), id="near pictures, quite other words"),
        pytest.param(seen("a", 0, PROSE), seen("b", 32, OTHER), id="another picture"),
        pytest.param(posting("a", text=prose(4, 20)), posting("b", text=prose(4, 20)), id="a sentence"),
        pytest.param(posting("a", text=PROSE), posting("b", text=OTHER), id="other texts"),
        pytest.param(
            posting("a", text=PHRASE + PROSE), posting("b", text=PHRASE + OTHER), id="one set phrase"
        ),
        pytest.param(
            posting("a", text=PROSE[:200] + prose(5, 100)),
            posting("b", text=PROSE[:200] + prose(6, 100)),
            id="two notices of one pattern",
        ),
        pytest.param(
            posting("a", ONE, text=PROSE), posting("b", TWO, text=PROSE), id="one text, other numbers"
        ),
    ],
)
def test_what_is_merely_alike_is_two_matters(one: Posting, other: Posting) -> None:
    assert matters(one, other) == [{"a"}, {"b"}]


def test_joins_are_transitive_and_tell_on_what_each_hangs() -> None:
    first, second, third = posting("a", ONE), replace(seen("b", 0, "", ONE), sent_at=NOON), seen("c", 9)
    (only,) = join([third, replace(second, sent_at=NOON + timedelta(hours=1)), first])
    assert [one.place[6:] for one in only.postings] == ["a", "c", "b"]
    assert only.joins == (
        None,
        Join(how=How.PICTURE, figure="相似度96%", place="place b"),
        Join(how=How.NUMBER, figure=ONE, place="place a"),
    )


def test_a_picture_without_a_number_bridges_no_two_numbers() -> None:
    assert matters(seen("a", 0, "", ONE), seen("b", 4, ""), seen("c", 9, "", TWO)) == [{"a", "b"}, {"c"}]


def test_a_passage_that_two_documents_quote_belongs_to_the_one_that_holds_more_of_it() -> None:
    passage = prose(7, 120)
    one, other = PROSE + passage, OTHER + misread(passage, 0.03)
    found = matters(read("a", one), read("b", other), read("c", passage))
    assert found == [{"a", "c"}, {"b"}]


def test_a_phrase_that_many_copy_joins_no_texts() -> None:
    many = [posting(str(n), text=PHRASE + prose(100 + n, 20)) for n in range(12)]
    assert matters(*many) == [{str(n)} for n in range(12)]


def test_a_text_that_spreads_widely_stays_one_matter() -> None:
    many = [read(str(n), misread(PROSE, 0.03, seed=n)) for n in range(40)]
    assert matters(*many) == [{str(n) for n in range(40)}]


def test_crops_of_one_page_meet_in_the_page() -> None:
    page = prose(8, 900)
    found = matters(read("a", page[:300]), read("b", page[600:]), read("c", page))
    assert found == [{"a", "b", "c"}]


def test_what_is_new_is_found_among_what_is_known_and_brings_its_lead_along() -> None:
    known = [
        replace(seen("old", 0), lead="XS-1"),
        replace(posting("older", TWO), lead="XS-1"),
        replace(posting("apart"), lead="XS-2"),
    ]
    (first, second) = join([seen("a", 10), posting("b")], known)
    assert [one.place[6:] for one in first.postings] == ["a", "old", "older"]
    assert (first.leads, second.leads) == (("XS-1",), ())


def test_what_touches_two_leads_names_both() -> None:
    known = [replace(posting("x", ONE), lead="XS-1"), replace(posting("y", TWO), lead="XS-2")]
    (only,) = join([posting("a", ONE, TWO)], known)
    assert only.leads == ("XS-1", "XS-2")


def test_known_postings_are_not_joined_anew() -> None:
    known = [replace(seen("x", 0), lead="XS-1"), replace(seen("y", 0), lead="XS-2")]
    assert join([], known) == ()
    assert matters(posting("a"), known=known) == [{"a"}]


def test_pages_that_look_alike_are_one_document_and_a_number_names_it() -> None:
    (only,) = join([seen("a", 0), seen("b", 9, "", ONE), seen("c", 14)])
    assert only.documents == {"file a": ONE, "file c": ONE}


def test_alike_texts_alone_make_no_one_document_of_two_files() -> None:
    (only,) = join([read("a", PROSE), read("b", misread(PROSE, 0.02))])
    assert only.documents == {}


def test_matters_come_in_the_order_of_what_is_new() -> None:
    assert matters(posting("a"), posting("b", ONE), posting("c"), posting("d", ONE)) == [
        {"a"}, {"b", "d"}, {"c"},
    ]  # fmt: skip


def test_unknown_times_come_last_and_a_day_comes_before_its_hours() -> None:
    timeless = replace(posting("a", ONE), sent_at=None, precision=Precision.NONE)
    morning = replace(posting("b", ONE), sent_at=NOON - timedelta(hours=3))
    day = replace(posting("c", ONE), sent_at=NOON.replace(hour=0), precision=Precision.DAY)
    (only,) = join([timeless, morning, day])
    assert only.postings == (day, morning, timeless)
