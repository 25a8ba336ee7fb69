"""What LINE on a PC or Mac saves as text; part of the line-txt reader.

No title: the first line is a day (`2024.05.01 星期三`), then `17:00 王明远 收到`, all apart by one blank, so a name
is known only by its being said again and again; until then it stays in the text too: what only looks like a name may
be a mark. A text of several lines stands in quotes; a picture or file is a bare word (`圖片`, `Photos`),
`甲已加入群組。` has no name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate

from msgspec.structs import replace

from leakwatch.chats.parts.blocks import Event, Header, Lines, is_written, lies_between
from leakwatch.chats.parts.kinds import attachment_kind, is_recall, kind_of_name
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.model import Attachment, Message, MessageKind

_DAY = re.compile(
    r"(?P<day>\d{4}\.\d{1,2}\.\d{1,2}) (?:星期[一二三四五六日天]|[月火水木金土日]曜日|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
)
_ROW = re.compile(r"(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d(?: [AP]M)?) (?P<rest>\S.*)", re.DOTALL)
_FEWEST_ROWS = 2
_MOST_WORDS = 5
"""Of a name."""
_FEWEST_SAYINGS = 3
_MOST_QUOTED_LINES = 400
_LONGEST_WORD = 20
_MEDIA = {
    "Photos": MessageKind.IMAGE,
    "Stickers": MessageKind.STICKER,
    "Videos": MessageKind.VIDEO,
    "Files": MessageKind.FILE,
    "語音訊息": MessageKind.VOICE,
    "Voice message": MessageKind.VOICE,
}
_UNSENT = re.compile(r"收回訊息|unsent a message|メッセージの送信を取り消しました", re.IGNORECASE)


def is_desktop(sample: Sequence[str]) -> bool:
    """A day as the first line, rows right behind it, and somebody who speaks twice."""
    written = [line.strip("\ufeff \r\n") for line in sample if is_written(line)]
    if len(written) < 1 + _FEWEST_ROWS or not (day_of(written[0]) and _ROW.fullmatch(written[1])):
        return False
    return max(_names(written).values(), default=0) >= _FEWEST_ROWS


def day_of(line: str) -> str:
    """The day that a line is, "" if it is none."""
    found = _DAY.fullmatch(line.strip("\ufeff \r\n"))
    return found["day"] if found and parse_moment(found["day"]).at is not None else ""


def desktop_events(lines: Lines, sample: Sequence[str]) -> Iterator[Event]:
    """Headers and bodies; what lies between quotes is no header."""
    names = _names(sample)
    day, quoted = "", 0
    last: datetime | None = None
    for line in lines:
        if quoted:
            quoted -= 1
            yield line
            continue
        if new := day_of(line):
            day, last = new, None
            continue
        found = _ROW.fullmatch(line)
        header = _header(found, day, names) if found else None
        if found is None or header is None or not _fits(header, last, _next_at(lines, day, names), names):
            yield line
            continue
        last = header.moment.at
        is_sure = names.get(header.sender, 0) >= _FEWEST_SAYINGS and "密" not in header.sender
        text = found["rest"].removeprefix(f"{header.sender} ") if is_sure else found["rest"]
        quoted = _quoted_lines(text, lines)
        yield header
        yield text


def with_media(message: Message) -> Message:
    """The message with the file that its only word stands for."""
    if len(message.text) > _LONGEST_WORD:
        return message
    kind = _MEDIA.get(message.text) or kind_of_name(message.text)
    sort = attachment_kind(kind)
    if sort is None or message.attachments or message.kind is not MessageKind.TEXT:
        return message
    return replace(message, kind=kind, attachments=(Attachment(kind=sort),))


def _names(sample: Sequence[str]) -> Mapping[str, int]:
    """How often each beginning of a row is said: names, and names with the words that always follow them."""
    rows = (found["rest"].split() for line in sample if (found := _ROW.fullmatch(line)))
    return Counter(
        beginning for words in rows for beginning in accumulate(words[:_MOST_WORDS], lambda a, b: f"{a} {b}")
    )


def _header(row: re.Match[str], day: str, names: Mapping[str, int]) -> Header | None:
    moment = parse_moment(f"{day} {row['clock']}".strip())
    words = row["rest"].split()
    is_unsent = len(row["rest"]) < 80 and (_UNSENT.search(row["rest"]) or is_recall(row["rest"]))
    if is_unsent or len(words) < 2:
        return Header("", moment, kind=MessageKind.RECALL if is_unsent else MessageKind.SYSTEM)
    name = words[0]
    for longer in accumulate(words[1 : _MOST_WORDS - 1], lambda a, b: f"{a} {b}", initial=name):
        always = names.get(longer, 0) >= max(_FEWEST_SAYINGS, 0.9 * names.get(name, 0))
        if longer == name or not always or longer == row["rest"].strip():
            continue
        name = longer
    return Header(name, moment)


def _fits(header: Header, last: datetime | None, after: datetime | None, names: Mapping[str, int]) -> bool:
    """Whether its time lies between its neighbours', or somebody of that name speaks more than once."""
    at = header.moment.at
    return at is None or names.get(header.sender, 0) > 1 or lies_between(last, at, after)


def _next_at(lines: Lines, day: str, names: Mapping[str, int]) -> datetime | None:
    """The time of a row that follows at once, of somebody who speaks more than once."""
    found = _ROW.fullmatch(lines.peek(0))
    header = _header(found, day, names) if found else None
    return header.moment.at if header is not None and names.get(header.sender, 0) > 1 else None


def _quoted_lines(text: str, lines: Lines) -> int:
    """How many of the lines ahead belong to a text that opens with a quote; 0 if nobody closes it."""
    if not (text.startswith('"') or ' "' in text) or text.count('"') % 2 == 0:
        return 0
    for distance in range(_MOST_QUOTED_LINES):
        line = lines.peek(distance)
        if not line or day_of(line):
            return 0
        if line.count('"') % 2:
            return distance + 1 if line.rstrip().endswith('"') else 0
    return 0
