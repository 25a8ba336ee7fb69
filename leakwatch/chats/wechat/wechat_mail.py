"""WeChat's own text: chat history sent by e-mail, and what a copy of several messages pastes.

Written by: the WeChat client ("e-mail chat history", multi-select copy), and by users' hand edits of it.
Tell-tales: `微信群"…"的聊天记录如下:`, `A 和 B 在微信上的聊天记录如下，请查收。`, day rules
`—————  2026-04-06  —————`, sender lines `name  HH:MM`; copied: `name  YYYY/M/D HH:MM` or `name:` blocks.
Fields: chat = the first line; sent_at = day rule + sender line (minutes); sender = rest of the sender line;
attachments = `[图片: <md5>.jpg(请在附件中查看)]`, `[文件: …]`, old `图片1（可在附件中查看）`.
Specimen (some clients write no empty line after the sender line, one blank in it, or no empty lines at all):

    微信群"云岭区工作群"的聊天记录如下:

    —————  2026-04-06  —————

    王明远  16:21

    [图片: 8b0a….jpg(请在附件中查看)]

A body may hold `李婷  16:30` itself, so a sender line must also lie as the others of its file do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Opening,
    Source,
    assemble,
    day_rule,
    head_lines,
    is_written,
    mostly,
    open_lines,
    stem,
)
from leakwatch.chats.parts.colon_blocks import colon_events, is_colon_form
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.placeholders import notice_kind
from leakwatch.model import Chat, Conversation, Evidence, Message, MessageKind, Precision, Skipped

NAME = "wechat-mail"

_SAMPLE_LINES = 2000
_RUN_LINES = 20
_GROUP = "微信群"
_LOSSY = ("微信文字聊天记录只精确到分钟，图片和文件不在正文中，请将邮件附件一并提交",)

_INTRO = re.compile(
    r"""微信群[组組聊]?\s*[“"「](?P<group>.+)[”"」]\s*的(?:微信)?聊天[记記][录錄]如下.{0,12}
    |[“"「](?P<one>.+?)[”"」]\s*和\s*[“"「](?P<two>.+?)[”"」]\s*(?:在微信上)?的聊天[记記][录錄]如下.{0,12}
    |(?P<room>.{1,120}?)\s*微信群(?:上)?的聊天[记記][录錄]如下.{0,12}
    |(?P<pair>.{1,120}?)\s*在微信(?:群)?上?的聊天[记記][录錄]如下.{0,12}
    |[“"「](?P<chat>.+)[”"」]\s*的聊天[记記][录錄]如下.{0,12}
    |(?:(?:here|this|below|following)\s+is\s+)?(?:the\s+)?(?:wechat\s+)?chat\s+history\s+
     (?:between|in|of|from|for|with)\s+(?P<english>.+?)
     (?:\s+(?:on|in)\s+(?:wechat|weixin))?(?:\s+(?:is\s+|are\s+)?(?:as\s+follows|below))?\s*[.:：,，。]*""",
    re.VERBOSE | re.IGNORECASE,
)
_INTRO_WORD = re.compile(r"聊天[记記][录錄]|chat\s+history", re.IGNORECASE)
_DATE = r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?"
_CLOCK = r"(?:(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|[AP]M)\s?)?(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d)?(?:\s?[AP]M)?"
_SENDER = re.compile(
    rf"(?P<name>\S(?:.{{0,98}}?[^\s:：=])??)(?P<gap>\s+)(?:(?P<day>{_DATE})\s+)?(?P<clock>{_CLOCK})",
    re.IGNORECASE,
)
_INNER_QUOTES = {ord(mark): None for mark in '“”"「」'}
_SENTENCE = re.compile(r"[，。！？；：,!?;]")
_BOILERPLATE = re.compile(r"Dear\s?[:：,，]?|发自我的\s?\S.{0,30}|[Ss]ent from my \S.{0,30}")
_FOREIGN = re.compile(
    r"消息记录[（(]此消息记录|\[QQChatExporter|\[?\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}|<!?[A-Za-z]|\{\s*[\"\\]"
    r"|\[\s*\{|MIME-Version:|Content-Transfer-Encoding:|.{1,60}\(\w+\)\t\d{4}-",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _SenderLine:
    name: str
    gap: int
    day: str
    clock: str

    def moment(self, day: str) -> Moment:
        return parse_moment(f"{self.day or day} {self.clock}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How the sender lines of one file lie; learnt from those that follow a day rule."""

    gap: int
    blank_before: bool
    blank_after: bool


@dataclass(slots=True)
class _State:
    """What has been read of the current chat."""

    day: str = ""
    is_introduced: bool = False
    follows_rule: bool = True
    has_body: bool = False
    last: Moment = field(default_factory=Moment)
    senders: set[str] = field(default_factory=set)

    @property
    def has_begun(self) -> bool:
        return self.is_introduced or bool(self.senders)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """A first line or a day rule with sender lines after it, or two lines of a copy form."""
    sample = head_lines(head)[:_SAMPLE_LINES]
    written = [line.strip() for line in sample if is_written(line)]
    before = list(takewhile(lambda text: not _starts_mail(text), written))
    senders = _senders(sample)
    if len(before) < len(written):
        is_foreign = len(before) > 60 or any(_FOREIGN.match(text) for text in before)
        is_foreign |= any(text.startswith("Exported on ") for text in written[1:2])  # MemoTrace's
        is_minute = any(sender.moment.precision is Precision.MINUTE for sender in senders[:3])
        return not is_foreign and bool(senders) and (is_minute or _chat_name(sample) != "")
    if len(senders) < 2:
        return is_colon_form(sample)
    return _is_copy(sample, written, senders)


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """All messages of each chat history in the file, then its conversation."""
    with open_lines(file.path) as (lines, encoding):
        sample = list(takewhile(bool, (lines.peek(distance) for distance in range(_SAMPLE_LINES))))
        is_group = any(line.strip().startswith(_GROUP) for line in sample) or None
        chat = Chat(name=_chat_name(sample) or stem(file.name), platform="wechat", is_group=is_group)
        source = Source(format=NAME, chat=chat, encoding=encoding, lossy=_LOSSY)
        has_no_times = not _senders(sample) and is_colon_form(sample)
        yield from assemble(colon_events(lines) if has_no_times else _sender_events(lines, sample), source)


def _is_copy(sample: Sequence[str], written: Sequence[str], senders: Sequence[Header]) -> bool:
    """Copied messages rather than a list of names and times, a log, or another client's copy (seconds)."""
    shaped = [_sender_line(text) is not None for text in written]
    with_body = sum(one and not following for one, following in pairwise(shaped))
    is_wide = _learn(sample).gap >= 2
    is_chat = any(shaped[:6]) and with_body * 2 >= sum(shaped)
    is_wechat = is_wide or senders[0].moment.precision is Precision.MINUTE
    paragraphs = sum(is_written(line) and not is_written(before) for before, line in pairwise(["", *sample]))
    is_dense = is_wide or len(senders) * 2 >= paragraphs
    foreign = sum(_FOREIGN.match(text) is not None for text in written)
    return is_chat and is_wechat and is_dense and foreign < len(senders)


def _senders(sample: Sequence[str]) -> list[Header]:
    events = _sender_events(Lines(sample), sample)
    return [event for event in events if isinstance(event, Header) and event.kind is None]


def _sender_events(lines: Lines, sample: Sequence[str]) -> Iterator[Event]:
    layout, state = _learn(sample), _State()
    for line in lines:
        text = line.strip()
        if not text:
            yield line
        elif (chat := _introduced(text)) and (not state.has_begun or _opens(lines)):
            if state.has_begun:
                yield Opening(
                    Chat(name=chat, platform="wechat", is_group=text.strip().startswith(_GROUP) or None)
                )
            state = _State(is_introduced=True)
        elif (day := day_rule(text)) and _opens(lines):
            state.day, state.follows_rule = day, True
        elif (header := _header(text, lines, layout, state)) is not None:
            state.last, state.follows_rule, state.has_body = header.moment, False, False
            state.senders.add(header.sender)
            yield header
        elif not (_BOILERPLATE.fullmatch(text) and _is_at_edge(lines)):
            if (kind := _notice(text, lines, state)) is not None:
                yield Header("", kind=kind)
            state.has_body, state.follows_rule = True, False
            yield line


def _header(text: str, lines: Lines, layout: _Layout, state: _State) -> Header | None:
    """The header that a line is, if it has the shape, lies as the others do and fits in time."""
    found = _sender_line(text)
    if found is None or found.gap < layout.gap or not (found.day or state.day or state.is_introduced):
        return None
    is_known = found.name in state.senders
    if layout.gap == 1 and not is_known and (_SENTENCE.search(found.name) or len(found.name) > 40):
        return None
    follows_text = is_written(lines.previous) and not state.follows_rule
    if layout.blank_before and follows_text:
        return None
    if is_written(lines.peek(0)) if layout.blank_after else not (is_known or _has_body_line(lines)):
        return None
    moment = found.moment(state.day)
    if moment.precision is Precision.NONE or not _fits(moment, lines, state, is_known):
        return None
    return Header(found.name, moment)


def _fits(moment: Moment, lines: Lines, state: _State, is_known: bool) -> bool:
    """Whether the time contradicts neither the last message nor the sender lines that follow at once.

    A duty roster in a body is a run of sender lines that ends at a real one, which lies before them.
    """
    if moment.at is None:
        return True
    for text in islice(lines.written_ahead(), _RUN_LINES):
        following = _sender_line(text.strip())
        if following is None:
            break
        at = following.moment(state.day).at
        if at is not None and at < moment.at:
            return False
    return is_known or state.last.at is None or state.last.at <= moment.at


def _has_body_line(lines: Lines) -> bool:
    """In a layout without empty lines after sender lines a new sender is believed with a body only."""
    line = lines.peek(0)
    return not line or is_written(line)


def _notice(text: str, lines: Lines, state: _State) -> MessageKind | None:
    """A recall or membership notice that stands for itself: without sender line, after a finished body."""
    if is_written(lines.previous) or not (state.has_body or state.follows_rule) or is_written(lines.peek(0)):
        return None
    return notice_kind(text)


def _opens(lines: Lines) -> bool:
    """Whether what comes next is of the client's making: a rule, a sender line, a notice or the end."""
    following = lines.next_written().strip()
    return not following or bool(
        day_rule(following) or _sender_line(following) or _introduced(following) or notice_kind(following)
    )


def _is_at_edge(lines: Lines) -> bool:
    """Whether the client's greeting or signature can stand here: before a first line or at the end."""
    following = lines.next_written().strip()
    return not is_written(lines.previous) and (not following or bool(_introduced(following)))


def _learn(sample: Sequence[str]) -> _Layout:
    """The layout by majority; lines right after a day rule or first line are sender lines for sure."""
    sure: list[tuple[_SenderLine, bool, bool]] = []
    other: list[tuple[_SenderLine, bool, bool]] = []
    follows_rule = False
    for number, line in enumerate(sample):
        text = line.strip()
        if not text:
            continue
        if (found := _sender_line(text)) is not None:
            before = number == 0 or not is_written(sample[number - 1])
            after = number + 1 < len(sample) and not is_written(sample[number + 1])
            (sure if follows_rule else other).append((found, before, after))
        follows_rule = _starts_mail(text)
    votes = sure or [vote for vote in other if vote[0].day and vote[1]] or other
    gap = 2 if mostly([found.gap >= 2 for found, _, _ in votes]) else 1
    after = mostly([after for _, _, after in votes])
    before = mostly([before for found, before, _ in other if found.gap >= gap] or [True])
    return _Layout(gap=gap, blank_before=before or after, blank_after=after)


def _sender_line(text: str) -> _SenderLine | None:
    if len(text) > 160 or not text or text[-1] not in "0123456789Mm":
        return None
    found = _SENDER.fullmatch(text)
    if found is None:
        return None
    gap = 2 if "\t" in found["gap"] or "\u3000" in found["gap"] else len(found["gap"])
    return _SenderLine(found["name"], gap, found["day"] or "", found["clock"])


def _introduced(text: str) -> str:
    """The name of the chat that a first line announces, "" if it is none."""
    if len(text) > 400 or not _INTRO_WORD.search(text) or (found := _INTRO.fullmatch(text)) is None:
        return ""
    if found["one"]:
        return f"{found['one']} 和 {found['two']}".translate(_INNER_QUOTES)
    return str(found["group"] or found["room"] or found["pair"] or found["chat"] or found["english"]).strip(
        '“”"「」'
    )


def _chat_name(sample: Sequence[str]) -> str:
    """What the first line says, "" if messages come before any."""
    preamble = takewhile(lambda text: _sender_line(text) is None, (line.strip() for line in sample))
    return next(filter(None, map(_introduced, preamble)), "")


def _starts_mail(text: str) -> bool:
    return bool(day_rule(text) or _introduced(text))
