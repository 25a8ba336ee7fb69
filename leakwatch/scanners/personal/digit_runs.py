"""Digits however they are disguised: full-width, circled, Chinese, financial, letters for digits, pulled apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from itertools import accumulate, pairwise, product
from string import ascii_lowercase

_CHINESE = dict(zip("〇零一二三四五六七八九幺洞两拐勾", "0012345678910279", strict=True))
_FINANCIAL = dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True))
_LETTERS = {"o": "0", "l": "1", "i": "1"}
_VALUES = {**_CHINESE, **_FINANCIAL, **_LETTERS}
_SYLLABLES = dict(
    zip("ling dong yi yao er liang san si wu liu qi guai ba jiu gou".split(), "001122345677899", strict=True)
)
_ENGLISH = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True))
_SYLLABLES |= _ENGLISH
"""How digits are spelt, and how they are read over the radio."""
_READ = str.maketrans(_VALUES)
_HAN = "".join([*_CHINESE, *_FINANCIAL])
_PUPIL = r"(?<=(?<![0-9a-z])[gl])(?=[0-9]{17}[0-9x](?![0-9a-z]))"
"""A pupil's number is the identity number behind a G or, until it is checked, an L."""
_PLAIN = rf"(?:(?<![0-9a-z])|{_PUPIL})[0-9]{{11,}}x?(?![0-9a-z])"
_DIGIT = rf"(?:(?!(?<![0-9])[0-9]{{11}})[0-9{_HAN}oli])"
_SPELT = rf"(?<![a-z])(?:{'|'.join(_SYLLABLES)})(?![a-z])"
_MIXED = (
    rf"(?<![0-9a-z])(?=[0-9{_HAN}oli]{{15,19}}x?(?![0-9a-z{_HAN}]))[0-9]{{11,17}}[{_HAN}oli][0-9{_HAN}oli]*x?"
)
"""A long number of which only the last digits are disguised."""
_STARTS = "".join(sorted({syllable[0] for syllable in _SYLLABLES} | {*_LETTERS}))
# First whether one may begin here at all: most characters are none, and six choices take ~0.2 µs.
_GROUP = re.compile(
    rf"(?=[0-9{_HAN}{_STARTS}])(?:{_MIXED}|{_PLAIN}|{_SPELT}|(?<![0-9a-z]){_DIGIT}+x?(?![0-9a-z{_HAN}])|(?<![0-9a-z]){_DIGIT}+(?=[0-9]{{11}}))"
)
_HAS_DIGIT = re.compile(rf"[0-9{_HAN}]|o[li]|[li]o|{_SPELT}")
# What may stand between the digits of one number; a comma or a stop parts two numbers.
_GAP = re.compile(r"(?:[^\w\n,;:、。，；：|/()]|_){1,3}")
_SPELT_GAP = re.compile(r" ?[,、，|/] ?")
"""Between digits that all stand alone: 1/1/0/1/0/5."""
_PARTED = re.compile(r" ?[/|,.、] ?")
"""Between the parts of a number that only its check digit tells from a row of numbers: 110105/19900307/8713."""

_COUNT = re.compile(rf"(?<=[前后头尾末中])[四六八](?= ?[0-9{_HAN}])")
"""前六110105: how many digits come is none of them."""
_IDENTITY_SIZE = 18
_IDENTITY_PARTS = (6, 8, 4)
"""Digits: region, date of birth, the rest."""
_DIGITS = re.compile(rf"[0-9{_HAN}oli]")
_CROSS = re.compile(rf"(?<=[0-9{_HAN}])叉(?![㐀-鿿])")
"""How the X at the end of an identity number is read out."""
_LACED = re.compile(r"(?<![0-9a-z])\d{2,}(?:[a-wyz]\d+){2,}x?(?![0-9a-z])")
"""430102a1987b0713c451d4: letters to be skipped."""
_TOLD_BY_PARTS = re.compile(
    "证件?号|身份证|前[6六]|后[4四]|生日|出生|尾[数号巴]|[分拆切][两三四几][截段次条]|倒数|号码"
)
_TOLD_LENGTH = 400
"""Characters: in a report or a table digits come together by chance."""
_MOST_PARTS = 8

TRIGGERS: tuple[str, ...] = (
    *("".join(three) for three in product("〇零一二三四五六七八九幺洞拐勾", repeat=3)),
    *("".join(two) for two in product(_FINANCIAL, [*_FINANCIAL, "零", "〇"])),
    *("".join(two) for two in product("0123456789", _HAN)),
    *("".join(three) for three in product("0123456789", ascii_lowercase, "0123456789")),
    *("".join(two) for two in product("前后", "六四64")),
    *("".join(two) for two in product(_ENGLISH, _ENGLISH)),
    *("".join(two) for two in product(("yi", "yao"), ("san", "si", "wu", "liu", "qi", "ba", "jiu"))),
)
"""What disguised digits look like to the sieve, which itself only sees runs of eleven plain ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """Digits that stand together, possibly pulled apart."""

    value: str
    """0–9, the last one possibly x."""
    start: int
    end: int
    """Folded span, half-open."""
    lengths: tuple[int, ...]
    """Of the groups as written: 3-4-4."""
    is_disguised: bool


def holds(text: str, digits: int) -> bool:
    """Whether the folded text has as many digits at all, wherever they stand."""
    return len(_DIGITS.findall(text)) >= digits or "yi " in text or "yao " in text


def parted(all_runs: list[tuple[Digits, ...]], text: str) -> Iterator[tuple[Digits, ...]]:
    """Runs that only a slash or a comma parts, as one."""
    joined: tuple[Digits, ...] = ()
    for run in all_runs:
        if joined and _PARTED.fullmatch(text, joined[-1].end, run[0].start):
            joined += run
        else:
            yield joined
            joined = run
    yield joined


def runs(text: str) -> Iterator[tuple[Digits, ...]]:
    """The groups of each run of digits in folded text; groups of a run are only blanks and signs apart."""
    text = _LACED.sub(_unlaced, _CROSS.sub("x", _COUNT.sub(" ", text)))
    run: list[Digits] = []
    for found in _GROUP.finditer(text):
        if not _HAS_DIGIT.search(found.group()):
            continue
        group = _group(found)
        if run and not _is_gap(text, run[-1], group):
            yield tuple(run)
            run = []
        run.append(group)
    if run:
        yield tuple(run)


def _is_gap(text: str, one: Digits, other: Digits) -> bool:
    gap = text[one.end : other.start]
    return bool(
        _GAP.fullmatch(gap) or (len(one.value) == len(other.value) == 1 and _SPELT_GAP.fullmatch(gap))
    )


def windows(run: tuple[Digits, ...], sizes: frozenset[int]) -> Iterator[Digits]:
    """Neighbouring groups that together have one of the sizes, from left to right."""
    for first in range(len(run)):
        total = 0
        for last in range(first, len(run)):
            total += len(run[last].value)
            if total > max(sizes):
                break
            if total in sizes:
                yield join(run[first : last + 1])


def pieces(all_runs: list[tuple[Digits, ...]], sizes: Set[int], within: int) -> Iterator[Digits]:
    """Runs with words between them as one number of one of the sizes: 前面 110105199 后面 003078713.

    Two of any length, or the three parts that residence numbers are told in: 前六 110105 生日 19900307 后四 8713.
    """
    sized = [(run, sum(len(group.value) for group in run)) for run in all_runs]
    parts = [(run, size) for run, size in sized if size > 1]  # no 一 of 后一半
    for number in range(len(parts) - 1):
        for count in (2, 3):
            some = parts[number : number + count]
            lengths = tuple(size for _, size in some)
            is_wanted = sum(lengths) in sizes if count == 2 else lengths == _IDENTITY_PARTS
            if is_wanted and all(
                other[0].start - one[-1].end <= within for (one, _), (other, _) in pairwise(some)
            ):
                yield join(tuple(group for run, _ in some for group in run))


def scattered(all_runs: list[tuple[Digits, ...]], text: str, within: int) -> Iterator[Digits]:
    """Eighteen digits in three parts or more, where a short text says that it tells a number by its parts.

    前六 110105 生日写成数 19900307 后四分两次 87 再来 13: whether it is one the check digit tells.
    """
    if len(text) > _TOLD_LENGTH or not _TOLD_BY_PARTS.search(text):
        return
    parts = [run for run in all_runs if sum(len(group.value) for group in run) > 1]  # no 两 of 分两次
    for number in range(len(parts) - 2):
        some = parts[number : number + _MOST_PARTS]
        sizes = accumulate(sum(len(group.value) for group in run) for run in some)
        count = next((count for count, size in enumerate(sizes, 1) if size == _IDENTITY_SIZE), 0)
        if count > 2 and all(other[0].start - one[-1].end <= within for one, other in pairwise(some[:count])):
            yield join(tuple(group for run in some[:count] for group in run))


def _unlaced(found: re.Match[str]) -> str:
    """With blanks for the letters, if what is left has the digits of a phone or an identity number."""
    plain = re.sub("[a-wyz]", " ", found.group())
    return plain if len(plain.replace(" ", "")) in (11, _IDENTITY_SIZE) else found.group()


def join(groups: tuple[Digits, ...]) -> Digits:
    """The groups as one number."""
    lengths = tuple(length for group in groups for length in group.lengths)
    is_spelt = len(lengths) > 5
    return Digits(
        value="".join(group.value for group in groups),
        start=groups[0].start,
        end=groups[-1].end,
        lengths=lengths,
        is_disguised=is_spelt or any(group.is_disguised for group in groups),
    )


def _group(found: re.Match[str]) -> Digits:
    written = found.group()
    value = _SYLLABLES.get(written) or written.translate(_READ)
    return Digits(
        value=value,
        start=found.start(),
        end=found.end(),
        lengths=(len(value),),
        is_disguised=value != written,
    )
