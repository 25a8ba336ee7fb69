"""The values that travel along the road; frozen, keyword-only, no I/O.

file → Evidence → Message + Attachment → TextPiece → Hit → Finding → LeadDraft;
whatever was not read travels beside them as `Skipped`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, msgpack, structs

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The only zone that leakwatch shows and assumes: China has had no other since 1991."""


_WORDLESS = re.compile(r"(?:\s*\[[^\[\]\n]{1,8}\])*\s*")


class Reason(StrEnum):
    """Why something was not read."""

    PASSWORD = "password"  # noqa: S105 - the reason "is locked", not a secret
    TOO_BIG = "too big"
    TOO_DEEP = "too deep"
    UNKNOWN_FORMAT = "unknown format"
    DAMAGED = "damaged"
    INCOMPLETE = "incomplete"
    TIMED_OUT = "timed out"
    NO_ENGINE = "no engine"
    MISSING_ATTACHMENT = "missing attachment"
    NOT_PERMITTED = "not permitted"
    UNSUPPORTED = "unsupported"
    CRASHED = "crashed"
    PENDING = "pending"
    """Its turn had not come when the scan was stopped."""


class Level(StrEnum):
    """The level as marked on the carrier, gravest first."""

    JUEMI = "绝密"
    JIMI = "机密"
    MIMI = "秘密"
    WORK = "工作秘密"
    INTERNAL = "内部"
    COMMERCIAL = "商业秘密"


class Kind(StrEnum):
    """What sort of rule a hit comes from."""

    MARKING = "marking"
    DOCNUMBER = "docnumber"
    WORKSECRET = "worksecret"
    PERSONAL = "personal"
    IMAGE = "image"


class Origin(StrEnum):
    """Which part of the evidence a piece of text was read from."""

    MESSAGE = "message"
    QUOTE = "quote"
    FORWARD = "forward"
    FILENAME = "filename"
    OCR = "ocr"
    DOCUMENT = "document"
    IMAGE = "image"


class Outcome(StrEnum):
    """What is to happen with a finding: draft the form, let a person decide, or only count it."""

    LEAD = "lead"
    REVIEW = "review"
    NOTE = "note"


class Mode(StrEnum):
    """Whether a rule decides anything, or is only counted until it has proved itself."""

    ACTIVE = "active"
    SHADOW = "shadow"


class Precision(StrEnum):
    """How much of a message's time the export kept."""

    MILLISECOND = "ms"
    SECOND = "s"
    MINUTE = "min"
    DAY = "day"
    TIME_ONLY = "time_only"
    NONE = "none"


class MessageKind(StrEnum):
    """What sort of message the exporter says it is."""

    TEXT = "text"
    IMAGE = "image"
    FILE = "file"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    LINK = "link"
    CARD = "card"
    LOCATION = "location"
    QUOTE = "quote"
    FORWARD = "forward"
    NOTICE = "notice"
    TRANSFER = "transfer"
    CALL = "call"
    SYSTEM = "system"
    RECALL = "recall"
    OTHER = "other"


class AttachmentKind(StrEnum):
    """What sort of file a message carries."""

    IMAGE = "image"
    FILE = "file"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file, hashed before anything read it."""

    sha256: str
    size: int
    """Bytes."""
    name: str
    """The last part of its name as received; for eyes only, never opened."""
    inner_path: str
    """Where it lay: the way inside the drop, archives joined with `!` (收件/群.zip!图片/1.jpg)."""
    path: Path
    """The private copy that readers open; its name says nothing about its content."""
    taken_at: datetime
    parent: str | None = None
    """sha256 of the archive or document it was taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One original in the evidence store: what must be there, and under which key."""

    sha256: str
    sm3: str
    size: int
    """Bytes of the original."""
    suite: str
    """intl or sm."""
    key_id: str
    """The data key of its batch; whoever drops that key purges the original."""
    stored_at: datetime


# A scan makes a million messages and pieces of text: as msgspec structs they cost a tenth of what dataclasses
# cost (0.3 against 2.5 µs for both). Nothing frozen can hold itself, so the collector need not look (gc=False).
# Of a message sent as JSON most fields are defaults: without them it takes 0.2 instead of 0.4 µs.


class Chat(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Which conversation a message belongs to."""

    name: str
    platform: str
    """wechat, qq, wecom, dingtalk, feishu, welink or other."""
    id: str = ""
    """The exporter's own id of the conversation, where it has one."""
    is_group: bool | None = None
    """None where the export does not say."""


class Attachment(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A file that a message speaks of."""

    kind: AttachmentKind
    name: str = ""
    """File name as shown in the chat; empty where the export kept only a placeholder."""
    path: str = ""
    """Path as the exporter wrote it, relative to its own file; empty if there is none."""
    md5: str = ""
    remote: bool = False
    """Only a link remains; links are never fetched."""
    thumbnail: bool = False
    """The export kept no more than the small preview of the picture."""


class Quote(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The message that another one answers, as far as the export repeats it."""

    sender: str
    text: str


class Message(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One message of an exported chat; nothing of what the exporter kept is dropped."""

    chat: Chat
    number: int
    """Counted from 1 in the order of the file, system rows included."""
    sender: str
    """Name as displayed; empty for system rows."""
    text: str
    kind: MessageKind = MessageKind.TEXT
    id: str | None = None
    """The exporter's own id (platformMessageId, server_id, msgid …)."""
    sender_id: str | None = None
    sent_at: datetime | None = None
    """Aware; Asia/Shanghai is assumed where the export names no zone (`zone_assumed`)."""
    precision: Precision = Precision.NONE
    zone_assumed: bool = False
    clock: str = ""
    """The time of day as written, where the export keeps no date (`precision` is time_only)."""
    quoted: Quote | None = None
    forwarded: tuple[Message, ...] = ()
    summary_only: bool = False
    """A merged forward of which the export kept the digest alone."""
    attachments: tuple[Attachment, ...] = ()
    recalled: bool = False

    @property
    def key(self) -> str:
        """The same for the same message in next month's overlapping export: chat, sender, time, text.

        Photos sent in one go have the same second and no words: those are told apart by what they carry.
        """
        moment = (
            self.sent_at.astimezone(SHANGHAI).isoformat(timespec="seconds") if self.sent_at else self.clock
        )
        parts = (self.chat.name, self.sender, moment, unicodedata.normalize("NFC", self.text))
        return digest(*parts, *(self.contents if self.is_wordless else ()))

    @property
    def is_wordless(self) -> bool:
        """No text but placeholders such as [图片]."""
        return _WORDLESS.fullmatch(self.text) is not None

    @property
    def contents(self) -> tuple[str, ...]:
        """What tells a wordless message from its neighbours: its id, else what it carries; may be empty."""
        if self.id:
            return (self.id,)
        return tuple(filter(None, (item.md5 or item.path or item.name for item in self.attachments)))


class Said(Struct, frozen=True, kw_only=True, gc=False):
    """A message before or after a hit, as shown beside it."""

    sender: str
    text: str
    """Its beginning."""
    sent_at: datetime | None
    precision: Precision


_TALK = msgpack.Decoder(tuple[tuple[Said, ...], tuple[Said, ...]])


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said in a chat just before and after a hit, packed.

    A big scan keeps a hundred thousand of these and shows few: ten messages are 2.4 KB as values and 0.3 packed.
    """

    packed: bytes = b""

    @classmethod
    def of(cls, before: tuple[Said, ...], after: tuple[Said, ...]) -> Talk:
        """Both packed, oldest first; halves of surrogate pairs come out as question marks."""
        if not (before or after):
            return cls()
        try:
            data = msgpack.encode((before, after))
        except UnicodeEncodeError:
            data = msgpack.encode((tuple(map(_whole, before)), tuple(map(_whole, after))))
        return cls(zlib.compress(data, 1))

    @property
    def before(self) -> tuple[Said, ...]:
        """Oldest first; only where a person is to look."""
        return self._both()[0]

    @property
    def after(self) -> tuple[Said, ...]:
        """Oldest first; only where a person is to look."""
        return self._both()[1]

    def _both(self) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
        return _TALK.decode(zlib.decompress(self.packed)) if self.packed else ((), ())


def _whole(said: Said) -> Said:
    sender, text = (part.encode("utf-8", "replace").decode() for part in (said.sender, said.text))
    return structs.replace(said, sender=sender, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What of a conversation was there to be read."""

    images_present: int = 0
    images_missing: int = 0
    images_thumbnail: int = 0
    """Of those present: only the small preview, too small to be read."""
    files_present: int = 0
    files_missing: int = 0
    voice: int = 0
    """Voice messages; their sound is not listened to."""
    video: int = 0
    forwards_full: int = 0
    forwards_summary: int = 0
    recalled: int = 0
    skipped_lines: int = 0
    decode_replacements: int = 0
    """Bytes that could not be decoded and became U+FFFD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A chat that was read to its end.

    A reader yields one per chat, after that chat's messages, and fills what only it can know;
    the pipeline adds `parsed` and the attachment counts.
    """

    chat: Chat
    format: str
    """`NAME` of the reader."""
    encoding: str = "utf-8"
    declared: int | None = None
    """How many messages the export itself says it holds."""
    parsed: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    lossy: tuple[str, ...] = ()
    """Sentences on what this exporter is known to drop (Chinese)."""
    twins: tuple[str, ...] = ()
    """Inner paths of files that hold the same conversation in a poorer format and were not read again."""
    last_at: datetime | None = None
    """When its newest dated message was sent."""

    @property
    def is_incomplete(self) -> bool:
        """Nothing in a recognised file, or less than the file itself declares."""
        return self.parsed == 0 or (self.declared is not None and self.parsed < self.declared)


class BoxedLine(Struct, frozen=True, kw_only=True, gc=False):
    """A line of recognised text, and where it stands on the picture."""

    start: int
    end: int
    """Code points of the piece's text, half-open."""
    box: tuple[tuple[float, float], ...]
    """Its four corners in px of the upright picture."""


class TextPiece(Struct, frozen=True, kw_only=True, gc=False):
    """A piece of raw text: the only thing that scanners see."""

    text: str
    origin: Origin
    evidence: Evidence
    spot: str | None = None
    """Where in the file: 第3页, 表1!B4, 页眉."""
    confidence: float = 1.0
    """0–1; below 1 only for recognised text."""
    whole: str = ""
    """sha256 of the document that the evidence is a page or picture of; empty if it stands for itself."""
    message: Message | None = None
    export: str = ""
    """sha256 of the export whose message carries the file that it was read from."""
    lines: tuple[BoxedLine, ...] = ()
    """Of recognised text alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something that was not read, and why; it reaches the screen, the report and the exit code."""

    evidence: Evidence
    name: str
    """Name of the part that was not read, often the same as `evidence.name`."""
    reason: Reason
    detail: str
    """A Chinese sentence: what, why, what to do."""
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Where it is written: a document and its article."""

    document: str
    article: str

    def __str__(self) -> str:
        return f"《{self.document}》{self.article}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Terms that count when they stand within `within` characters of a hit."""

    terms: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    """Regular expressions over tight text, for what word order and fillers make endless."""
    within: int = 40
    weight: float = 0.0
    why: str = ""
    """The Chinese reason that is listed when it counts."""
    least: int = 1
    """Different words that must stand there before the cue counts."""
    loose: frozenset[str] = frozenset()
    """Of the terms, as tight text: said by the way of other things too.  One alone lowers only what stands in
    its own clause, and never a formal mark, a checked number or the number of a document."""
    hushes: bool = False
    """Says that the matter is not public yet or is to be kept quiet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What a scanner saw at the hit itself that makes it more or less of a leak."""

    id: str
    weight: float
    why: str
    """The Chinese reason that is listed with the weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a classification mark says, read into values."""

    term: str = ""
    """As written: 10年, 长期, 启用前; empty for a level alone."""
    months: int | None = None
    """The term in months, where it is a length of time."""
    until: date | None = None
    """The day of declassification, where the mark or the page names one."""
    anomalies: tuple[str, ...] = ()
    """Chinese sentences on what is wrong with the mark; it is reported all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of keyword_lists/: what to look for, why it matters, and its own proof."""

    id: str
    name: str
    kind: Kind
    category: str
    score: float
    terms: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    """Words of the topic that are said elsewhere too: they weigh less than `terms`."""
    pattern: str = ""
    """A regular expression over folded text."""
    grammar: str = ""
    """Name of a grammar in scanners/ that this rule describes and proves."""
    level: Level | None = None
    near: tuple[Window, ...] = ()
    unless: tuple[Window, ...] = ()
    clauses: tuple[Clause, ...] = ()
    examples: tuple[str, ...] = ()
    non_examples: tuple[str, ...] = ()
    mode: Mode = Mode.ACTIVE
    owner: str = ""
    """Who answers for the rule."""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a rule applies."""

    rule: Rule
    piece: TextPiece
    start: int
    end: int
    """Code points of the raw text, half-open."""
    reason: str
    """Why, for the reviewer (Chinese)."""
    signals: tuple[Signal, ...] = ()
    level: Level | None = None
    """As marked."""
    document: str = ""
    """Canonical key of the document spoken of (中办发〔2031〕45号), where the hit names one."""
    mark: Mark | None = None
    is_formal: bool = False
    """A mark with term, a checked number: no surroundings can cancel it."""
    is_doubtful: bool = False
    """Read out of homophones, initials or a blurred photo: never more than review."""
    talk: Talk = Talk()
    """What was said in the chat around it."""

    @property
    def score(self) -> float:
        """0–1, the rule's own and what the scanner saw at the hit, before the surroundings are weighed."""
        return max(0.0, min(1.0, self.rule.score + sum(signal.weight for signal in self.signals)))

    @property
    def quote(self) -> str:
        """The raw text of the hit."""
        return self.piece.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a person decides on: the same fact, wherever it was hit."""

    id: str
    """Content-addressed: the same for a re-scan and an overlapping export."""
    rule: Rule
    level: Level | None
    score: float
    outcome: Outcome
    document: str
    """What counts as one 件: a number, a copy number, a picture, or the finding itself."""
    reasons: tuple[str, ...]
    hits: tuple[Hit, ...]
    """At least one; the first is the one that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a scan has come."""

    files_done: int = 0
    files: int | None = None
    """None while archives are still being opened."""
    pieces: int = 0
    """Pieces of text read: an export of a million messages is one file."""
    pictures_left: int = 0
    """Known and not recognised yet."""
    left_s: float | None = None
    """How long those will take; None while none was recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Everything that came of one scan: what was found, and what was not read."""

    findings: tuple[Finding, ...]
    """Gravest first."""
    skipped: tuple[Skipped, ...]
    conversations: tuple[Conversation, ...]
    files: int
    messages: int
    pieces: int
    rules_version: str
    """Hexadecimal."""
    started_at: datetime
    ended_at: datetime
    received: tuple[Evidence, ...] = ()
    """The files themselves, archives opened."""
    allowed_unused: tuple[str, ...] = ()
    """What of the allow-list did nothing, and what has expired (Chinese)."""
    picture_prints: Mapping[str, str] = field(default_factory=dict)
    """sha256 of a picture with a lead or review on it → by what it is known again (`images.prints`)."""

    @property
    def pending(self) -> int:
        """How many parts were not read because the scan was stopped; the next one reads them."""
        return sum(part.reason is Reason.PENDING for part in self.skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDraft:
    """One field per box of 《微信泄密违规案件（事件）线索报告表》; facts only."""

    id: str
    reporting_unit: str
    incident_unit: str
    conduct: str
    documents_and_levels: str
    facts: str
    remedy: str
    remark: str
    found_at: datetime
    due_at: datetime
    at_once: bool
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """One row of the evidence list (法发〔2016〕22号, 第十四条)."""

    number: int
    """From 1 in the order of the list."""
    name: str
    kind: str
    """What sort of carrier (Chinese): 聊天记录, 图片, 文档."""
    format: str
    size: int
    """Bytes."""
    sha256: str
    sm3: str
    taken_at: datetime
    method: str
    """How it was taken (Chinese)."""
    origin: str
    """Where it came from (Chinese)."""
    parent_sha256: str | None
    """Of the archive or document it was taken from."""


def digest(*parts: str) -> str:
    """A content id of 32 hexadecimal digits; parts are kept apart by U+001F."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
