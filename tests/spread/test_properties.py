"""Whatever is posted, nothing is lost and nothing breaks."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from leakwatch.images.prints import PicturePrint
from leakwatch.model import SHANGHAI, Precision
from leakwatch.spread import Posting, TextPrint, join, timeline

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
WORDS = "关于做好云岭区防汛物资调拨工作的内部通知，各单位应当于五月六日前报送名单，不得延误。" * 3
POSTINGS = st.lists(
    st.builds(
        lambda place, carrier, number, bits, text, hours: Posting(
            place=f"place {place}",
            carrier=f"file {carrier}",
            document=f"云发〔2031〕{number}号" if number else f"file {carrier}",
            numbers=frozenset({f"云发〔2031〕{number}号"} if number else ()),
            picture=PicturePrint(bits, bits >> 3),
            text=TextPrint.of(WORDS[text:] * text),
            is_recognised=bool(text % 2),
            findings=frozenset({f"{place} {carrier}"}),
            sent_at=NOON + timedelta(hours=hours) if hours else None,
            precision=Precision.MINUTE,
        ),
        st.integers(0, 9),
        st.integers(0, 9),
        st.integers(0, 3),
        st.integers(0, (1 << 256) - 1),
        st.integers(0, 5),
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(POSTINGS, st.integers(0, 12))
def test_everything_new_is_in_one_matter_and_has_a_reason(postings: list[Posting], cut: int) -> None:
    new, known = postings[cut:], postings[:cut]
    matters = join(new, known)
    placed = [posting for matter in matters for posting in matter.postings]
    assert all(placed.count(posting) == postings.count(posting) for posting in new)
    for matter in matters:
        assert [join is None for join in matter.joins] == [n == 0 for n in range(len(matter.joins))]
        assert {row.place for row in timeline(matter).rows} == {one.place for one in matter.postings}


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=300))
def test_any_text_has_a_print_that_can_be_kept(text: str) -> None:
    made = TextPrint.of(text)
    assert TextPrint.parse(str(made)) == made
    assert made.hashes.tolist() == sorted(set(made.hashes.tolist()))


@given(st.integers(0, (1 << 256) - 1), st.none() | st.integers(0, (1 << 256) - 1))
def test_any_picture_print_can_be_kept(whole: int, page: int | None) -> None:
    assert PicturePrint.parse(str(PicturePrint(whole, page))) == PicturePrint(whole, page)
