"""Folded text with characters strung on one sign → the same without the sign: 中!办!发! is 中办发."""

from __future__ import annotations

import re
from itertools import pairwise

from leakwatch.text import Folded

_HEAD = "[㐀-鿿](?<![〇零一二三四五六七八九十百])"
_UNIT = "[〇㐀-鿿a-z0-9★]"
# Only the ends of clauses: blanks and symbols between the characters of a word are no hindrance anyway.
_STRUNG = re.compile(
    rf"(?<!{_UNIT}){_HEAD}(?P<sign>[!?。,、;:]) ?{_HEAD}(?P=sign) ?"
    rf"(?:{_UNIT}{{1,4}}(?P=sign) ?)*{_UNIT}{{1,4}}(?P=sign)?"
)

_ONE = r"[〇㐀-鿿0-9★\[\]()]"
_FILLED = re.compile(
    rf"(?<![a-z0-9]){_HEAD}(?P<filler>[a-z0-9丶])(?:{_ONE}(?P=filler)){{2,}}(?:{_ONE}(?![a-z0-9]))?"
)
"""The same letter, digit or stroke behind every character: 机o密o★o1o0o年."""
_SPREAD = re.compile(rf"(?<!{_UNIT})(?<!{_UNIT} )[㐀-鿿](?: {_UNIT}){{3,}}(?! ?{_UNIT})")
"""Four single characters with blanks between them: 标 的 底 数."""
_STACKED = re.compile(r"(?:^|(?<=\n))(?:[^\n]{1,3}\n){2,}[^\n]{1,3}(?=\n|$)")
"""Three lines of a few characters at least: 中办, 发, 2030, 8号."""


def unstrung(folded: Folded) -> Folded:
    """The text; enumerations (人、财、物) lose their signs too, which makes no key word of them."""
    gaps: dict[int, str] = {}
    for run in _STRUNG.finditer(folded.text):
        units = list(re.finditer(f"{_UNIT}+", run.group()))
        for one, other in pairwise(units):
            is_inside = len(one.group()) == len(other.group()) == 1
            gaps |= {run.start() + place: "" for place in range(one.end(), other.start())}
            gaps[run.start() + one.end()] = "" if is_inside else " "
    for run in _SPREAD.finditer(folded.text) if folded.text.count(" ") > 2 else ():
        gaps |= {place: "" for place in range(*run.span()) if folded.text[place] == " "}
    for run in _FILLED.finditer(folded.text):
        gaps |= dict.fromkeys(range(run.start() + 1, run.end(), 2), "")
    for stack in _STACKED.finditer(folded.text) if folded.text.count("\n") > 1 else ():
        gaps |= {place: " " for place in range(*stack.span()) if folded.text[place] == "\n"}
    if not gaps:
        return folded
    text = [gaps.get(place, character) for place, character in enumerate(folded.text)]
    return Folded("".join(text), folded.at[[place for place, character in enumerate(text) if character]])
