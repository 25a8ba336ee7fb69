"""Whether somebody would have written a word so: what one hand mixes, and where it breaks off."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leakwatch.rules.disguised import DisguisedWord, Follows
from leakwatch.scanners.credence import Reading
from leakwatch.scanners.disguises.writings import Way, is_syllables
from leakwatch.scanners.surroundings import Tail
from leakwatch.scanners.words.segmentation import frequency

_CLAUSE_ENDS = frozenset("、,。;:!?")
_HEARD = frozenset({Way.SOUND, Way.SHAPE})
_LONGEST_WORD = 4
_LATIN = re.compile("(?<![a-z])[a-z]{2,12}$")


def is_one_hand(word: DisguisedWord, ways: Sequence[Way], gaps: Sequence[str], behind: Tail) -> bool:
    """Whether somebody would mix these ways: not 几m, the start of 几米; not 机a蜜."""
    kinds = set(ways) - {Way.PLAIN}
    has_letter = any(gap and re.fullmatch(r"\w", gap) for gap in gaps)
    # The end of a clause stands between split characters (禾必、宀必山), or where a whole mark follows.
    if any(gap.strip() in _CLAUSE_ENDS for gap in gaps) and set(ways) != {Way.SPLIT} and not behind.is_whole:
        return False
    if not kinds and not any(gaps) and word.follows is Follows.MARK:
        return behind.is_odd
    if not kinds:
        return any(gaps) and word.follows is not Follows.MATTER
    if has_letter or (Way.INITIAL in kinds and len(kinds) > 1):
        return False
    if Way.INITIAL in kinds and Way.PLAIN not in ways and not word.by_initials:
        return False
    if word.follows is Follows.SERIES and (Way.SHAPE in kinds or behind.is_whole):
        return behind.is_whole
    return word.by_sound or sum(way in _HEARD for way in ways) <= len(ways) // 2


def is_torn_by_line(text: str, reading: Reading) -> bool:
    """Whether a line ends within the word, and other words stand on it: 开机, 密★10年 is no level.

    Not where a whole mark or number follows and the line ends with a word of its own: 那份机, 密★10年 is one.
    """
    end_of_line = text.find("\n", reading.start, reading.end)
    if end_of_line == -1:
        return False
    before = text[text.rfind("\n", 0, reading.start) + 1 : reading.start]
    if not re.search(r"\w", before):
        return False
    return not reading.tail.is_whole or _ends_longer_word(text, (reading.start, end_of_line))


def _ends_longer_word(text: str, span: tuple[int, int]) -> bool:
    """Whether the span is the end of a word of the dictionary: 机 in 打不开手机."""
    start, end = span
    return any(frequency(text[first:end]) for first in range(max(0, start - _LONGEST_WORD), start))


def is_cut_from_latin(found: re.Match[str]) -> bool:
    """Letters that are part of a longer word: 10mm, jimidata; not jimi10n, nor the place before qingjifa."""
    text, start, end = found.string, found.start(), found.end()
    is_glued_left = text[start].isascii() and re.match("[a-z0-9]", text[max(0, start - 1) : start])
    if is_glued_left and text[start : start + 2].isalpha() and (place := _LATIN.search(text, 0, start)):
        is_glued_left = None if is_syllables(place.group()) else is_glued_left
    is_glued_right = text[end - 1].isascii() and re.match("[a-z]", text[end : end + 1])
    return bool(is_glued_left or is_glued_right)
