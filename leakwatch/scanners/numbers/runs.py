"""Text before a year and serial → the characters that may be an agency code, without the signs among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

_REACH = 30
_GAP = 3
"""Signs between two characters of a code (中 / 办 / 发); twice as many before the bracket."""
_HARD = frozenset("，。、；：,;:!?()[]<>《》〈〉“”‘’\"'{}|\n\t0123456789")
_CLOSING = frozenset('\n》”")]')
"""May stand between a code and its number: 《党组会议纪要》第5期, “中办发”〔2031〕4号, （中）（发）〔2031〕4号."""
_WORD = re.compile(r"[㐀-鿿〇a-zà-ǜ]")
_REST_OF_LINE = re.compile(r"[^㐀-鿿\n]{4,20}号?[^\S\n]*(?:\n|$)")
"""Year and serial, and nothing behind: the number has a line of its own."""
_OWN_LINE = 3
"""Characters of a code that stand on such a line: what the line above says is no part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What stands before a number, without the signs between its characters."""

    text: str
    at: tuple[int, ...]
    breaks: frozenset[int]
    """Places in `text` before which a blank or a sign stood."""
    is_fresh: bool
    """A bracket, a line or the text itself begins here."""

    def last(self, length: int) -> Run:
        """Its last characters."""
        first = len(self.text) - length
        return replace(
            self,
            text=self.text[first:],
            at=self.at[first:],
            breaks=frozenset(place - first for place in self.breaks if place >= first),
            is_fresh=self.is_fresh and first == 0,
        )


def run_before(text: str, end: int, is_page: bool) -> Run:
    """What stands before `end`; is_page: recognised text, where lines end anywhere."""
    places: list[int] = []
    breaks: set[int] = set()
    position, gap = end, 0
    is_alone = is_page and _REST_OF_LINE.match(text, end) is not None
    while position > max(0, end - 2 * _REACH) and len(places) < _REACH:
        character = text[position - 1]
        if _WORD.match(character):
            if gap and places:
                breaks.add(places[-1])
            places.append(position - 1)
            gap = 0
        elif (
            gap >= (_GAP if places else 2 * _GAP)
            or _is_end(character, is_page or not places)
            or (is_alone and character == "\n" and len(places) >= _OWN_LINE)
        ):
            break
        else:
            gap += 1
        position -= 1
    places.reverse()
    is_fresh = not text[:position].strip() or text[position - 1] in "\n([<《〈“"
    return Run(
        text="".join(text[place] for place in places),
        at=tuple(places),
        breaks=frozenset(places.index(place) for place in breaks),
        is_fresh=is_fresh,
    )


def _is_end(character: str, may_break: bool) -> bool:
    """Whether a sign is more than what stands between the characters of a code."""
    return character in _HARD and not (may_break and character in _CLOSING)


def segment_start(run: Run) -> int:
    """Where the last segment between blanks begins; single characters set apart are one segment (中 办 发)."""
    borders = [0, *sorted(run.breaks), len(run.text)]
    first = len(borders) - 2
    while first > 0:
        is_short = len(run.text) - borders[first] < 2
        if not is_short and not _is_spaced(borders, first):
            break
        first -= 1
    return borders[first]


def _is_spaced(borders: list[int], first: int) -> bool:
    """Single characters on both sides of a border, or two before it: 中 办 发, 云.岭.委密办."""
    singles = [right - left == 1 for left, right in pairwise(borders)]
    return singles[first - 1] and (singles[first] or (first > 1 and singles[first - 2]))
