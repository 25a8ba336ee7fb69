"""Chats in the web page of MemoTrace (留痕, WeChatMsg) v1 and v2.

Written by: MemoTrace v1–v2, `data/聊天记录/<chat>/<chat>.html`. Version 3 writes JSON: memotrace_json.py.
Tell-tales: `const chatMessages = [` and behind it rows of JavaScript, `{ type:1, text: '…'`.
Field map: type 0 system (also bare times between the messages), 1 text, 3 picture or sticker, 34 voice,
  43 video, 49 with sub_type 3 music, 5 link, 6 file, 57 quote, 2000 transfer, 50 call; text → text or path;
  timestamp (s) → sent_at; displayname → sender; file_name → file; refer_text `name：text` → quoted; title,
  description, url, voice_to_text, feedesc, pay_memo → text.
Specimen:
  const chatMessages = [{ type:1, text: '收到',is_send:0,avatar_path:'',timestamp:1714554005,is_chatroom:1,
  displayname:'王明远'},{ type:0, text: '李婷撤回了一条消息', … }]
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.json_stream import as_text
from leakwatch.chats.parts.kinds import is_recall, kind_of_code
from leakwatch.chats.parts.moments import from_epoch, parse_moment
from leakwatch.chats.parts.script_literals import literals_behind
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.wechat.memotrace_json import chat_of
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
from leakwatch.text import open_text

NAME = "memotrace-page"

_SIGN = re.compile(r"\bchatMessages\s*=\s*\[", re.ASCII)
_SIGN_BYTES = re.compile(rb"chatMessages\s*=\s*\[\s*\{\s*type\s*:")
_TAG = re.compile(r"<(?:img|br|a|/a|revo\w*|/revo\w*|_wc_cus\w*|/_wc_cus\w*)\b[^<>]{0,500}>", re.IGNORECASE)
_WORDS = ("title", "artist", "description", "url", "link_url", "voice_to_text", "feedesc", "pay_memo")
_KNOWN = frozenset(_WORDS) | frozenset(
    "type sub_type text is_send avatar_path timestamp is_chatroom displayname file_name refer_text file_size "
    "icon_path thumbnail app_logo call_type paysubtype".split()
)
_ATTACHMENTS = {
    MessageKind.IMAGE: AttachmentKind.IMAGE,
    MessageKind.FILE: AttachmentKind.FILE,
    MessageKind.VOICE: AttachmentKind.VOICE,
    MessageKind.VIDEO: AttachmentKind.VIDEO,
}
_LOSSY = ("留痕 v1 的网页不含合并转发、小程序等消息，未导出的图片和语音会整条略去",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows the script with its first row."""
    return _SIGN_BYTES.search(head) is not None


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the page, then the chat."""
    chat = chat_of(file)
    tally = Tally(file, chat)
    stream, encoding = open_text(file.path, newline="")
    with stream:
        rows = (row for row in literals_behind(_SIGN, stream) if not _is_time(row))
        yield from messages_of(rows, tally, lambda row, number: _whole_message(row, chat, number))
    yield Conversation(
        chat=chat, format=NAME, encoding=encoding.name, coverage=tally.coverage(0), lossy=_LOSSY
    )


def _is_time(row: object) -> bool:
    """Older versions put the time between messages, as a row like any other."""
    if not isinstance(row, dict) or row.get("type") != 0:
        return False
    return parse_moment(as_text(row.get("text"))).at is not None


def _whole_message(row: Mapping[str, object], chat: Chat, number: int) -> Message:
    return with_unknown_fields(_message(row, chat, number), row, _KNOWN, "")


def _message(row: Mapping[str, object], chat: Chat, number: int) -> Message:
    code, sub_code = (
        value if isinstance(value, int) else 0 for value in (row.get("type"), row.get("sub_type"))
    )
    kind = MessageKind.SYSTEM if code == 0 else kind_of_code(code, sub_code)
    text, moment = _plain(row.get("text")), from_epoch(as_text(row.get("timestamp")))
    sort = _ATTACHMENTS.get(kind)
    is_recalled = kind is MessageKind.SYSTEM and is_recall(text)
    words = [_plain(row.get(key)) for key in _WORDS]
    return Message(
        chat=chat,
        number=number,
        sender="" if kind is MessageKind.SYSTEM else _plain(row.get("displayname")),
        text="\n".join(dict.fromkeys(filter(None, words if sort else (text, *words)))),
        kind=MessageKind.RECALL if is_recalled else kind,
        sent_at=moment.at,
        precision=moment.precision,
        quoted=_quote(_plain(row.get("refer_text"))),
        attachments=(_attachment(row, sort, text),) if sort else (),
        recalled=is_recalled,
    )


def _attachment(row: Mapping[str, object], sort: AttachmentKind, path: str) -> Attachment:
    if sort is AttachmentKind.IMAGE and path.startswith(
        ("http:", "https:")
    ):  # stickers have the type of pictures
        return Attachment(kind=AttachmentKind.STICKER, path=path, remote=True)
    return Attachment(kind=sort, name=_plain(row.get("file_name")), path=path)


def _quote(text: str) -> Quote | None:
    sender, colon, words = text.partition("：")
    if not text:
        return None
    return Quote(sender=sender, text=words) if colon else Quote(sender="", text=text)


def _plain(value: object) -> str:
    """The text without the page's markup; `None` is what Python writes for nothing."""
    text = as_text(value)
    return "" if text == "None" else html.unescape(_TAG.sub("", text.replace("<br>", "\n"))).strip()
