"""Many words, looked for in tight text in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import ahocorasick

Word = tuple[int, str]
"""A word and the place behind it."""


class Lexicon:
    """Built once from the words whose places are asked for, and from others that need only be known to stand there."""

    def __init__(self, placed: Collection[str], others: Iterable[str]) -> None:
        self._placed = placed
        self._automaton = ahocorasick.Automaton()
        for word in {*placed, *others}:
            self._automaton.add_word(_bytewise(word), word)
        self._automaton.make_automaton()

    def find(self, text: str) -> tuple[list[Word], set[str]]:
        """Every occurrence of a placed word, and all words that stand in the text."""
        found: list[Word] = []
        seen: set[str] = set()
        if not self._automaton:
            return found, seen
        written = _bytewise(text)
        characters = done = 0
        for last, word in self._automaton.iter(written):
            seen.add(word)
            if word in self._placed:
                characters += len(written[done : last + 1].encode("latin-1").decode("utf-8", "surrogatepass"))
                done = last + 1
                found.append((characters, word))
        return found, seen


def _bytewise(text: str) -> str:
    """A character for each byte of UTF-8: a node of the automaton with thousands of children costs ~1 µs."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
