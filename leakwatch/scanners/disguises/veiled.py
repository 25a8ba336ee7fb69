"""Levels that were written so that nobody should find them, and what a disguise makes of other hits."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace

from leakwatch.model import Hit, Kind, Level, Signal
from leakwatch.rules import RuleBook
from leakwatch.rules.disguised import Follows
from leakwatch.scanners.disguises.initialled import Initialled
from leakwatch.scanners.disguises.unmasked import Disguise
from leakwatch.scanners.disguises.writings import Way, initials, spelt_among
from leakwatch.scanners.sieving.sieve import Candidate
from leakwatch.scanners.surroundings import Sign
from leakwatch.scanners.words.borders import stands_alone

_WORD = 2
_SHORT = 3
"""Characters: of a longer word 内布文件 is no chance either."""
_SPELT_LEAST = 2
_SENTENCE = 3
"""Different pictographs: fewer are what anybody writes."""
_AROUND = 12
_KEY = re.compile(r"(?P<code>.+)〔(?P<year>\d{4})〕(?P<serial>\d+)号")
_ASCII = "".join(map(chr, range(ord("!"), ord("~") + 1)))
_ON_PURPOSE = frozenset({Way.SPLIT, Way.PINYIN})
"""Nobody writes so by chance; what only sounds alike happens (沈继光 is no 审计)."""
_HINTED = frozenset({"dn.jiyao"})
"""A number hinted at is never sure; a telegram that is called one is."""


class Veiled:
    """A level in disguise is worth a look even where no grammar of marks applies."""

    def __init__(self, book: RuleBook) -> None:
        self._initialled = Initialled(book.disguised)
        self.triggers: tuple[str, ...] = self._initialled.triggers
        self.grammars: tuple[re.Pattern[str], ...] = (self._initialled.grammar,)
        self._abbreviated = book.grammar("initialled")
        self._rule = book.grammar("veiled")
        self._pictured = book.grammar("pictured")
        self._respelt = book.grammar("respelt")
        self._mixed = book.grammar("mixed")
        self._told = tuple(rule for rule in book.of_kind(Kind.DOCNUMBER) if rule.pattern)
        self._term = book.signal("veiled_term")
        self._mark = book.signal("respelt_mark")
        self._book = book

    def scan(self, candidate: Candidate) -> Iterator[Hit]:
        """Levels and other words in disguise, numbers told in words, sentences in pictographs."""
        yield from self._levels(candidate)
        yield from self._words(candidate)
        yield from self._numbers(candidate)
        yield from self._abbreviations(candidate)
        yield from self._sentences(candidate)
        yield from self._mixtures(candidate)

    def _numbers(self, candidate: Candidate) -> Iterator[Hit]:
        for rule in self._told:
            if found := candidate.search(*candidate.possible.get(rule.pattern, ())):
                start, end, words = found
                yield Hit(
                    rule=rule,
                    piece=candidate.piece,
                    start=start,
                    end=end,
                    reason=f"{rule.name}：“{words}”",
                    signals=tuple(self._published(words)),
                    is_doubtful=rule.category in _HINTED,
                )

    def _abbreviations(self, candidate: Candidate) -> Iterator[Hit]:
        if self._initialled.grammar.pattern not in candidate.possible:
            return
        for found in self._initialled.find(candidate.folded.text):
            start, end = candidate.folded.span(*found.span())
            yield Hit(
                rule=self._abbreviated,
                piece=candidate.piece,
                start=start,
                end=end,
                reason=f"“{found.group().strip()}”（{self._abbreviated.name}）",
                signals=tuple(self._published(found.group())),
                is_doubtful=True,
            )

    def _published(self, words: str) -> Iterator[Signal]:
        """Where the number is public, if the words hold its year, its serial and its code or initials."""
        told = {int(digits) for digits in re.findall(r"\d{1,4}", words)}
        dense = "".join(filter(str.isalnum, words))
        for key, where in self._book.published.items():
            found = _KEY.fullmatch(key)
            if found is None:
                continue
            year, serial = int(found["year"]), int(found["serial"])
            names = (found["code"], found["code"][::-1], initials(found["code"]))
            if serial in told and told & {year, year % 100} and any(name in dense for name in names):
                yield replace(self._book.signal("published"), why=f"已公开：{where}")

    def _sentences(self, candidate: Candidate) -> Iterator[Hit]:
        pictures = [one for one in candidate.disguises if Way.PICTURE in one.reading.ways]
        words = dict.fromkeys(one.reading.word.word for one in pictures)
        if len(words) >= _SENTENCE:
            yield Hit(
                rule=self._pictured,
                piece=candidate.piece,
                start=pictures[0].start,
                end=pictures[-1].end,
                reason=f"以表情符号代替{'、'.join(words)}（{self._pictured.name}）",
                is_doubtful=True,
            )

    def _mixtures(self, candidate: Candidate) -> Iterator[Hit]:
        """Two syllables that are spelt among characters: input methods leave none, and nobody misspells twice."""
        spelt = [found.span() for found in spelt_among(candidate.piece.text)]
        if len(spelt) >= _SPELT_LEAST:
            yield Hit(
                rule=self._mixed,
                piece=candidate.piece,
                start=spelt[0][0],
                end=spelt[-1][1],
                reason=f"文字属于“{self._mixed.name}”",
                is_doubtful=True,
            )

    def _levels(self, candidate: Candidate) -> Iterator[Hit]:
        for disguise in candidate.disguises:
            if disguise.reading.word.follows is Follows.MARK and _stands(candidate, disguise):
                yield Hit(
                    rule=self._rule,
                    piece=candidate.piece,
                    start=disguise.start,
                    end=disguise.end,
                    reason=f"“{disguise.reading.word.word}”被改头换面地写出（{self._rule.name}）",
                    signals=(self._term,) if disguise.reading.tail.plain else (),
                    level=Level(disguise.reading.word.word),
                )

    def _words(self, candidate: Candidate) -> Iterator[Hit]:
        """Who writes 立案 in split characters means that it should not be found, whatever else is said."""
        for disguise in candidate.disguises:
            word = disguise.reading.word
            is_odd = disguise.reading.ways & _ON_PURPOSE or len(word.word) > _SHORT
            is_meant = is_odd and not _is_address(candidate.piece.text, disguise)
            is_text = word.is_topic or Way.ENCODED in disguise.reading.ways
            if word.follows is not Follows.MARK and is_meant and not is_text:
                yield Hit(
                    rule=self._respelt,
                    piece=candidate.piece,
                    start=disguise.start,
                    end=disguise.end,
                    reason=f"“{word.word}”被改头换面地写出（{self._respelt.name}）",
                    signals=(self._mark,) if _is_mark(disguise) else (),
                    is_doubtful=True,
                )

    def reveal(self, hit: Hit, candidate: Candidate) -> Hit:
        """The hit with the disguises that it was read out of; a doubtful reading makes a doubtful hit."""
        disguises = candidate.disguises
        first = bisect_right(disguises, hit.start, key=lambda one: one.end)
        last = bisect_left(disguises, hit.end, key=lambda one: one.start)
        under = disguises[first:last]
        if not under:
            return hit
        ways = sorted({way for disguise in under for way in disguise.reading.ways})
        return replace(
            hit,
            signals=(*hit.signals, *map(self._book.signal, ways)),
            is_doubtful=hit.is_doubtful or not all(disguise.is_sure for disguise in under),
        )


def _is_mark(disguise: Disguise) -> bool:
    """Whether nobody writes a mark of four characters so for its looks: 内.部.资.料, not 内 部 资 料."""
    is_long = disguise.reading.word.follows is Follows.ANYTHING and len(disguise.reading.word.word) > _SHORT
    return is_long and not disguise.reading.ways <= {Way.INITIAL, Way.SOUND}


def _is_address(text: str, disguise: Disguise) -> bool:
    """www.yusuan.example.cn: letters of a link or a mailbox disguise nothing."""
    before, behind = text[: disguise.start], text[disguise.end :]
    around = before[len(before.rstrip(_ASCII)) :] + behind[: len(behind) - len(behind.lstrip(_ASCII))]
    return any(sign in around for sign in "./@:")


def _stands(candidate: Candidate, disguise: Disguise) -> bool:
    """手木几宓码 is 手机|密码: no level, however it is written."""
    start, sign = disguise.position, disguise.reading.tail.sign
    end = start + _WORD
    if sign is Sign.FORMAL:
        return True
    text, first = candidate.folded.text, max(0, start - _AROUND)
    window = text[first : end + _AROUND if sign is Sign.NONE else end]
    return stands_alone(window, start - first, end - first)
