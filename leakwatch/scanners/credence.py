"""How far a disguised reading is to be believed: by the way it is written and by what stands beside it.

What only sounds or looks alike, or is only spelt, is never sure: 几米, 蜜蜜, jimi and MM are words, names and
sizes far more often than levels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from leakwatch.rules.disguised import DisguisedWord, Follows
from leakwatch.scanners.disguises.writings import Way
from leakwatch.scanners.surroundings import Sign, Tail, is_announced
from leakwatch.scanners.words.borders import is_common, is_dictionary_run
from leakwatch.scanners.words.segmentation import frequency

_HEARD = frozenset({Way.SOUND, Way.SHAPE})
_SEEN = frozenset({Way.SPLIT, Way.SEAL})
_SPELT = frozenset({Way.GAP, Way.PINYIN})
_DATED = frozenset({Sign.FORMAL, Sign.TERM})
_TELLING = frozenset({Sign.FORMAL, Sign.TERM, Sign.STAR})
_TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔù]")
_ODD = re.compile(r"[^㐀-鿿\s()\[\]]")
"""More than a blank or a bracket between two characters."""
_BORNE = frozenset({Sign.GRADE, Sign.CARRIER})
_PAPER = re.compile("的?[那这]?(?:红头|文件?(?![化艺])|材料|资料|件(?!衣)|份(?!额)|本子)")
_POINTED_AT = re.compile("[这那哪][一几]?[份本沓摞]$")
_HELD_WITHIN = 3
_LONG = 3
_RARE = 5


class Credence(Enum):
    """How sure a reading is."""

    NONE = 0
    DOUBTFUL = 1
    SURE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A possible reading of a folded span as a key word."""

    word: DisguisedWord
    ways: frozenset[Way]
    """How it is disguised; never PLAIN."""
    starts: tuple[int, ...]
    """Where each character of the word starts."""
    end: int
    changed: str
    """The characters that stand for others, by sound or shape."""
    tail: Tail

    @property
    def start(self) -> int:
        """Where it begins in the folded text."""
        return self.starts[0]


def credence(text: str, reading: Reading, is_near: bool) -> Credence:
    """How sure the reading is; is_near: a word of documents stands near."""
    if _is_sure(text, reading):
        return Credence.SURE
    if not _is_likely(text, reading, is_near):
        return Credence.NONE
    written = text[reading.start : reading.end]
    # 密　　级, 秘 密 10年: how heads are set in print; 级别：机*密 can be nothing else.
    between = r"\W" if is_announced(text, reading.start) else r"\s"
    is_known = not {Way.PICTURE, Way.TERM} & reading.ways
    is_plain = is_known and re.sub(between, "", written) == reading.word.word
    return Credence.SURE if is_plain else Credence.DOUBTFUL


def _is_sure(text: str, reading: Reading) -> bool:
    ways, sign = reading.ways, reading.tail.sign
    if ways <= _SEEN:
        return Way.SPLIT in ways or sign is not Sign.NONE
    if ways <= _SEEN | _SPELT:
        return sign is Sign.FORMAL or (len(reading.word.word) >= _LONG and sign is not Sign.NONE)
    # 机蜜★10年: half the level stands there, and nothing else is followed by a star and a term.
    is_half = len(reading.changed) < len(reading.word.word) and Way.INITIAL not in ways
    return is_half and _is_dated(text, reading)


def _is_dated_pair(text: str, reading: Reading) -> bool:
    """J M ★ 10年; MM are girls, however long they stay."""
    return _is_dated(text, reading) and text[reading.start] != text[reading.end - 1]


def _is_dated_paper(text: str, reading: Reading) -> bool:
    """mm 5年的文, JM 10年那份: girls and tapes have years too, but no papers."""
    is_level = reading.word.follows is Follows.MARK and reading.tail.sign is Sign.TERM
    return is_level and _PAPER.match(text, reading.tail.last) is not None


def _is_dated(text: str, reading: Reading) -> bool:
    """Whether a level has a star and a term behind it."""
    behind = text[reading.end : reading.tail.last]
    is_term = reading.tail.plain and "★" in behind and not behind[-1:].isdecimal()
    return reading.word.follows is Follows.MARK and bool(is_term)


def _is_likely(text: str, reading: Reading, is_near: bool) -> bool:
    """Whether a weak reading is worth a look; the dictionary, which is slow, is asked last."""
    sign, follows = reading.tail.sign, reading.word.follows
    if Way.INITIAL in reading.ways and sign is Sign.NONE:
        is_pair = text[reading.start] != text[reading.end - 1]
        return is_near and is_pair and follows is Follows.MARK and is_announced(text, reading.start)
    if Way.INITIAL in reading.ways:
        is_plain_enough = follows is Follows.SERIES or (follows is Follows.MATTER and reading.word.by_sound)
        is_borne_out = _is_dated_pair(text, reading) or _is_dated_paper(text, reading)
        return is_near or is_plain_enough or is_borne_out
    if follows is Follows.MARK:
        is_likely = _is_likely_level(text, reading, is_near)
    else:
        is_borne_out = is_near or Way.PINYIN in reading.ways or follows is not Follows.PAPER
        is_likely = sign is not Sign.NONE and is_borne_out
    is_shown = follows is Follows.MARK and sign is Sign.FORMAL and is_announced(text, reading.start)
    is_shown = is_shown or (follows is Follows.SERIES and reading.tail.is_whole)
    is_graded = is_near and sign is Sign.GRADE  # 觅觅级, 印了八份
    return is_likely and (
        is_shown or not (reading.ways & _HEARD and _is_ordinary(text, reading, is_graded=is_graded))
    )


def _is_likely_level(text: str, reading: Reading, is_near: bool) -> bool:
    written, sign = text[reading.start : reading.end], reading.tail.sign
    if Way.TERM in reading.ways:  # 守了这个秘密十载 is a story
        edges = text[: reading.start][-1:] + text[reading.tail.last :][:1]
        is_alone = not edges.strip("\n")
        return sign is Sign.FORMAL or is_near or is_alone or is_announced(text, reading.start)
    if Way.GAP in reading.ways:
        is_odd = _ODD.search(written) is not None
        is_borne = sign in _BORNE and is_odd and (is_near or written[1].isalnum())
        return sign in _TELLING or is_borne or (is_near and is_announced(text, reading.start))
    if sign in _TELLING or sign is Sign.GRADE:
        return True
    if sign is Sign.CARRIER:  # 射密文件, 🐔密材料: half the level is plain, and the words make no other
        is_half = written[-1:] == reading.word.word[-1] and len(reading.changed) == 1
        is_drawn = not any(map(str.isalnum, reading.changed))  # 🐔🍯的件: nobody draws both by chance
        return is_near or is_drawn or (is_half and _PAPER.match(text, reading.end) is not None)
    is_shown = is_announced(text, reading.start) or _is_held(text, reading)
    return is_near and (is_shown or _TONED.search(written) is not None)


def _is_held(text: str, reading: Reading) -> bool:
    """那份鸡米的: what is held in the hand is of that level."""
    is_pointed_at = _POINTED_AT.search(text, max(0, reading.start - _HELD_WITHIN), reading.start)
    return is_pointed_at is not None and text.startswith("的", reading.end)


def _makes_word(written: str, odd: str) -> bool:
    """Whether the odd character makes a word of the dictionary with the one before or behind it."""
    at = written.find(odd)
    pairs = [written[at - 1 : at + 1]] * (at > 0) + [written[at : at + 2]]
    return any(len(pair) > 1 and frequency(pair) > _RARE for pair in pairs)


def _is_ordinary(text: str, reading: Reading, *, is_graded: bool) -> bool:
    """Words that only happen to sound so: 咪咪, 蜜蜜, 几米, 文件资料及|密级."""
    is_closed = reading.tail.sign is not Sign.NONE
    if len(reading.word.word) > _LONG and len(reading.changed) == 1:  # 注意宝管; but 内部试用
        return _makes_word(text[reading.start : reading.end], reading.changed)
    is_pet_name = len(set(reading.changed)) == 1 < len(reading.changed) and not is_graded
    if is_pet_name or is_dictionary_run(text, (reading.start, reading.end), is_closed):
        return True
    is_loose = reading.word.follows is Follows.MATTER or len(reading.changed) == 1
    is_function_word = is_loose and any(map(is_common, reading.changed))
    return is_function_word and reading.tail.sign not in _DATED
