"""Document numbers whose agency code is written in initials, some or all: zbf31-12, 市委B第12号, qwm办今年9号."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from leakwatch.rules.disguised import DisguisedWords
from leakwatch.scanners.disguises.writings import initials
from leakwatch.scanners.numbers.numerals import SHORT_YEAR, STRICT, YEAR

_PLACE = "(?:[a-z]{1,2}|[㐀-鿿]{0,2})"
_DATED = (
    rf"[\[(]?\s?(?:{YEAR}|{SHORT_YEAR})\s?[\])年]?\s?(?:[\-_/.]|之)?\s?第?\s?{STRICT}(?!\d)\s?(?P<mark>号?)"
)
_SAID = rf"(?P<said>[今去前]年)?的?[那这]?个?(?P<nth>第)?\s?{STRICT}(?!\d)\s?(?P<counter>[号个]?)"
_NOT_HOUSES = "(?!号?[楼线机院门栋房座桌仓库])"
_ELSEWHERE = re.compile(
    r"(?:单|合同|设备|资产|采购|招标|项目|图|序列|型|货|批|档案|股票|基金|车牌)(?:编?号)?[^，。,;；\n]{0,3}$"
)
"""What stands before somebody else's numbering."""
_BEFORE = 12
_BEHIND = "0123456789第今去前一二三四五六七八九十"
_SHORT = 2
_ENOUGH = 2


class Initialled:
    """Built once from disguised.toml; pure."""

    def __init__(self, words: DisguisedWords) -> None:
        self._near = re.compile("|".join(map(re.escape, words.near)) or "(?!)")
        self._within = words.within
        codes = "|".join(map(_either, sorted(words.codes, key=len, reverse=True))) or "(?!)"
        self.grammar = re.compile(
            rf"(?<![a-z\d])(?P<place>{_PLACE})(?P<code>{codes})(?![a-z])\s?(?:{_DATED}|{_SAID}){_NOT_HOUSES}"
        )
        self.triggers = tuple(dict.fromkeys(word for code in words.codes for word in _mixed(code)))

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """The numbers that their form or what stands near bears out."""
        for found in self.grammar.finditer(text):
            is_written = re.search("[a-z]", found["code"]) is not None
            is_elsewhere = _ELSEWHERE.search(text, max(0, found.start() - _BEFORE), found.start())
            if is_written and not is_elsewhere and self._weight(found) >= _ENOUGH:
                yield found

    def _weight(self, found: re.Match[str]) -> int:
        """How many things say that it is one: a code of some length, its number in form, papers near."""
        text, code = found.string, found["code"]
        around = (
            text[max(0, found.start() - self._within) : found.start()],
            text[found.end() : found.end() + self._within],
        )
        is_near = any(map(self._near.search, around))
        is_long = len(code) > _SHORT or not code.isascii() or not found["place"].isascii()
        is_said = found["said"] or found["nth"] or found["counter"]
        is_dated = found["mark"] is not None
        return is_near + is_long + is_dated + bool(found["mark"] or is_said)


def _either(code: str) -> str:
    """The code with each character or its initial."""
    return "".join(f"[{character}{initials(character)}]" for character in code)


def _mixed(code: str) -> Iterator[str]:
    """What tight text holds where the code stands in initials; behind short ones a number, for they are common."""
    for letters in product(*((character, initials(character)) for character in code)):
        word = "".join(letters)
        if word == code:
            continue
        yield from (word,) if len(word) > _SHORT else (word + behind for behind in _BEHIND)
