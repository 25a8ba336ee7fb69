"""A character → every way of writing it that a reader still sees or hears: parts, sound, shape, letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import combinations, pairwise, product

from leakwatch.text import fold

# One symbol or blank between parts, no sentence end: 木 几, m.i.
_JOINT_LENGTH = 2
_JOINT = r"[^\w\n，。！？；：、,!?;:]{0,2}"
_TONES = {"a": "aāáǎà", "e": "eēéěè", "i": "iīíǐì", "o": "oōóǒò", "u": "uūúǔù", "v": "vuüǖǘǚǜ"}
_LONG = 4
_GLUED = re.compile(
    r"(?<=[㐀-鿿])[A-Za-z]{2,6}(?![A-Za-z0-9])|(?<![A-Za-z0-9./@:_-])[A-Za-z]{2,6}(?=[㐀-鿿])"
)
_LATIN = frozenset(
    "hi me he she be we no go do to so man can men fan sun pan bi pe song long ha la ya wa ne hei die tie pie lie"
    " ping ding tao ai hr".split()
)
"""Syllables that are words, abbreviations or laughter as well."""
_FILLERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# A tone may be a digit (ji1mi4), but the 1 of mi10年 and the 3 of mi3年 are a term.
_TONE_DIGIT = r"(?:[1-4](?![\d年月个n]))?"


class Way(StrEnum):
    """How a character or word is disguised; the names are those of the signals in weights.toml."""

    PLAIN = "plain"
    GAP = "gap"
    TERM = "term"
    """The word is plain, the term behind it is not."""
    SPLIT = "split"
    SEAL = "seal"
    SHAPE = "shape"
    SOUND = "sound"
    PINYIN = "pinyin"
    INITIAL = "initial"
    REVERSED = "reversed"
    PICTURE = "picture"
    ENCODED = "encoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writings:
    """All ways of writing one character."""

    plain: str
    parts: tuple[str, ...]
    shapes: str
    sounds: str
    """Characters that are read the same; not the character itself."""
    syllable: str

    @property
    def pattern(self) -> str:
        """A regular expression over folded text, the most characters first."""
        return self._any(f"[{self.plain}{self.shapes}{self.sounds}]")

    @property
    def spelt(self) -> str:
        """The same without what only sounds or looks alike."""
        return self._any(self.plain)

    def _any(self, look: str) -> str:
        split = [_JOINT.join(map(re.escape, parts)) for parts in self.parts]
        letters = [_JOINT.join(map(_letter, self.syllable)) + _TONE_DIGIT]
        return "|".join([*split, *(letters if self.syllable else []), look, self.syllable[:1] or look])

    @property
    def spellings(self) -> tuple[str, ...]:
        """The syllable with each tone, and with a 1 for its i; as tight text holds it."""
        if not self.syllable:
            return ()
        vowel = next((x for x in "aoeiuv" if x in self.syllable), "")
        tones = _TONES.get(vowel, "") + ("1" if vowel == "i" else "")
        return tuple(self.syllable.replace(vowel, tone, 1) for tone in tones)

    @property
    def lengths(self) -> dict[str, int]:
        """Each character that a way of writing it may begin with → the most characters of those ways."""
        spread = 1 + _JOINT_LENGTH
        letters = _TONES.get(self.syllable[:1], self.syllable[:1])
        longest = dict.fromkeys((self.plain, *self.shapes, *self.sounds), 1)
        longest |= dict.fromkeys(letters, len(self.syllable) * spread)  # the last joint stands for a tone
        for part in self.parts:
            longest[part[0]] = max(longest.get(part[0], 1), len(part) * spread)
        return longest

    @property
    def starts(self) -> frozenset[str]:
        """The characters that any way of writing it may begin with."""
        return frozenset(self.lengths)

    def way(self, written: str) -> Way:
        """Which of the ways that is; `written` matches the pattern."""
        if written == self.plain:
            return Way.PLAIN
        if re.sub(r"[\W_]", "", written) in self.parts:
            return Way.SPLIT
        if written in self.sounds:
            return Way.SOUND
        if written in self.shapes:
            return Way.SHAPE
        return Way.INITIAL if len(written) == 1 else Way.PINYIN


def _letter(letter: str) -> str:
    """With any tone; a 1 passes for an i (j1m1), but not that of a number (mm10)."""
    toned = f"[{_TONES.get(letter, letter)}]"
    return rf"(?:{toned}|(?<=[a-z])(?:1(?!\d)|!))" if letter == "i" else toned


@cache
def writings(character: str) -> Writings:
    """The ways of writing one folded character; unknown ones have only themselves."""
    parts, shapes = _table().get(character, ((), ""))
    syllable = next((name for name, same in _sounds().items() if character in same), "")
    sounds = "".join(same for same in _sounds().get(syllable, "") if same != character)
    return Writings(
        plain=character, parts=parts, shapes=shapes, sounds=_folded(sounds, character), syllable=syllable
    )


def initials(word: str) -> str:
    """The first letters of its syllables: jm."""
    return "".join(writings(character).syllable[:1] for character in word)


def is_syllables(letters: str) -> bool:
    """Whether the letters are one syllable or two, as the name of a place is."""
    known = _sounds()
    return letters in known or any(
        letters[:end] in known and letters[end:] in known for end in range(1, len(letters))
    )


def spelt_among(text: str) -> Iterator[re.Match[str]]:
    """The syllables in Latin letters that stand right beside a character."""
    return (found for found in _GLUED.finditer(text) if found.group().lower() in _sounds().keys() - _LATIN)


def literals(word: str, *, by_sound: bool, by_initials: bool) -> frozenset[str]:
    """What tight text holds where the word is disguised in a way that deserves a look.

    by_sound: every character may be replaced by a homophone at once; else only one of them.
    """
    ways = [writings(character) for character in word]
    cheap = [(way.plain, *way.parts, *(way.spellings if len(word) < 3 else ())) for way in ways]
    found = {"".join(row) for row in product(*cheap)} if len(word) < 3 else set()
    found.add("".join(way.syllable for way in ways))
    for position, way in enumerate(ways):
        others = way.parts + tuple(way.shapes + way.sounds) + (way.syllable, way.syllable[:1])
        found |= {word[:position] + other + word[position + 1 :] for other in others if other}
    if by_sound and len(word) < 3:
        found |= {"".join(row) for row in product(*(way.plain + way.shapes + way.sounds for way in ways))}
    if len(word) > 2:  # 此件不gk
        found |= {word[:-2] + initials(word[-2:])}
    if len(word) >= _LONG:  # 核心伤蜜: what is left of the word shows it
        found |= {word[: _LONG - 2] + other for other in ways[_LONG - 2].sounds}
    if len(word) >= _LONG:  # 內蔀攵件: in a long word two characters may be odd
        for one, other in combinations(range(len(word)), 2):
            for pair in product(ways[one].shapes, ways[other].shapes):
                found.add(word[:one] + pair[0] + word[one + 1 : other] + pair[1] + word[other + 1 :])
        # Of a long word any two characters beside one another show how it is written: 依申请gongkai.
        for left, right in pairwise(ways):
            found |= {left.plain + other for other in (*right.parts, right.syllable) if other}
            found |= {other + right.plain for other in (*left.parts, left.syllable) if other}
    found |= {letter.join(word) for letter in _FILLERS}
    return frozenset(found | ({initials(word)} if by_initials else set())) - {word}


def mixed(word: str, *, by_sound: bool) -> frozenset[str]:
    """What tight text holds where one character of the word is split or spelt, or any of them only sounds so."""
    ways = [writings(character) for character in word]
    found = {"".join(way.syllable for way in ways)}
    for position, way in enumerate(ways):
        heard = (*way.shapes, *way.sounds, way.syllable[:1]) if by_sound else ()
        for other in filter(None, (*way.parts, *way.spellings, way.syllable, *heard)):
            found.add(word[:position] + other + word[position + 1 :])
    if len(word) == 2:
        found |= {one + other for one, other in product(*(way.parts for way in ways))}
        if by_sound:
            found |= {one + other for one, other in product(*(way.shapes + way.sounds for way in ways))}
    return frozenset(found) - {word}


def half_spelt(word: str) -> frozenset[str]:
    """What tight text holds where one character of the word is spelt: tan话, 谈hua."""
    spelt = [writings(character).syllable for character in word]
    return frozenset(
        word[:position] + syllable + word[position + 1 :]
        for position, syllable in enumerate(spelt)
        if len(syllable) > 1
    )


def _folded(characters: str, own: str) -> str:
    """As folded text shows them, once each."""
    return "".join(sorted(set(fold(characters).text) - {own}))


@cache
def _table() -> dict[str, tuple[tuple[str, ...], str]]:
    rows = (line.split("\t") for line in _lines("writings.txt"))
    return {
        row[0]: (tuple(sorted(fold(row[1]).text.split(), key=len, reverse=True)), _folded(row[2], row[0]))
        for row in rows
    }


@cache
def _sounds() -> dict[str, str]:
    return {name: same for name, _, same in (line.partition("\t") for line in _lines("sounds.txt"))}


def _lines(name: str) -> list[str]:
    text = resources.files("leakwatch").joinpath("scanners", "disguises", name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
