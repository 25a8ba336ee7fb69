"""Words are found wherever they stand, overlapping ones too; others are only known to be there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leakwatch.text import Lexicon

TEXTS = st.text("机密件a😀", max_size=12)


def test_placed_words_come_with_their_places_and_others_do_not() -> None:
    lexicon = Lexicon(["机密", "密件", "件"], ["密", "a", "无"])

    assert lexicon.find("😀机密件a密") == (
        [(3, "机密"), (4, "密件"), (4, "件")],
        {"机密", "密件", "件", "密", "a"},
    )


def test_a_lexicon_without_words_finds_none() -> None:
    assert Lexicon([], []).find("机密") == ([], set())


@given(st.sets(TEXTS.filter(bool), max_size=6), TEXTS)
def test_every_occurrence_of_a_word_is_found(words: set[str], text: str) -> None:
    found, seen = Lexicon(words, []).find(text)

    assert sorted(found) == sorted(
        (end, word) for word in words for end in range(len(text) + 1) if text[:end].endswith(word)
    )
    assert seen == {word for word in words if word in text}
