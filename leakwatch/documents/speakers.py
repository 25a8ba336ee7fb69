"""Whether a text that nobody knew for a chat looks like one: the same people named again and again beside a clock.

Such a text is read all the same, but without sender and time, and that has to be said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from leakwatch.model import Evidence, Reason, Skipped, TextPiece

ADVICE = "没有认出是哪种聊天记录，已按纯文字检查，没有发送人和时间；请换一种方式导出，或把此格式告诉维护人员"

_Row = TypeVar("_Row")
_DATE = r"(?:(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[ \t]+)?"
_TIME = (
    rf"{_DATE}(?:上午|下午|凌晨|晚上|中午)?\s?(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d)?(?:\s?[AP]M)?"
)
_NAME = r"(?P<name>[^\s:：,，。;；、()（）\[\]<>|【】]{1,20})"
_LINES = (
    re.compile(rf"{_NAME}[:：]?[ \t]+{_TIME}[ \t]*"),
    re.compile(rf"[\[（(]?{_TIME}[\]）)]?[ \t]*[-–|<【]?[ \t]*{_NAME}[ \t]*(?:[:：|>】].{{0,5000}})?"),
    re.compile(rf"{_NAME}[ \t]*[\[（(]{_TIME}[\]）)][ \t]*(?:[:：].{{0,5000}})?"),
)
_PARTS_OF_MESSAGES = tuple(
    re.compile(rb"class=[\"'][^\"']{0,200}?(?:" + names + rb")[\w-]{0,40}[\"' ]", re.IGNORECASE)
    for names in (rb"message|msg", rb"from|sender|author|nick|user|name", rb"time|date")
)
"""What the elements of a web page are called that shows a chat."""
_FEWEST_PARTS = 3
_HAN = re.compile("[\u4e00-\u9fff]")
_LONGEST_LINE = 5000
_FEWEST_LINES, _FEWEST_PEOPLE = 3, 2
_MOST_PEOPLE = 500


def announced(rows: Iterable[_Row], file: Evidence, head: bytes = b"") -> Iterator[_Row | Skipped]:
    """The same rows, and one behind them if the text in them looks like a chat.

    head: of a web page, whose elements tell what its text does not: name and time stand on lines of their own.
    """
    people: Counter[str] = Counter()
    for row in rows:
        if isinstance(row, TextPiece) and len(people) < _MOST_PEOPLE:
            people.update(_named(row.text))
        yield row
    is_talk = len(people) >= _FEWEST_PEOPLE and people.total() >= _FEWEST_LINES
    if is_page_of_talk(head) or (is_talk and max(people.values()) > 1):
        yield Skipped(evidence=file, name=file.name, reason=Reason.UNKNOWN_FORMAT, detail=ADVICE)


def is_page_of_talk(head: bytes) -> bool:
    """Whether a web page has one part after the other for messages, for who sent them and for when."""
    return all(len(parts.findall(head)) >= _FEWEST_PARTS for parts in _PARTS_OF_MESSAGES)


def _named(text: str) -> Iterator[str]:
    """Who stands beside the clock of each line that has one."""
    for line in text.split("\n"):
        line = line.strip()
        if (":" in line or "：" in line) and len(line) <= _LONGEST_LINE:
            found = next(filter(None, (shape.fullmatch(line) for shape in _LINES)), None)
            if found is not None and _HAN.search(found["name"]):
                yield found["name"]
