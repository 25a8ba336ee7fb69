"""What of a conversation was there to be read: counted message by message, said at its end.

A chat without its pictures is not a clean chat; every gap becomes a `Skipped` with a sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    Precision,
    Reason,
    Skipped,
)

_LISTED = 100
"""Missing files that are named one by one; the rest of a conversation's are counted in one row."""
_WORDS = {
    AttachmentKind.IMAGE: "图片",
    AttachmentKind.FILE: "文件",
    AttachmentKind.VOICE: "语音",
    AttachmentKind.VIDEO: "视频",
    AttachmentKind.STICKER: "表情",
}
_SOUND = (AttachmentKind.VOICE, AttachmentKind.VIDEO)


class Account:
    """The counts of one export file, conversation by conversation."""

    def __init__(self, export: Evidence) -> None:
        self._export = export
        self._parsed: Counter[Chat] = Counter()
        self._newest: dict[Chat, datetime] = {}
        self._counts: dict[Chat, Counter[str]] = defaultdict(Counter)

    def message(self, message: Message) -> None:
        """Counts a message."""
        self._parsed[message.chat] += 1
        if message.sent_at and message.precision is not Precision.TIME_ONLY:
            newest = self._newest.get(message.chat, message.sent_at)
            self._newest[message.chat] = max(newest, message.sent_at)

    def attachment(
        self, message: Message, attachment: Attachment, file: Evidence | None
    ) -> Iterator[Skipped]:
        """Counts an attachment; a row for one that is named but not in the drop."""
        counts = self._counts[message.chat]
        counts[f"{attachment.kind} {'missing' if file is None else 'present'}"] += 1
        if file is not None and attachment.thumbnail:
            counts["thumbnail"] += 1
        if file is not None or attachment.kind is AttachmentKind.STICKER:
            return
        if attachment.remote:
            counts["remote"] += 1
        elif not (attachment.name or attachment.path):
            counts[f"{attachment.kind} nameless"] += 1
        elif attachment.kind not in _SOUND:
            counts["missing"] += 1
            if counts["missing"] <= _LISTED:
                yield self._missing(message, attachment)

    def closed(self, conversation: Conversation) -> Iterator[Conversation | Skipped]:
        """The conversation with all counts, and a row for each kind of gap."""
        counts = self._counts[conversation.chat]
        parsed = self._parsed[conversation.chat]
        full = replace(
            conversation,
            parsed=parsed,
            coverage=_coverage(conversation, counts),
            last_at=self._newest.get(conversation.chat),
        )
        yield full
        if full.is_incomplete:
            yield self._row(Reason.INCOMPLETE, _shortfall(full))
        yield from (self._row(reason, text) for number, reason, text in _gaps(full, counts) if number > 0)

    def _missing(self, message: Message, attachment: Attachment) -> Skipped:
        detail = f"消息里的{_WORDS[attachment.kind]}不在所放的文件中，未能检查；请连同附件重新导出，或把文件放在记录旁边"
        return Skipped(
            evidence=self._export,
            name=attachment.name or attachment.path,
            reason=Reason.MISSING_ATTACHMENT,
            detail=detail,
            message=message,
        )

    def _row(self, reason: Reason, detail: str) -> Skipped:
        return Skipped(evidence=self._export, name=self._export.name, reason=reason, detail=detail)


def _gaps(conversation: Conversation, counts: Counter[str]) -> Iterator[tuple[int, Reason, str]]:
    """(how many, why, sentence) of each kind of gap, those of which there are none too."""
    for kind in (AttachmentKind.IMAGE, AttachmentKind.FILE):
        number, what = counts[f"{kind} nameless"], _WORDS[kind]
        detail = (
            f"记录里有 {number} 处{what}只留下占位文字，{what}没有随记录导出，未能检查；请连同{what}重新导出"
        )
        yield number, Reason.MISSING_ATTACHMENT, detail
    number = conversation.coverage.images_thumbnail
    detail = f"{number} 张图片只有缩略图，字太小，不能算检查过；请在手机上点开原图保存后重新导出"
    yield number, Reason.INCOMPLETE, detail
    number = conversation.coverage.forwards_summary
    detail = f"{number} 条合并转发只留下摘要，里面的内容没有导出，未能检查；请在手机上打开原消息核对"
    yield number, Reason.INCOMPLETE, detail
    number = conversation.coverage.decode_replacements
    detail = (
        f"有 {number} 处字符无法识别，已用“\ufffd”代替，其余内容已检查；请用原软件另存为 UTF-8 后重新检查"
    )
    yield number, Reason.DAMAGED, detail
    number = counts["missing"] - _LISTED
    yield number, Reason.MISSING_ATTACHMENT, f"另有 {number} 个附件不在所放的文件中，未能检查"
    number = counts["remote"]
    detail = f"{number} 个附件只有网络链接，leakwatch 不联网，未能检查；请把附件一并导出"
    yield number, Reason.MISSING_ATTACHMENT, detail
    number = counts["voice missing"] + counts["voice present"]
    yield number, Reason.UNSUPPORTED, f"{number} 条语音未检查（不识别声音），请人工听"
    number = counts["video missing"]
    detail = f"{number} 条视频没有随记录导出，未检查；请连同视频重新导出，或人工观看"
    yield number, Reason.MISSING_ATTACHMENT, detail


def _coverage(conversation: Conversation, counts: Counter[str]) -> Coverage:
    return replace(
        conversation.coverage,
        images_present=counts["image present"],
        images_missing=counts["image missing"],
        images_thumbnail=counts["thumbnail"],
        files_present=counts["file present"],
        files_missing=counts["file missing"],
        voice=counts["voice present"] + counts["voice missing"],
        video=counts["video present"] + counts["video missing"],
    )


def _shortfall(conversation: Conversation) -> str:
    if not conversation.parsed:
        return "认出了聊天记录的格式，但没有读出任何消息；文件可能是空的或已损坏，请重新导出"
    return f"记录自称有 {conversation.declared} 条消息，只读出 {conversation.parsed} 条；可能没有导完或已损坏，请重新导出"
