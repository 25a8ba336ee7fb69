"""Words are found wherever they stand in each of many texts, overlapping ones too."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from leakwatch.text import Lexicon

TEXTS = st.text("机密件a😀\ufdd0", max_size=12)


def test_words_come_with_their_text_and_place_the_longest_first() -> None:
    assert _told(["件", "密件", "机密"], ["😀机密件a", "", "件"]) == [
        (0, 3, "机密"),
        (0, 4, "密件"),
        (0, 4, "件"),
        (2, 1, "件"),
    ]


def test_without_words_or_texts_nothing_is_found() -> None:
    assert _told([], ["机密"]) == _told(["机密"], []) == []


def test_a_word_across_two_texts_is_none() -> None:
    assert _told(["机密"], ["机", "密"]) == []


@given(st.sets(TEXTS.filter(bool), max_size=6), st.lists(TEXTS, max_size=5))
def test_every_occurrence_of_a_word_is_found(words: set[str], texts: list[str]) -> None:
    kept = sorted(word for word in words if "\ufdd0" not in word)

    assert sorted(_told(kept, texts)) == sorted(
        (owner, end, word)
        for word in kept
        for owner, text in enumerate(texts)
        for end in range(len(text) + 1)
        if text[:end].endswith(word)
    )


def _told(words: Sequence[str], texts: Sequence[str]) -> list[tuple[int, int, str]]:
    """Text, end and word of each occurrence."""
    found = Lexicon(words).find(texts)
    spots = zip(found.owners.tolist(), found.ends.tolist(), found.words.tolist(), strict=True)
    return [(owner, end, words[word]) for owner, end, word in spots]
