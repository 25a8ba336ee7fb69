"""Texts are found by what they share; what everybody copies is known as such."""

from __future__ import annotations

import random

from leakwatch.spread.text_index import TextIndex
from leakwatch.spread.texts import TextPrint


def prose(seed: int, length: int) -> str:
    source = random.Random(seed)  # noqa: S311
    return "".join(chr(0x4E00 + source.randrange(3000)) for _ in range(length))


TEXTS = [TextPrint.of(prose(seed, 300)) for seed in range(20)]


def test_those_that_share_most_come_first() -> None:
    index = TextIndex(TEXTS, range(20))
    asked = TextPrint.of(prose(7, 300)[:200] + prose(3, 300)[:60])
    assert index.candidates(asked) == [7, 3]


def test_a_text_that_shares_nothing_leads_nowhere() -> None:
    assert TextIndex(TEXTS, range(20)).candidates(TextPrint.of(prose(99, 300))) == []
    assert TextIndex([], []).candidates(TEXTS[0]) == []


def test_what_stands_in_nine_matters_is_common_and_in_eight_is_not() -> None:
    phrase = TextPrint.of(prose(50, 40))
    copies = [TextPrint.of(prose(50, 40) + prose(60 + n, 40)) for n in range(9)]
    assert set(phrase.hashes) <= set(TextIndex(copies, range(9)).common(copies[0]))
    assert len(TextIndex(copies[:8], range(8)).common(copies[0])) == 0


def test_many_copies_within_one_matter_make_nothing_common() -> None:
    assert len(TextIndex([TEXTS[0]] * 30, [4] * 30).common(TEXTS[0])) == 0
