"""Folded text → the same text with disguised key words in plain writing, and how sure each reading is.

木几宓★10年, ji mi 10年, 机x密件 and JM件 all become 机密…, so the grammars need not know any disguise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from leakwatch.model import Origin, TextPiece
from leakwatch.rules.disguised import DisguisedWord, DisguisedWords, Follows
from leakwatch.scanners.credence import Credence, Reading, credence
from leakwatch.scanners.disguises import encoded, serials, told
from leakwatch.scanners.disguises.hands import is_cut_from_latin, is_one_hand, is_torn_by_line
from leakwatch.scanners.disguises.patterns import may_hold, pattern, spelt_pattern, wherever
from leakwatch.scanners.disguises.pictures import pictures, spelled_out
from leakwatch.scanners.disguises.strung import unstrung
from leakwatch.scanners.disguises.unmasked import Unmasked, apart, rewritten
from leakwatch.scanners.disguises.writings import Way, half_spelt, initials, literals, mixed, writings
from leakwatch.scanners.surroundings import STARTS, Sign, Tail, reversed_term, tail, term_reversed_alone
from leakwatch.scanners.words.segmentation import frequency
from leakwatch.screens import Demands
from leakwatch.text import Folded

STAR = "★"
"""Whatever stands before it: 机口★10年."""
_SEAL = "㊙"
"""Folded it is 秘; only the raw text tells."""
_SEALED = "秘密"
_LONE = r"(?<![a-z])m[i1īíǐì](?![a-z])"
_TERSE = frozenset({Follows.MARK, Follows.SERIES})
"""Followed by a term or a number, so that a first character with initials will do: 秘m★5年, 中bf〔2031〕."""
_HALVES = {_SEAL: Way.SEAL, "m": Way.INITIAL}
"""How half a level is written that begins so; else it is split."""
_BACKWARDS = re.compile("倒|反着|反过来|颠倒")
_SEAL_SIGNS = frozenset({Sign.FORMAL, Sign.TERM, Sign.GRADE, Sign.CARRIER})
_TOPIC = re.compile("[㐀-鿿]{2,3}")
"""Longer ones hold shorter ones."""
_LONG = 4
"""Characters of words that nobody writes backwards by chance."""
_PAIR = 2
"""Characters: longer codes are told by the rest of them."""
_BORNE = frozenset({Sign.GRADE, Sign.CARRIER})
_NAMING = frozenset({Sign.FORMAL, Sign.TERM, Sign.CARRIER})
"""What bears out a file name; there is no room for more."""


class Disguises:
    """Built once from disguised.toml; pure."""

    def __init__(self, words: DisguisedWords, topics: Iterable[str] = ()) -> None:
        """topics: what other rules look for; worth reading where one character is spelt, 谈hua."""
        self._words = words
        self._near = re.compile("|".join(map(re.escape, words.near)) or "(?!)")
        self._by_literal: dict[str, list[DisguisedWord]] = defaultdict(list)
        """Words of matters are many and their characters common: they are tried where the sieve saw them."""
        for word in words.words:
            if word.follows is Follows.MATTER:
                for literal in filter(str.isalnum, mixed(word.word, by_sound=word.by_sound)):
                    self._by_literal[literal].append(word)
        listed = {word.word for word in words.words}
        for topic in sorted({*topics} - listed):
            if _TOPIC.fullmatch(topic):
                word = DisguisedWord(word=topic, follows=Follows.MATTER, is_topic=True)
                for literal in half_spelt(topic):
                    self._by_literal[literal].append(word)
        self._spelt = tuple(word for word in words.words if word.follows is not Follows.MATTER)
        self._demands = Demands(
            [[writings(character).starts for character in word.word] for word in self._spelt]
        )
        self._levels = tuple(word for word in words.words if word.follows is Follows.MARK)
        self._marks = tuple(
            word for word in words.words if word.follows is Follows.ANYTHING and len(word.word) >= _LONG
        )
        parts = (*writings("秘").parts, *writings("密").parts)
        self._half = re.compile("|".join((*parts, "秘+", _LONE)))
        self._half_starts = frozenset({part[0] for part in parts} | set("秘m"))

    @cached_property
    def literals(self) -> frozenset[str]:
        """What tight text must hold to be worth unmasking."""
        found = (
            {word.word[::-1] for word in (*self._levels, *self._marks)}
            | self._by_literal.keys()
            | {*told.LITERALS, *serials.LITERALS}
        )
        for word in self._words.words:
            if word.follows is Follows.MATTER or word.is_whole:  # a year with its serial is worth a look
                continue
            found |= literals(word.word, by_sound=word.by_sound, by_initials=False)
            found |= {word.word[0] + initials(word.word[1:])} if word.follows in _TERSE else set()
            if word.by_initials:
                starts = STARTS[word.follows].replace("的", "") or [""]
                found |= {initials(word.word) + behind for behind in starts}
        halves = ("秘", "蜜", *writings("秘").parts, *writings("密").parts, *writings("密").spellings)
        found |= {half + behind for half in halves for behind in STARTS[Follows.MARK]}
        return frozenset(filter(str.isalnum, found | {_SEALED[0] * 2}))

    @cached_property
    def pictures(self) -> str:
        """Symbols that tight text drops although they may stand for a word or a character of one."""
        shapes = {shape for word in self._words.words for one in word.word for shape in writings(one).shapes}
        return "".join(sorted({shape for shape in shapes if not shape.isalnum()} | {*pictures(), STAR}))

    def unmask(self, texts: Sequence[tuple[TextPiece, Folded, Set[str]]]) -> Iterator[Unmasked]:
        """Each text with every disguised word that its surroundings bear out in plain writing.

        Beside the folded text: which of the literals stand in the tight one.
        """
        # On photos the grammars read over lines anyway.
        spelled = [
            spelled_out(folded if piece.origin is Origin.OCR else _in_order(folded))
            for piece, folded, _ in texts
        ]
        plain = [text.text for text, _ in spelled]
        met, _ = self._demands.look(plain, plain)
        for (piece, _, seen), (text, pictured), numbers in zip(texts, spelled, met, strict=True):
            readings = [
                *self._halves(piece.text, text),  # of two that are as good the first is kept: ㊙级 is no 密级
                *self._spelled(piece.text, text, numbers),
                *self._matters(piece.text, text, seen),
                *self._reversed(text.text),
                *(_pictured(text.text, picture) for picture in pictured),
                *_encoded(piece.text, text),
            ]
            believed = [
                (one, how) for one in readings if (how := self._credence(piece, text.text, one)).value
            ]
            yield rewritten(text, apart(believed)) if believed else Unmasked(text)

    def _credence(self, piece: TextPiece, text: str, reading: Reading) -> Credence:
        """What stands near counts without the word and what follows it: 鸡蜜文件 must not bear itself out."""
        if Way.ENCODED in reading.ways:
            return Credence.SURE
        if piece.origin is not Origin.OCR and is_torn_by_line(text, reading):
            return Credence.NONE
        # What a photo blurs numbers.py repairs itself.
        is_code = reading.word.follows is Follows.SERIES and Way.SHAPE in reading.ways
        if is_code and piece.origin in (Origin.OCR, Origin.DOCUMENT):
            return Credence.NONE
        before = text[max(0, reading.start - self._words.within) : reading.start]
        behind = text[reading.tail.last : reading.tail.last + self._words.within]
        is_named = piece.origin is Origin.FILENAME and reading.tail.sign in _NAMING
        is_near = bool(is_named or self._near.search(before) or self._near.search(behind))
        return credence(text, reading, is_near)

    def _spelled(self, raw: str, folded: Folded, numbers: Sequence[int]) -> Iterator[Reading]:
        words = [self._spelt[number] for number in numbers]
        if "号" not in folded.text:  # no whole number either, and they are many
            words = [word for word in words if not word.is_whole]
        words = [word for word in words if may_hold(folded.text, word.word)]
        every = [(found, word) for word in words for found in wherever(pattern(word.word), folded.text)]
        for found, word in sorted(every, key=lambda one: one[0].start()):
            if not is_cut_from_latin(found):
                yield from _reading(raw, folded, (word, found))

    def _matters(self, raw: str, folded: Folded, seen: Iterable[str]) -> Iterator[Reading]:
        words = dict.fromkeys(word for literal in seen for word in self._by_literal.get(literal, ()))
        for word in words:
            ways = pattern(word.word) if word.by_sound else spelt_pattern(word.word)
            for found in ways.finditer(folded.text):
                if not is_cut_from_latin(found):
                    yield from _reading(raw, folded, (word, found))

    def _halves(self, raw: str, folded: Folded) -> Iterator[Reading]:
        """㊙ once or more, 禾必★3年 and mì★3年: half a level stands for 秘密, if a term or a carrier follows."""
        if self._half_starts.isdisjoint(folded.text):
            return
        for word in self._levels:
            for found in self._half.finditer(folded.text) if word.word == _SEALED else ():
                way = _HALVES.get(raw[folded.at[found.start()]].lower(), Way.SPLIT)
                is_plain = found.group()[0] == "秘" and way is not Way.SEAL
                signs = _SEAL_SIGNS if way is Way.SEAL else {Sign.FORMAL}
                if not is_plain and tail(folded.text, found.end(), word.follows).sign in signs:
                    yield _whole(word, found, way)

    def _reversed(self, text: str) -> Iterator[Reading]:
        """密机★10年, 年十★密机, 密机件 and 料资部内, read backwards; not 绝密|机件."""
        for word in self._marks:
            for found in re.finditer(word.word[::-1], text):
                yield _whole(word, found, Way.REVERSED)
        for word in self._levels:
            backwards = word.word[::-1]
            for found in re.finditer(backwards, text) if backwards in text else ():
                one = _whole(word, found, Way.REVERSED)
                is_said = one.tail.sign is Sign.TERM and _BACKWARDS.search(text)
                is_glued = found.start() > 0 and frequency(text[found.start() - 1 : found.start() + 1]) > 0
                is_borne = one.tail.sign in _BORNE and not is_glued
                if one.tail.sign is Sign.FORMAL or is_said or is_borne:
                    yield one
                elif behind := term_reversed_alone(text, found.end()):
                    yield replace(one, tail=behind)
                elif term := reversed_term(text, found.start()):
                    start, plain = term
                    whole = Tail(sign=Sign.FORMAL, last=found.end(), end=found.end(), plain=plain)
                    yield replace(one, starts=(start, start + 1), end=start + 2, tail=whole)


def _in_order(folded: Folded) -> Folded:
    """With what is strung, told or veiled where it stands in plain writing."""
    return serials.unveiled(told.untold(unstrung(folded)))


def _whole(word: DisguisedWord, found: re.Match[str], way: Way) -> Reading:
    """A word that is written in one go."""
    return Reading(
        word=word,
        ways=frozenset({way}),
        starts=_spread(found.span(), len(word.word)),
        end=found.end(),
        changed="",
        tail=tail(found.string, found.end(), word.follows),
    )


def _spread(span: tuple[int, int], length: int) -> tuple[int, ...]:
    """Where each character of a word of that length begins: the last ones at the end of the span."""
    start, end = span
    return (start, *range(end - length + 1, end))


def _reading(raw: str, folded: Folded, match: tuple[DisguisedWord, re.Match[str]]) -> Iterator[Reading]:
    word, found = match
    if found.group() == word.word and word.follows is not Follows.MARK and _SEAL not in raw:
        return  # in plain writing; only the term of a level may be disguised yet
    spans = [found.span(number) for number in range(1, len(word.word) + 1)]
    ways = [
        Way.SEAL
        if raw[folded.at[start]] == _SEAL and character in _SEALED
        else writings(character).way(folded.text[start:end])
        for character, (start, end) in zip(word.word, spans, strict=True)
    ]
    gaps = [folded.text[left[1] : right[0]] for left, right in pairwise(spans)]
    behind = tail(folded.text, found.end(), word.follows)
    is_spelt = {Way.PINYIN, Way.PLAIN} <= set(ways)  # 巡ban 5号: nobody writes so by chance
    if word.is_whole and not behind.is_whole and not is_spelt:
        return
    if not is_one_hand(word, ways, gaps, behind):
        return
    changed = "".join(
        raw[folded.at[start]]
        for character, (start, _) in zip(word.word, spans, strict=True)
        if raw[folded.at[start]] != character
    )
    read = "".join(folded.text[start] for start, _ in spans)
    is_first = word.is_whole and read[1:] == word.word[1:]  # 卫办发 is no 委办发
    if (len(word.word) == _PAIR or is_first) and not word.own.isdisjoint(set(read) - set(word.word)):
        return
    if not "".join(gaps).strip() and set(ways) == {
        Way.PLAIN
    }:  # 秘 密 ★ 6 个 月: the grammars read that as it is
        behind = replace(behind, end=found.end(), plain="")
    yield Reading(
        word=word,
        ways=frozenset(ways) - {Way.PLAIN} or frozenset({Way.GAP if any(gaps) else Way.TERM}),
        starts=tuple(start for start, _ in spans),
        end=found.end(),
        changed=changed,
        tail=behind,
    )


def _pictured(text: str, picture: tuple[int, str]) -> Reading:
    """A word that a pictograph stood for; it is in the text already."""
    start, word = picture
    end = start + len(word)
    return Reading(
        word=DisguisedWord(word=word, follows=Follows.ANYTHING),
        ways=frozenset({Way.PICTURE}),
        starts=tuple(range(start, end)),
        end=end,
        changed="",
        tail=tail(text, end, Follows.MATTER),
    )


def _encoded(raw: str, folded: Folded) -> Iterator[Reading]:
    """What runs of letters and digits say."""
    for start, end, said in encoded.said(raw):
        first, last = folded.at.searchsorted((start, end)).tolist()
        yield Reading(
            word=DisguisedWord(word=said, follows=Follows.ANYTHING),
            ways=frozenset({Way.ENCODED}),
            starts=tuple(first + (last - first) * place // len(said) for place in range(len(said))),
            end=last,
            changed="",
            tail=Tail(sign=Sign.NONE, last=last, end=last),
        )
