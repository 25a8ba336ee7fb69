"""A word of two characters stands by itself, or it is the seam of two others."""

from __future__ import annotations

import pytest

from leakwatch.scanners.words.borders import is_inside, stands_alone


@pytest.mark.parametrize(
    ("text", "word", "stands"),
    [
        ("这是机密呢", "机密", True),
        ("公安机关机密", "机密", True),
        ("机密", "机密", True),
        ("这是 机密，别传", "机密", True),
        ("手机密码", "机密", False),
        ("计算机密码忘了", "机密", False),
        ("公安机关机密切配合", "机密", False),
        ("找台办开证明", "台办", True),
        ("去前台办理", "台办", False),
        ("abc", "b", True),
    ],
)
def test_seams_are_told_from_words(text: str, word: str, stands: bool) -> None:
    start = text.index(word)

    assert stands_alone(text, start, start + len(word)) is stands


@pytest.mark.parametrize(("text", "is_covered"), [("商业秘密", True), ("商业的秘密", False)])
def test_a_longer_word_may_cover_the_span(text: str, is_covered: bool) -> None:
    start = text.index("秘密")

    assert is_inside(text, (start, start + 2), ("商业秘密",)) is is_covered
