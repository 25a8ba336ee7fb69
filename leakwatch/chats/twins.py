"""One conversation exported in several formats: which file is read, and whether the others hold more.

Exporters put `<chat>.csv`, `<chat>.html`, `<chat>.txt` … of one chat into one folder. Names alone prove
nothing, so a poorer file is set aside only if every message of it has its fellow in the better one: as many
in the same second, and as many of them with words. Reading it once costs what parsing costs, no scanning.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from leakwatch.model import SHANGHAI, Conversation, Evidence, Message, Precision, Skipped, TextPiece

_Reader = TypeVar("_Reader")
_ENDINGS = (
    ".html.json",
    ".json",
    ".jsonl",
    ".csv",
    ".xlsx",
    ".html",
    ".htm",
    ".md",
    ".txt",
    ".docx",
    "_chat.txt",
)
"""Best first."""
_NAME = re.compile(
    r"(?P<chat>.+?)(?:_utf8|_\d{1,4}(?=\.docx$))?(?P<ending>_chat\.txt|(?:\.html?)?\.json|\.[^.]+)", re.DOTALL
)
_MOST_SECONDS = 500_000
"""About 50 MB for each of two; of a longer chat every format is read."""
_LABEL = re.compile(r"[【\[][^【】\[\]\n]{1,12}[】\]]")
# What MemoTrace writes for a message of a type it does not know: its number and the XML as a Python dict.
_DUMP = re.compile(r"\d{1,20}\n[{<O]")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_PLACEHOLDER, _PER_MESSAGE, _PER_FILE = 8, 30, 80
"""Characters that a day's text spends besides words: 【图片】; labels and a time; size, path and md5 of a file."""


def ranked(exports: Sequence[tuple[Evidence, _Reader]]) -> Iterator[list[tuple[Evidence, _Reader]]]:
    """Each export with those behind it that may hold the same conversation in a poorer format."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for number, (file, _) in enumerate(exports):
        place = file.inner_path
        name = re.split(r"[\\/!]", place)[-1]
        parts = _NAME.fullmatch(name)
        if parts is None or parts["ending"].lower() not in _ENDINGS:
            found[place, ""].append((0, number))
        else:
            rank = _ENDINGS.index(parts["ending"].lower())
            found[place[: len(place) - len(name)], parts["chat"]].append((rank, number))
    for group in found.values():
        best_first = [exports[number] for _, number in sorted(group)]
        yield from (best_first[at:] for at in range(len(best_first)))


class Ledger:
    """How many messages of a chat were read, second by second and day by day."""

    def __init__(self) -> None:
        self._seconds: Counter[int] = Counter()
        """Twice the second, one more for messages that have words."""
        self._days: Counter[str] = Counter()
        self._is_sure = True

    def add(self, message: Message) -> None:
        """Counts a message."""
        if message.sent_at is None or len(self._seconds) > _MOST_SECONDS:
            self._is_sure = False
            return
        self._seconds[2 * int(message.sent_at.timestamp()) + any(_words(message))] += 1
        self._days[_day(message)] += _size(message)

    def covers(self, items: Iterable[Message | TextPiece | Skipped | Conversation]) -> bool:
        """Whether what another file holds is all here; no if it holds nothing or cannot be read whole."""
        other, days, any_message = Ledger(), Counter[str](), False
        for item in items:
            if isinstance(item, Skipped | TextPiece) or not self._is_sure:
                return False
            if isinstance(item, Message):
                any_message = True
                if item.sent_at is not None and item.precision is Precision.DAY:
                    days[_day(item)] += sum(map(len, _words(item)))
                else:
                    other.add(item)
                    if not self._has_fellow(other, item):
                        return False
        return any_message and all(size <= self._days[day] for day, size in days.items())

    def _has_fellow(self, other: Ledger, message: Message) -> bool:
        if message.sent_at is None or not other._is_sure:
            return False
        second = int(message.sent_at.timestamp())
        ours, theirs = (
            [counts[2 * second + has_words] for has_words in (0, 1)]
            for counts in (self._seconds, other._seconds)
        )
        return theirs[1] <= ours[1] and sum(theirs) <= sum(ours)


class Glance:
    """Nothing around an export that is only looked into; notes whether files lie inside it that lie nowhere else."""

    def __init__(self, known: Collection[str]) -> None:
        """known: sha256 of all files of the drop."""
        self.holds_more = False
        self._known = known

    def take(self, path: str) -> Evidence | None:  # noqa: ARG002
        """None."""
        return None

    def within(self, folder: str) -> Sequence[Evidence]:  # noqa: ARG002
        """Nothing."""
        return ()

    def embed(self, name: str, data: bytes) -> str:
        """The name."""
        self.holds_more |= hashlib.sha256(data).hexdigest() not in self._known
        return name


def _size(message: Message) -> int:
    """How long a text may be that writes the message down; little for one that has no words to hide others in."""
    if not any(_words(message)):
        return _PLACEHOLDER + len(message.sender)
    quoted = f"{message.quoted.sender}{message.quoted.text}" if message.quoted else ""
    own = _PER_MESSAGE + len(message.sender) + len(message.text) + len(quoted)
    files = sum(_PER_FILE for file in message.attachments if file.name)
    return own + files + sum(map(_size, message.forwarded))


def _day(message: Message) -> str:
    return f"{message.sent_at.astimezone(SHANGHAI):%Y-%m-%d}" if message.sent_at else ""


def _words(message: Message) -> Iterator[str]:
    """What is said, without mere labels: 【红包】: says nothing."""
    quoted = message.quoted.text if message.quoted else ""
    for text in (message.text, quoted, *(file.name for file in message.attachments)):
        if _says(text):
            yield text
    for inner in message.forwarded:
        yield from _words(inner)


def _says(text: str) -> bool:
    if _DUMP.match(text):
        return _HAN.search(text) is not None
    return bool(_LABEL.sub("", text).strip(" \t\r\n:："))
