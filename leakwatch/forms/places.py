"""Hits → places: each message or file once, in time order, with words for where, when and what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from leakwatch.model import SHANGHAI, Evidence, Finding, Hit, Message, Origin, Precision, TextPiece, digest
from leakwatch.text import printable, snippet

FILE_ORIGINS = (Origin.OCR, Origin.DOCUMENT, Origin.IMAGE)
"""Pieces of these lie in a file of their own; the others in the export that holds every message."""

_VAGUE = (Precision.DAY, Precision.TIME_ONLY, Precision.NONE)
_CHANNELS = {
    "wechat": "微信",
    "qq": "QQ",
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "feishu": "飞书",
    "welink": "WeLink",
}
_CARRIERS = {
    Origin.MESSAGE: "文字消息",
    Origin.QUOTE: "引用的消息",
    Origin.FORWARD: "转发的聊天记录",
    Origin.FILENAME: "文件名",
    Origin.OCR: "图片",
    Origin.DOCUMENT: "文档",
    Origin.IMAGE: "图片",
}
_DOCUMENT_NAMES = (
    *(".pdf", ".ofd", ".doc", ".docx", ".docm", ".dot", ".dotx", ".dotm", ".wps", ".wpt", ".rtf", ".odt"),
    *(".xls", ".xlsx", ".xlsm", ".et", ".ods", ".ppt", ".pptx", ".pptm", ".pps", ".ppsx", ".dps", ".odp"),
)
"""No text at all, or nothing but placeholders: [图片]."""
_EXCERPT = 200
_AROUND = 40
_EXCERPTS_A_PIECE = 3
_PIECES_A_PLACE = 6
_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One message, or one file that came with no message, and what was hit there."""

    hits: tuple[Hit, ...]

    @property
    def message(self) -> Message | None:
        return self.hits[0].piece.message

    @property
    def is_recalled(self) -> bool:
        """An overlapping export may show the same message before its recall."""
        return any(hit.piece.message is not None and hit.piece.message.recalled for hit in self.hits)

    @property
    def files(self) -> tuple[Evidence, ...]:
        """The pictures and documents that were posted here."""
        return tuple({file.sha256: file for hit in self.hits if (file := file_of(hit.piece))}.values())


def key_of(piece: TextPiece) -> str:
    """The same for all pieces of one message, or of one file at one spot of the drop.

    Where the export tells neither time nor contents, only the number tells messages apart.
    """
    message = piece.message
    if message is None:
        return digest("file", piece.evidence.sha256, piece.evidence.inner_path)
    if message.sent_at is None or message.precision in _VAGUE:
        return digest(message.key, message.id or str(message.number))
    if message.is_wordless and not message.contents:
        return digest(message.key, str(message.number))
    return digest(message.key)


def file_of(piece: TextPiece) -> Evidence | None:
    """The posted file a piece was read from; None for words of the chat itself."""
    return piece.evidence if piece.message is None or piece.origin in FILE_ORIGINS else None


def document_of(file: Evidence) -> str | None:
    """sha256 of the document that a file is a page or a part of.

    Archives, mails and web pages are none: a mailed chat history holds the photos of many messages.
    """
    container, inside, _ = file.inner_path.rpartition("!")
    return file.parent if inside and container.lower().endswith(_DOCUMENT_NAMES) else None


def places(findings: Iterable[Finding]) -> list[Place]:
    """Where the findings were hit, in time order; unknown times, then files without a message, come last."""
    hits: dict[str, list[Hit]] = {}
    for finding in findings:
        for hit in finding.hits:
            hits.setdefault(key_of(hit.piece), []).append(hit)
    return sorted((Place(hits=tuple(there)) for there in hits.values()), key=_order)


def moment(message: Message) -> str:
    """When a message was sent, as precisely as the export says."""
    if message.sent_at is None:
        return f"{one_line(message.clock, 20)}（日期未知）" if message.clock else "时间未知"
    local = message.sent_at.astimezone(SHANGHAI)
    match message.precision:
        case Precision.MILLISECOND | Precision.SECOND:
            return f"{day(local)}{local:%H:%M:%S}"
        case Precision.MINUTE:
            return f"{day(local)}{local:%H:%M}"
        case Precision.DAY:
            return f"{day(local)}（时刻未知）"
        case _:
            return "时间未知"


def day(moment: datetime) -> str:
    """The date in Chinese, Asia/Shanghai."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def clock(moment: datetime) -> str:
    """Date and minute in Chinese, Asia/Shanghai."""
    return f"{day(moment)}{moment.astimezone(SHANGHAI):%H:%M}"


def channel(message: Message | None) -> str:
    """Through which group or other chat of which platform; files without a message have none."""
    if message is None:
        return "未对应到消息的文件"
    chat = message.chat
    sort = "会话" if chat.is_group is None else "群" if chat.is_group else "私聊"
    name = f"「{one_line(chat.name)}」" if chat.name.strip() else "（导出文件未载名称）"
    return _CHANNELS.get(chat.platform, "聊天") + sort + name


def reference(message: Message) -> str:
    """Which message of its export."""
    id = f"，消息编号{one_line(message.id)}" if message.id else ""
    return f"第{message.number}条{id}"


def carrier(piece: TextPiece) -> str:
    """What sort of carrier a piece was read from."""
    return _CARRIERS[piece.origin]


def posted(place: Place) -> str:
    """Carrier, file name, spot and excerpts of what was hit at one place."""
    pieces: dict[tuple[Origin, str, str | None, str], list[Hit]] = {}
    for hit in place.hits:
        piece = hit.piece
        pieces.setdefault((piece.origin, piece.evidence.sha256, piece.spot, piece.text), []).append(hit)
    parts = [_part(hits) for hits in list(pieces.values())[:_PIECES_A_PLACE]]
    rest = len(pieces) - len(parts)
    return "；".join(parts) + (f"；另有{rest}处未列，见扫描结果" if rest else "")


def quote(hit: Hit) -> str:
    """The raw text of a hit on one line, cut at 200 characters."""
    return one_line(hit.quote, _EXCERPT)


def one_line(text: str, most: int = _NAME) -> str:
    """Text of strangers without controls and line breaks, cut with … at `most` characters."""
    # Cut before cleaning: a name of ten megabytes costs nothing. Zero-width padding cannot fill it up.
    plain = re.sub(r"\s+", " ", printable(text[: most * 50])).strip()
    return plain if len(plain) <= most and len(text) <= most * 50 else plain[: most - 1] + "…"


def _order(place: Place) -> tuple[int, float, str, int, str]:
    message = place.message
    where = place.hits[0].piece.evidence.inner_path
    if message is None:
        return 2, 0.0, "", 0, where
    if message.sent_at is None or message.precision in (Precision.TIME_ONLY, Precision.NONE):
        return 1, 0.0, message.chat.name, message.number, where
    return 0, message.sent_at.timestamp(), message.chat.name, message.number, where


def _part(hits: Sequence[Hit]) -> str:
    piece = hits[0].piece
    name = f"「{one_line(piece.evidence.name)}」" if file_of(piece) else ""
    spot = one_line(piece.spot) if piece.spot else ""
    recognised = "文字为自动识别" if piece.origin is Origin.OCR else ""
    details = "，".join(filter(None, (spot, recognised)))
    texts = _excerpts(hits)
    rest = f"等{len(hits)}处" if len(texts) == _EXCERPTS_A_PIECE < len(hits) else ""
    said = "".join(f"“{text}”" for text in texts)
    return f"{carrier(piece)}{name}{f'（{details}）' if details else ''}：{said}{rest}"


def _excerpts(hits: Sequence[Hit]) -> list[str]:
    """Quotes with a little context; a hit inside the last excerpt is not repeated."""
    texts: list[str] = []
    shown_to = -1
    for hit in sorted(hits, key=lambda hit: hit.start):
        if hit.end <= shown_to or len(texts) == _EXCERPTS_A_PIECE:
            continue
        around = max(0, min(_AROUND, (_EXCERPT - 2 - (hit.end - hit.start)) // 2))
        texts.append(one_line(snippet(hit.piece.text, hit.start, hit.end, around), _EXCERPT))
        shown_to = hit.end + around
    return texts
