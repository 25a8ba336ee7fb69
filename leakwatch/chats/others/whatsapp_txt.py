"""Chats that WhatsApp exports as text.

Written by: WhatsApp on iOS (`_chat.txt` in a zip), on Android (`与X的 WhatsApp 聊天.txt`).
Tell-tales: the notice of end-to-end encryption, or the file's name, and lines `[date, time] name: text` (iOS) or
`date time - name: text` (Android).
Fields: dates follow the phone: Y/M/D, D/M/YY or M/D/YY (told by what is above 12 anywhere in the sample, else by
which of them lets time run on, else by zeros and the length of the year), 24 hours or AM/PM, 上午/下午, U+202F before it; U+200E before what the
client itself wrote; `<附件：1.jpg>`, `1.jpg (文件附件)` name media beside the text; a line without `name: ` is the
system's. Chat = the file's name.
Specimen:
    [2024/5/1 17:00:05] 王明远: 收到
    2024/5/1 17:00 - 王明远: 收到
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

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
    open_lines,
    stem,
)
from leakwatch.chats.parts.moments import Moment, parse_moment
from leakwatch.model import (
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Skipped,
)

NAME = "whatsapp-txt"

_SAMPLE_LINES = 2000
_INVISIBLE = {ord(c): None for c in "\ufeff\u200e\u200f\u200b\u2060\u202a\u202c"} | {0x202F: " ", 0x2009: " "}
_DATE = r"(?P<one>\d{1,4})[-/.](?P<two>\d{1,2})[-/.](?P<three>\d{1,4})\.?"
_CLOCK = (
    r"(?P<clock>(?:(?:上午|下午|中午|凌晨|早上|晚上)\s?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:\s?(?:[AaPp]\.?\s?[Mm]\.?|上午|下午))?)"
)
_IOS = re.compile(rf"\[{_DATE},?\s+{_CLOCK}\]\s?(?P<said>.*)", re.DOTALL)
_ANDROID = re.compile(rf"{_DATE},?\s+{_CLOCK}\s+[-–]\s(?P<said>.*)", re.DOTALL)
_SENDER = re.compile(r"(?P<name>[^:\n]{1,80}?): ?(?P<text>.*)", re.DOTALL)
_NOTICE = re.compile(
    r"端[到对對]端加密|end-to-end encrypted|端對端加密|Ende-zu-Ende-verschlüsselt|chiffrés de bout en bout",
    re.I,
)
_NAME = re.compile(r"_chat(?: ?\(\d+\))?\.txt|.*WhatsApp.*", re.I)
_CHAT_NAME = re.compile(
    r"[与與](?P<zh>.+?)的\s?WhatsApp\s?(?:聊天|對話|对话)(?:记录|記錄)?|WhatsApp Chat (?:with|-) (?P<en>.+)",
    re.I,
)
_ATTACHED = re.compile(
    r"<(?:附件|已附加|attached|附加檔案)\s?[:：]\s?(?P<ios>[^<>\n]+)>"
    r"|^(?P<android>\S[^\n<>]{0,200}?\.[A-Za-z0-9]{1,5}) [(（](?:文件附件|附件|檔案已附加|已附加檔案|file attached)[)）]",
    re.I | re.M,
)
_OMITTED = re.compile(
    r"<?(?:(?:已)?省略(?:影音内容|多媒體檔案|媒体文件)|媒体文件已?省略|Media omitted"
    r"|(?P<what>图像|图片|圖片|照片|image|视频|影片|video|音频|音訊|audio|文档|文件|document|贴图|貼圖|sticker|GIF)"
    r" ?(?:已?(?:忽略|省略|略去)|omitted))>?",
    re.I,
)
_DELETED = re.compile(
    r"(?:[这這此][条條則则]?(?:消息|訊息)已(?:被)?[删刪]除|[你您]已?[删刪]除了?[这此這]?[条條則则]?(?:消息|訊息)"
    r"|This message was deleted|You deleted this message)[.。]?",
    re.I,
)
_PICTURES = (".jpg", ".jpeg", ".png", ".heic", ".gif", ".bmp")
_KINDS = (
    (_PICTURES, AttachmentKind.IMAGE),
    ((".webp",), AttachmentKind.STICKER),
    ((".mp4", ".mov", ".3gp", ".avi"), AttachmentKind.VIDEO),
    ((".opus", ".ogg", ".m4a", ".mp3", ".aac", ".amr"), AttachmentKind.VOICE),
)
_OMITTED_KINDS = (
    ("图像图片圖片照片image", AttachmentKind.IMAGE),
    ("视频影片videogif", AttachmentKind.VIDEO),
    ("音频音訊audio", AttachmentKind.VOICE),
    ("贴图貼圖sticker", AttachmentKind.STICKER),
    ("文档文件document", AttachmentKind.FILE),
)


def is_mine(head: bytes, name: str) -> bool:
    """A first line of WhatsApp's shape, and its notice of encryption or the name it gives its files."""
    sample = [_cleaned(line) for line in head_lines(head)[:_SAMPLE_LINES]]
    first = next((line for line in sample if is_written(line)), "")
    if _parts(first) is None:
        return False
    return _NAME.fullmatch(name) is not None or any(_NOTICE.search(line) for line in sample[:20])


def read(file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:  # noqa: ARG001
    """All messages of the one chat in the file, then the chat."""
    with open_lines(file.path) as (lines, encoding):
        sample = list(takewhile(bool, (lines.peek(distance) for distance in range(_SAMPLE_LINES))))
        chat = Chat(name=_chat_name(file), platform="other")
        source = Source(format=NAME, chat=chat, encoding=encoding, lossy=())
        for item in assemble(_events(lines, _order(sample)), source):
            yield _with_files(item) if isinstance(item, Message) else item


def _events(lines: Lines, order: str) -> Iterator[Event]:
    for line in lines:
        cleaned = _cleaned(line)
        parts = _parts(cleaned)
        moment = _moment(parts, order) if parts else None
        if parts is None or moment is None or moment.at is None:
            yield cleaned
            continue
        said = _SENDER.fullmatch(parts["said"])
        if said is None or _is_notice(said["text"], line):
            yield Header("", moment, kind=MessageKind.SYSTEM)
            yield parts["said"]
        else:
            yield Header(said["name"].strip().removeprefix("~").strip(), moment)
            yield said["text"]


def _is_notice(text: str, line: str) -> bool:
    """Whether the client wrote the text: behind a U+200E, under the name of the group."""
    if _NOTICE.search(text):
        return True
    is_media = _ATTACHED.search(text) or _OMITTED.fullmatch(text.strip()) or _DELETED.fullmatch(text.strip())
    return not is_media and re.search(r"\]\s?[^:\n]{1,80}: ?\u200e", line) is not None


def _parts(cleaned: str) -> re.Match[str] | None:
    if not cleaned[:1].isdigit() and not cleaned.startswith("["):
        return None
    return _IOS.fullmatch(cleaned) or _ANDROID.fullmatch(cleaned)


def _cleaned(line: str) -> str:
    return line.translate(_INVISIBLE)


def _order(sample: Sequence[str]) -> str:
    """Which of year, month and day comes first in this file, as `ymd`, `dmy` or `mdy`."""
    found = [parts for line in sample if (parts := _parts(_cleaned(line)))]
    if any(len(parts["one"]) == 4 for parts in found):
        return "ymd"
    for order, part in (("dmy", "one"), ("mdy", "two")):
        if any(int(parts[part]) > 12 for parts in found):
            return order
    running = [order for order in ("dmy", "mdy") if _runs_on(found, order)]
    if len(running) == 1:
        return running[0]
    # 5/1/24 is American; 01/05/2024 and 01.05.24 are not.
    is_american = all(len(parts["three"]) == 2 and not parts["one"].startswith("0") for parts in found)
    return "mdy" if is_american else "dmy"


def _runs_on(found: Sequence[re.Match[str]], order: str) -> bool:
    """Whether no message is older than the one before it, read in that order."""
    times = [moment.at for parts in found if (moment := _moment(parts, order)).at]
    return all(one <= other for one, other in pairwise(times))


def _moment(parts: re.Match[str], order: str) -> Moment:
    numbers = (parts["one"], parts["two"], parts["three"])
    year, month, day = (numbers[order.index(part)] for part in "ymd")
    year = f"20{year}" if len(year) == 2 else year
    clock = parts["clock"] if ":" in parts["clock"] else parts["clock"].replace(".", ":", 2)
    return parse_moment(f"{year}-{month}-{day} {clock}")


def _chat_name(file: Evidence) -> str:
    name = stem(file.name)
    found = _CHAT_NAME.fullmatch(name)
    if found is not None:
        return str(found["zh"] or found["en"]).strip()
    if _NAME.fullmatch(file.name) and name.startswith("_chat"):
        folders = re.split(r"[\\/!]", file.inner_path)[:-1]
        inside = (
            stem(folders[-1]) if folders and folders[-1].lower().endswith(".zip") else "".join(folders[-1:])
        )
        again = _CHAT_NAME.fullmatch(inside)
        return str(again["zh"] or again["en"]).strip() if again else inside or name
    return name


def _with_files(message: Message) -> Message:
    """The message with the media it names, or that were left out of the export."""
    if _DELETED.fullmatch(message.text):
        return replace(message, kind=MessageKind.RECALL, recalled=True)
    if message.kind is MessageKind.SYSTEM:
        return message
    named = tuple(
        Attachment(kind=_kind((found["ios"] or found["android"]).strip()), name=name, path=name)
        for found in _ATTACHED.finditer(message.text)
        if (name := (found["ios"] or found["android"]).strip())
    )
    omitted = _OMITTED.fullmatch(message.text)
    if omitted is not None:
        named = (Attachment(kind=_omitted_kind(omitted["what"] or "")),)
    if not named:
        return message
    kind = MessageKind(named[0].kind.value) if message.kind is MessageKind.TEXT else message.kind
    return replace(message, kind=kind, attachments=named)


def _kind(name: str) -> AttachmentKind:
    lowered = name.lower()
    return next((kind for suffixes, kind in _KINDS if lowered.endswith(suffixes)), AttachmentKind.FILE)


def _omitted_kind(what: str) -> AttachmentKind:
    """What was left out; older clients do not say: mostly pictures."""
    lowered = what.lower()
    return next(
        (kind for words, kind in _OMITTED_KINDS if lowered and lowered in words), AttachmentKind.IMAGE
    )
