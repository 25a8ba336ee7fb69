"""The trie finds what an Aho-Corasick automaton finds."""

from __future__ import annotations

import ahocorasick
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.scanners.sieving.trie import Trie
from leakwatch.text import Alphabet, tight

WORD = st.text("机密件ab1", min_size=1, max_size=5)


@given(st.lists(WORD, min_size=1, max_size=12, unique=True), st.text("机密件ab1，机密山", max_size=40))
def test_words_are_found_as_an_automaton_finds_them(words: list[str], text: str) -> None:
    automaton = ahocorasick.Automaton()
    for place, word in enumerate(words):
        automaton.add_word(word, place)
    automaton.make_automaton()
    alphabet = Alphabet("".join([*(word[0] for word in words), *words]))

    found = Trie(words, alphabet).find(alphabet.batch([text]).numbers)

    told = [(end, word) for ends, numbers in found for end, word in zip(ends, numbers, strict=True)]
    assert sorted(told) == sorted(automaton.iter(tight(text).text))
