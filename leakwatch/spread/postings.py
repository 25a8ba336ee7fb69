"""What spread tracing knows of one carrier at one place: plain values, as a store keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from leakwatch.images.prints import PicturePrint
from leakwatch.model import Precision
from leakwatch.spread.texts import TextPrint


class How(StrEnum):
    """What makes two postings one matter, strongest first."""

    LEAD = "lead"
    MESSAGE = "message"
    FILE = "file"
    CONTENT = "content"
    COPY = "copy"
    NUMBER = "number"
    PICTURE = "picture"
    TEXT = "text"

    @property
    def words(self) -> str:
        """In Chinese, without the figure."""
        return _WORDS[self]


_WORDS = {
    How.LEAD: "已列入同一线索",
    How.MESSAGE: "同一条消息",
    How.FILE: "同一文件（校验值相同）",
    How.CONTENT: "同一内容",
    How.COPY: "同一文号、同一份号",
    How.NUMBER: "同一文号",
    How.PICTURE: "图片相似",
    How.TEXT: "文字相近",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A message, or a file at the place where it was posted, with something found in it."""

    place: str
    """The message or the loose file: the same in an overlapping export."""
    carrier: str
    """sha256 of the file, or the place itself where the words of the message were found."""
    whole: str = ""
    """sha256 of the document that the file is a page of."""
    document: str
    """What it counts as one 件 with: a number, or a hash."""
    numbers: frozenset[str] = frozenset()
    """Canonical numbers of documents on it."""
    copy: str = ""
    """份号 on it."""
    picture: PicturePrint | None = None
    text: TextPrint | None = None
    is_recognised: bool = False
    """The text was read by OCR: some of it is wrong."""
    findings: frozenset[str] = frozenset()
    channel: str = ""
    """微信群「…」."""
    sender: str = ""
    moment: str = ""
    """When it was posted, in words as precise as the export."""
    sent_at: datetime | None = None
    precision: Precision = Precision.NONE
    lead: str = ""
    """Id of the lead it belongs to already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Why a posting belongs to a matter."""

    how: How
    figure: str = ""
    """The number, or how near (Chinese)."""
    place: str = ""
    """Of the posting that it hangs on."""

    @property
    def words(self) -> str:
        """文字相近（共同部分83%）."""
        return f"{self.how.words}（{self.figure}）" if self.figure else self.how.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """一事: the postings that speak of one document."""

    postings: tuple[Posting, ...]
    """In time order; unknown times last."""
    joins: tuple[Join | None, ...]
    """For each posting how it hangs on one that is nearer to the first; None for the first."""
    leads: tuple[str, ...] = ()
    """Those that some of them belong to already, in the order in which the caller named them."""
    documents: dict[str, str] = field(default_factory=dict)
    """Keys of documents that are one 件 by their pictures → the one key that counts."""
