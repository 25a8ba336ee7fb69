"""Chats of QQNT_Export, text and JSON.

Written by: QQNT_Export from a decrypted database of QQ NT, `<chat>.txt` or `<chat>.json`; its later versions write
  ChatLab's formats and pages (bubble_page.py).
Tell-tales: `2024-05-01 17:00:05 name` after an empty line, below it `[文本]` or another label; JSON rows with time and
  `contents`, a list of pairs of label and text.
Field map: [文本] → text; [被引用的消息][文本] → quoted; [图片], [文件], [语音], [视频] → attachment, its path a line of
  its own; [提示] → a system row; other labels stay in front of their text. Chats of two people say 收 or 发 for who.
Specimen:
  2024-05-01 17:00:05 王明远
  [被引用的消息][文本]
  几点开会
  [文本]
  九点
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.chats.parts.blocks import (
    Event,
    Header,
    Lines,
    Source,
    assemble,
    head_lines,
    is_written,
    lies_between,
    open_lines,
    stem,
)
from leakwatch.chats.parts.json_stream import JsonFile, as_id, as_text, opens_json, outline
from leakwatch.chats.parts.kinds import file_at, is_recall, kind_of_name
from leakwatch.chats.parts.moments import parse_moment
from leakwatch.chats.parts.tally import Tally, messages_of
from leakwatch.chats.parts.unknown_fields import with_unknown_fields
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Message,
    MessageKind,
    Quote,
    Skipped,
)

NAME = "qqnt-export"

_SAMPLE_LINES = 2000
_HEADER = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<name>\S(?:.{0,198}\S)?)[ \t]*")
_LABEL = re.compile(
    r"(?P<label>(?:\[被引用的消息\])?(?:\[(?:文本|图片|文件|语音|视频|(?:QQ)?表情|提示(?:消息)?|应用消息|红包|通话|动态消息)\])?)"
    r"(?P<text>.*)",
    re.DOTALL,
)
_KEYS = frozenset("time sender sender_qq direction contents".split())
_SIGNS = ("[文本]", "[被引用的消息]")
"""Other exporters label what is no text too."""
_QUOTED = "[被引用的消息]"
_NOTICES = ("[提示]", "[提示消息]")
_FILES = {
    "[图片]": AttachmentKind.IMAGE,
    "[文件]": AttachmentKind.FILE,
    "[语音]": AttachmentKind.VOICE,
    "[视频]": AttachmentKind.VIDEO,
}
_SIZE = re.compile(r"\s+[\d.]+ ?[KMGT]?i?B$")
_NOTHING = "None"
"""Written for elements that the exporter does not know."""
_LOSSY = ("QQNT_Export 的文本和 JSON 不含图片和文件本身，请把 QQ 的文件夹一并提交",)


def is_mine(head: bytes, name: str) -> bool:  # noqa: ARG001 - the reader interface
    """Whether headers stand above labels of text, or rows hold pairs of a label and a text."""
    if opens_json(head):
        rows = outline(head).get("")
        first = rows[0] if isinstance(rows, list) and rows else None
        pairs = _pairs(first.get("contents")) if isinstance(first, dict) and "time" in first else []
        return any(label for label, _ in pairs)
    sample = head_lines(head)[:_SAMPLE_LINES]
    first_line = next((line for line in sample if is_written(line)), "")
    if not _HEADER.fullmatch(first_line.strip("\ufeff\r\n")):
        return False
    below = [after for line, after in pairwise(sample) if _HEADER.fullmatch(line.strip("\r\n"))]
    return any(after.startswith(_SIGNS) for after in below)


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """The messages of the one chat in the file, then the chat."""
    chat = Chat(name=stem(file.name), platform="qq")
    with file.path.open("rb") as opened:
        is_json = opens_json(opened.read(1 << 12))
    if is_json:
        yield from _rows(file, chat)
        return
    with open_lines(file.path) as (lines, encoding):
        source = Source(format=NAME, chat=chat, encoding=encoding, lossy=_LOSSY, finish=_taken_apart)
        yield from assemble(_events(lines, chat), source)


def _rows(file: Evidence, chat: Chat) -> Iterator[Message | Skipped | Conversation]:
    tally = Tally(file, chat)
    with JsonFile(file.path) as source:
        yield from messages_of(source.records(), tally, partial(_of_row, chat))
        coverage: Coverage = tally.coverage(source.replacements)
        yield Conversation(chat=chat, format=NAME, encoding=source.encoding, lossy=_LOSSY, coverage=coverage)


def _of_row(chat: Chat, row: dict[str, object], number: int) -> Message:
    moment = parse_moment(as_text(row.get("time")))
    sender = as_text(row["sender"]) if "sender" in row else _who(as_text(row.get("direction")), chat)
    bare = Message(
        chat=chat,
        number=number,
        sender=sender,
        text="",
        sender_id=as_id(row.get("sender_qq")),
        sent_at=moment.at,
        precision=moment.precision,
        zone_assumed=moment.zone_assumed,
    )
    message = _with_parts(bare, _pairs(row.get("contents")))
    return with_unknown_fields(message, row, _KEYS, message.text)


def _pairs(contents: object) -> list[tuple[str, str]]:
    """(label, text) of each element; of one that is a mere text, what stands in front of it."""
    found: list[tuple[str, str]] = []
    for element in contents if isinstance(contents, list) else [contents]:
        several = list(element.values()) if isinstance(element, dict) else element
        texts = [as_text(part) for part in several] if isinstance(several, list) else [as_text(several)]
        label = _LABEL.fullmatch(texts[0]) if texts else None
        if label is not None:
            found.append((label["label"], "\n".join(filter(None, [label["text"], *texts[1:]]))))
    return found


def _events(lines: Lines, chat: Chat) -> Iterator[Event]:
    last: datetime | None = None
    for line in lines:
        found = _HEADER.fullmatch(line.strip("\ufeff\r\n")) if not is_written(lines.previous) else None
        moment = parse_moment(found["time"]) if found and _is_labelled(lines.peek(0)) else None
        if found is None or moment is None or moment.at is None or not lies_between(last, moment.at, None):
            yield line
        else:
            last = moment.at
            yield Header(_who(found["name"], chat), moment)


def _is_labelled(line: str) -> bool:
    """Whether an element begins here; a message may hold none."""
    found = _LABEL.fullmatch(line)
    return not is_written(line) or line.strip() == _NOTHING or (found is not None and bool(found["label"]))


def _who(name: str, chat: Chat) -> str:
    """The sender; a chat of two says only which way a message went."""
    return {"收": chat.name, "发": "我", "转发": "", "未知": ""}.get(name, name)


def _taken_apart(message: Message) -> Message:
    """The message with the elements of its text apart."""
    parts: list[tuple[str, list[str]]] = []
    for line in message.text.split("\n"):
        found = _LABEL.fullmatch(line)
        if found is not None and (found["label"] or not parts):
            parts.append((found["label"], [found["text"]]))
        else:
            parts[-1][1].append(line)
    elements = [(label, "\n".join(lines).strip("\n")) for label, lines in parts]
    return _with_parts(replace(message, kind=MessageKind.TEXT), elements)


def _with_parts(message: Message, parts: Sequence[tuple[str, str]]) -> Message:
    """The message with what its elements say."""
    texts: list[str] = []
    files: list[Attachment] = []
    quoted: list[str] = []
    for label, text in parts:
        bare = "" if label in ("", _QUOTED) and set(text.split("\n")) == {_NOTHING} else text
        if label.startswith(_QUOTED):
            quoted.append(bare)
        elif label in _FILES:
            file, rest = _file(_FILES[label], bare)
            files.append(file)
            texts += filter(None, [rest])
        elif bare or label not in ("", "[文本]"):
            texts.append(bare if label in ("", "[文本]", *_NOTICES) else f"{label}{bare}")
    text = "\n".join(texts)
    labels = [label for label, _ in parts]
    return replace(
        message,
        text=text,
        kind=_kind(labels, text, files),
        recalled=any(label in _NOTICES for label in labels) and is_recall(text),
        sender="" if any(label in _NOTICES for label in labels) else message.sender,
        attachments=tuple(files),
        quoted=Quote(sender="", text="\n".join(quoted)) if quoted else None,
    )


def _kind(labels: Sequence[str], text: str, files: Sequence[Attachment]) -> MessageKind:
    if any(label in _NOTICES for label in labels):
        return MessageKind.RECALL if is_recall(text) else MessageKind.SYSTEM
    if any(label.startswith(_QUOTED) for label in labels):
        return MessageKind.QUOTE
    if len(labels) == 1 and files:
        return MessageKind(files[0].kind.value)
    is_other = len(labels) == 1 and labels[0] not in ("", "[文本]")
    return kind_of_name(labels[0].strip("[]")) if is_other else MessageKind.TEXT


def _file(kind: AttachmentKind, text: str) -> tuple[Attachment, str]:
    """The file of an element: a name with its size, then a path and a link; and what else it says."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    places = [found for line in lines if (found := file_at(_SIZE.sub("", line))) is not None]
    others = [line for line in lines if file_at(_SIZE.sub("", line)) is None]
    if not places:
        name = _SIZE.sub("", lines[0]) if lines and kind is AttachmentKind.FILE else ""
        return Attachment(kind=kind, name=name), "\n".join(others[1:] if name else others)
    near = next((place for place in places if place.path and not place.remote), places[0])
    name = next((place.name for place in places if place.name), "")
    return replace(near, kind=kind, name=name), "\n".join(others)
