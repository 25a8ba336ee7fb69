"""How QQ writes who speaks and when: `【title】name(number)`, `name<mail>`, `9:05:00 PM`, `下午 9:05:00`."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from leakwatch.chats.parts.blocks import Header
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.model import Chat, MessageKind

_HALF = r"(?:上午|下午|[AaPp]\.?[Mm]\.?)"
CLOCK = rf"(?:{_HALF}\s?)?(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?:\s?{_HALF})?"
"""Pattern of a clock with seconds, in 12 or 24 hours."""

_TITLE = re.compile(r"【[^】]{0,30}】(?=.)")
_NUMBERED = re.compile(r"(?P<name>.*?)\s*(?:\((?P<number>\d{5,12})\)|<(?P<mail>[^<>\s]+@[^<>\s]+)>)")
_GROUPS = re.compile(r".*(?:群[聊组組]?|[讨討][论論][组組]|多人聊天)")
_FRIENDS = frozenset({"我的好友", "好友", "特别关心", "特別關心", "陌生人"})
_SYSTEM_IDS = frozenset({"10000", "1000000"})


class Titles:
    """Gives each chat of an export a name of its own."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self._twins: Counter[str] = Counter()
        """How many numbers each name has used up."""

    def title(self, name: str, group: str) -> str:
        """The name, told apart from those before by its group, then by a number."""
        title = f"{name}（{group}）" if name in self.used and group else name
        while title in self.used:
            self._twins[name] += 1
            title = f"{name}（{self._twins[name] + 1}）"
        self.used.add(title)
        return title


def is_numbered(who: str) -> bool:
    """Whether a QQ number or a mail address follows the name: hardly anybody writes that by hand."""
    return _NUMBERED.fullmatch(who.strip()) is not None


def header_of(who: str, when: str) -> Header:
    """The message that `who` sent at `when`; the system speaks without name."""
    name, number, kind = _speaker(who)
    return Header(name, parse_moment(when), number, kind)


# A group has a few hundred members who speak a hundred thousand times.
@lru_cache(4096)
def _speaker(who: str) -> tuple[str, str | None, MessageKind | None]:
    """Name, number and, of the system, kind."""
    who = who.strip()
    found = _NUMBERED.fullmatch(who)
    name, number = (found["name"], found["number"] or found["mail"]) if found else (who, None)
    if number in _SYSTEM_IDS or (number is None and name == "系统消息"):
        return "", None, MessageKind.SYSTEM
    name = _TITLE.sub("", name, count=1) if name.startswith("【") else name
    return name.strip() or number or "", number, None


def chat_of(name: str, group: str) -> Chat:
    """The chat that 消息对象 names, listed under 消息分组; some clients add the number."""
    found = _NUMBERED.fullmatch(name.strip())
    is_group = _is_group(group)
    if found and found["number"] and found["name"]:
        return Chat(name=found["name"], platform="qq", id=found["number"], is_group=is_group)
    return Chat(name=name.strip(), platform="qq", is_group=is_group)


def _is_group(group: str) -> bool | None:
    """What the heading of the contact list says: people invent headings for friends, such as 同事 or 群友."""
    if _GROUPS.fullmatch(group):
        return True
    return False if group in _FRIENDS else None
