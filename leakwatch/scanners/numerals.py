"""Years, serials and long numbers however they are written: 2031, 2 0 3 1, 2O31, 二〇三一, 四十五."""

from __future__ import annotations

import re

_HAN = "〇零一二三四五六七八九"
YEAR = rf"(?:(?:1\s?9|2\s?[0o])\s?[\doli]\s?[\doli]|[一二][九〇零][{_HAN}]{{2}})"
SERIAL = r"(?:\d\s?[\dolisbz](?:\s?[\dolisbz]){0,3}|\d|[一二三四五六七八九十百〇零]{1,5})"
LONG = re.compile(rf"[{_HAN}]{{15,18}}x?")
"""An identity number written in Chinese numerals."""
_LOOKALIKES = str.maketrans("oilszb", "011528")
_VALUES = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {"零": "0"}


def integer(text: str) -> int | None:
    """The value of a year or serial; None where the characters make no number."""
    plain = re.sub(r"\s", "", text).translate(_LOOKALIKES)
    if plain.isdigit():
        return int(plain)
    if set(plain) <= set(_HAN):
        return int(digits(plain))
    found = re.fullmatch(
        r"(?:([一二三四五六七八九])百)?零?(?:([一二三四五六七八九]?)(十))?([一二三四五六七八九]?)", plain
    )
    if found is None or not plain:
        return None
    hundreds, tens, ten, ones = found.groups()
    return (
        int(digits(hundreds or "零")) * 100
        + (int(digits(tens or "一")) * 10 if ten else 0)
        + int(digits(ones or "零"))
    )


def digits(text: str) -> str:
    """Chinese numerals read one by one as digits."""
    return "".join(_VALUES.get(character, character) for character in text)
