"""QQ desktop's web archive (MHT): the page that `unpack` takes out of it, with the pictures beside it.

Written by: QQ desktop's message manager (消息管理器, 导出为网页), TIM.
Tell-tales: `<title>QQ Message</title>` and the colours of its rows (#8EC3EB days, #006EFE others, #42B475 own).
Fields: a table of rows: `消息分组:`, `消息对象:` → chat; `日期: 2012/4/11` (or 2013-12-22, by the Windows locale);
a message is a <div> with a <div> name(number) or name<mail> in it and a clock behind that, then a <div> with the
content. `<IMG src="{GUID}.dat">` is the part of that Content-Location, which `unpack` names {GUID}.jpg.
Specimen:
  <tr><td style=…#8EC3EB…>日期: 2024/5/6</td></tr><tr><td><div style=color:#006EFE;padding-left:10px;>
  <div style=float:left;margin-right:6px;>王明远(10001)</div>9:05:00</div><div style=padding-left:20px;>
  <font …>收到</font><IMG src="{3D48C238-CD47-4d17-9C8F-3593C6D4738B}.dat"></div></td></tr>

Text is escaped, so only the client can have made a row; what is no row of these kinds is kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import head_lines, stem
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.parts.page_blocks import Page, put_text, text_of
from leakwatch.chats.parts.placeholders import attachments_of, kind_of, notice_kind
from leakwatch.chats.parts.tally import Tally, cut_row
from leakwatch.chats.qq.qq_names import CLOCK, Titles, chat_of, header_of
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Reason,
    Skipped,
)
from leakwatch.text import open_text

NAME = "qq-mht"

_TITLE = re.compile(r"<title>\s*QQ Message\s*</title>", re.IGNORECASE)
_COLOUR = re.compile(
    r"#?(?:8EC3EB|006EFE|42B475)|rgb\((?:142, ?195, ?235|0, ?110, ?254|66, ?180, ?117)\)", re.I
)
_CLOCK = re.compile(CLOCK)
_DAY = re.compile(r"(?:日期|Date)\s*[:：]\s*(?P<day>\d.*)")
_LABEL = re.compile(r"消息(?P<key>分[组組]|[对對]象)\s?[:：](?P<value>.*)")
_TOP = re.compile(r"消息[记記][录錄](?:\s?[（(][^（）()]{1,40}[）)])?")


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """Whether it is a page of that title with rows of those colours."""
    start = head[: 1 << 16]
    if b"QQ Message" not in start.replace(b"\0", b""):
        return False  # without decoding it
    text = "".join(head_lines(start))
    return _TITLE.search(text) is not None and _COLOUR.search(text) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of every 消息对象, then the chats."""
    stream, encoding = open_text(file.path)
    with stream:
        page = Page(stream)
        reading = _Reading(file, beside)
        for row in page.blocks(_is_row):
            yield from reading.row(row)
        if page.is_cut:
            yield cut_row(file, Reason.INCOMPLETE, reading.messages)
        yield from reading.conversations(encoding.name, 0 if encoding.is_exact else page.replacements)


def _is_row(tag: str, attributes: Mapping[str, str]) -> bool:  # noqa: ARG001 - asked for every element
    return tag == "tr"


class _Reading:
    """One pass over the rows of a page."""

    def __init__(self, file: Evidence, beside: Beside) -> None:
        self._file = file
        self._pictures = {stem(one.name).casefold(): one.name for one in beside.within("")}
        self._titles = Titles()
        self._group = self._day = ""
        archive = re.split(r"[\\/!]", file.inner_path)[-2:-1]
        self._chat = Chat(name=stem(archive[0] if archive else file.name), platform="qq")
        self._tallies: dict[Chat, Tally] = {}

    @property
    def messages(self) -> int:
        """How many were read so far, of all chats."""
        return sum(tally.messages for tally in self._tallies.values())

    def row(self, row: Element) -> Iterator[Message]:
        """The message of a row, if it is one; else it says what the next ones belong to."""
        boxes = row.findall("./td/div")
        name = boxes[0].find("./div") if boxes else None
        clock = (name.tail or "").replace("\xa0", " ").strip() if name is not None else ""
        if name is not None and _CLOCK.fullmatch(clock):
            yield self._count(self._message(text_of(name), clock, boxes[1:]))
        elif text := text_of(row):
            yield from self._other(text)

    def conversations(self, encoding: str, replacements: int) -> Iterator[Conversation]:
        """Each chat that has messages, or the one that has none."""
        for tally in self._tallies.values() or (Tally(self._file, self._chat),):
            yield Conversation(
                chat=tally.chat, format=NAME, encoding=encoding, coverage=tally.coverage(replacements)
            )

    def _other(self, text: str) -> Iterator[Message]:
        """A day, a chat, or text that no client writes, which is kept."""
        day, label = _DAY.fullmatch(text), _LABEL.fullmatch(text)
        if day is not None and parse_moment(day["day"]).at is not None:
            self._day = day["day"].strip()
        elif label is not None and label["key"].startswith("分"):
            self._group = label["value"].strip()
        elif label is not None:
            self._chat = chat_of(self._titles.title(label["value"].strip(), self._group), self._group)
            self._day = ""
        elif not _TOP.fullmatch(text):
            attachments = attachments_of(text)
            yield self._count(
                Message(
                    chat=self._chat,
                    number=1,
                    sender="",
                    text=text,
                    kind=MessageKind.OTHER,
                    attachments=attachments,
                )
            )

    def _message(self, who: str, clock: str, boxes: list[Element]) -> Message:
        header = header_of(who, f"{self._day} {clock}".strip())
        images = [image for box in boxes for image in box.iter("img")]
        files = [self._picture(image.get("src") or "") for image in images]
        for image in images:
            put_text(image, "[图片]")
        text = "\n".join(filter(None, map(text_of, boxes)))
        attachments = _with_pictures(attachments_of(text), files)
        kind = header.kind or kind_of(text, attachments)
        if kind in (MessageKind.SYSTEM, MessageKind.TEXT) and notice_kind(text) is MessageKind.RECALL:
            kind = MessageKind.RECALL
        return Message(
            chat=self._chat,
            number=1,
            sender=header.sender,
            sender_id=header.sender_id,
            text=text,
            kind=kind,
            sent_at=header.moment.at,
            precision=header.moment.precision,
            zone_assumed=header.moment.zone_assumed,
            clock=header.moment.clock,
            attachments=attachments,
            summary_only=kind is MessageKind.FORWARD,
            recalled=kind is MessageKind.RECALL,
        )

    def _picture(self, address: str) -> Attachment:
        """The part of the archive that an address means."""
        name = PurePosixPath(address.replace("\\", "/").partition("?")[0]).name
        name = self._pictures.get(stem(name).casefold(), name)
        return Attachment(kind=AttachmentKind.IMAGE, name=name, path=name)

    def _count(self, message: Message) -> Message:
        tally = self._tallies.setdefault(message.chat, Tally(self._file, message.chat))
        return tally.count(replace(message, number=tally.messages + 1))


def _with_pictures(
    placeholders: tuple[Attachment, ...], pictures: list[Attachment]
) -> tuple[Attachment, ...]:
    """The pictures in the place of their [图片], those that are left behind them."""
    waiting = iter(pictures)
    placed = tuple(
        next(waiting, one) if one.kind is AttachmentKind.IMAGE and not one.name else one
        for one in placeholders
    )
    return (*placed, *waiting)
