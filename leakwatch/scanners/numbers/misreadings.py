"""What engines make of the characters of agency codes on photos."""

from __future__ import annotations

import re

from leakwatch.scanners.disguises.writings import writings

# What PP-OCR makes of characters 8 to 12 px high (1,600 drawn lines), but for those that end codes of their
# own: 新出发, 南发, 街发, 发改委规.
GUESSES = (
    ("密", re.compile("(?<=[委政办府改])[图出班南据衡带前话电街费册者着老概香宅花]$")),
    ("密发", re.compile("[班话费册者着概宅带前香][发度成皮]$")),
    ("密函", re.compile("密[国浦团画话语丽间涵]$")),
    ("发电", re.compile("(?<=[办委])[度成皮址厦]电$")),
    ("字", re.compile("(?<=[厅组干])[牛学]$")),
    ("发", re.compile("(?<=[办委组纪党密保])[度成皮址厦]$")),
)
"""How a code ends, and how it is misread; as long as one another."""
LETTERS = (
    ("函", re.compile("(?<![字书国油版绘图年漫计壁])[画凾亟]$")),
    ("发", re.compile("(?<=[政委办纪党府管公财卫环水农商审监人])[度成皮]$")),
)
"""How a code of any series ends, and as what no code does: of 115 numbers, small or by night, six were misread so."""


def shapes(word: str) -> re.Pattern[str]:
    """The word at the end of a text with any of its characters misread."""
    return re.compile("".join(f"[{character}{writings(character).shapes}]" for character in word) + "$")
