"""What is sealed of a hit: enough to judge it by, never more than a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from leakwatch.model import BoxedLine, Hit, Message, Quote
from leakwatch.store.contents import PlaceContent, pack, place_content, unpack
from tests.store.scans import SEALER, Post, message, scan

pytestmark = pytest.mark.django_db  # the builders import models


def hit(text: str, quote: str = "机密★10年") -> Hit:
    return scan(Post(text=text, quote=quote)).findings[0].hits[0]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("机密★10年", 6),
        ("防" * 5000 + "机密★10年" + "汛" * 5000, 1206),
        ("机密★10年" + "汛" * 5000, 606),
        ("防" * 5000 + "机密★10年", 606),
    ],
)
def test_a_long_text_is_cut_around_the_hit(text: str, length: int) -> None:
    content = place_content([hit(text)])
    assert len(content.text) == length
    assert content.text[slice(*content.spans[0])] == "机密★10年"


def test_a_hit_as_long_as_a_page_is_cut() -> None:
    roster = "身份证号" * 3000
    content = place_content([hit(f"名单{roster}", roster)])
    assert (len(content.text), content.spans) == (4000, ((2, 4000),))


def test_every_hit_in_sight_is_marked_the_shown_one_first() -> None:
    text = "机密★10年、机密★10年、" + "汛" * 2000 + "机密★10年"
    first, last = replace(hit(text), start=7, end=13), replace(hit(text), start=2014, end=2020)
    content = place_content([first, replace(first, start=0, end=6), last])
    assert content.spans == ((7, 13), (0, 6))


def test_the_lines_that_are_hit_keep_their_boxes() -> None:
    boxes = [((0.0, float(y)), (9.0, float(y)), (9.0, y + 9.0), (0.0, y + 9.0)) for y in (0, 10, 20)]
    lines = tuple(
        BoxedLine(start=start, end=end, box=box)
        for (start, end), box in zip([(0, 2), (3, 5), (6, 10)], boxes, strict=True)
    )
    one = hit("青石\n机密\n★10年", "机密\n★10年")
    content = place_content([replace(one, piece=structs.replace(one.piece, lines=lines))])
    assert content.boxes == tuple(boxes[1:])


def test_of_the_message_its_forwards_are_left_out_and_long_words_cut() -> None:
    inner = message(Post())
    whole = structs.replace(
        inner, text="汛" * 9000, forwarded=(inner,) * 3, quoted=Quote(sender="赵", text="好")
    )
    one = hit("机密★10年")
    content = place_content([replace(one, piece=structs.replace(one.piece, message=whole))])
    assert isinstance(content.message, Message)
    assert (len(content.message.text), content.message.forwarded) == (2000, ())
    assert content.message.quoted == Quote(sender="赵", text="好")


@pytest.mark.parametrize("text", ["机密★10年", "\ud83d机密★10年", "\x00机密★10年\U0001f602"])
def test_what_is_packed_comes_back(text: str) -> None:
    content = place_content([hit(text)])
    back = unpack(pack(content, SEALER, "place:1"), PlaceContent, SEALER, "place:1")
    assert back == structs.replace(
        content,
        text=content.text.replace("\ud83d", "?"),
        message=structs.replace(message(Post(text=text.replace("\ud83d", "?")))),
    )
