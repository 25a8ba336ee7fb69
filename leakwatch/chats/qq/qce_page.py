"""One message as QQ Chat Exporter renders it in HTML → `Message`; for its pages and its chunked viewer.

Table:  .message[data-message-id] > .message-sender, .message-time, .message-content (text with <br>, then files)
Modern: .message-block[data-date] > .message[data-sender-uid, id=msg-…] > .sender, .time (a date and clock, or a
  clock alone), .content of .text-content, .image-content, .message-file, .reply-content, .forward-card, .json-card
System: .message.system or .system-message-container
Files lie in resources/, or inline as `data:` addresses. Of a merged forward the first lines are shown, cut to 60
characters; later versions show all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.kinds import is_recall
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.page_blocks import all_of, has_class, put_text, text_of, text_within
from leakwatch.chats.parts.page_files import FILE_TAGS, file_at_address
from leakwatch.chats.parts.placeholders import attachments_of, kind_of
from leakwatch.model import Attachment, AttachmentKind, Chat, Message, MessageKind, Precision, Quote

_LINKS = {
    "message-file": AttachmentKind.FILE,
    "message-audio-download": AttachmentKind.VOICE,
    "voice-bubble": AttachmentKind.VOICE,
}
_ICONS = {
    "📷": AttachmentKind.IMAGE,
    "🎬": AttachmentKind.VIDEO,
    "📎": AttachmentKind.FILE,
    "🎤": AttachmentKind.VOICE,
}
_ICON = re.compile(rf"(?P<icon>{'|'.join(_ICONS)}) (?P<name>[^\n]{{0,300}})")
_WORDS = {
    AttachmentKind.IMAGE: "图片",
    AttachmentKind.VIDEO: "视频",
    AttachmentKind.FILE: "文件",
    AttachmentKind.VOICE: "语音",
}
_COUNT = re.compile(r"(\d{1,6})\s*条")
_EMPTY = "[空消息]"
_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in which chat a message stands, and the files around it."""

    chat: Chat
    number: int
    beside: Beside


def is_message(tag: str, class_names: str, has_id: bool) -> bool:
    """Whether an element of the page is a whole message."""
    names = class_names.split()
    if "message-block" in names or "system-message-container" in names:
        return True
    return tag == "div" and "message" in names and (has_id or "self" in names or "other" in names)


def message_of(block: Element, place: Place) -> Message:
    """The message that the element shows."""
    inner = next(iter(all_of(block, "message", "system-message-container")), block)
    inner = block if has_class(block, "message") or has_class(block, "system-message-container") else inner
    is_system = has_class(inner, "system-message-container") or has_class(inner, "system")
    time = _time_of(inner, block)
    content = next(iter(all_of(inner, "message-content", "content")), inner)
    quoted = _taken_quote(content)
    message = Message(
        chat=place.chat,
        number=place.number,
        sender="" if is_system else text_within(inner, "sender") or text_within(inner, "message-sender"),
        text="",
        id=(inner.get("data-message-id") or (inner.get("id") or "").removeprefix("msg-")) or None,
        sender_id=None if is_system else inner.get("data-sender-uid") or None,
        sent_at=time.at,
        precision=time.precision,
        zone_assumed=time.zone_assumed,
        clock=time.clock,
        quoted=quoted,
        recalled=has_class(inner, "recalled-message"),
    )
    message = _with_forwards(message, content, place)
    return _with_content(message, content, place, is_system)


def _time_of(inner: Element, block: Element) -> Moment:
    """The time as shown; of a clock alone with the day of its block. What shows it is emptied."""
    shown = all_of(inner, "time", "message-time", "system-message-time")
    if not shown and has_class(inner, "system-message-container"):  # its last line, up to V5 without a class
        shown = [one for one in inner[-1:] if parse_moment(text_of(one)) != Moment()]
    written = text_of(shown[0]) if shown else ""
    for one in (*shown, *all_of(block, "date-divider")):
        put_text(one, "")
    moment = parse_moment(written)
    day = block.get("data-date") or inner.get("data-date") or ""
    if moment.precision is not Precision.TIME_ONLY:
        return moment if moment.at is not None else parse_moment(day)
    dated = parse_moment(f"{day} {written}")
    return dated if dated.at is not None else moment


def _taken_quote(content: Element) -> Quote | None:
    """What the message answers, taken out of the content."""
    replies = all_of(content, "reply-content")
    if not replies:
        return None
    head = next(replies[0].iter("strong"), None)
    sender = text_of(head).rstrip(":：") if head is not None else ""
    if head is not None:
        put_text(head, "")
    for part in all_of(replies[0], "reply-content-time"):
        put_text(part, "")
    text = text_of(replies[0])
    for reply in replies:
        put_text(reply, "")
    return Quote(sender=sender, text=text) if text else None


def _with_forwards(message: Message, content: Element, place: Place) -> Message:
    """The message with what its forward shows; a forward that shows less than it counts is a digest."""
    forwarded: list[Message] = []
    is_partial = False
    cards = list(_outermost(content, "forward-card"))
    for card in cards:
        lines, is_cut = _card(card, place, _DEEPEST)
        forwarded += lines
        is_partial |= is_cut
        footer = text_within(card, "forward-card-footer")
        put_text(card, "\n".join(filter(None, (text_within(card, "forward-card-header"), footer))))
    if not cards:
        return message
    return replace(
        message,
        kind=MessageKind.FORWARD,
        forwarded=tuple(forwarded),
        summary_only=is_partial or not forwarded,
    )


def _card(card: Element, place: Place, depth: int) -> tuple[list[Message], bool]:
    """The lines that a card shows as messages, and whether it shows less than there is."""
    found: list[Message] = []
    is_cut = False
    for line in _outermost(card, "forward-card-line"):
        nested: list[Message] = []
        for inner in _outermost(line, "forward-card"):
            lines, is_inner_cut = _card(inner, place, depth - 1) if depth else ([], True)
            nested += lines
            is_cut |= is_inner_cut
            put_text(inner, text_of(inner) if not depth else "")
        sender = text_within(line, "forward-card-sender").rstrip(":：")
        for head in all_of(line, "forward-card-sender"):
            put_text(head, "")
        files = tuple(_taken_files(line, place))
        text = text_of(line)
        is_cut |= text.endswith("…") or not sender
        kind = MessageKind.FORWARD if nested else MessageKind.TEXT
        found.append(
            Message(
                chat=place.chat,
                number=place.number,
                sender=sender,
                text=text,
                kind=kind,
                attachments=files or attachments_of(text),
                forwarded=tuple(nested),
            )
        )
    counts = [one.get("data-count") or "" for one in card.iter()]
    counts += _COUNT.findall(text_within(card, "forward-card-footer"))
    return found, is_cut or any(int(one) > len(found) for one in counts if one.isdecimal() and len(one) < 7)


def _outermost(element: Element, name: str) -> Iterator[Element]:
    """The elements within of that class, none inside another of them or of a nested card."""
    for child in element:
        if has_class(child, name):
            yield child
        elif not has_class(child, "forward-card"):
            yield from _outermost(child, name)


def _with_content(message: Message, content: Element, place: Place, is_system: bool) -> Message:
    attachments = tuple(_taken_files(content, place))
    text = text_of(content)
    text = "" if text == _EMPTY else text
    if is_system:
        is_recalled = is_recall(text)
        kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
        return replace(
            message, kind=kind, text=text, attachments=attachments, recalled=message.recalled or is_recalled
        )
    if message.kind is MessageKind.TEXT:
        is_alone = len(attachments) == 1 and text.count("[") <= 1 and text[:1] in ("", "[")
        kind = MessageKind(attachments[0].kind.value) if is_alone else kind_of(text, attachments)
        kind = MessageKind.QUOTE if message.quoted else kind
        is_digest = text.startswith("📝 ")  # all that V4 says of a merged forward
        message = replace(message, kind=MessageKind.FORWARD if is_digest else kind, summary_only=is_digest)
    return replace(message, text=text, attachments=attachments)


def _taken_files(content: Element, place: Place) -> Iterator[Attachment]:
    """The files of a content; each is replaced by what the exporter's other formats write for it.

    A table's text says so already: there the files stand behind the text and are emptied.
    """
    is_table = has_class(content, "message-content")
    for one in list(content.iter()):
        kind = _file_kind(one)
        if has_class(one, "market-face"):
            put_text(one, f"[{one.get('alt') or '表情'}]")
        elif has_class(one, "audio-download-link") or has_class(one, "message-audio-fallback"):
            one.text = ""
        elif has_class(one, "resource-placeholder"):
            yield from attachments_of(text_of(one))
            put_text(one, "")
        elif kind is not None:
            attachment = _attachment(one, kind, place)
            put_text(one, "" if is_table else f"[{_WORDS[kind]}:{attachment.name}]".replace(":]", "]"))
            yield attachment
        elif has_class(one, "text-content") and (shown := _ICON.fullmatch(one.text or "")):
            name = "" if shown["name"].startswith("[") else shown["name"].strip()
            yield Attachment(kind=_ICONS[shown["icon"]], name=name, path=name)


def _file_kind(element: Element) -> AttachmentKind | None:
    for name, kind in _LINKS.items():
        if has_class(element, name) and (
            element.get("href") or element.get("data-src") or element.tag == "a"
        ):
            return kind
    return FILE_TAGS.get(element.tag) if element.get("src") else None


def _attachment(element: Element, kind: AttachmentKind, place: Place) -> Attachment:
    address = (element.get("src") or element.get("href") or element.get("data-src") or "").strip()
    shown = element.get("alt") or element.get("download") or ""
    if not shown:
        _, _, shown = text_of(element).strip("[]").partition(": ")
    return file_at_address(address, kind, shown, (place.number, place.beside))
