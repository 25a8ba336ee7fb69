"""Folded text with numbers veiled → the same as numbers are written.

中发<<2031>>12耗, 中发括号2031括号No.12, 中发两洞三幺第幺两号 and 号21〕1302〔发中 are all 中发[2031]12号;
320102兔19850307兔2840 is an identity number, and so is 320102 后面 1985年03月07号 尾巴2840.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import numpy as np

from leakwatch.scanners.numbers.numerals import integer
from leakwatch.text import Folded

_HOMOPHONES = "耗浩皓呺毫豪郝好"
_QUOTE = "[\"“”'‘’]"
_BRACKETED = re.compile(
    r"(?<=[㐀-鿿a-z])\s?(?:<<|《《|\[\[|\(\(|«|括号?|" + _QUOTE + r"{1,2})\s?"
    r"(?P<year>(?:20|19)\d\d|[二两贰][零〇o0][㐀-鿿]{2})"
    r"\s?(?:>>|》》|\]\]|\)\)|»|括号?|"
    + _QUOTE
    + r"{1,2})(?=\s?(?:第|no\.?|#)?\s?[\d〇零一二三四五六七八九十]{1,4})"
)
_NUMBERED = re.compile(r"(?<=[\])]) ?no\.? ?(?=\d)")
_MARK = re.compile(
    rf"(?<=[\])])\s?第?\s?(?:\d{{1,4}}|[〇零一二三四五六七八九十]{{1,4}})\s?(?P<mark>[{_HOMOPHONES}]|hao(?![a-z]))"
)
_SPOKEN = "洞幺拐勾"
"""0, 1, 7 and 9 as they are spoken over the telephone."""
_DIGITS = dict(zip(_SPOKEN + "两零〇一二三四五六七八九", "01792" + "00123456789", strict=True))
_RUN = re.compile(rf"[{''.join(_DIGITS)}\d]{{2,18}}")
_LEAST = 4
"""Digits of a run: 幺妹, 两洞 and 拐三 are words."""
_BACKWARDS = re.compile(
    r"号?\s?(?:\d{1,4}|[〇零一二三四五六七八九十]{1,4})\s?[\[\])(<>]?\s?\d{2}(?:02|91)\s?[\[\])(<>]?\s?[㐀-鿿]{2,6}(?![㐀-鿿])"
)
_PHONE_BACKWARDS = re.compile(r"(?<!\d)\d{9}[3-9]1(?!\d)")
_TOLD_BACKWARDS = re.compile("倒|反[着过]")
_SLICED = re.compile(r"(?<!\d)\d{1,9}(?P<slice>[㐀-鿿])(?:\d{1,9}(?P=slice))+\d{1,9}x?")
_HAN_DIGIT = "〇零一二三四五六七八九"
_PART = rf"(?:[十{_HAN_DIGIT}]{{1,3}}|\d{{1,2}})"
_WORDS = rf"(?:[^\d\n{_HAN_DIGIT}]|[前后][四六]){{1,8}}"
_BY_PARTS = re.compile(
    r"(?<![\d〇零一二三四五七八九])"  # 前六 may stand before it
    rf"(?P<region>[1-6]\d{{5}}|[{_HAN_DIGIT}]{{6}}){_WORDS}"
    rf"(?P<year>(?:19|20)?\d\d|[{_HAN_DIGIT}]{{2,4}})\s?[年.-]\s?(?P<month>{_PART})\s?[月.-]\s?(?P<day>{_PART})"
    rf"{_WORDS}(?P<rest>\d{{3}}[\dx]|[{_HAN_DIGIT}]{{3}}[x{_HAN_DIGIT}])(?![\d{_HAN_DIGIT}])"
)
"""610799 then 1976年05月09号 with the tail 2637; its check digit tells later whether it is one."""
_LIVING = 30
"""Years of two digits from here on are of the last century."""
_UNITS = "年月日号点时分秒元块角万千百个至到和第比楼层室区"
_NUMBERS = frozenset({11, 15, 18})
"""Digits of a phone, of an old identity number and of a new one."""
_ENDS = "发字办函电委组纪编报干"
LITERALS = (
    *(f"{str(year)[::-1]}{end}" for year, end in product(range(2000, 2060), _ENDS)),
    *(f"{one}{other}" for one, other in product(_SPOKEN, _SPOKEN)),
    *(f"{head}{digit}" for head, digit in product(("前六", "前六位"), range(1, 7))),
    *(
        f"{tail}{digit}"
        for tail, digit in product(
            ("尾巴", "尾数", "后四", "后四位", "尾号", "最后"), [*range(10), *_HAN_DIGIT]
        )
    ),
    *(f"{end}{one}{other}" for end, one, other in product(_ENDS, "二两", "洞零")),
)
"""What tight text holds where such a number may stand."""


def unveiled(folded: Folded) -> Folded:
    """The text; characters that are only in another order keep their places, so spans reach over all of them."""
    text, at = _spoken(folded.text), folded.at
    parts = [(*found.span(), _put_together(found)) for found in _BY_PARTS.finditer(text)]
    edits = parts or sorted(
        [
            *((*found.span(), f"[{found['year']}]") for found in _BRACKETED.finditer(text)),
            *((*found.span(), "") for found in _NUMBERED.finditer(text)),
            *((*found.span("mark"), "号") for found in _MARK.finditer(text)),
            *((*found.span(), _turned(found.group())) for found in _backwards(text)),
            *((*found.span(), found.group()[::-1]) for found in _phones(text)),
            *((*found.span(), found.group().replace(found["slice"], "")) for found in _sliced(text)),
        ]
    )
    texts: list[str] = []
    ats = []
    done = 0
    for start, end, plain in edits:
        if start >= done:
            texts += [text[done:start], plain]
            places = np.linspace(start, end - 1, len(plain)).astype(np.int64)
            ats += [at[done:start], at[places]]
            done = end
    if not edits and text == folded.text:
        return folded
    return Folded("".join([*texts, text[done:]]), np.concatenate([*ats, at[done:]]))


def _spoken(text: str) -> str:
    """With digits for the characters that only stand for digits among others: 两洞三幺."""
    if not any(character in text for character in _SPOKEN):
        return text
    return _RUN.sub(_said, text)


def _said(run: re.Match[str]) -> str:
    is_number = len(run.group()) >= _LEAST and any(one in run.group() for one in _SPOKEN)
    is_serial = run.string[max(0, run.start() - 1) : run.start()] == "第"
    if not (is_number or is_serial):
        return run.group()
    return "".join(_DIGITS.get(one, one) for one in run.group())


def _backwards(text: str) -> Iterator[re.Match[str]]:
    yield from _BACKWARDS.finditer(text) if "02" in text or "91" in text else ()


def _phones(text: str) -> Iterator[re.Match[str]]:
    yield from _PHONE_BACKWARDS.finditer(text) if _TOLD_BACKWARDS.search(text) else ()


def _sliced(text: str) -> Iterator[re.Match[str]]:
    """320102兔19850307兔2840: one character again and again, and digits for a number without it."""
    for found in _SLICED.finditer(text):
        digits = len(found.group()) - found.group().count(found["slice"])
        if found["slice"] not in _UNITS and digits in _NUMBERS:
            yield found


def _turned(text: str) -> str:
    """Read from behind, with the brackets the right way round whichever way they were turned."""
    plain = re.sub(r"[\[\])(<>\s]", "", text[::-1])
    return re.sub(r"(?<=[㐀-鿿])(\d{4})(?=[\d〇零一二三四五六七八九十])", r"[\1]", plain, count=1)


def _put_together(parts: re.Match[str]) -> str:
    region, year, rest = (
        "".join(_DIGITS.get(one, one) for one in parts[name]) for name in ("region", "year", "rest")
    )
    century = "" if len(year) > len("85") else "19" if int(year) >= _LIVING else "20"
    month, day = (integer(parts[name]) or 0 for name in ("month", "day"))
    return f"{region}{century}{year}{month:02}{day:02}{rest}"
