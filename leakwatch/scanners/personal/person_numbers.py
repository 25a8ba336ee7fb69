"""Numbers that belong to one person: residence numbers, other papers, bank cards, phones."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from leakwatch.scanners.personal.digit_runs import Digits, holds, parted, pieces, runs, scattered, windows

# GB/T 2260: the first two digits of a residence number; 81–83 are residence permits for HK, Macao, Taiwan.
_REGIONS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD_LENGTHS = {"62": (16, 17, 18, 19), "4": (16,), "5": (16,), "3": (15, 16), "9": (16, 17, 18, 19)}
_CARD_SIZES = frozenset({15, 16, 17, 18, 19})
_PHONE_SIZES = frozenset({10, 11, 12, 13, 15})
_SIZES = _CARD_SIZES | _PHONE_SIZES
_IDENTITY_SIZES = frozenset({18})
_PHONE = re.compile(r"(?:86|0086)?(1[3-9]\d{9})")
_PHONE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (3, 5, 3), (5, 6), (6, 5)})
_SHORTEST = 11
"""Digits of a phone; nothing that runs make up is shorter."""
_HALVES_WITHIN = 24
_CUE_WITHIN = 14
_ID_CUE = re.compile(r"(?:身份证|证号|证件号|身份号)[^\d\n,;。]{0,8}$")
_CARD_CUE = re.compile(r"(?:卡|账号|帐号|户头|开户|户名|行)[^\d\n。]{0,10}$")
_PART = re.compile(
    r"(?:身份证|证件?号)[^\n\d]{0,10}(?:前|后|头|末|尾|拆|分|截|缺|断|漏|少)[^\n]{0,14}?(?<!\d)(?P<digits>\d{4,17}x?(?: \d{4})?)(?!\d)"
)
_GIVEN = r"[^\d\n]{1,12}?"
"""Between the parts of a number that is given in pieces: 后四位, 然后, 生日."""
_IN_PIECES = re.compile(
    r"(?:前六?位?|头六位|开头|(?:前|头)(?:半[截段部]?|[截段面]|一[半截段]))[^\d\n]{0,6}"
    rf"(?P<digits>[1-8]\d{{5}}(?:{_GIVEN}(?:19|20)\d{{2}} ?\d{{4}}{_GIVEN}\d{{3}}[\dx]| ?(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d))(?!\d)"
)
_PHONE_IN_PIECES = re.compile(
    rf"(?:手机|电话|号码?|联系)?[^\d\n]{{0,4}}(?<!\d)(?P<digits>1[3-9]\d(?:开头|打头)?{_GIVEN}\d{{4}}{_GIVEN}\d{{4}})(?!\d)"
)
_PIECE_SIGN = re.compile(r"[㐀-鿿]")
_PHONE_CUE = re.compile(r"(?:手机|电话|号码|联系方式)[^\d\n,;。]{0,6}$")
_MASKED = re.compile(
    r"(?<![0-9a-z])(?P<region>[1-8]\d)\d{1,12}(?:[*x#]{3,}|[•●■]{3,}|某{2,})\d{0,6}[0-9x]?(?![0-9a-z])"
)
_MASKED_LENGTHS = (15, 18)
_PAPER = re.compile(
    r"(?:护照|港澳|通行证|回乡证|台胞证|台湾证|军官证|警官证|士兵证|社保|社会保障|医保|居住证|绿卡|永居证)[^\d\n,;。]{0,10}?"
    r"(?P<digits>(?<![0-9a-z])(?:[edgspcwhm][a-z]?[- ]?\d{6,10}|\d{8,12}|字第\d{6,8}号?)(?![0-9a-z]))"
)
GRAMMARS = (_PAPER, _MASKED, _PART, _IN_PIECES, _PHONE_IN_PIECES)
"""Numbers that are not shown in one piece, or belong to a paper that is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number and the grammar that it fits."""

    grammar: str
    value: str
    start: int
    end: int
    """Folded span, half-open."""
    is_disguised: bool = False


def find(text: str, possible: Container[str]) -> list[Number]:
    """The personal numbers of a folded text, in their order; no two overlap.

    possible: the patterns of GRAMMARS that the text could match.
    """
    taken = bytearray(len(text))
    found: list[Number] = []
    for number in (*_all(text), *_shown_in_part(text, possible)):
        if not any(taken[number.start : number.end]):
            taken[number.start : number.end] = b"\1" * (number.end - number.start)
            found.append(number)
    return sorted(found, key=lambda number: number.start)


def _all(text: str) -> Iterator[Number]:
    """Surest first."""
    if not holds(text, _SHORTEST):
        return
    all_runs = list(runs(text))
    joined = list(pieces(all_runs, _CARD_SIZES, _HALVES_WITHIN))
    every = [found for run in all_runs for found in windows(run, _SIZES)]
    rows = [run for run in parted(all_runs, text) if len(run) > 1]
    whole = [found for run in rows for found in windows(run, _IDENTITY_SIZES)]
    told = scattered(all_runs, text, _HALVES_WITHIN)
    for found in (*_sized(every, {18}), *joined, *whole, *told):
        if is_identity(found.value):
            yield _number("personal.id", found)
        elif is_identity(found.value[::-1]):
            yield replace(_number("personal.id", found), is_disguised=True)
    halved = [
        found for found in joined if len(found.value) in _CARD_SIZES and _is_cued(_CARD_CUE, text, found)
    ]
    yield from _cards(text, [*_sized(every, _CARD_SIZES), *halved])
    for found in (*_sized(every, {17, 18}), *joined, *whole):
        if len(found.value) in (17, 18) and _is_near_identity(text, found):
            yield _number("personal.id.wrong", found)
    for found in sorted(_sized(every, _PHONE_SIZES), key=lambda found: len(found.value) < _SHORTEST):
        is_phone = _PHONE.fullmatch(found.value) and _is_phone_shape(found)
        if is_phone or _is_near_phone(text, found):
            yield _number("personal.phone", found)


def _sized(found: Sequence[Digits], sizes: Set[int]) -> list[Digits]:
    return [digits for digits in found if len(digits.value) in sizes]


def _is_cued(cue: re.Pattern[str], text: str, found: Digits) -> bool:
    return cue.search(text[max(0, found.start - _CUE_WITHIN) : found.start]) is not None


def _cards(text: str, found: list[Digits]) -> Iterator[Number]:
    """Cards and fifteen-digit residence numbers; the longest reading of a run first."""
    longest = sorted(found, key=lambda digits: -len(digits.value))
    yield from (_number("personal.bank", digits) for digits in longest if is_card(digits.value))
    yield from (_number("personal.oldid", digits) for digits in longest if is_old_identity(digits.value))
    yield from (_number("personal.bank.wrong", digits) for digits in longest if _is_near_card(text, digits))


def _shown_in_part(text: str, possible: Container[str]) -> Iterator[Number]:
    paper, masked, part, in_pieces, phone_in_pieces = (
        grammar.finditer(text) if grammar.pattern in possible else () for grammar in GRAMMARS
    )
    for found in paper:
        yield _named(found, "personal.paper")
    for found in masked:
        if found.group("region") in _REGIONS and len(found.group()) in _MASKED_LENGTHS:
            start, end = found.span()
            yield Number(grammar="personal.id.part", value=found.group(), start=start, end=end)
    for found in (*part, *in_pieces):
        yield _named(found, "personal.id.part")
    for found in phone_in_pieces:
        if _PIECE_SIGN.search(found["digits"]):  # 然后, 尾号; signs alone are grouping
            yield replace(_named(found, "personal.phone"), is_disguised=True)


def is_identity(number: str) -> bool:
    """An 18-digit residence number: region, date of birth and check digit (GB 11643) agree."""
    if not _is_dated(number) or len(number) != 18:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10x98765432"[total % 11] == number[17]


_LAST_PREFECTURE = "54"
"""Of the second pair of digits, but for 90: counties ruled by the province itself."""
_OLDEST = "10"
"""Nobody who was given such a number lives on who was born before 1910: 156000000324177 is the chip of a dog."""


def is_old_identity(number: str) -> bool:
    """A 15-digit residence number (issued until 1999): region and date of birth are plausible."""
    is_shaped = number.isdigit() and len(number) == 15 and len(set(number)) > 3
    is_placed = (
        is_shaped
        and number[:2] in _REGIONS
        and ("01" <= number[2:4] <= _LAST_PREFECTURE or number[2:4] == "90")
    )
    return is_placed and number[6:8] >= _OLDEST and _is_date("19" + number[6:12])


def is_card(number: str) -> bool:
    """A bank card number: known issuer prefix, its lengths, Luhn check digit."""
    if not _is_card_shape(number):
        return False
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_card_shape(number: str) -> bool:
    lengths = next((sizes for prefix, sizes in _CARD_LENGTHS.items() if number.startswith(prefix)), ())
    return number.isdigit() and len(number) in lengths and len(set(number)) > 3 and not is_identity(number)


def _is_near_card(text: str, found: Digits) -> bool:
    """A mistyped card beside its cue word."""
    return found.value.startswith("62") and _is_card_shape(found.value) and _is_cued(_CARD_CUE, text, found)


def _is_near_identity(text: str, found: Digits) -> bool:
    """A mistyped or unfinished residence number beside its cue word, or one that somebody disguised."""
    if not _is_dated(found.value):
        return False
    return _is_cued(_ID_CUE, text, found) or (found.is_disguised and len(found.lengths) < 9)


def _is_near_phone(text: str, found: Digits) -> bool:
    """A phone in Chinese numerals that lost or gained a digit: who spells it out means it."""
    is_odd = len(found.value) in (10, 12) and found.is_disguised
    return is_odd and re.match("1[3-9]", found.value) is not None and _is_cued(_PHONE_CUE, text, found)


def _is_phone_shape(found: Digits) -> bool:
    lengths = found.lengths[-3:] if sum(found.lengths) > 11 else found.lengths
    return found.is_disguised or lengths in _PHONE_GROUPS or sum(found.lengths) > 11


def _is_dated(number: str) -> bool:
    return number[:17].isdigit() and number[:2] in _REGIONS and _is_date(number[6:14])


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return 1890 <= int(text[:4]) <= 2040


def _number(grammar: str, found: Digits) -> Number:
    return Number(
        grammar=grammar,
        value=found.value,
        start=found.start,
        end=found.end,
        is_disguised=found.is_disguised,
    )


def _named(found: re.Match[str], grammar: str) -> Number:
    start, end = found.span("digits")
    return Number(grammar=grammar, value=found.group("digits"), start=start, end=end)
