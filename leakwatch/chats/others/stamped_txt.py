"""Chats as text or Markdown in which every message begins with a line of its own: who, when, what.

Written by: many small exporters, each with one of these lines: wechat-cli, wx-cli and its window WeChatExporter,
  wechat-decrypt-export, chatlog-session, QQRootFastDecrypt, EchoTrace converters (`[time] name: text`),
  WechatExporter for iOS (`name (time):text`), wechat-dump (`type|name:time:text`); the Markdown of chatlog-session,
  wechat-decrypt-export and WeChatExporter.
Tell-tales: two such lines of one shape and a sender in Chinese; a program's log has words like INFO as its senders.
Field map: the line → sent_at, sender and the first line of the text; `A -> B` → A; `[time] text` → a system row;
  `[time] name [type]` → the text is below; `## 2024-05-01` → the day of clocks alone; `【name】(12 条消息)`,
  `联系人: name`, `# name`, `会话：name` → chat.name; `消息数量: 12` → declared; `[引用-> [time] name: text <-]`, a last
  line `↳ 回复 name: text` → quoted; `![图片](path)`, `[📎 附件: x](path)`, `- 附件：x`, `FILE:x`, `|img:x` →
  attachment.
Specimen:
  [2024-05-01 17:00:05] 王明远: 收到

Bodies hold lines of the same shape (a message pasted whole): those whose time lies before the last message's, or
behind it in a file that runs backwards, are body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise, takewhile

from leakwatch.chats.beside import Beside
from leakwatch.chats.others.stamped_bodies import taken_apart
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Opening,
    Source,
    assemble,
    head_lines,
    is_written,
    lies_between,
    mostly,
    open_lines,
    stem,
)
from leakwatch.chats.parts.kinds import kind_of_name
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.model import Chat, Conversation, Evidence, Message, MessageKind, Skipped

NAME = "stamped-txt"

_SAMPLE_LINES = 2000
_FOLLOWING = 20
_DATE = r"(?:19|20)\d\d-\d\d-\d\d"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
_STAMP = rf"(?P<time>{_DATE}[ T]{_CLOCK})"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"(?:- )?\[{_STAMP}\] (?:(?P<name>[^\n]{{0,80}}?): ?(?P<text>.*)|(?P<notice>.*))",
        rf"(?:(?P<name>[^\n]{{1,80}}?) )?\({_STAMP}\):(?P<text>.*)",
        rf"-?\d{{1,10}}\|(?P<name>[^\n|]{{1,80}}?):{_STAMP}:(?P<text>.*)",
        rf"### {_STAMP} · (?P<name>[^\n]{{1,80}})",
        rf"\*\*(?P<name>[^\n]{{1,80}}?)\*\* \*(?:{_STAMP}|(?P<clock>{_CLOCK}))\*",
        rf"\*\*(?P<name>[^\n]{{1,80}}?)\*\* (?P<clock>{_CLOCK})  (?P<text>.*)",
        rf"\[{_STAMP}\] (?P<name>[^\n:：\[\]]{{1,80}}?)(?: \[(?P<kind>[^\[\]\n]{{1,12}})\])?",
    )
)
_BARE = _SHAPES[-1]
"""Nothing marks its name as one but the text below it."""
_LONGEST = 1 << 16
_DAY = re.compile(rf"#{{1,4}} (?P<day>{_DATE})")
_SECTION = re.compile(
    r"(?:【(?P<name>[^】\n]{1,120})】\(\d{1,12} 条消息\)|## (?P<heading>(?!\d{4}-)[^\n]{1,120})|联系人: (?P<person>[^\n]{1,120}))"
)
_TITLE = re.compile(
    r"# (?:聊天记录[:：] ?)?(?P<heading>[^\n]{1,120}?)(?: 聊天记录)?|(?:聊天记录(?:导出)?(?:[:：]| -)|会话[:：]) ?(?P<name>[^\n]{1,120})"
)
_DECLARED = re.compile(r"(?:\*\*)?(?:消息(?:数量|总数)|最终保留)[:：](?:\*\*)? ?(?P<number>\d{1,12})(?: 条)?")
_RULE = re.compile(r"-{3,}|={3,}")
_HAN = re.compile("[\u3400-\u9fff]")
_LOG = re.compile(
    r"(?:\S*[.\[ ])?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE|错误|警告|异常)\]?(?: .*)?",
    re.IGNORECASE,
)
_TO = re.compile(r"(?P<from>.+?) -> .+")
_SYSTEM_SENDERS = frozenset({"", "系统", "系统消息", "[系统提示]", "[系统消息]", "未知"})
_LOSSY = ("这种文本导出不含图片和文件本身，请把媒体文件夹一并提交，或改用 JSON 格式重新导出",)


@dataclass(frozen=True, slots=True)
class _Form:
    """Which of the shapes a file has, and whether its newest message stands first."""

    shape: re.Pattern[str]
    is_backwards: bool = False


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """Two lines of one shape with a sender in Chinese, and no program's log."""
    return _form(head_lines(head)[:_SAMPLE_LINES]) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of each chat in the file, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        sample = list(takewhile(bool, (lines.peek(distance) for distance in range(_SAMPLE_LINES))))
        form = _form(sample) or _Form(_SHAPES[0])
        preamble = list(takewhile(lambda line: _found(form, line) is None, sample))
        chat = Chat(name=_named(preamble) or stem(file.name), platform="other")
        source = Source(
            format=NAME,
            chat=chat,
            encoding=encoding,
            lossy=_LOSSY,
            declared=_declared(preamble),
            finish=taken_apart,
        )
        yield from assemble(_events(lines, form), source)


def _form(sample: Sequence[str]) -> _Form | None:
    """The shape that most lines have, if they are a chat's."""
    found = max((_matches(shape, sample) for shape in _SHAPES), key=lambda found: sum(map(_has_name, found)))
    names = {match["name"] or "" for match in found}
    if found and found[0].re is _BARE and (len(names) == len(found) or not _stand_above(sample)):
        return None
    if len(found) < 2 or not any(map(_HAN.search, names)) or any(map(_LOG.fullmatch, names)):
        return None
    written = (match.groupdict().get("time") for match in found)
    times = [at for text in written if text and (at := parse_moment(text).at) is not None]
    if not times and not any(_DAY.fullmatch(line.strip()) for line in sample):
        return None
    falls = [after < before for before, after in pairwise(times) if before != after]
    return _Form(found[0].re, is_backwards=mostly(falls) and sum(falls) * 2 > len(falls))


def _has_name(found: re.Match[str]) -> bool:
    return bool(found["name"])


def _stand_above(sample: Sequence[str]) -> bool:
    """Whether there is text below most lines that are a time and a name."""
    bare = _Form(_BARE)
    below = [after for line, after in pairwise(sample) if _found(bare, line)]
    return mostly([is_written(after) and not _found(_Form(_SHAPES[0]), after) for after in below])


def _matches(shape: re.Pattern[str], sample: Sequence[str]) -> list[re.Match[str]]:
    form = _Form(shape)
    return [found for line in sample if (found := _found(form, line)) is not None]


def _found(form: _Form, line: str) -> re.Match[str] | None:
    """The parts of a line of this shape; nothing else costs more than a look at its length."""
    return form.shape.fullmatch(line.strip("\r\n\ufeff")) if len(line) < _LONGEST else form.shape.match(line)


def _named(preamble: Sequence[str]) -> str:
    titles = filter(None, (_TITLE.fullmatch(line.strip().lstrip("\ufeff")) for line in preamble))
    return next((str(title["name"] or title["heading"]).strip() for title in titles), "")


def _declared(preamble: Sequence[str]) -> int | None:
    counts = filter(None, (_DECLARED.fullmatch(line.strip()) for line in preamble))
    return next((int(count["number"]) for count in counts), None)


def _events(lines: Lines, form: _Form) -> Iterator[Event]:
    day, last, has_begun = "", None, False
    for line in lines:
        text = line.strip("\r\n\ufeff")
        if (found := _DAY.fullmatch(text)) is not None:
            day = found["day"]
        elif (section := _section(text, lines, form)) is not None:
            last = None
            yield Opening(Chat(name=section, platform="other"))
        elif (
            (found := _found(form, line)) is not None
            and (moment := _moment(found, day)).at is not None
            and _fits(moment.at, last, lines, form)
        ):
            last, has_begun = moment.at, True
            yield from _begun(found, moment)
        elif has_begun and not (_RULE.fullmatch(text) and _ends_message(lines, form)):
            yield line


def _section(text: str, lines: Lines, form: _Form) -> str | None:
    """The name of the chat that begins here: a heading with a rule, a count or a message behind it."""
    found = _SECTION.fullmatch(text) if text[:1] in "【#联" else None
    if found is None:
        return None
    following = lines.next_written().strip()
    is_opening = _RULE.fullmatch(following) or _DECLARED.fullmatch(following) or _found(form, following)
    return str(found["name"] or found["heading"] or found["person"]).strip() if is_opening else None


def _ends_message(lines: Lines, form: _Form) -> bool:
    """Whether a rule is the exporter's: the next message, chat or day follows, or nothing."""
    following = lines.next_written().strip()
    return not following or any(
        found is not None
        for found in (_found(form, following), _SECTION.fullmatch(following), _DAY.fullmatch(following))
    )


def _moment(found: re.Match[str], day: str) -> Moment:
    parts = found.groupdict()
    return parse_moment(parts.get("time") or f"{day} {parts['clock']}")


def _fits(at: datetime, last: datetime | None, lines: Lines, form: _Form) -> bool:
    """Whether a time goes on where the last message was, or a further export begins here that stands behind."""
    if _is_next(at, last, form):
        return True
    following = (_found(form, line) for line in lines.written_ahead())
    times = (_moment(found, "").at for found in following if found is not None)
    return mostly([not _is_next(one, last, form) for one in islice(filter(None, times), _FOLLOWING)])


def _is_next(at: datetime, last: datetime | None, form: _Form) -> bool:
    return lies_between(None, at, last) if form.is_backwards else lies_between(last, at, None)


def _begun(found: re.Match[str], moment: Moment) -> tuple[Header, str]:
    """The header that a line is, and the first line of its text."""
    parts = found.groupdict()
    name, text = (parts["name"] or "").strip(), parts.get("text") or parts.get("notice") or ""
    header = _of(name, moment)
    is_system = kind_of_name(parts.get("kind") or "") is MessageKind.SYSTEM
    return (Header("", moment, kind=MessageKind.SYSTEM) if is_system else header), f"{text}\n"


def _of(name: str, moment: Moment) -> Header:
    if name in _SYSTEM_SENDERS or name.endswith("@chatroom"):
        return Header("", moment, kind=MessageKind.SYSTEM)
    sent = _TO.fullmatch(name)
    return Header(sent["from"] if sent else name, moment)
