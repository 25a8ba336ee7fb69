"""What a copy of messages from QQ, TIM or the phone pastes; part of the qq-txt reader.

Headers: `【管理员】王明远 5/6/2024 9:05:00 AM`, `王明远 2024/5/6 9:05:00`, `王明远(10001) 上午 9:05:00`,
`王明远 9:05:00 AM` (today's messages: no date, and none is made up), phone: `王明远  09:05:00 `.
Days: `— —  2024-5-6  — —` (phone), or a line of a blank and the date. Between the messages:
`你撤回了一条消息[ 重新编辑]`, `8:35:36 PM你撤回了一条消息`, `刘洋加入本群。`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from leakwatch.chats.parts.blocks import Event, Header, Lines, day_rule, is_written, lies_between, mostly
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.parts.placeholders import notice_kind
from leakwatch.chats.qq.qq_names import CLOCK, header_of, is_numbered

_DATE = r"(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}/\d{4})"
_COPIED = re.compile(
    rf"(?P<who>\S(?:.{{0,98}}?[^\s:：=])??)(?P<gap>\s+)(?:(?P<day>{_DATE})\s+)?(?P<clock>{CLOCK})"
)
_CLOCK_AND_NOTICE = re.compile(rf"(?P<clock>{CLOCK})\s*(?P<notice>\D.*)")
_BARE_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_DATE_AT_END = re.compile(rf".*{_DATE}")
# chatlog and WeLink write `name(wxid_…) time` and `name(x0012…) time`.
_FOREIGN = re.compile(r".*\((?:[A-Za-z_][\w-]{3,}|\w+@chatroom)\)")
_TITLED = re.compile(r"【[^】]{1,30}】\S")
_NEAR_TOP = 12


@dataclass(slots=True)
class _State:
    day: str = ""
    last_at: datetime | None = None
    follows_rule: bool = True
    has_body: bool = False
    names: set[str] = field(default_factory=set)


def is_copy(sample: Sequence[str]) -> bool:
    """Two headers that say more than a clock, near the top, with bodies, and hardly any of another format."""
    written = [line.strip() for line in sample if is_written(line)]
    found = [match for text in written if (match := copied(text))]
    has_days = any(day_rule(text) for text in written)
    strong = [match for match in found if has_days or _is_strong(match)]
    # Two blanks before a full date are WeChat's copy form.
    wechat = sum(bool(match["day"]) and len(match["gap"]) > 1 for match in found)
    foreign = wechat + sum(_FOREIGN.fullmatch(match["who"]) is not None for match in found)
    shaped = [copied(text) is not None for text in written]
    with_body = sum(one and not following for one, following in pairwise(shaped))
    is_near_top = any(shaped[:_NEAR_TOP])
    is_list = 2 * with_body < len(found)
    return is_near_top and not is_list and len(strong) >= 2 and 2 * foreign < len(strong)


def copied(text: str) -> re.Match[str] | None:
    """The parts of a stripped line that has the shape of a copied header."""
    if not text or len(text) > 160 or text[-1] not in "0123456789Mm.午":
        return None
    found = _COPIED.fullmatch(text)
    if found is None or (not found["day"] and _DATE_AT_END.fullmatch(found["who"])):
        return None
    return found


def copy_events(lines: Lines, sample: Sequence[str]) -> Iterator[Event]:
    """Headers, notices and bodies of pasted messages."""
    is_spaced = mostly([not is_written(before) for before, line in pairwise(sample) if copied(line.strip())])
    state = _State()
    for line in lines:
        text = line.strip()
        if not text:
            yield line
        elif (day := _day(text)) and _continues(lines):
            state.day, state.follows_rule = day, True
        elif (header := _header(text, lines, state, is_spaced)) is not None:
            state.follows_rule = state.has_body = False
            yield header
        else:
            if (notice := _notice(text, lines, state)) is not None:
                yield notice
            state.follows_rule, state.has_body = False, True
            yield line


def _is_strong(match: re.Match[str]) -> bool:
    """A date, a number, a title or a half of the day: more than `started 10:00:00` says."""
    clock = match["clock"]
    is_marked = match["day"] or is_numbered(match["who"]) or _TITLED.match(match["who"])
    return bool(is_marked) or not (clock[0].isdigit() and clock[-1].isdigit())


def _header(text: str, lines: Lines, state: _State, is_spaced: bool) -> Header | None:
    found = copied(text)
    if found is None or (is_spaced and is_written(lines.previous) and not state.follows_rule):
        return None
    header = header_of(found["who"], f"{found['day'] or state.day} {found['clock']}")
    at = header.moment.at
    is_known = header.sender_id is not None or header.sender in state.names
    if at and not is_known and not lies_between(state.last_at, at, _next_at(lines, state.day)):
        return None
    state.names.add(header.sender)
    state.last_at = at or state.last_at
    return header


def _next_at(lines: Lines, day: str) -> datetime | None:
    """The time of a header that follows at once, as one does after a look-alike at the end of a body."""
    found = copied(lines.next_written().strip())
    return parse_moment(f"{found['day'] or day} {found['clock']}").at if found else None


def _notice(text: str, lines: Lines, state: _State) -> Header | None:
    """A recall or membership notice between the messages, with or without a clock in front."""
    timed = _CLOCK_AND_NOTICE.fullmatch(text)
    if timed and (kind := notice_kind(timed["notice"])) is not None:
        return Header("", parse_moment(f"{state.day} {timed['clock']}"), kind=kind)
    is_alone = not is_written(lines.previous) and not is_written(lines.peek(0))
    kind = notice_kind(text) if is_alone and state.has_body else None
    return Header("", kind=kind) if kind is not None else None


def _day(text: str) -> str:
    return day_rule(text) or (text if _BARE_DAY.fullmatch(text) else "")


def _continues(lines: Lines) -> bool:
    following = lines.next_written().strip()
    return (
        not following or copied(following) is not None or _CLOCK_AND_NOTICE.fullmatch(following) is not None
    )
