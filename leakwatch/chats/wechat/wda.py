"""Chats in the archives of WeChatDataAnalysis (JSON).

Written by: WeChatDataAnalysis, as a zip: `manifest.json`, `report.json`, `conversations/0001_…/messages.json`
  and `meta.json`, `media/…`.
Tell-tales: top-level `schemaVersion`, `conversation` and `messages`.
Field map: conversation.displayName, else username → chat.name, username → chat.id; createTime (s) → sent_at;
  senderDisplayName, else senderUsername → sender (system rows carry any name: dropped); renderType, else type
  → kind; content → text; title (the only place of a file's name), url → text or name; quoteTitle,
  quoteContent → quoted; recordItem (XML) → forwarded; offlineMedia[{kind,path}] → attachments; text of any
  other field is kept as a line `key：value`.
Beside it: meta.json messageCount → declared; report.json missingMedia, errors → a row. account hidden: the
  exporter blanked all texts. filters says which kinds and days were chosen.
Specimen:
  {"schemaVersion":1,"account":"wxid_me","conversation":{"username":"1@chatroom","displayName":"云岭区值班群",
  "isGroup":true},"messages":[{"id":"message_0:Msg_x:1","createTime":1714554005,"type":1,"renderType":"text",
  "senderUsername":"wxid_a","senderDisplayName":"王明远","content":"收到"}]}
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import stem
from leakwatch.chats.parts.forwards import nest
from leakwatch.chats.parts.json_stream import JsonFile, as_id, as_object, as_text, outline
from leakwatch.chats.parts.kinds import attachment_kind, is_recall, kind_of_code, kind_of_name
from leakwatch.chats.parts.moments import Moment, from_epoch, parse_moment
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.chats.parts.wechat_xml import read_xml
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

NAME = "wda-json"

SOME_KINDS = "导出时只勾选了一部分消息类型，其余的消息没有导出；请全部勾选后重新导出"
SOME_DAYS = "导出时限定了时间范围，范围之外的消息没有导出"
HIDDEN = (
    "导出时打开了“隐私模式”：正文、标题、文件名和图片都被导出工具抹去，等于没有检查；请关掉隐私模式重新导出"
)

_SIDE_FILES = ("../../manifest.json", "../../_integrity/manifest.wce", "../../_integrity/signature.wce")
"""What the exporter says about the whole archive, and its seal: no text of anybody's."""
_HIDDEN_ACCOUNT = "hidden"
_FIRST_FOLDER = re.compile(r"(?:^|[\\/!])0001_[^\\/!]*[\\/][^\\/!]*$")
_KNOWN = frozenset(
    "id localId serverId createTime createTimeText sortSeq type renderType isSent senderUsername "
    "senderDisplayName senderAvatarPath conversationUsername isGroup content title url quoteTitle quoteContent "
    "recordItem offlineMedia imageMd5 imageFileId imageUrl emojiMd5 emojiUrl videoMd5 videoThumbMd5 videoFileId "
    "videoThumbFileId videoUrl videoThumbUrl voiceLength fileSize fileMd5 thumbUrl coverUrl paySubType transferId "
    "voipType quoteUsername quoteServerId quoteType quoteThumbUrl quoteVoiceLength".split()
)
_MEDIA = {
    "image": AttachmentKind.IMAGE,
    "emoji": AttachmentKind.STICKER,
    "video": AttachmentKind.VIDEO,
    "video_thumb": AttachmentKind.IMAGE,
    "voice": AttachmentKind.VOICE,
    "file": AttachmentKind.FILE,
}
_MD5_KEYS = {
    MessageKind.IMAGE: "imageMd5",
    MessageKind.STICKER: "emojiMd5",
    MessageKind.VIDEO: "videoMd5",
    MessageKind.FILE: "fileMd5",
}
_WORDS = {
    "image": "图片",
    "emoji": "表情",
    "video": "视频",
    "video_thumb": "视频封面",
    "voice": "语音",
    "file": "文件",
}


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001
    """Whether the head shows the three keys that this exporter opens with."""
    keys = outline(head)
    conversation = as_object(keys.get("conversation"))
    is_named = bool({"username", "displayName"} & conversation.keys())
    return "schemaVersion" in keys and is_named and ("messages" in keys or "filters" in keys)


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
    """The messages of the one chat in the file, what its report says is missing, then the chat."""
    with JsonFile(file.path) as source:
        fields = source.fields(frozenset({"conversation", "account", "filters"}))
        chat = _chat(as_object(fields.get("conversation")), file.name)
        tally = Tally(file, chat)
        yield from messages_of(
            source.records("messages"), tally, lambda row, number: _whole_message(row, chat, number)
        )
        yield from missing_of(file, chat, beside)
        is_hidden = fields.get("account") == _HIDDEN_ACCOUNT
        if is_hidden:
            yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=HIDDEN)
        yield Conversation(
            chat=chat,
            format=NAME,
            encoding=source.encoding,
            declared=declared_of(beside),
            coverage=tally.coverage(source.replacements),
            lossy=(*_left_out(as_object(fields.get("filters"))), *((HIDDEN,) if is_hidden else ())),
        )


def _left_out(filters: Mapping[str, object]) -> Iterator[str]:
    """What was chosen to be left out when the chat was exported."""
    if filters.get("messageTypes"):
        yield SOME_KINDS
    if filters.get("startTime") or filters.get("endTime"):
        yield SOME_DAYS


def declared_of(beside: Beside) -> int | None:
    """How many messages meta.json says that the conversation has."""
    count = _fields(beside.take("meta.json"), "messageCount").get("messageCount")
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


def missing_of(file: Evidence, chat: Chat, beside: Beside) -> Iterator[Skipped]:
    """A row for the media, one for the errors that the export's own report lists for this chat."""
    for path in _SIDE_FILES:
        beside.take(path)
    report = beside.take("../../report.json")
    if report is None:
        return
    with JsonFile(report.path) as source:
        rows = (as_object(row) for row in source.records("missingMedia"))
        media = Counter(as_text(row.get("kind")) for row in rows if row.get("conversation") == chat.id)
        # What went wrong outside any chat is said once, with the first.
        is_first = _FIRST_FOLDER.search(file.inner_path) is not None
        owners = (as_object(row).get("conversation") for row in source.records("errors"))
        errors = sum(owner == chat.id or (not owner and is_first) for owner in owners)
    if media:
        listed = "、".join(f"{_WORDS.get(kind, '其他')} {count} 个" for kind, count in sorted(media.items()))
        detail = f"导出工具自己报告没有找到的附件：{listed}，未能检查；请在手机上点开原图、原文件后重新导出"
        yield Skipped(evidence=file, name=file.name, reason=Reason.MISSING_ATTACHMENT, detail=detail)
    if errors:
        detail = f"导出工具自己报告有 {errors} 处出错（report.json），这次导出可能不全；请重新导出"
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)


def _fields(file: Evidence | None, key: str) -> dict[str, object]:
    if file is None:
        return {}
    with JsonFile(file.path) as source:
        return source.fields(frozenset({key}))


def _chat(conversation: Mapping[str, object], file_name: str) -> Chat:
    username = as_text(conversation.get("username")).strip()
    is_group = conversation.get("isGroup")
    return Chat(
        name=as_text(conversation.get("displayName")).strip() or username or stem(file_name),
        platform="wechat",
        id=username,
        is_group=is_group if isinstance(is_group, bool) else None,
    )


def _whole_message(record: Mapping[str, object], chat: Chat, number: int) -> Message:
    message = _message(record, chat, number)
    return with_unknown_fields(message, record, _KNOWN, message.text)


def _message(record: Mapping[str, object], chat: Chat, number: int) -> Message:
    kind, moment = _kind(record), _moment(record)
    sender_id = as_id(record.get("senderUsername"))
    quote = as_text(record.get("quoteContent"))
    message = Message(
        chat=chat,
        number=number,
        sender=as_text(record.get("senderDisplayName")).strip() or sender_id or "",
        text=_text(record, kind),
        kind=kind,
        id=as_id(record.get("serverId") or record.get("id")),
        sender_id=sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        quoted=Quote(sender=as_text(record.get("quoteTitle")).strip(), text=quote) if quote else None,
        attachments=_attachments(record, kind),
    )
    if kind is MessageKind.SYSTEM:
        is_recalled = is_recall(message.text)
        kind = MessageKind.RECALL if is_recalled else kind
        return replace(message, sender="", sender_id=None, kind=kind, recalled=is_recalled)
    return _with_forward(message, record) if kind is MessageKind.FORWARD else message


def _with_forward(message: Message, record: Mapping[str, object]) -> Message:
    xml = as_text(record.get("recordItem")).strip()
    inner = read_xml(unescape(xml) if xml.startswith("&lt;") else xml).inner if xml else ()
    if xml and not inner:
        return replace(message, text=f"{message.text}\n{xml}", summary_only=True)
    return replace(message, forwarded=nest(inner, message), summary_only=not inner)


def _text(record: Mapping[str, object], kind: MessageKind) -> str:
    """The content, and what only the title and the address say; a file's title is its name."""
    content = as_text(record.get("content")).strip()
    title, url = (as_text(record.get(key)).strip() for key in ("title", "url"))
    if kind is MessageKind.FILE:
        return "" if content in (title, "[文件]") else content
    if kind in (MessageKind.IMAGE, MessageKind.STICKER, MessageKind.VIDEO):
        return content
    return "\n".join(dict.fromkeys(filter(None, (content, title, url))))


def _attachments(record: Mapping[str, object], kind: MessageKind) -> tuple[Attachment, ...]:
    media = record.get("offlineMedia")
    title = as_text(record.get("title")).strip() if kind is MessageKind.FILE else ""
    rows = [as_object(row) for row in media] if isinstance(media, list) else []
    found = tuple(_attachment(row, title) for row in rows if as_text(row.get("path")))
    file_kind = attachment_kind(kind)
    if found or file_kind is None:
        return found
    md5 = as_text(record.get(_MD5_KEYS.get(kind, ""))).lower()
    return (Attachment(kind=file_kind, name=title, md5=md5),)


def _attachment(row: Mapping[str, object], title: str) -> Attachment:
    kind, path = as_text(row.get("kind")), as_text(row.get("path"))
    return Attachment(
        kind=_MEDIA.get(kind, AttachmentKind.FILE),
        name=title or path.replace("\\", "/").rsplit("/", 1)[-1],
        path=path,
        md5=as_text(row.get("md5")).lower(),
        thumbnail=kind == "video_thumb",
    )


def _kind(record: Mapping[str, object]) -> MessageKind:
    kind = kind_of_name(as_text(record.get("renderType")))
    code = record.get("type")
    return kind_of_code(max(code, 0)) if kind is MessageKind.OTHER and isinstance(code, int) else kind


def _moment(record: Mapping[str, object]) -> Moment:
    epoch = record.get("createTime")
    moment = from_epoch(epoch) if isinstance(epoch, int | float | str) else Moment()
    return moment if moment.at else parse_moment(as_text(record.get("createTimeText")))
