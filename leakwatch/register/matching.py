"""Groups that were seen ↔ groups of the register, by names as exporters write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from leakwatch.model import Chat
from leakwatch.register.values import Group

# Members of a group, at the end of its name; a year is part of the name: 防汛群（2031）.
_COUNT = re.compile(r"\s*[(\[](?!(?:19|20)\d\d[)\]])\d{1,5}\s*人?[)\]]\s*$")
_LONG_SILENCE = timedelta(days=180)
_ANY = ("", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A group that nobody has written in for long: suggested for dissolution."""

    name: str
    last_message_at: datetime


def name_key(name: str) -> str:
    """The same for the same group: width, case, emoji, blanks, punctuation and member count are left out.

    A name of nothing else is compared as it stands.
    """
    whole = unicodedata.normalize("NFKC", name).strip()
    bare = _COUNT.sub("", whole) or whole
    return "".join(c for c in bare.casefold() if _tells(c)) or whole


def _tells(character: str) -> bool:
    """Letters and digits; marks too, which some scripts need, but not those that only shape an emoji."""
    category = unicodedata.category(character)
    return category[0] in "LN" or (category in ("Mn", "Mc") and not "\ufe00" <= character <= "\ufe0f")


def unregistered(seen: Iterable[Chat], groups: Iterable[Group]) -> tuple[Chat, ...]:
    """The groups seen that no register entry or alias names, each once, in the order they came.

    Chats that are said to be no groups are left out. A dissolved group counts as not registered: it should
    not be there.
    """
    known: dict[str, set[str]] = {}
    for group in groups:
        for name in (group.name, *group.aliases):
            if group.dissolved_at is None:
                known.setdefault(name_key(name), set()).add(group.platform)
    missing: dict[tuple[str, str], Chat] = {}
    for chat in seen:
        key = name_key(chat.name)
        if chat.is_group is not False and not _is_among(chat.platform, known.get(key, set())):
            missing.setdefault((key, chat.platform), chat)
    return tuple(missing.values())


def _is_among(platform: str, platforms: Set[str]) -> bool:
    """A sheet may leave the platform out, and a table that was exported does not tell it."""
    return bool(platforms & {platform, *_ANY}) or bool(platforms and platform in _ANY)


def silent(
    last_messages: Mapping[str, datetime], now: datetime, after: timedelta = _LONG_SILENCE
) -> tuple[Silent, ...]:
    """The groups whose last message is older than `after`, longest silence first (第四条（一）2)."""
    old = (Silent(name=name, last_message_at=at) for name, at in last_messages.items() if now - at > after)
    return tuple(sorted(old, key=lambda group: group.last_message_at))
