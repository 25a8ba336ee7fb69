"""One message as QQ Chat Exporter writes it in JSON → `Message`; for its JSON and chunked JSONL.

Two shapes. V4 and early V5: messageId, timestamp (ISO, Z), messageType (number), isSystemMessage, isRecalled,
content{text, raw, reply, resources[{fileName, originalUrl}], card, multiForward{messages[{senderName, text}]}}.
V5 and V6: id, timestamp (ms), type, system, recalled, content{text, html, elements[{type, data}],
resources[{type, filename, url, localPath}]}.
content.text says everything once more that the elements say, but for cards, markdown and the inside of merged
forwards; what it does not say is added as lines `key：value`. Forwards nest in elements[].data.messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from leakwatch.chats.parts.json_stream import as_id, as_object, as_text
from leakwatch.chats.parts.kinds import is_recall, kind_of_name
from leakwatch.chats.parts.moments import Moment, from_epoch, parse_moment
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.qq.qce_cards import opened
from leakwatch.chats.qq.qce_names import FILE_KINDS, declared_of
from leakwatch.model import Attachment, AttachmentKind, Chat, Message, MessageKind, Precision, Quote

_DEEPEST = 8
_FILES = {**FILE_KINDS, "record": AttachmentKind.VOICE}
_KINDS = {
    "json": MessageKind.CARD,
    "location": MessageKind.LOCATION,
    "av_record": MessageKind.CALL,
    "market_face": MessageKind.STICKER,
}
_SAID_IN_TEXT = frozenset({"at", "face", "market_face", "reply", "forward", "node", *_FILES})
_KNOWN = frozenset(
    "id messageId seq messageSeq msgRandom timestamp time sender receiver type messageType content recalled "
    "isRecalled system isSystemMessage isTempMessage stats senderName senderUin senderUid user_id text message "
    "raw_message".split()
)
_KNOWN_CONTENT = frozenset("text html raw elements resources mentions reply emojis multiForward".split())
_REPEATED = _KNOWN | {"rawMessage", "raw"}
_BARE_CONTENT = frozenset("text html raw elements mentions emojis".split())
_SPECIAL = frozenset({"system", "forward", "type_11"})
_NO_IDS = frozenset({"0", "未知", "unknown"})
_NO_NAMES = frozenset({"未知", "未知用户"})
_IDS = ("uin", "user_id", "uid")
_NAMED_IDS = ("senderUin", "senderUid", "user_id")
_NAMES = ("name", "groupCard", "card", "remark", "nickname")


def message_of(record: Mapping[str, object], chat: Chat, number: int, depth: int = 0) -> Message:
    """One message with its quote, its files and what it forwards."""
    content = _content(record)
    elements = [element for element in _list(content.get("elements")) if isinstance(element, dict)]
    message = _plain(record, chat, number, content)
    if _is_plain(record, content, elements):
        return message
    message = replace(
        message,
        kind=_kind(record, elements, message.text),
        quoted=_quote(content, elements),
        attachments=tuple(_attachments(content, elements)),
    )
    message = _as_system(message, record)
    message = _with_forward(message, content, elements, depth)
    beside = {key: value for key, value in content.items() if key not in _KNOWN_CONTENT}
    beside["elements"] = [
        opened(element) for element in elements if as_text(element.get("type")) not in _SAID_IN_TEXT
    ]
    message = with_unknown_fields(message, beside, frozenset(), message.text)
    return with_unknown_fields(message, record, _known(message.text), message.text)


def _is_plain(
    record: Mapping[str, object], content: Mapping[str, object], elements: Sequence[dict[str, object]]
) -> bool:
    """Whether it is text and nothing else: nearly all are, and need no closer look."""
    text = content.get("text")
    return (
        isinstance(text, str)
        and text[:1] != "["
        and _REPEATED.issuperset(record)
        and not any(content.get(key) for key in content if key not in _BARE_CONTENT)
        and not (record.get("system") or record.get("isSystemMessage") or record.get("type") in _SPECIAL)
        and all(
            one.get("type") == "text" and as_object(one.get("data")).get("text") == text for one in elements
        )
    )


def _known(text: str) -> frozenset[str]:
    """rawMessage repeats all the rest, unless the exporter failed to understand it."""
    return _KNOWN if text.startswith("[解析失败") else _REPEATED


def _content(record: Mapping[str, object]) -> dict[str, object]:
    """content; of a message inside a forward also what stands in its place (OneBot: message, raw_message)."""
    content = record.get("content")
    if isinstance(content, dict):
        return content
    text = content if isinstance(content, str) else record.get("text") or record.get("raw_message")
    elements = record.get("message") or (content if isinstance(content, list) else [])
    return {"text": text or _joined(_list(elements)), "elements": elements}


def _joined(elements: Sequence[object]) -> str:
    return "".join(as_text(as_object(as_object(element).get("data")).get("text")) for element in elements)


def _plain(record: Mapping[str, object], chat: Chat, number: int, content: Mapping[str, object]) -> Message:
    sender = as_object(record.get("sender"))
    sender_id = _first(sender, _IDS, _NO_IDS) or _first(record, _NAMED_IDS, _NO_IDS) or None
    name = _first(sender, _NAMES, _NO_NAMES) or _first(record, ("senderName",), _NO_NAMES) or sender_id or ""
    moment = _moment(record)
    return Message(
        chat=chat,
        number=number,
        sender=name,
        text=(as_text(content.get("text")) or _joined(_list(content.get("elements")))).strip(),
        id=as_id(record.get("id") or record.get("messageId")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        recalled=record.get("recalled") is True or record.get("isRecalled") is True,
    )


def _first(fields: Mapping[str, object], keys: Sequence[str], nothing: frozenset[str]) -> str:
    """The first of the fields that says anything."""
    for key in keys:
        value = fields.get(key)
        text = (value if isinstance(value, str) else as_text(value)).strip()
        if text and text not in nothing:
            return text
    return ""


def _moment(record: Mapping[str, object]) -> Moment:
    """QQ counts in seconds: the milliseconds that the exporter writes are never more than three zeros."""
    for key in ("timestamp", "time"):
        value = record.get(key)
        moment = from_epoch(value) if isinstance(value, int | float) else parse_moment(as_text(value))
        if moment.at is not None:
            is_whole = moment.precision is Precision.MILLISECOND and not moment.at.microsecond
            return replace(moment, precision=Precision.SECOND) if is_whole else moment
    return Moment()


def _kind(record: Mapping[str, object], elements: Sequence[dict[str, object]], text: str) -> MessageKind:
    types = [as_text(element.get("type")) for element in elements]
    content = as_object(record.get("content"))
    if "forward" in types or content.get("multiForward") or text.startswith("[转发消息"):
        return MessageKind.FORWARD
    if "reply" in types or content.get("reply"):
        return MessageKind.QUOTE
    if (special := next((_KINDS[one] for one in types if one in _KINDS), None)) is not None:
        return special
    files = [kind for one in _list(content.get("resources")) if (kind := _file_kind(as_object(one)))]
    is_alone = len(files) == 1 and (not text or (text[0] == "[" and text[-1] == "]" and text.count("[") == 1))
    if is_alone:
        return MessageKind(files[0].value)
    named = kind_of_name(as_text(record.get("type")))
    return named if named in (MessageKind.SYSTEM, MessageKind.FORWARD) else MessageKind.TEXT


def _as_system(message: Message, record: Mapping[str, object]) -> Message:
    """Grey lines have a placeholder for a sender; that somebody took a message back is one of them."""
    is_system = record.get("system") is True or record.get("isSystemMessage") is True
    if not is_system and message.kind is not MessageKind.SYSTEM:
        return message
    is_recalled = is_recall(message.text)
    kind = MessageKind.RECALL if is_recalled else MessageKind.SYSTEM
    return replace(message, kind=kind, sender="", sender_id=None, recalled=message.recalled or is_recalled)


def _quote(content: Mapping[str, object], elements: Sequence[dict[str, object]]) -> Quote | None:
    replies = [as_object(one.get("data")) for one in elements if one.get("type") == "reply"]
    for reply in (*replies, as_object(content.get("reply"))):
        text = as_text(reply.get("content") or reply.get("text")).strip()
        if text:
            sender = as_text(reply.get("senderName")).strip() or as_text(reply.get("senderUin"))
            return Quote(sender=sender, text=text)
    return None


def _attachments(
    content: Mapping[str, object], elements: Sequence[dict[str, object]]
) -> Iterator[Attachment]:
    """Those of `resources`, with what the element of the same name adds; else those of the elements."""
    of_elements = [
        {"type": one.get("type"), **as_object(one.get("data"))}
        for one in elements
        if as_text(one.get("type")) in _FILES
    ]
    by_name = {_file_name(one): one for one in of_elements}
    resources = [as_object(one) for one in _list(content.get("resources"))]
    for one in resources or of_elements:
        yield _attachment({**by_name.get(_file_name(one), {}), **one})


def _attachment(resource: Mapping[str, object]) -> Attachment:
    local = as_text(resource.get("localPath"))
    url = as_text(resource.get("url") or resource.get("originalUrl"))
    is_link = not local and url.lower().startswith(("http://", "https://"))
    kind = _file_kind(resource) or AttachmentKind.FILE
    if kind is AttachmentKind.IMAGE and resource.get("subType") == "sticker":
        kind = AttachmentKind.STICKER
    return Attachment(
        kind=kind,
        name=_file_name(resource),
        path=local or (url if is_link else ""),
        md5=as_text(resource.get("md5")).lower(),
        remote=is_link,
    )


def _file_kind(resource: Mapping[str, object]) -> AttachmentKind | None:
    return _FILES.get(as_text(resource.get("type")))


def _file_name(resource: Mapping[str, object]) -> str:
    return as_text(resource.get("filename") or resource.get("fileName") or resource.get("file")).strip()


def _with_forward(
    message: Message, content: Mapping[str, object], elements: Sequence[dict[str, object]], depth: int
) -> Message:
    """The message with those it forwards inside; the digest of them that is its text is kept."""
    datas = [as_object(one.get("data")) for one in elements if one.get("type") == "forward"]
    datas += [found] if (found := as_object(content.get("multiForward"))) else []
    if not datas and message.kind is not MessageKind.FORWARD:
        return message
    rows = [row for data in datas for row in _list(data.get("messages") or data.get("content"))]
    if rows and depth >= _DEEPEST:
        return replace(message, text="\n".join(filter(None, (message.text, as_text(rows)))))
    inner = tuple(
        message_of(
            row if isinstance(row, dict) else {"text": as_text(row)}, message.chat, message.number, depth + 1
        )
        for row in rows
    )
    lines = [as_text(line).strip() for data in datas for line in (_titles(data) if inner else _digest(data))]
    text = "\n".join((message.text, *(line for line in lines if line and line not in message.text))).strip()
    is_partial = any(one.summary_only for one in inner) or any(map(_lacks_some, datas))
    return replace(message, text=text, forwarded=inner, summary_only=not inner or is_partial)


def _lacks_some(data: Mapping[str, object]) -> bool:
    """Whether the forward counts more messages than the exporter could fetch."""
    count = declared_of(data.get("messageCount"))
    return count is not None and count > len(_list(data.get("messages") or data.get("content")))


def _titles(data: Mapping[str, object]) -> Iterator[object]:
    """The title of a forward, unless it is one that QQ itself gives: 群聊的聊天记录."""
    title = data.get("title")
    if not as_text(title).strip().endswith("聊天记录"):
        yield title


def _digest(data: Mapping[str, object]) -> Iterator[object]:
    yield data.get("title")
    yield data.get("summary")
    for line in _list(data.get("preview")):
        yield line.get("text") if isinstance(line, dict) else line


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
