"""Does a two-character word stand by itself, or is it the seam of two others (手机|密码)?"""

from __future__ import annotations

import re
from functools import lru_cache

from leakwatch.scanners.words.segmentation import borders, frequency

_AROUND = 6
"""Characters on both sides that jieba sees: the same verdicts as the whole message, measured."""
_RARE = 5
"""jieba's dictionary gives rare words, slips among them (绝秘, 机米), a frequency of 3."""
_FUNCTION_WORD = 7000
"""及 几 即 既 记 stand above it, 鸡 and 蜜 far below."""
_REMEMBERED = 1 << 14
_HAN_RUN = re.compile(r"[㐀-鿿]+")


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether word borders lie at both ends of the folded span (half-open)."""
    window_start = max(0, start - _AROUND)
    run = next(
        (
            found
            for found in _HAN_RUN.finditer(text, window_start, min(len(text), end + _AROUND))
            if found.start() <= start < found.end()
        ),
        None,
    )
    if run is None or run.end() < end:
        return True
    return _stands(run.group(), start - run.start(), end - run.start())


@lru_cache(maxsize=_REMEMBERED)
def _stands(run: str, start: int, end: int) -> bool:
    # Asking first which words of the dictionary cross an edge halves the 30 µs, and is wrong one time in fifty.
    return {start, end} <= borders(run, guesses=True)


def is_dictionary_run(text: str, span: tuple[int, int], is_closed: bool) -> bool:
    """Whether the folded span is a word itself or cuts one in two: 几米, 蜜|蜂王, 以及|蜜.

    is_closed: what follows is known to be a word of its own (件 in 机蜜件, not 蜜件).
    """
    start, end = span
    if not _HAN_RUN.fullmatch(text, start, end):
        return False
    if frequency(text[start:end]) > _RARE:
        return True
    *_, head = _HAN_RUN.findall(text, max(0, start - _AROUND), end)
    tail = _HAN_RUN.findall(text, start, end if is_closed else end + _AROUND)[0]
    length = end - start
    return length not in borders(tail, guesses=False) or len(head) - length not in borders(
        head, guesses=False
    )


def is_common(character: str) -> bool:
    """Whether the character is a word of its own that stands in any text."""
    return frequency(character) > _FUNCTION_WORD


def is_inside(text: str, span: tuple[int, int], words: tuple[str, ...]) -> bool:
    """Whether one of the longer words covers the folded span: 秘密 in 商业秘密 is not meant."""
    start, end = span
    for word in words:
        at = text.find(word, max(0, start - len(word)), end + len(word))
        if at != -1 and at <= start and end <= at + len(word):
            return True
    return False
