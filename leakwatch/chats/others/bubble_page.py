"""Chats as web pages of one element a message, told apart by what their elements are called.

Written by: QQNT_Export, QQ-History-Backup, wechat-decrypt, wechat-decrypt-export, weflow-cli, WechatExporter (iOS),
  WeChatExporter with wx-cli; `page_forms.py` has a line for each.
Tell-tales: the classes that only this exporter puts together, in their order.
Field map: who, when, said → sender, sent_at (a `title` with the whole time before the clock that is shown), text;
  day: the heading of a day, for pages that show clocks; notice → a system row; cited → quoted; img, video, audio,
  links to a file → attachments; pictures that lie inside the page are taken out one by one.
Specimen:
  <div class="msg-row"><div class="msg-bubble"><div class="msg-sender">王明远 · 2024-05-01 17:00:05</div>
  <div class="msg-content">收到</div></div></div>
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.others.page_forms import FORMS, PageForm
from leakwatch.chats.parts.blocks import head_lines, stem
from leakwatch.chats.parts.kinds import file_at, is_recall
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.page_blocks import Page, all_of, has_class, put_text, text_of
from leakwatch.chats.parts.page_files import FILE_TAGS, file_at_address
from leakwatch.chats.parts.placeholders import attachments_of, kind_of, notice_kind
from leakwatch.chats.parts.tally import Tally, cut_row
from leakwatch.errors import Unreadable
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Quote,
    Reason,
    Skipped,
)
from leakwatch.text import open_text

NAME = "bubble-page"

_HEAD_BYTES = 1 << 20
_TIME = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?")
_AROUND_NAMES = " \t\n·-|:："
_NAMELESS = frozenset({"未知", "未知发送者"})
_PARAGRAPH = re.compile(
    r"\s*(?:(?P<name>.{1,200}?)(?:\((?P<id>\d{5,12})\))?-----)?(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:-----(?P<own>我))?"
    r"(?P<text>.*)",
    re.DOTALL,
)
"""What QQ-History-Backup writes; its `</br>` ends a line in browsers alone."""
_TITLE = re.compile(
    r"<title>(?P<name>[^<\n]{1,200}?)(?: - (?:微信)?聊天记录)?(?: \(第\d+/\d+部分\))?</title>"
)
_PREFIX = "聊天记录 - "
_GENERIC_TITLES = frozenset({"", "聊天记录", "QQ Message", "微信聊天记录"})
_DASHES = "- - - - - - - - - - - - - - -"


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """Whether the page has the elements of one of the exporters."""
    return _form(head) is not None


def _form(head: bytes) -> PageForm | None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = "".join(head_lines(head)).encode("utf-8", "replace")
    return next((form for form in FORMS if all(sign.search(head) for sign in form.signs)), None)


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the page, then the chat."""
    with file.path.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    form = _form(head)
    if form is None:
        raise Unreadable(Reason.UNKNOWN_FORMAT, "不是认得的聊天记录网页，无法按聊天记录读取")
    stream, encoding = open_text(file.path)
    with stream:
        page = Page(stream)
        chat = Chat(name=_titled("".join(head_lines(head))) or stem(file.name), platform=form.platform)
        reading = _Reading(form, Tally(file, chat), beside)
        for block in page.blocks(_is_block(form)):
            yield from reading.block(block)
        if page.is_cut:
            yield cut_row(file, Reason.INCOMPLETE, reading.tally.messages)
        yield Conversation(
            chat=chat,
            format=NAME,
            encoding=encoding.name,
            coverage=reading.tally.coverage(0 if encoding.is_exact else page.replacements),
        )


def _titled(text: str) -> str:
    found = _TITLE.search(text)
    name = found["name"].strip().removeprefix(_PREFIX) if found else ""
    return "" if name in _GENERIC_TITLES else name


def _is_block(form: PageForm) -> Callable[[str, Mapping[str, str]], bool]:
    wanted = {form.block, form.day, form.notice} - {""}

    def is_block(tag: str, attributes: Mapping[str, str]) -> bool:
        return bool(wanted & set((attributes.get("class") or "").split())) if form.who else tag == "p"

    return is_block


@dataclass(slots=True)
class _Reading:
    """One pass over the blocks of a page."""

    form: PageForm
    tally: Tally
    beside: Beside
    day: str = ""

    def block(self, block: Element) -> Iterator[Message]:
        """The message of a block, if it is one and not the heading of a day."""
        form = self.form
        if form.day and has_class(block, form.day):
            self.day = text_of(block)
        elif not form.who:
            yield self.tally.count(self._of_paragraph(block))
        else:
            yield self.tally.count(self._of_element(block))

    def _of_element(self, block: Element) -> Message:
        form = self.form
        moment = self._moment(block)
        heads = all_of(block, form.who)
        sender = _TIME.sub("", text_of(heads[0])).strip(_AROUND_NAMES) if heads else ""
        is_notice = bool(form.notice) and bool(has_class(block, form.notice) or all_of(block, form.notice))
        sender = "" if is_notice or sender in _NAMELESS else sender
        quoted = self._taken_quote(block)
        bodies = all_of(block, form.said) if form.said else []
        for one in all_of(block, form.who, form.when, "avatar", "type-tag", "type") if not bodies else ():
            put_text(one, "")
        message = self._message(bodies[0] if bodies else block, sender, moment)
        if is_notice or (not sender and notice_kind(message.text) is not None):
            is_recalled = is_recall(message.text)
            kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
            return replace(message, kind=kind, recalled=is_recalled)
        if quoted is None:
            return message
        text = message.text.removeprefix(_DASHES).strip()
        return replace(message, kind=MessageKind.QUOTE, text=text, quoted=quoted)

    def _of_paragraph(self, block: Element) -> Message:
        message = self._message(block, "", Moment())
        found = _PARAGRAPH.fullmatch(message.text)
        if found is None:
            return message
        moment = parse_moment(found["time"])
        return replace(
            message,
            sender=found["name"] or found["own"] or "",
            sender_id=found["id"],
            text=found["text"].strip(),
            sent_at=moment.at,
            precision=moment.precision,
            zone_assumed=moment.zone_assumed,
        )

    def _message(self, said: Element, sender: str, moment: Moment) -> Message:
        files = tuple(self._files(said))
        text = text_of(said)
        attachments = files or attachments_of(text)
        kind = kind_of(text, attachments)
        is_alone = len(files) == 1 and (not text or text[:1] == "[")
        return Message(
            chat=self.tally.chat,
            number=self.tally.messages + 1,
            sender=sender,
            text=text,
            kind=MessageKind(files[0].kind.value) if is_alone else kind,
            sent_at=moment.at,
            precision=moment.precision,
            zone_assumed=moment.zone_assumed,
            attachments=attachments,
        )

    def _moment(self, block: Element) -> Moment:
        """The time in a `title`, else as shown, else the day of the page."""
        shown = [block, *all_of(block, self.form.when), *block.iter("time")]
        written = [
            text
            for one in shown
            for text in (one.get("title") or "", text_of(one) if one is not block else "")
        ]
        found = filter(None, map(_TIME.search, written))
        return next((parse_moment(one.group()) for one in found), parse_moment(self.day))

    def _taken_quote(self, block: Element) -> Quote | None:
        """The message that the block answers; it is emptied."""
        cited = next(iter(all_of(block, self.form.cited)), None) if self.form.cited else None
        if cited is None:
            return None
        senders = (
            [text_of(one) for one in all_of(cited, self.form.cited_sender)] if self.form.cited_sender else []
        )
        for one in all_of(cited, self.form.cited_sender, "quote-jump") if senders else ():
            put_text(one, "")
        text = text_of(cited)
        put_text(cited, "")
        if senders:
            return Quote(sender=senders[0], text=text)
        sender, _, text = text.strip("「」").partition("：")
        return Quote(sender=sender, text=text)

    def _files(self, said: Element) -> Iterator[Attachment]:
        place = (self.tally.messages + 1, self.beside)
        for one in said.iter():
            kind = FILE_TAGS.get(one.tag)
            address = one.get("rawurl") or one.get("src") or ""
            if kind is not None and address and not has_class(one, "app-icon"):
                shown = one.get("alt") or ""
                yield file_at_address(address, kind, "" if shown[:1] == "[" else shown, place)
            elif one.tag == "a" and (file := file_at(one.get("href") or "")) is not None and not file.remote:
                yield file
            elif has_class(one, "attachment-card"):
                yield Attachment(kind=AttachmentKind.FILE, name=text_of(next(one.iter("small"), None)))
