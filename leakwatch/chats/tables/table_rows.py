"""One row of a chat table → one message."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from msgspec.structs import replace

from leakwatch.chats.parts.forwards import Inner, from_datalist, nest, split_forward, split_list
from leakwatch.chats.parts.kinds import (
    attach,
    attachment_kind,
    file_at,
    is_recall,
    kind_of_code,
    kind_of_name,
    kind_of_text,
    split_quote,
)
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.chats.parts.placeholders import attachments_of
from leakwatch.chats.parts.wechat_xml import is_xml, read_xml
from leakwatch.chats.qq.qce_names import split_files
from leakwatch.chats.tables.table_headers import Layout, Role
from leakwatch.chats.wechat import chatlog
from leakwatch.model import Attachment, Chat, Message, MessageKind, Precision, Quote

_LARGEST_DICT = 1 << 20
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+|\d{15}0{3,}", re.IGNORECASE)
_SYSTEM_SENDERS = frozenset({"系统", "系统消息", "系统提示", "系统通知", "system"})
_NAMELESS = frozenset({"", "我", "未知", "系统"})
_MARK = re.compile(r"[\[【<>]|引用")
"""What a text holds that may be more than a text: a quote, a forward, a placeholder, XML."""
_NOTHING_MORE = "more"
"""What MemoTrace v3 writes into each cell of 更多信息."""
_TRUE = frozenset({"是", "true", "1", "yes", "已撤回"})
# Written by MemoTrace v3 and PyWxDump; a second 引用 in the text makes it ambiguous.
_QUOTES = (
    (
        "\n引用：",
        re.compile(r"(?P<reply>.*)\n引用：(?P<sender>[^:：\n]{1,64})[:：] ?(?P<text>.*)", re.DOTALL),
    ),
    (
        "\n[引用](",
        re.compile(
            r"(?P<reply>.*?)\s*\n\[引用\]\([^)\n]*\)(?P<sender>[^:：\n]{1,64})[:：](?P<text>.*)", re.DOTALL
        ),
    ),
)


def message_of(row: Sequence[str], layout: Layout, chat: Chat, number: int) -> Message:
    """The message that a row of this layout writes down; a row without time and sender stays whole as text."""
    moment = moment_of(layout.cells(row, Role.TIME))
    sender = layout.cell(row, Role.SENDER)
    content = layout.cell(row, Role.CONTENT)
    if moment.precision is Precision.NONE and not (sender and content):
        text = "\n".join(cell.strip() for cell in row if cell.strip())
        return Message(chat=chat, number=number, sender="", text=text, kind=MessageKind.OTHER)
    sender_id = layout.cell(row, Role.SENDER_ID)
    kind = _kind(row, layout, content)
    message = Message(
        chat=chat,
        number=number,
        sender=sender or sender_id,
        text=content,
        kind=kind,
        id=_id(layout.cell(row, Role.ID)),
        sender_id=None if sender_id in _NAMELESS else sender_id,
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
        clock=moment.clock,
        recalled=kind is MessageKind.RECALL or layout.cell(row, Role.RECALLED).lower() in _TRUE,
    )
    if layout.exporter == "QQChatExporter":
        message = _with_listed_files(message)
    elif kind is not MessageKind.TEXT or _MARK.search(content) or Role.SOURCE in layout.columns:
        message = with_content(message, layout.cell(row, Role.SOURCE), layout.cell(row, Role.KIND))
    return _with_other_columns(_as_system(message), row, layout)


def _with_listed_files(message: Message) -> Message:
    """The message of QQ Chat Exporter, whose cells list the files behind the text and cut forwards short."""
    text, files = split_files(message.text)
    attachments = files or attachments_of(text)
    is_forward = text.startswith("[转发消息")
    is_typed = message.kind not in (MessageKind.OTHER, MessageKind.TEXT)
    is_file = len(files) == 1 and text.count("[") <= 1 and text[:1] in ("", "[")
    kind = MessageKind(files[0].kind.value) if is_file else MessageKind.TEXT
    kind = MessageKind.FORWARD if is_forward else message.kind if is_typed else kind
    return replace(message, text=text, kind=kind, attachments=attachments, summary_only=is_forward)


def _id(cell: str) -> str | None:
    """The id, unless Excel rounded it to 15 digits: 7E+18 is the same for every message."""
    return None if not cell or _ROUNDED.fullmatch(cell) else cell


def moment_of(cells: Sequence[str]) -> Moment:
    """The first time that has a date; a date and a clock in two columns are put together."""
    if len(cells) == 1:
        return parse_moment(cells[0])
    moments = [parse_moment(cell) for cell in cells]
    exact = (moment for moment in moments if moment.at and moment.precision is not Precision.DAY)
    if (found := next(exact, None)) is not None:
        return found
    by_precision = {moment.precision: cell for moment, cell in zip(moments, cells, strict=True)}
    if Precision.DAY in by_precision and Precision.TIME_ONLY in by_precision:
        day = next(moment for moment in moments if moment.precision is Precision.DAY)
        joined = parse_moment(f"{day.at:%Y-%m-%d} {by_precision[Precision.TIME_ONLY]}")
        return joined if joined.at else day
    return next((moment for moment in moments if moment != Moment()), Moment())


def _kind(row: Sequence[str], layout: Layout, content: str) -> MessageKind:
    name, subkind = layout.cell(row, Role.KIND), layout.cell(row, Role.SUBKIND)
    if name.isascii() and name.isdigit() and len(name) < 16:
        return kind_of_code(int(name), int(subkind) if subkind.isascii() and subkind.isdigit() else 0)
    kind = kind_of_name(name)
    if kind is MessageKind.OTHER:
        # An unknown type name stays OTHER; without a type column the content itself has to tell.
        guessed = kind_of_text(content)
        return kind if name and guessed is MessageKind.TEXT else guessed
    return kind


def with_content(message: Message, source: str, type_name: str) -> Message:
    """The message with its content taken apart into quote, forward, file and text."""
    if is_xml(message.text):
        return _with_xml(message)
    if message.kind is MessageKind.FORWARD or message.text.lstrip().startswith(("[合并转发", "【合并转发")):
        head, inner = split_forward(message.text)
        inner = inner or _from_source(source)
        rest = "" if inner else source  # too long to be taken apart, or of no known form
        is_digest = not inner and not rest and "\n" not in message.text.strip()
        message = replace(message, kind=MessageKind.FORWARD, text="\n".join(filter(None, (head, rest))))
        return replace(message, forwarded=nest(inner, message), summary_only=is_digest)
    reply, quoted = _quote(message.text)
    # PyWxDump writes 图片 as the text of an image.
    text, attachments = attach(message.kind, "" if reply == type_name else reply)
    text = type_name if reply == type_name and not attachments else text
    if attachments and source:
        _, (file,) = attach(message.kind, source) if "\n" not in source else ("", attachments[:1])
        kept = attachments[0]
        attachments = (replace(file, name=kept.name or file.name, md5=kept.md5 or file.md5),)
    elif source and attachment_kind(message.kind) is None and (named := file_at(source)) is not None:
        kind = message.kind if text else MessageKind(named.kind.value)
        return replace(message, kind=kind, text=text, quoted=quoted, attachments=(named,))
    elif source:
        text = "\n".join(filter(None, (text, source)))
    return replace(message, text=text, quoted=quoted, attachments=attachments)


def _with_xml(message: Message) -> Message:
    found = read_xml(message.text)
    kind = found.kind if message.kind in (MessageKind.OTHER, MessageKind.TEXT) else message.kind
    message = replace(
        message, kind=kind, text=found.text, quoted=found.quoted, attachments=found.attachments or _bare(kind)
    )
    is_digest = kind is MessageKind.FORWARD and not found.inner
    return replace(message, forwarded=nest(found.inner, message), summary_only=is_digest)


def _bare(kind: MessageKind) -> tuple[Attachment, ...]:
    _, attachments = attach(kind, "")
    return attachments


def _from_source(source: str) -> tuple[Inner, ...]:
    """PyWxDump: the repr of a Python dict, read as a literal and nothing more; CipherTalk: a list."""
    if listed := split_list(source):
        return listed
    if not source.startswith("{") or len(source) > _LARGEST_DICT:
        return ()
    try:
        found = ast.literal_eval(source)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return (Inner(level=0, sender="", text=source),)
    return tuple(from_datalist(found.get("datalist"))) if isinstance(found, dict) else ()


def _quote(content: str) -> tuple[str, Quote | None]:
    for sign, shape in _QUOTES:
        found = shape.fullmatch("\n" + content) if ("\n" + content).count(sign) == 1 else None
        if found:
            return found["reply"].strip(), Quote(sender=found["sender"], text=found["text"].strip())
    quoted, reply = chatlog.split_quote(content)
    if quoted is not None:
        return reply, quoted
    reply, sender, text = split_quote(content)
    return reply, Quote(sender=sender, text=text) if text else None


def _as_system(message: Message) -> Message:
    """System rows carry whatever sender the exporter found; a recall says so in its text."""
    if message.kind is not MessageKind.SYSTEM and message.sender not in _SYSTEM_SENDERS:
        return message
    is_recalled = is_recall(message.text)
    return replace(
        message,
        kind=MessageKind.RECALL if is_recalled else MessageKind.SYSTEM,
        sender="",
        sender_id=None,
        recalled=is_recalled or message.recalled,
    )


def _with_other_columns(message: Message, row: Sequence[str], layout: Layout) -> Message:
    """The text with what stands in columns of no known use, so that no word of the table is lost."""
    lines = [message.text]
    for column, name in layout.others.items():
        cell = row[column].strip() if column < len(row) else ""
        if cell and cell not in (message.sender, message.text, _NOTHING_MORE):
            lines.append(f"{name}：{cell}" if name else cell)
    lines += [cell.strip() for cell in row[layout.width :] if cell.strip()]
    return replace(message, text="\n".join(filter(None, lines))) if len(lines) > 1 else message
