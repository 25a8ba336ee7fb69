"""Years, serials and long numbers however they are written: 2031, 2O31, 二〇三一, 贰零叁壹, 四十五, 两千零廿四, 2.0.3.1."""

from __future__ import annotations

import re
from itertools import pairwise

_HAN = "〇零一二三四五六七八九幺"
_PLAIN = "一二三四五六七八九"
_FINANCIAL = "壹贰叁肆伍陆柒捌玖"
HAN_DIGITS = _HAN + _FINANCIAL
_GLYPH = rf"[\doliszb{_HAN}{_FINANCIAL}]"
"""A digit, or what typists and OCR engines put for one."""
YEAR = (
    r"(?:2\.0(?:\.\d){2}|"
    rf"(?:[1l一壹]\s?[9九玖]|[2二贰]\s?[0o〇零])\s?{_GLYPH}\s?{_GLYPH}"
    r"|[两二贰2]千[零〇]?(?:[廿卅]|[一二三贰叁]?[十拾])?[一二三四五六七八九壹贰叁肆伍陆柒捌玖]?)"
)
SHORT_YEAR = (
    rf"(?:[0-3{_HAN}{_FINANCIAL}]\s?[\do{_HAN}{_FINANCIAL}]|(?:[廿卅]|[一二三]?[十拾])[一二三四五六七八九])"
)
_ROMAN = r"(?:x{1,3}[ivx1-9]{0,4}|i?vi{0,3})"
"""Letters, or one sign for up to nine, which folds into a digit; not i alone, which stands for 1."""
LOOSE = (
    rf"(?:\d(?:\.\d){{1,3}}|{_ROMAN}|(?:{_GLYPH}|[十百拾佰廿卅])(?:\s{{0,2}}(?:{_GLYPH}|[十百拾佰])){{0,6}})"
)
"""A serial that a 号 follows."""
STRICT = rf"(?:\d(?:\s?\d){{0,4}}|[{_HAN}{_FINANCIAL}十百拾佰廿卅](?:\s?[{_HAN}{_FINANCIAL}十百拾佰]){{0,6}})"
"""A serial without a 号: no letters for digits."""
LONG = re.compile(rf"[{_HAN}]{{15,18}}x?")
"""An identity number written in Chinese numerals."""
_LOOKALIKES = str.maketrans("oilszb" + _FINANCIAL + "拾佰", "011528" + _PLAIN + "十百")
_VALUES = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "幺": "1",
    "两": "2",
}
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_COUNTED = re.compile(r"(?:(\d)百)?0?(?:(\d?)(十))?(\d?)")


def integer(text: str) -> int | None:
    """The value of a year or serial; None where the characters make no number."""
    plain = re.sub(r"[\s.]", "", text).replace("廿", "二十").replace("卅", "三十")
    if re.fullmatch(_ROMAN, plain):
        values = [_ROMAN_VALUES.get(letter) or int(letter) for letter in plain]
        return values[-1] + sum(-one if one < other else one for one, other in pairwise(values))
    plain = digits(plain.translate(_LOOKALIKES))
    if plain.isdecimal():
        return int(plain)
    thousands, thousand, rest = plain.partition("千")
    if thousand:
        return int(thousands) * 1000 + (integer(rest) or 0) if thousands.isdecimal() else None
    found = _COUNTED.fullmatch(plain)
    if found is None or not plain:
        return None
    hundreds, tens, ten, ones = found.groups()
    return int(hundreds or 0) * 100 + (int(tens or 1) * 10 if ten else 0) + int(ones or 0)


def digits(text: str) -> str:
    """Chinese numerals read one by one as digits."""
    return "".join(_VALUES.get(character, character) for character in text)
