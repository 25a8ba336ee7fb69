"""Words of running text, their parts of speech and how common they are: jieba, loaded once for everybody.

Cutting by the dictionary costs ~1 µs a character, but guessing the words of a stretch that the dictionary
does not know ~100 µs: that is done only where it may matter, and remembered.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from io import BytesIO
from itertools import accumulate, pairwise
from math import inf, log
from typing import Any

Word = tuple[str, str]
"""As jieba cuts it, with its part of speech."""

_State = tuple[str, str]
"""Place in a word (begin, middle, end, single) and part of speech of it."""
_REMEMBERED = 1 << 14
_BLOCK = re.compile("([\u4e00-\u9fd5a-zA-Z0-9+#&._]+)")
"""What jieba's tagger takes for one stretch of words."""
_UNKNOWN = "x"
_HAN = re.compile("[\u4e00-\u9fd5]+")
_ENDS = "ES"
_NEVER = -3.14e100
_NONE = (-inf, ("", ""))


def frequency(word: str) -> int:
    """How often the dictionary has seen the word; 0 for one that it does not know."""
    return int(_tagger().tokenizer.FREQ.get(word, 0))


def tag(word: str, unknown: str = _UNKNOWN) -> str:
    """The dictionary's part of speech, or `unknown`."""
    return str(_tagger().word_tag_tab.get(word, unknown))


def borders(run: str, *, guesses: bool) -> set[int]:
    """Where words begin and end; guesses: also words that the dictionary does not know."""
    return {0, *accumulate(map(len, _tagger().tokenizer.cut(run, HMM=guesses)))}


@lru_cache(maxsize=_REMEMBERED)
def tagged(text: str) -> tuple[Word, ...]:
    """The words of a short text with their parts of speech."""
    return tuple((word.word, word.flag) for word in _tagger().cut(text))


def tagged_around(text: str, characters: frozenset[str]) -> Iterator[Word]:
    """The same, but right only where one of the characters is near: what is far from all of them stays whole."""
    for block in _BLOCK.split(text):
        if not _BLOCK.match(block):
            yield from ((character, _UNKNOWN) for character in block)
        elif characters.isdisjoint(block):
            yield block, _UNKNOWN
        else:
            yield from _block(block, characters)


def _block(block: str, characters: frozenset[str]) -> Iterator[Word]:
    for stretch, is_known in _stretches(block):
        if is_known:
            yield stretch, tag(stretch)
        elif characters.isdisjoint(stretch) or frequency(stretch):
            yield from ((character, tag(character)) for character in stretch)
        else:
            yield from _guessed(stretch)


@lru_cache(maxsize=_REMEMBERED)
def _guessed(stretch: str) -> tuple[Word, ...]:
    """What jieba's tagger makes of a stretch that the dictionary does not know, in a quarter of its time."""
    places = _places(stretch) if _HAN.fullmatch(stretch) else ()
    if not places:
        return tagged(stretch)
    ends = [at for at, (place, _) in enumerate(places, 1) if place in _ENDS]
    return tuple(
        (stretch[start:end], places[end - 1 if places[end - 1][0] in _ENDS else start][1])
        for start, end in pairwise(dict.fromkeys((0, *ends, len(stretch))))
    )


def _places(stretch: str) -> list[_State]:
    """The likeliest state of each character.

    jieba tries every pair of states, most of which never follow each other; empty where none fits, which is
    for jieba itself to decide.
    """
    from jieba.posseg import char_state_tab_P, emit_P, start_P, trans_P

    scores: dict[_State, float] = {}
    steps: list[dict[_State, tuple[float, _State]]] = []
    for at, character in enumerate(stretch):
        seen = {
            state: emit_P[state].get(character, _NEVER) for state in char_state_tab_P.get(character, trans_P)
        }
        best = {} if at else {state: (start_P[state] + chance, state) for state, chance in seen.items()}
        for before, score in scores.items():
            following = trans_P[before]
            for state in seen.keys() & following.keys():
                if (way := (score + following[state] + seen[state], before)) > best.get(state, _NONE):
                    best[state] = way
        scores = {state: way[0] for state, way in best.items()}
        steps.append(best)
    if not scores:
        return []
    state = max((score, state) for state, score in scores.items())[1]
    places = [state]
    for best in reversed(steps[1:]):
        state = best[state][1]
        places.append(state)
    return places[::-1]


def _stretches(block: str) -> Iterator[tuple[str, bool]]:
    """Words of the dictionary, and the single characters between them joined."""
    ends = _ends(block)
    single = at = 0
    while at < len(block):
        end = ends[at]
        if end - at > 1:
            if single < at:
                yield block[single:at], False
            yield block[at:end], True
            single = end
        at = end
    if single < at:
        yield block[single:at], False


def _ends(block: str) -> list[int]:
    """For each place the end of the word there on the likeliest way through the rest, as jieba's `calc` has it."""
    tokenizer = _tagger().tokenizer
    frequencies, whole = tokenizer.FREQ, log(tokenizer.total)
    size = len(block)
    ends, chances = [0] * size, [0.0] * (size + 1)
    for start in reversed(range(size)):
        best, end = -inf, start + 1
        while end <= size and (count := frequencies.get(block[start:end])) is not None:
            if count and (chance := log(count) - whole + chances[end]) >= best:
                best, ends[start] = chance, end
            end += 1
        chances[start] = best
        if best == -inf:
            chances[start], ends[start] = -whole + chances[start + 1], start + 1
    return ends


@cache
def _tagger() -> Any:
    """jieba's own tagger over its own dictionary; ~1 s, so only where a hit has to be decided."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    # jieba's own way believes /tmp/jieba.cache, whoever wrote it: another user's words would blind the scan.
    jieba.dt.FREQ, jieba.dt.total = jieba.dt.gen_pfdict(jieba.dt.get_dict_file())
    jieba.dt.initialized = True
    # Else the import reads all words and tags once more: 45 MB that are never given back.
    jieba.dt.get_dict_file = BytesIO
    from jieba import posseg

    del jieba.dt.get_dict_file
    words = {word: word for word in jieba.dt.FREQ}  # one string for the frequency and the tag of a word
    with jieba.dt.get_dict_file() as lines:
        rows = (line.decode("utf-8").split() for line in lines)
        posseg.dt.word_tag_tab = {words[word]: sys.intern(tag) for word, _, tag in rows}
    return posseg.dt
