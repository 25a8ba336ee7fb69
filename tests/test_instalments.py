"""Short messages in a row are read together too; long ones, other senders and pauses part them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from leakwatch.detect import detect
from leakwatch.findings import merge
from leakwatch.instalments import SEAM, SPOT, joined
from leakwatch.model import SHANGHAI, Chat, Evidence, Message, Origin, Outcome, TextPiece
from leakwatch.scanners import Matcher

CHAT = Chat(name="云岭工作群", platform="wechat")
START = datetime(2031, 5, 6, 9, 0, tzinfo=SHANGHAI)
WITHIN = timedelta(minutes=5)
Said = tuple[str, str, int]
"""Sender, words, minutes after the start."""


@pytest.fixture
def pieces(keep: Callable[[str, bytes], Evidence]) -> Callable[[list[Said]], list[TextPiece]]:
    """What was said, as pieces of one chat."""
    evidence = keep("chat.json", b"{}")

    def of(said: list[Said]) -> list[TextPiece]:
        return list(_pieces(said, evidence))

    return of


def _pieces(said: list[Said], evidence: Evidence) -> Iterator[TextPiece]:
    for number, (sender, text, minutes) in enumerate(said, 1):
        at = START + timedelta(minutes=minutes)
        message = Message(chat=CHAT, number=number, sender=sender, text=text, sent_at=at)
        yield TextPiece(text=text, origin=Origin.MESSAGE, evidence=evidence, message=message)


def test_a_row_of_short_messages_comes_once_more_as_one(
    pieces: Callable[[list[Said]], list[TextPiece]],
) -> None:
    row = pieces([("王明远", "中办", 0), ("王明远", "发", 0), ("王明远", "2031年45号", 1)])

    *own, whole = joined(row, WITHIN)

    assert own == row
    assert (whole.text, whole.spot) == (SEAM.join(("中办", "发", "2031年45号")), SPOT)
    assert whole.message == row[0].message


def test_halves_of_a_number_make_a_row_however_long_they_are(
    pieces: Callable[[list[Said]], list[TextPiece]], matcher: Matcher
) -> None:
    row = pieces([("王明远", text, 0) for text in ("320102198", "50307284X", "老瞿的，前后接起来")])

    finding, *_ = merge(detect(row, matcher, WITHIN))

    assert (finding.rule.category, finding.outcome) == ("pd.id", Outcome.REVIEW)


@pytest.mark.parametrize(
    "said",
    [
        [("王明远", "中办", 0), ("王明远", "发", 0)],
        [("王明远", "中办", 0), ("李青", "发", 0), ("王明远", "45号", 0)],
        [("王明远", "中办", 0), ("王明远", "发", 9), ("王明远", "45号", 18)],
        [("王明远", "这句话比二十个字还要长一些所以不算一截", 0)] * 3,
    ],
)
def test_what_is_no_row_stays_apart(
    pieces: Callable[[list[Said]], list[TextPiece]], said: list[Said]
) -> None:
    assert list(joined(pieces(said), WITHIN)) == pieces(said)


def test_what_no_single_message_holds_is_reviewed(
    pieces: Callable[[list[Said]], list[TextPiece]], matcher: Matcher
) -> None:
    row = pieces([("王明远", text, 0) for text in ("中办", "发", "2031", "45号")])

    finding, *_ = merge(detect(row, matcher, WITHIN))

    assert (finding.outcome, finding.document) == (Outcome.REVIEW, "中办发〔2031〕45号")


def test_what_one_of_them_holds_counts_once(
    pieces: Callable[[list[Said]], list[TextPiece]], matcher: Matcher
) -> None:
    row = pieces([("王明远", text, 0) for text in ("看", "中办发〔2031〕45号", "收到")])

    (finding,) = merge(detect(row, matcher, WITHIN))

    assert (finding.outcome, len(finding.hits)) == (Outcome.LEAD, 1)
