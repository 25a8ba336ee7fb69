"""What tells in a hurry that a word is nowhere in a text, however it might be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.scanners.disguises.patterns import may_hold, pattern
from leakwatch.scanners.disguises.writings import writings
from tests.conftest import shipped

WORDS = tuple(word.word for word in shipped().disguised.words)
SIGNS = [*" .*-_、，。：[]()\n❤★1a扌口", "[捂脸]", "。 ", "  \n  "]


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and a text that may hold it, its characters written in some way and pulled apart."""
    word = draw(st.sampled_from(WORDS))
    said = [draw(st.sampled_from(["", "那份", "j", "机"]))]
    for character in word:
        ways = writings(character)
        joint = draw(st.text("-. ", max_size=2))
        parts = [joint.join(part) for part in ways.parts]
        letters = [joint.join(ways.syllable), ways.syllable + "4", *ways.spellings]
        said.append(draw(st.sampled_from([character, *ways.shapes, *ways.sounds, *parts, *letters])))
        said.append(draw(st.one_of(st.just(""), st.sampled_from(SIGNS), st.text(" .*", max_size=5))))
    return word, "".join(said)


@given(written())
def test_what_a_pattern_matches_may_hold_its_word(case: tuple[str, str]) -> None:
    word, text = case

    assert not pattern(word).search(text) or may_hold(text, word)


@pytest.mark.parametrize(
    ("text", "is_possible"),
    [
        ("机密", True),
        ("木 几 . 宀必山", True),
        ("ji - mi", True),
        ("机[捂脸]密", True),
        ("密机", False),
        ("机会来了，大家要小心保密", False),
    ],
)
def test_where_its_characters_may_begin_and_how_far_apart_tells(text: str, is_possible: bool) -> None:
    assert may_hold(text, "机密") is is_possible
