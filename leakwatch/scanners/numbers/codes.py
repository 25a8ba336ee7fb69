"""Text before a year and serial → the agency code at its end, and the series that it belongs to.

Running text is glued to codes (根据国发〔…, 市财政局沪府发〔…): a code is cut at the longest suffix that a
series knows, else behind the last word that cannot belong to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from leakwatch.rules.series import CONFIDENTIAL, Risk, Series, Spelling
from leakwatch.scanners.disguises.writings import initials
from leakwatch.scanners.numbers.misreadings import GUESSES, LETTERS, shapes
from leakwatch.scanners.numbers.runs import Run, run_before, segment_start
from leakwatch.scanners.words.segmentation import frequency, tagged

_LONGEST = 10
"""Characters of a code; names of minutes and of those who give orders are longer."""
_LONGEST_NAME = 24
_SURE = 4
"""Characters that need no look into the dictionary."""
_STRANGE = 2
"""Characters of a code that no other code uses: those of a place."""
_HAN = re.compile(r"[㐀-鿿〇]")
_LATIN = re.compile(r"[a-z]+$")
_WHOSE = "sxqwzd"
"""Initials of 省市县区委政党 before those of a code: TSWMB for 塘市委密办."""
_NAMED = re.compile(r"(?:纪要|简报|快报|专报|通报|参阅|内参|要情|公告|令|会议?记录|电报)$")
# The name of an office before a code that begins with the letter of a province, or of a ministry before any.
_OFFICE = re.compile(
    r"^.*[市局省区县厅会院司处办部](?=(?:[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔藏陕甘中浦]|国(?![保资土税安防动库])).)"
    r"|^.*[育政化务通业源生障设利安法技旅]部(?=.{3})"
)
_PREPOSITION = re.compile("自(?![然贸])|经(?![信贸济开])")
"""自〔…〕施行, 经〔…〕批准; both are letters of codes too."""
_AND = "(?<=工业|住房|资源|卫生|文化|发展|老龄|园林|科学)和"
"""Part of the name of a body, no border."""
_LOOKING = "[督巡]查"
"""督查通报 is a name, although 查 alone ends whatever was said before a code."""
_NOMINAL = ("n", "j", "x", "b", "g", "zg", "l", "i", "s")
_COMMON = 3_000
"""A single character that jieba has seen more often is a word of the sentence, not a place."""


class Reading(StrEnum):
    """How a code was read; the names are those of the signals in weights.toml."""

    PLAIN = ""
    BLURRED = "blurred_code"
    GUESSED = "guessed_code"
    INITIALS = "initials"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An agency code in folded text."""

    text: str
    start: int
    series: Series | None
    reading: Reading = Reading.PLAIN
    is_apart: bool = True
    """Nothing that could belong to another word is glued to its left: 其中|发, 集中|办."""

    @property
    def is_known(self) -> bool:
        """Listed as a whole, not only fit by a pattern."""
        return self.series is not None and self.text in self.series.codes

    @property
    def risk(self) -> Risk:
        """What its numbers give away; unknown codes are public."""
        return self.series.risk if self.series else Risk.PUBLIC


class Codes:
    """Reads agency codes; built once from the series."""

    def __init__(self, families: tuple[Series, ...], spelling: Spelling) -> None:
        self._families = families
        self._spelling = spelling
        self._known = sorted((code for family in families for code in family.codes), key=len, reverse=True)
        self._bodies = re.compile("|".join([*sorted(spelling.names, key=len, reverse=True), _AND, _LOOKING]))
        stops = [word for word in spelling.stops if len(word) > 1 or word not in spelling.letters]
        self._stops = re.compile("|".join(stops))
        self._shapes = [(word, shapes(word)) for family in families for word in family.misread]
        self._initials = {
            initials(code): code
            for family in families
            if family.risk in CONFIDENTIAL
            for code in (*family.codes, *family.misread)
        }

    def before(self, text: str, end: int, is_page: bool) -> Code | None:
        """The code that ends at `end`; is_page: recognised text, where lines end anywhere."""
        run = run_before(text, end, is_page)
        plain = self._plain(run)
        if plain and plain.risk is not Risk.PUBLIC:
            return plain
        misread = (
            (self._misread(run) or self._guessed(run) or self._letter(run))
            if is_page
            else self._pasted(run, plain)
        )
        return misread or self._spelled(run) or plain

    def family(self, code: str) -> Series | None:
        """The first series that has the code."""
        return next((family for family in self._families if family.has(code)), None)

    def key(self, code: str) -> str:
        """The code with what is spelled out in its one short form: 上海市委密办 is 沪委密办."""
        for name, short in self._spelling.names.items():
            if code.startswith(name):
                return short + code.removeprefix(name)
        return code

    def _plain(self, run: Run) -> Code | None:
        latin = max((place for place, c in enumerate(run.text) if not _HAN.match(c)), default=-1)
        run = run.last(len(run.text) - latin - 1)
        if len(run.text) < 2:
            return None
        # 京财采购, cut to 采购 as a word of its own
        organ = self._spelling.organ.search(run.text, segment_start(run))
        cut = max(self._cut(run), organ[0] if organ else "", key=len)
        known = next((code for code in self._known if run.text.endswith(code)), "")
        code = known if known and not self._is_longer(cut, known) else cut
        if len(code) < 2:
            return None
        start = len(run.text) - len(code)
        is_apart = start in run.breaks or self._stop(run.text[: start + 1]) == start
        return Code(text=code, start=run.at[start], series=self.family(code), is_apart=is_apart)

    def _is_longer(self, cut: str, known: str) -> bool:
        """沪财税 is no 财税 and 青组国函 no 国函, but 大家看财税 is."""
        family, inner, prefix = self.family(cut), self.family(known), cut.removesuffix(known)
        if len(cut) <= len(known) or (inner and inner.risk in CONFIDENTIAL):
            return False
        is_place = prefix in self._spelling.names.values()
        return is_place or (family is not None and family.risk not in (Risk.PUBLIC, Risk.NONE))

    def _cut(self, run: Run) -> str:
        run = run.last(len(run.text) - segment_start(run))
        rest = run.text[self._stop(run.text) :]
        if _NAMED.search(rest):
            return rest if len(rest) <= _LONGEST_NAME else ""
        rest = _OFFICE.sub("", rest)
        if _PREPOSITION.match(rest) and self._spelling.organ.fullmatch(rest[1:]):
            return rest[1:]
        if len(rest) > _SURE and not self._is_whole(run, rest):
            rest = self._place(rest)
        return rest if len(rest) <= _LONGEST else ""

    def _is_whole(self, run: Run, rest: str) -> bool:
        """Nothing was glued to it: signs on the left, and hardly a character that codes do not use."""
        strange = sum(character not in self._spelling.letters for character in rest)
        return rest == run.text and (run.is_fresh or strange <= _STRANGE)

    def _stop(self, text: str) -> int:
        """Where the last word ends that cannot belong to a code."""
        text = self._bodies.sub(lambda body: "部" * len(body.group()), text)
        return max((stop.end() for stop in self._stops.finditer(text, 0, len(text) - 1)), default=0)

    def _place(self, text: str) -> str:
        """The letters at the end and the name of a place before them."""
        body = len(text)
        while body and text[body - 1] in self._spelling.letters:
            body -= 1
        if body in (0, len(text)):
            return text
        start = body
        for word, flag in reversed(tagged(text[:body])):
            is_common = len(word) == 1 and frequency(word) > _COMMON
            if not flag.startswith(_NOMINAL) or is_common or body - start > 1:
                break
            start -= len(word)
        return text[start:]

    def _misread(self, run: Run) -> Code | None:
        """What engines make of a code on a photo: 中力友 for 中办发."""
        for word, pattern in self._shapes:
            if pattern.search(run.text):
                plain = self._plain(replace(run, text=run.text[: -len(word)] + word))
                if plain and plain.risk not in (Risk.PUBLIC, Risk.NONE):
                    return replace(plain, reading=Reading.BLURRED)
        return None

    def _letter(self, run: Run) -> Code | None:
        """云卫办函 for 云卫办画, 北纪发 for 北纪成."""
        for right, pattern in LETTERS:
            if pattern.search(run.text) and (plain := self._plain(replace(run, text=run.text[:-1] + right))):
                return replace(plain, reading=Reading.BLURRED)
        return None

    def _pasted(self, run: Run, plain: Code | None) -> Code | None:
        """The same in a message, where it is recognised text only at times: doubtful, and no other code."""
        if plain is None or plain.series is not None:
            return None
        found = [self._misread(run), self._guessed(run)]
        kept = (code for code in found if code and code.risk in CONFIDENTIAL)
        code = next(
            (code for code in kept if code.is_known or (code is found[0] and len(code.text) > 2)), None
        )
        return replace(code, reading=Reading.GUESSED) if code else None

    def _guessed(self, run: Run) -> Code | None:
        """What engines make of a code where the print is hardly legible: 云委办南 for 云委办密."""
        for right, pattern in GUESSES:
            if found := pattern.search(run.text):
                plain = self._plain(replace(run, text=run.text[: found.start()] + right))
                if plain and plain.risk not in (Risk.PUBLIC, Risk.NONE):
                    return replace(plain, reading=Reading.GUESSED)
        return None

    def _spelled(self, run: Run) -> Code | None:
        """ZBF for 中办发."""
        letters = _LATIN.search(run.text)
        word = letters and (self._initials.get(letters[0]) or self._initials.get(letters[0].lstrip(_WHOSE)))
        if not word or letters is None:
            return None
        return Code(
            text=word, start=run.at[letters.start()], series=self.family(word), reading=Reading.INITIALS
        )


def triggers(families: Iterable[Series], years: Iterable[str]) -> Iterator[str]:
    """Words that make a text worth a look: confidential codes, and their initials before a year."""
    for family in families:
        if family.risk in CONFIDENTIAL:
            yield from family.codes
            yield from (initials(code) + year for code in (*family.codes, *family.misread) for year in years)
