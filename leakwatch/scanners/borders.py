"""Does a two-character word stand by itself, or is it the seam of two others (手机|密码)?"""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

_AROUND = 6
"""Characters on both sides that jieba sees: the same verdicts as the whole message, measured."""
_HAN_RUN = re.compile(r"[㐀-鿿]+")
# Words that hold a level although nothing secret is meant; jieba's dictionary does not know them all.
_COMPOUNDS = ("商业秘密", "小秘密", "秘密花园", "绝密飞行", "便秘", "神秘", "奥秘", "揭秘", "机密性", "国家秘密", "工作秘密", "秘密警察", "秘密武器", "秘密基地", "秘密投票")  # fmt: skip


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
    if _is_inside_compound(text, start, end):
        return False
    borders, position = {run.start()}, run.start()
    for word in _jieba().cut(run.group()):
        position += len(word)
        borders.add(position)
    return start in borders and end in borders


def _is_inside_compound(text: str, start: int, end: int) -> bool:
    for word in _COMPOUNDS:
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
