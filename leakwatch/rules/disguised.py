"""disguised.toml → the words that are worth recognising in disguise, and what must stand by them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from leakwatch.errors import RulesError
from leakwatch.rules.entries import Strict, table
from leakwatch.text import tight


class Follows(StrEnum):
    """What must come after a disguised word."""

    ANYTHING = ""
    MARK = "mark"
    PAPER = "paper"
    SERIES = "series"
    MATTER = "matter"
    """A word of what is kept quiet: nothing need follow, and what is only spaced is left to `tight`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisguisedWord:
    """A word that is worth recognising however it is written."""

    word: str
    follows: Follows
    by_sound: bool = False
    """All of its characters may be replaced by homophones, not only one."""
    by_initials: bool = False
    is_whole: bool = False
    """Only before a whole mark or number; what is less may follow any word."""
    is_topic: bool = False
    """A topic word of some rule: only read in plain writing, that rule says what it is worth."""
    own: frozenset[str] = frozenset()
    """Characters that sound or look alike but mean what they are: 中法〔2031〕3号 is a court's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisguisedWords:
    """All of them."""

    words: tuple[DisguisedWord, ...] = ()
    near: tuple[str, ...] = ()
    """Words of which one must stand near the weakest readings."""
    within: int = 0
    """Characters."""
    codes: tuple[str, ...] = ()
    """Agency codes, without the place, that are recognised by their initials."""


class _Group(Strict):
    words: Annotated[list[str], msgspec.Meta(min_length=1)]
    follows: Follows = Follows.ANYTHING
    by_sound: bool = False
    by_initials: bool = False
    whole: bool = False
    own: str = ""


class _File(Strict):
    near: list[str]
    within: int
    group: list[_Group]
    codes: tuple[str, ...] = ()


def disguised_words(path: Path, letters: frozenset[str] = frozenset()) -> DisguisedWords:
    """The file's words; RulesError for one that is listed twice or has a single character.

    letters: what codes are made of; in the codes that are many, none of them stands for another.
    """
    file = table(path, _File)
    words = [
        DisguisedWord(
            word=word,
            follows=group.follows,
            by_sound=group.by_sound,
            by_initials=group.by_initials,
            is_whole=group.whole,
            own=letters if group.whole else frozenset(group.own),
        )
        for group in file.group
        for word in group.words
    ]
    listed = [word.word for word in words]
    wrong = [word for word in listed if listed.count(word) > 1 or len(word) < 2 or tight(word).text != word]
    if wrong:
        raise RulesError(f"{path.name}：这些词重复、少于两个字或带有标点：{'、'.join(dict.fromkeys(wrong))}")
    return DisguisedWords(words=tuple(words), near=tuple(file.near), within=file.within, codes=file.codes)
