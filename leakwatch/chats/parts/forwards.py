"""Merged forwards: what exporters make of the messages inside one message → nested `Message`s.

WeFlow     `[转发的聊天记录]title`, then `name: text`, two blanks more a level
MemoTrace  `【合并转发的聊天记录】`, then `    - time name: text`, four blanks a level
chatlog    `[合并转发|title]`, then `  name 05-01 15:00` and the text on lines of their own
CipherTalk lines `1. [name] time 文本: text`, no levels
WeChat     recorditem XML and PyWxDump's dicts: datalist of sourcename, sourcetime, datadesc, datatitle
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from leakwatch.chats.parts.kinds import attach, kind_of_text
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.placeholders import attachments_of
from leakwatch.model import Message, MessageKind

_DEEPEST = 8
_UNKNOWN = Moment()
_HEAD = re.compile(r"\s*[\[【](?:转发的聊天记录|合并转发的聊天记录|合并转发|聊天记录)(?:[\]】]|\|)")
_CLOCK = r"(?:\d{4}-)?(?:\d{1,2}-\d{1,2} )?\d{1,2}:\d{2}(?::\d{2})?"
_MEMOTRACE = re.compile(
    r"(?P<indent> *)- (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<name>.{0,64}?): ?(?P<text>.*)"
)
_CHATLOG = re.compile(rf"(?P<indent>  +)(?P<name>\S.{{0,64}}?) (?P<time>{_CLOCK})(?P<text>)")
_WEFLOW = re.compile(r"(?P<indent>(?:  )*)(?P<time>)(?P<name>[^\s:][^:\n]{0,63}): (?P<text>.*)")
_CIPHERTALK = re.compile(
    r"(?P<indent>)\d{1,5}\. \[(?P<name>[^\n]{0,64}?)\] (?P<time>[\d: /-]{0,20}) \S{1,4}: (?P<text>.*)"
)
_STYLES = ((_MEMOTRACE, 4), (_CHATLOG, 2), (_WEFLOW, 2))


class Inner(Struct, frozen=True, kw_only=True):
    """One message of a forward; those of a forward inside it follow with a higher level."""

    level: int
    sender: str
    text: str
    moment: Moment = _UNKNOWN


def split_forward(content: str) -> tuple[str, tuple[Inner, ...]]:
    """The text outside and the messages inside; all outside if the lines cannot be told apart."""
    if not _HEAD.match(content):
        return content, ()
    head, _, body = content.partition("\n")
    lines = body.split("\n")
    first = next((line for line in lines if line.strip()), "")
    for style, unit in _STYLES:
        if style.fullmatch(first):
            return head, tuple(_inner(lines, style, unit))
    return content, ()


def split_list(text: str) -> tuple[Inner, ...]:
    """The messages of a numbered list; empty if it is none."""
    lines = text.split("\n")
    return tuple(_inner(lines, _CIPHERTALK, 2)) if _CIPHERTALK.fullmatch(lines[0]) else ()


def from_datalist(items: object, level: int = 0) -> Iterator[Inner]:
    """The messages of a `datalist` of dicts, nested ones behind the item that holds them."""
    if isinstance(items, Mapping):
        items = items.get("dataitem") or items.get("datalist") or [items]
    if not isinstance(items, Sequence) or isinstance(items, str) or level > _DEEPEST:
        return
    for item in items:
        if not isinstance(item, Mapping):
            yield Inner(level=level, sender="", text=str(item))
            continue
        title, description = (str(item.get(key) or "") for key in ("datatitle", "datadesc"))
        text = "\n".join(filter(None, (title, description if description != title else "")))
        yield Inner(
            level=level,
            sender=str(item.get("sourcename") or ""),
            text=_labelled(str(item.get("datatype") or item.get("@datatype") or ""), text),
            moment=parse_moment(str(item.get("sourcetime") or "")),
        )
        nested = item.get("datalist") or item.get("recordxml") or item.get("recordinfo")
        yield from from_datalist(nested.get("datalist") if isinstance(nested, Mapping) else nested, level + 1)


def nest(inner: Sequence[Inner], outer: Message) -> tuple[Message, ...]:
    """The forwarded messages of `outer`, each holding those of its own forward."""
    found = []
    at = 0
    while at < len(inner):
        end = at + 1
        while end < len(inner) and inner[end].level > inner[at].level:
            end += 1
        found.append(_message(inner[at], inner[at + 1 : end], outer))
        at = end
    return tuple(found)


def _message(item: Inner, below: Sequence[Inner], outer: Message) -> Message:
    kind = MessageKind.FORWARD if below or _HEAD.match(item.text) else kind_of_text(item.text)
    text, attachments = attach(kind, item.text)
    attachments += attachments_of(text)
    message = Message(
        chat=outer.chat,
        number=outer.number,
        sender=item.sender,
        text=text,
        kind=kind,
        sent_at=item.moment.at,
        precision=item.moment.precision,
        zone_assumed=item.moment.zone_assumed,
        attachments=attachments,
        summary_only=kind is MessageKind.FORWARD and not below,
    )
    return replace(message, forwarded=nest(below, message)) if below else message


def _inner(lines: Sequence[str], style: re.Pattern[str], unit: int) -> Iterator[Inner]:
    """One Inner a header; a line that opens no message belongs to the one before it."""
    current: Inner | None = None
    text: list[str] = []
    base = 0
    for line in lines:
        found = style.fullmatch(line)
        level = len(found["indent"]) // unit if found else 0
        is_deeper = current is not None and level > current.level + base
        if found and is_deeper and text and not _HEAD.match(text[0]) and style is not _CHATLOG:
            found = None
        if not found:
            text.append(line.strip() if style is not _WEFLOW else line)
            continue
        if current is not None:
            yield replace(current, text="\n".join(text).strip())
        else:
            base = level
        current = Inner(
            level=min(max(level - base, 0), _DEEPEST),
            sender=found["name"],
            text="",
            moment=parse_moment(found["time"]),
        )
        text = [found["text"]]
    if current is not None:
        yield replace(current, text="\n".join(text).strip())


def _labelled(datatype: str, text: str) -> str:
    """The text as WeFlow would print it, so that images and files become attachments."""
    label = {
        "2": "[图片]",
        "3": "[图片]",
        "4": "[视频]",
        "43": "[视频]",
        "8": "[文件]",
        "49": "[文件]",
        "37": "[表情]",
    }.get(datatype, "")
    return f"{label} {text}".strip()
