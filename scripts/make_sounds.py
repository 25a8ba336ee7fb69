"""Writes leakwatch/scanners/disguises/sounds.txt: the toneless first reading of each character of GB 2312.

Run by hand with pypinyin (MIT) installed beside leakwatch: python scripts/make_sounds.py; the reading of a
character hardly ever changes, so the list is shipped and pypinyin is no dependency.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

from pypinyin.constants import PINYIN_DICT

_TARGET = Path(__file__).parents[1] / "leakwatch" / "scanners" / "sounds.txt"
_HEADER = """# Toneless syllable and the common characters that are first read so, tab-separated; ü is written v.
# Source: pypinyin 0.55.0 (MIT), first reading of the 6,763 characters of GB 2312; made by scripts/make_sounds.py.
# Used by: leakwatch/scanners/disguises/writings.py.
"""
_ROWS = range(0xB0, 0xF8)


def _characters() -> str:
    rows = (bytes((row, cell)) for row in _ROWS for cell in range(0xA1, 0xFF))
    return b"".join(rows).decode("gb2312", "ignore")


def _plain(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading.partition(",")[0].replace("ü", "v"))
    return "".join(letter for letter in letters if letter.isascii())


def main() -> None:
    """The file, one line a syllable, sorted."""
    sounds: dict[str, str] = defaultdict(str)
    for character in _characters():
        sounds[_plain(PINYIN_DICT[ord(character)])] += character
    lines = (f"{syllable}\t{characters}\n" for syllable, characters in sorted(sounds.items()))
    _TARGET.write_text(_HEADER + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
