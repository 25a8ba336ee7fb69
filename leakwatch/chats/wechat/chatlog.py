"""Chats as chatlog answers in JSON (`/api/v1/chatlog?format=json`).

Written by: chatlog and its forks (some wrap the array into `{"total":…,"items":[…]}`).
Tell-tales: rows with `talker`, `senderName`, `isSelf` beside `seq` or `subType`.
Field map: talkerName, else talker → chat.name, talker → chat.id, isChatRoom → is_group; time (RFC 3339) →
  sent_at; senderName, else sender → sender; type (+ subType) → kind; content → text;
  contents: title is the only place of a file's name, title/desc/url of a link, md5, path | imgfile | thumb
  (of the other computer), recordInfo (Go's field names) → forwarded, refer (a whole message) → quoted.
  Media are never in the file. A row of several talkers' export says which chat it belongs to.
Specimen:
  [{"seq":1714554005000,"time":"2024-05-01T17:00:05+08:00","talker":"1@chatroom","talkerName":"云岭区值班群",
  "isChatRoom":true,"sender":"wxid_a","senderName":"王明远","isSelf":false,"type":49,"subType":6,"content":"",
  "contents":{"title":"名单.docx","md5":"ff…"}}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.forwards import from_datalist, nest
from leakwatch.chats.parts.json_stream import JsonFile, as_id, as_object, as_text, outline
from leakwatch.chats.parts.kinds import attachment_kind, is_recall, kind_of_code
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.parts.tally import Ledger, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.model import (
    Attachment,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Quote,
    Skipped,
)

NAME = "chatlog-json"

_DEEPEST = 8
_SIGNS = frozenset({"talker", "senderName", "isSelf"})
_KNOWN = frozenset(
    "seq time talker talkerName isChatRoom sender senderName isSelf type subType content contents".split()
)
_KNOWN_CONTENTS = frozenset(
    "title desc url md5 rawmd5 path imgfile videofile thumb voice host recordInfo refer".split()
)
_SYSTEM_SENDER = "系统消息"
_QUOTED_HEAD = re.compile(r"> (?P<who>[^\n]{1,120}?)(?:\([^()\n]*\))? (?:\d\d-\d\d )?\d\d:\d\d:\d\d")
LOSSY = ("chatlog 导出的图片和文件只有编号或本机链接，没有内容；请另行提交原文件",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the first row, bare or under `items`, has chatlog's keys."""
    keys = outline(head)
    rows = keys.get("") or keys.get("items")
    first = as_object(rows[0]) if isinstance(rows, list) and rows else {}
    return first.keys() >= _SIGNS and bool({"seq", "subType"} & first.keys())


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of all chats in the file, then the chats."""
    with JsonFile(file.path) as source:
        key = "items" if "items" in outline(source.condensed_head()) else ""
        ledger = Ledger(file, Chat(name=PurePath(file.name).stem, platform="wechat"))
        yield from messages_of(source.records(key), ledger, _whole_message)
        pattern = Conversation(
            chat=ledger.chat,
            format=NAME,
            encoding=source.encoding,
            coverage=Coverage(decode_replacements=source.replacements),
            lossy=LOSSY,
        )
        yield from ledger.conversations(pattern)


def split_quote(text: str) -> tuple[Quote | None, str]:
    """What the `> ` lines in front of a text quote, and the reply below; the same in its text and its CSV."""
    lines = text.split("\n")
    head = _QUOTED_HEAD.fullmatch(lines[0])
    if head is None:
        return None, text
    count = next((number for number, line in enumerate(lines) if not line.startswith("> ")), len(lines))
    said = "\n".join(line[2:] for line in lines[1:count])
    return Quote(sender=head["who"], text=said), "\n".join(lines[count:])


def _whole_message(record: Mapping[str, object], number: int) -> Message:
    contents = as_object(record.get("contents"))
    message = _message(record, contents, number)
    message = with_unknown_fields(message, contents, _KNOWN_CONTENTS, message.text)
    return with_unknown_fields(message, record, _KNOWN, message.text)


def _message(record: Mapping[str, object], contents: Mapping[str, object], number: int) -> Message:
    moment = parse_moment(as_text(record.get("time")))
    sender_id = as_id(record.get("sender"))
    kind = kind_of_code(_code(record.get("type")), _code(record.get("subType")))
    message = Message(
        chat=_chat(record),
        number=number,
        sender=as_text(record.get("senderName")).strip() or sender_id or "",
        text=_text(record, contents, kind),
        kind=kind,
        id=as_id(record.get("seq")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        quoted=_quote(as_object(contents.get("refer"))),
        attachments=_attachments(contents, kind),
    )
    if kind is MessageKind.SYSTEM or sender_id == _SYSTEM_SENDER:
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
        return replace(message, sender="", sender_id=None, kind=kind, recalled=is_recalled)
    if kind is MessageKind.FORWARD:
        inner = tuple(from_datalist(_items(as_object(contents.get("recordInfo")), 0)))
        return replace(message, forwarded=nest(inner, message), summary_only=not inner)
    return message


def _chat(record: Mapping[str, object]) -> Chat:
    talker = as_text(record.get("talker")).strip()
    is_group = record.get("isChatRoom")
    return Chat(
        name=as_text(record.get("talkerName")).strip() or talker,
        platform="wechat",
        id=talker,
        is_group=is_group if isinstance(is_group, bool) else None,
    )


def _text(record: Mapping[str, object], contents: Mapping[str, object], kind: MessageKind) -> str:
    keys = ("desc",) if kind is MessageKind.FILE else ("title", "desc", "url")
    content = as_text(record.get("content"))
    if kind in (MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.VOICE):
        return content
    lines = [content, *(as_text(contents.get(key)).strip() for key in keys)]
    return "\n".join(dict.fromkeys(filter(None, lines)))


def _attachments(contents: Mapping[str, object], kind: MessageKind) -> tuple[Attachment, ...]:
    file_kind = attachment_kind(kind)
    if file_kind is None:
        return ()
    full = next(
        (path for key in ("path", "imgfile", "videofile") if (path := as_text(contents.get(key)))), ""
    )
    thumb = as_text(contents.get("thumb"))
    return (
        Attachment(
            kind=file_kind,
            name=as_text(contents.get("title")).strip() if kind is MessageKind.FILE else "",
            path=full or thumb,
            md5=as_text(contents.get("md5")).lower(),
            remote=(full or thumb).startswith(("http://", "https://")),
            thumbnail=bool(thumb) and not full and kind is MessageKind.IMAGE,
        ),
    )


def _quote(refer: Mapping[str, object]) -> Quote | None:
    if not refer:
        return None
    contents = as_object(refer.get("contents"))
    kind = kind_of_code(_code(refer.get("type")), _code(refer.get("subType")))
    said = _text(refer, contents, kind)
    title = as_text(contents.get("title")) if kind is MessageKind.FILE else ""
    sender = as_text(refer.get("senderName")) or as_text(refer.get("sender"))
    return Quote(sender=sender.strip(), text="\n".join(filter(None, (said, title))))


def _items(record: Mapping[str, object], depth: int) -> list[dict[str, object]]:
    """Go's RecordInfo as the dicts that PyWxDump makes of the same XML."""
    rows = as_object(record.get("DataList")).get("DataItems")
    items: list[dict[str, object]] = []
    for row in rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ():
        item = {str(key).lower(): value for key, value in as_object(row).items()}
        nested = as_object(as_object(item.pop("recordxml", None)).get("RecordInfo"))
        if nested and depth >= _DEEPEST:
            item["datadesc"] = as_text(nested)
        elif nested:
            item["recordxml"] = _items(nested, depth + 1)
        items.append(item)
    return items


def _code(value: object) -> int:
    return max(value, 0) if isinstance(value, int) else 0
