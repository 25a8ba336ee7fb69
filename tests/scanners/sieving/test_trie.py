"""The trie finds what an Aho-Corasick automaton finds."""

from __future__ import annotations

import ahocorasick
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.scanners.sieving.trie import Trie
from leakwatch.text import Alphabet, tight

WORD = st.text("机密件ab1", min_size=1, max_size=5)


@given(st.lists(WORD, min_size=1, max_size=12, unique=True), st.text("机密件ab1，机密山", max_size=40))
def test_words_are_found_as_an_automaton_finds_them(words: list[str], text: str) -> None:
    assert _told(words, text) == _expected(words, text)


@pytest.mark.parametrize("others", [40, 300, 1200])
def test_no_neighbours_are_taken_for_the_beginning_of_a_word(others: int) -> None:
    """Whatever their numbers come to: in a small table, in one that they run over, and in a wide one."""
    looks = (tight(chr(point)).text for point in range(0x4E00, 0x4E00 + others))
    characters = list(dict.fromkeys(looks))
    words = ["机密", "机", *(one + "件" for one in characters[: others // 6]), "机" + "".join(characters)]
    text = "机密件" + "".join(one + other for one in characters[::7] for other in ("件", *characters[::5]))

    assert _told(words, text) == _expected(words, text)


def _told(words: list[str], text: str) -> list[tuple[int, int]]:
    alphabet = Alphabet("".join([*(word[0] for word in words), *words]))
    found = Trie(words, alphabet).find(alphabet.batch([text]).numbers)
    return sorted((end, word) for ends, numbers in found for end, word in zip(ends, numbers, strict=True))


def _expected(words: list[str], text: str) -> list[tuple[int, int]]:
    automaton = ahocorasick.Automaton()
    for place, word in enumerate(words):
        automaton.add_word(word, place)
    automaton.make_automaton()
    return sorted(automaton.iter(tight(text).text))
