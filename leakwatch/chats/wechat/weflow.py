"""Chats as WeFlow writes them in JSON, and its kin EchoTrace, CipherTalk and arkme-json.

Written by: WeFlow (WeChat 4.x, until 2026), EchoTrace (2025, its forerunner), CipherTalk.
Tell-tales: top-level `weflow`; `exportInfo.generator` = CipherTalk; for EchoTrace `session` + `messages`
  whose rows have `localType`. Keys come in any order, megabytes of base64 avatars between them.
Field map: session.displayName → chat.name, session.wxid|accountId|username → chat.id, messageCount → declared;
  createTime (s) → sent_at (formattedTime is in the exporting PC's zone: only where createTime is missing);
  type (Chinese), localType (sub << 32 | base) → kind; content → text, or the path of the exported file;
  senderDisplayName → sender, senderUsername → sender_id (arkme: senderID into `senders`);
  platformMessageId → id; quotedSender, quotedContent, `[引用 name：text]` → quoted;
  `[转发的聊天记录]` and its indented lines, CipherTalk's rawContent or chatRecords → forwarded; text in any other field is kept as a line
  `key：value`. isSend is not used: a second device writes 0.
Specimen:
  {"weflow":{…},"session":{"wxid":"1@chatroom","displayName":"云岭区值班群","messageCount":1},
   "messages":[{"createTime":1714554005,"type":"文本消息","localType":1,"content":"收到",
   "senderUsername":"wxid_a","senderDisplayName":"王明远","platformMessageId":"70"}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.forwards import Inner, nest, split_forward
from leakwatch.chats.parts.json_stream import JsonFile, as_id, as_object, as_text, outline
from leakwatch.chats.parts.kinds import attach, is_recall, kind_of_code, kind_of_name, split_quote
from leakwatch.chats.parts.moments import Moment, from_epoch, parse_moment
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.parts.wechat_xml import is_xml, read_xml
from leakwatch.model import Attachment, Chat, Conversation, Evidence, Message, MessageKind, Quote, Skipped

NAME = "weflow-json"

# Text that stands beside `content` for cards, links, places, music; kept unless content repeats it.
_BESIDE = (
    "title",
    "appMsgDesc",
    "linkTitle",
    "linkUrl",
    "finderTitle",
    "finderDesc",
    "finderNickname",
    "musicTitle",
    "musicSinger",
    "locationPoiname",
    "locationLabel",
    "contactCardNickname",
    "contactCardRemark",
    "contactCardSignature",
    "emojiCaption",
    "voiceTranscript",
)
_PLAIN = frozenset(
    "localId serverId createTime formattedTime type localType content isSend senderUsername senderDisplayName "
    "senderAvatarKey senderID source platformMessageId quotedSender quotedContent mediaPath mediaBase emojiMd5".split()
)
"""Keys of rows that hold no text beside `content`: nearly all."""
_KNOWN = _PLAIN | frozenset(_BESIDE) | {"chatRecords"}
_ROW_KEYS = frozenset({"createTime", "isSend", "localType", "senderUsername"})
_LOSSY = {
    "weflow": ("WeFlow 导出不含被撤回消息的原文", "WeFlow 可能去掉正文开头“某某:”形式的文字"),
    "echotrace": ("EchoTrace 只写“[聊天记录]”，合并转发的内容没有导出", "EchoTrace 不导出文件附件"),
    "ciphertalk": ("CipherTalk 按秒匹配图片，同一秒的两张图片可能互换",),
}


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows WeFlow's, CipherTalk's or EchoTrace's keys."""
    return _dialect(outline(head)) != ""


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the file, then the chat."""
    with JsonFile(file.path) as source:
        head = outline(source.condensed_head())
        dialect = _dialect(head) or "weflow"
        is_arkme = "senders" in head or as_object(head.get("weflow")).get("format") == "arkme-json"
        fields = source.fields(frozenset({"session", "senders"} if is_arkme else {"session"}))
        session = as_object(fields.get("session"))
        chat = _chat(session, file.name)
        senders = _senders(fields.get("senders"))
        tally = Tally(file, chat)
        yield from messages_of(
            source.records("messages"),
            tally,
            lambda record, number: _whole_message(
                _signed(record, senders) if senders else record, chat, number
            ),
        )
        yield Conversation(
            chat=chat,
            format=NAME,
            encoding=source.encoding,
            declared=_declared(session.get("messageCount")),
            coverage=tally.coverage(source.replacements),
            lossy=_LOSSY[dialect],
        )


def _dialect(head: Mapping[str, object]) -> str:
    weflow, messages = head.get("weflow"), head.get("messages")
    if "weflow" in head and (weflow or {"session", "messages"} & head.keys()):
        return "weflow"
    if (
        as_object(head.get("exportInfo")).get("generator") == "CipherTalk"
        and {"session", "messages"} & head.keys()
    ):
        return "ciphertalk"
    first = as_object(messages[0]) if isinstance(messages, list) and messages else {}
    if "session" in head and "localType" in first and "createTime" in first:
        return "echotrace"
    if first.keys() >= _ROW_KEYS:  # saved again with sorted keys: megabytes of messages before all others
        return "weflow"
    return ""


def _chat(session: Mapping[str, object], file_name: str) -> Chat:
    names = (as_text(session.get(key)).strip() for key in ("displayName", "remark", "nickname"))
    return Chat(
        name=next(filter(None, names), PurePath(file_name).stem),
        platform="wechat",
        id=as_text(session.get("wxid") or session.get("accountId") or session.get("username")),
        is_group={"群聊": True, "私聊": False}.get(as_text(session.get("type")).strip()),
    )


def _declared(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _senders(table: object) -> dict[str, Mapping[str, object]]:
    """arkme-json: senderID → the sender's row."""
    rows = table if isinstance(table, list) else []
    return {as_text(row.get("senderID")): row for row in rows if isinstance(row, dict)}


def _signed(record: dict[str, object], senders: Mapping[str, Mapping[str, object]]) -> Mapping[str, object]:
    row = senders.get(as_text(record.get("senderID")))
    if row is None:
        return record
    names = (as_text(row.get(key)) for key in ("groupNickname", "displayName", "remark", "nickname"))
    return {
        **record,
        "senderUsername": row.get("accountId") or row.get("wxid"),
        "senderDisplayName": next(filter(None, names), ""),
    }


def _whole_message(record: Mapping[str, object], chat: Chat, number: int) -> Message:
    message = _message(record, chat, number)
    if _PLAIN.issuperset(record):
        return message
    message = _with_text_beside(message, record)
    return with_unknown_fields(message, record, _KNOWN, as_text(record.get("content")))


def _message(record: Mapping[str, object], chat: Chat, number: int) -> Message:
    kind, content = _kind(record), as_text(record.get("content"))
    moment = _moment(record)
    sender_id = as_id(record.get("senderUsername"))
    plain = Message(
        chat=chat,
        number=number,
        sender=as_text(record.get("senderDisplayName")).strip() or sender_id or "",
        text=content,
        kind=kind,
        id=as_id(record.get("platformMessageId")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
    )
    if kind is MessageKind.SYSTEM:  # the room stands as the sender of its system rows
        is_recalled = is_recall(content)
        kind = MessageKind.RECALL if is_recalled else kind
        return replace(plain, sender="", sender_id=None, kind=kind, recalled=is_recalled)
    is_bare = kind is MessageKind.TEXT and "[" not in content and "<" not in content
    if is_bare and "quotedContent" not in record and "quote" not in record:
        return plain
    return with_content(plain, record)


def with_content(plain: Message, record: Mapping[str, object]) -> Message:
    """The message with its content taken apart into quote, forward, file and text."""
    content = plain.text
    if is_xml(content):
        return _with_xml(plain, content)
    if plain.kind is MessageKind.FORWARD:
        head, inner = split_forward(content)
        if not inner and is_xml(raw := as_text(record.get("rawContent"))):
            inner = read_xml(raw).inner
        return with_forward(replace(plain, text=head), inner or tuple(_records(record.get("chatRecords"))))
    reply, quoted = _quote(content, record)
    if (
        quoted is None
        and plain.kind is MessageKind.QUOTE
        and is_xml(raw := as_text(record.get("rawContent")))
    ):
        quoted = read_xml(raw).quoted
    text, attachments = attach(plain.kind, reply)
    return replace(plain, text=text, quoted=quoted, attachments=_with_media(attachments, record))


def _records(records: object) -> Iterator[Inner]:
    """CipherTalk's flat list of what a forward holds; the raw XML has the nested ones too."""
    for row in records if isinstance(records, list) else []:
        fields = as_object(row)
        names = (as_text(fields.get(key)).strip() for key in ("senderDisplayName", "sender"))
        stamp = fields.get("timestamp")
        moment = from_epoch(stamp) if isinstance(stamp, int | float) else Moment()
        yield Inner(
            level=0,
            sender=next(filter(None, names), ""),
            text=as_text(fields.get("content") if fields else row),
            moment=moment if moment.at else parse_moment(as_text(fields.get("formattedTime"))),
        )


def with_forward(message: Message, inner: tuple[Inner, ...]) -> Message:
    """The message with the forwarded ones inside, or marked as a digest if there are none."""
    return replace(
        message, forwarded=nest(inner, message), summary_only=not inner and "\n" not in message.text.strip()
    )


def _with_xml(plain: Message, xml: str) -> Message:
    found = read_xml(xml)
    kind = found.kind if plain.kind in (MessageKind.OTHER, MessageKind.TEXT) else plain.kind
    message = replace(plain, kind=kind, text=found.text, quoted=found.quoted, attachments=found.attachments)
    return with_forward(message, found.inner) if found.inner or kind is MessageKind.FORWARD else message


def _quote(content: str, record: Mapping[str, object]) -> tuple[str, Quote | None]:
    reply, sender, text = split_quote(content)
    fields = as_object(record.get("quote"))
    text = text or as_text(record.get("quotedContent") or fields.get("content"))
    if not text or (reply == content and text in content):
        return content, None
    sender = sender or as_text(record.get("quotedSender") or fields.get("sender"))
    return reply, Quote(sender=sender, text=text)


def _with_media(attachments: tuple[Attachment, ...], record: Mapping[str, object]) -> tuple[Attachment, ...]:
    """EchoTrace names the file beside the placeholder, stickers have their md5 there."""
    if not attachments:
        return ()
    found = attachments[0]
    path = found.path or as_text(record.get("mediaPath"))
    name = found.name or path.replace("\\", "/").rsplit("/", 1)[-1]
    return (replace(found, path=path, name=name, md5=found.md5 or as_text(record.get("emojiMd5"))),)


def _with_text_beside(message: Message, record: Mapping[str, object]) -> Message:
    seen = "\n".join(
        (message.text, as_text(record.get("content")), *(file.name for file in message.attachments))
    )
    beside = [as_text(record.get(key)).strip() for key in _BESIDE]
    new = dict.fromkeys(text for text in beside if text and text not in seen)
    return replace(message, text="\n".join(filter(None, (message.text, *new))))


def _kind(record: Mapping[str, object]) -> MessageKind:
    kind = kind_of_name(as_text(record.get("type")))
    if kind is MessageKind.OTHER and isinstance(code := record.get("localType"), int):
        return kind_of_code(max(code, 0))
    return kind


def _moment(record: Mapping[str, object]) -> Moment:
    epoch = record.get("createTime")
    moment = from_epoch(epoch) if isinstance(epoch, (int, float, str)) else Moment()
    return moment if moment.at else parse_moment(as_text(record.get("formattedTime")))
