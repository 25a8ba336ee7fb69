"""Chats as text or Markdown in which every message begins with a line of its own: who, when, what.

Written by: many small exporters, each with one of these lines: wechat-cli, wx-cli and its window WeChatExporter,
  wechat-decrypt-export, chatlog-session, QQRootFastDecrypt, EchoTrace converters (`[time] name: text`),
  WechatExporter for iOS (`name (time):text`), wechat-dump (`type|name:time:text`); the Markdown of chatlog-session,
  wechat-decrypt-export and WeChatExporter.
Tell-tales: two such lines of one shape and a sender in Chinese; a program's log has words like INFO as its senders.
Field map: the line → sent_at, sender and the first line of the text; `A -> B` → A; `[time] text` → a system row;
  `## 2024-05-01` → the day of clocks alone; `【name】(12 条消息)`, `# name` → chat.name; `消息数量: 12` → declared;
  `[引用-> [time] name: text <-]`, a last line `↳ 回复 name: text` → quoted; `![图片](path)`, `[📎 附件: x](path)`,
  `- 附件：x`, `FILE:x`, `|img:x` → attachment.
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

from msgspec import structs

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Opening,
    Source,
    assemble,
    head_lines,
    lies_between,
    mostly,
    open_lines,
    stem,
)
from leakwatch.chats.parts.kinds import is_recall, kind_of_file
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Quote,
    Skipped,
)

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
    )
)
_LONGEST = 1 << 16
_DAY = re.compile(rf"#{{1,4}} (?P<day>{_DATE})")
_SECTION = re.compile(
    r"【(?P<name>[^】\n]{1,120})】\(\d{1,12} 条消息\)|## (?P<heading>(?!\d{4}-)[^\n]{1,120})"
)
_TITLE = re.compile(
    r"# (?:聊天记录[:：] ?)?(?P<heading>[^\n]{1,120}?)(?: 聊天记录)?|聊天记录[:：] ?(?P<name>[^\n]{1,120})"
)
_DECLARED = re.compile(r"(?:\*\*)?消息(?:数量|总数)[:：](?:\*\*)? ?(?P<number>\d{1,12})(?: 条)?")
_RULE = re.compile(r"-{3,}|={3,}")
_HAN = re.compile("[\u3400-\u9fff]")
_LOG = re.compile(
    r"(?:\S*[.\[ ])?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE)\]?(?: .*)?",
    re.IGNORECASE,
)
_TO = re.compile(r"(?P<from>.+?) -> .+")
_SYSTEM_SENDERS = frozenset({"", "系统", "系统消息", "[系统提示]", "[系统消息]", "未知"})
_SYSTEM_TEXT = re.compile(r"\[系统(?:消息|提示)?(?:[:：] ?(?P<inside>.*)\]|\] ?(?P<behind>.*))", re.DOTALL)
_QUOTES = (
    re.compile(
        r"\[引用-> \[[^\]\n]*\] (?P<sender>[^:\n]{1,80}): (?P<quoted>.*?) <-\] ?(?P<reply>.*)", re.DOTALL
    ),
    re.compile(r"(?P<reply>.*)\n[ \t]*↳ 回复 (?P<sender>[^:\n]{1,80}): (?P<quoted>.*)", re.DOTALL),
)
_LINK = re.compile(
    r"(?P<picture>!)?\[(?P<label>[^\]\n]{0,200})\]\((?P<path>[^()\s]{1,400}(?:\([^()\s]*\)[^()\s]*)?)\)"
)
_NAMED_LINK = re.compile(r"📎 附件: ?(?P<name>.+)")
_LISTED = re.compile(r"\n?- 附件：`(?P<name>[^`\n]{1,200})`")
_DUMPED = re.compile(r"(?P<text>.*?)(?:\|img:(?P<picture>[^\n|]*)|\AFILE:(?P<file>[^\n]+))", re.DOTALL)
"""What wechat-dump writes of a picture and of a file."""
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
            finish=_taken_apart,
        )
        yield from assemble(_events(lines, form), source)


def _form(sample: Sequence[str]) -> _Form | None:
    """The shape that most lines have, if they are a chat's."""
    found = max((_matches(shape, sample) for shape in _SHAPES), key=len)
    names = {match["name"] or "" for match in found}
    if len(found) < 2 or not any(map(_HAN.search, names)) or any(map(_LOG.fullmatch, names)):
        return None
    written = (match.groupdict().get("time") for match in found)
    times = [at for text in written if text and (at := parse_moment(text).at) is not None]
    if not times and not any(_DAY.fullmatch(line.strip()) for line in sample):
        return None
    falls = [after < before for before, after in pairwise(times) if before != after]
    return _Form(found[0].re, is_backwards=mostly(falls) and sum(falls) * 2 > len(falls))


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
    found = _SECTION.fullmatch(text) if text[:1] in "【#" else None
    if found is None:
        return None
    following = lines.next_written().strip()
    is_opening = _RULE.fullmatch(following) or _DECLARED.fullmatch(following) or _found(form, following)
    return str(found["name"] or found["heading"]).strip() if is_opening else None


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
    return _of(name, moment), f"{text}\n"


def _of(name: str, moment: Moment) -> Header:
    if name in _SYSTEM_SENDERS or name.endswith("@chatroom"):
        return Header("", moment, kind=MessageKind.SYSTEM)
    sent = _TO.fullmatch(name)
    return Header(sent["from"] if sent else name, moment)


def _taken_apart(message: Message) -> Message:
    """The message with its quote and its files apart."""
    if (notice := _SYSTEM_TEXT.fullmatch(message.text)) is not None:
        text = notice["inside"] or notice["behind"] or ""
        message = structs.replace(message, sender="", text=text, kind=MessageKind.SYSTEM)
    if message.kind in (MessageKind.SYSTEM, MessageKind.RECALL):
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
        return structs.replace(message, kind=kind, recalled=is_recalled)
    quoted = next(filter(None, (shape.fullmatch(message.text) for shape in _QUOTES)), None)
    if quoted is not None:
        message = structs.replace(
            message,
            kind=MessageKind.QUOTE,
            text=quoted["reply"].strip(),
            quoted=Quote(sender=quoted["sender"], text=quoted["quoted"].strip()),
        )
    return _with_files(message)


def _with_files(message: Message) -> Message:
    """The message with the files that its text links to or lists."""
    if (dumped := _DUMPED.fullmatch(message.text)) is not None:
        file = (
            _file(dumped["file"], dumped["file"]) if dumped["file"] else Attachment(kind=AttachmentKind.IMAGE)
        )
        return structs.replace(
            message, text=dumped["text"], kind=MessageKind(file.kind.value), attachments=(file,)
        )
    links = [
        found
        for found in _LINK.finditer(message.text)
        if found["picture"] or _NAMED_LINK.fullmatch(found["label"])
    ]
    listed = list(_LISTED.finditer(message.text))
    if not links and not listed:
        return message
    files = [*map(_linked, links), *(_file(found["name"], found["name"]) for found in listed)]
    text = message.text
    for found in (*links, *listed):
        text = text.replace(found.group(), "")
    text = text.strip()
    is_alone = len(files) == 1 and (not text or bool(message.attachments))
    kind = MessageKind(files[0].kind.value) if is_alone and message.kind is MessageKind.TEXT else message.kind
    return structs.replace(message, text=text, kind=kind, attachments=tuple(files))


def _linked(found: re.Match[str]) -> Attachment:
    named = _NAMED_LINK.fullmatch(found["label"])
    file = _file(named["name"] if named else found["path"].rsplit("/", 1)[-1], found["path"])
    return structs.replace(file, kind=AttachmentKind.IMAGE) if found["picture"] else file


def _file(name: str, path: str) -> Attachment:
    is_link = path.startswith(("http://", "https://"))
    return Attachment(kind=kind_of_file(name), name=name, path=path, remote=is_link)
