"""Words are placed as pyahocorasick places them; numbers with a year are told from everyday dates."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.scanners.sieving.glance import Glance
from leakwatch.text import Lexicon

GLANCE = Glance(["台办"], "")
TEXT = st.text("机密件ab1山\ufdd0", max_size=12)


def test_words_come_text_by_text_in_the_order_of_their_ends_the_longest_first() -> None:
    found = Glance(["件", "密件", "机密", "机"], "").placed(["机密件", "", "山件", "机"])

    assert list(found) == [
        [(1, "机"), (2, "机密"), (3, "密件"), (3, "件")],
        [],
        [(2, "件")],
        [(1, "机")],
    ]


@given(
    st.lists(st.text("机密件ab1", min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    st.lists(TEXT, max_size=5),
)
def test_words_are_placed_as_an_automaton_places_them(words: list[str], texts: list[str]) -> None:
    found = Lexicon(words).find(texts)
    told = zip(found.owners.tolist(), found.ends.tolist(), found.words.tolist(), strict=True)
    every = {
        owner: [(end, words[word]) for _, end, word in group]
        for owner, group in groupby(told, key=lambda one: one[0])
    }

    assert list(Glance(words, "").placed(texts)) == [every.get(owner, []) for owner in range(len(texts))]


@pytest.mark.parametrize(
    ("text", "is_worth"),
    [
        ("2031年第45号", True),
        ("〔2o3l〕4 5 号", True),
        ("二〇三一年第一百二十三号", True),
        ("1999十二号", True),
        ("2031-05-06", False),
        ("45号楼2031年拆", False),
        ("2031年的事，说过两次", False),
        ("二〇三一年", False),
        ("3031年第45号", False),
        ("2031年第1234567号", False),
        ("号", False),
    ],
)
def test_a_year_counts_where_a_serial_and_its_counter_follow(text: str, is_worth: bool) -> None:
    assert GLANCE.suspects([text, "今天食堂有鱼"]) == [0] * is_worth
