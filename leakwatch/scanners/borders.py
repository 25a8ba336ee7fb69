"""Does a two-character word stand by itself, or is it the seam of two others (手机|密码)?"""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

_AROUND = 6
"""Characters on both sides that jieba sees: the same verdicts as the whole message, measured."""
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
    borders, position = {run.start()}, run.start()
    for word in _jieba().cut(run.group()):
        position += len(word)
        borders.add(position)
    return start in borders and end in borders


def is_inside(text: str, span: tuple[int, int], words: tuple[str, ...]) -> bool:
    """Whether one of the longer words covers the folded span: 秘密 in 商业秘密 is not meant."""
    start, end = span
    for word in words:
        at = text.find(word, max(0, start - len(word)), end + len(word))
        if at != -1 and at <= start and end <= at + len(word):
            return True
    return False


@cache
def _jieba() -> Any:
    """jieba's default dictionary; loads in ~1 s, so only where a hit has to be decided."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()
