"""Many texts → one array of numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.text import SEPARATOR, Alphabet, tight

ALPHABET = Alphabet("机密级")


@given(
    st.lists(
        st.text(st.sampled_from(f"机密級，( \u200b{SEPARATOR}") | st.characters(), max_size=8), max_size=8
    )
)
def test_a_batch_says_the_same_as_its_texts_one_by_one(texts: list[str]) -> None:
    batch = ALPHABET.batch(texts)
    said: list[list[int]] = [[] for _ in texts]
    for position, number in enumerate(batch.numbers.tolist()):
        (owner,) = batch.owners(np.array([position]))
        said[owner].append(number)

    (border,) = ALPHABET.word(SEPARATOR)
    expected = [ALPHABET.word(tight(text.replace(SEPARATOR, "\ufffd")).text) for text in texts]
    assert said == [[*numbers, border] for numbers in expected]


def test_texts_are_told_once_and_in_order() -> None:
    batch = ALPHABET.batch(["机密", "密", "级"])

    assert batch.owners(np.array([5, 1, 0])) == [0, 2]
    assert batch.owners(np.array([], np.int64)) == []


def test_each_character_has_its_number_in_order_and_all_others_share_one() -> None:
    (first, *rest), others = ALPHABET.word("机密级"), set(ALPHABET.word("山水"))

    assert rest == [first + 1, first + 2]
    assert len(others) == 1
    assert others.isdisjoint([first, *rest])


@pytest.mark.parametrize(
    ("text", "is_glossed"),
    [
        ("机(jī)密", True),
        ("机（\u200bjī）密", True),
        ("[OK]", True),
        ("机(密)", False),
        ("机[捂脸]密", False),
        ("(", False),
    ],
)
def test_only_a_letter_behind_a_bracket_may_be_a_gloss(text: str, is_glossed: bool) -> None:
    batch = ALPHABET.batch(["好", text, "好"])

    assert batch.owners(batch.glosses) == ([1] if is_glossed else [])
